package parser

import "slices"

// defects collects what is wrong with a mail, each keyword once, in the order
// found. Keywords are stable; the journal shows them.
type defects struct{ found []string }

func (d *defects) add(keyword string) {
	if len(d.found) < maxDefects && !slices.Contains(d.found, keyword) {
		d.found = append(d.found, keyword)
	}
}
