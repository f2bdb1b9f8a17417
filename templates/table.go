package templates

import (
	htmltemplate "html/template"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// grid is a table on a page. Every row has as many cells as the head.
type grid struct {
	Title line
	Head  []column
	Rows  [][]cell
	More  line // behind the last row, where there were too many
	Note  line
}

// column is the head of a column; a wide one holds more than a few words.
type column struct {
	Text string
	Wide bool
}

// cell is one value and the head above it.
type cell struct {
	Label string
	Text  line
}

// HasTables tells whether a layout needs what tables need.
func (p page) HasTables() bool {
	return slices.ContainsFunc(p.Blocks, func(b shown) bool { return len(b.Tables) > 0 })
}

const (
	maxColumns = 12
	maxRows    = 200 // of one table, while no words need to be cut
	minRows    = 10
	maxCell    = 1000 // runes
	fewWords   = 24   // likewise
)

// tables are those of an answer.
func (b *builder) tables() shown {
	out := shown{Kind: "tables"}
	if b.view.Brief {
		return out
	}
	for _, t := range b.view.Tables {
		if len(t.Head) > 0 {
			out.Tables = append(out.Tables, b.grid(t))
		}
	}
	return out
}

func (b *builder) grid(t Table) grid {
	g := grid{Title: b.spans(cleanLine(t.Title, maxLine)), Note: b.spans(cleanLine(t.Note, maxLine))}
	for _, head := range t.Head[:min(len(t.Head), maxColumns)] {
		g.Head = append(g.Head, column{Text: cleanLine(head, maxName)})
	}
	for i, row := range t.Rows {
		if i == max(minRows, maxRows*b.limit/maxWords) {
			g.More = b.spans(b.set.word("more"))
			break
		}
		g.Rows = append(g.Rows, b.row(g.Head, row))
	}
	if len(t.Rows) == 0 {
		g.More = b.spans(b.set.word("none"))
	}
	for i, w := range g.widths() {
		g.Head[i].Wide = w > fewWords
	}
	return g
}

func (b *builder) row(heads []column, values []string) []cell {
	row := make([]cell, len(heads))
	for i, head := range heads {
		row[i].Label = head.Text
		if i < len(values) {
			row[i].Text = spansOf(cleanLine(values[i], maxCell), keptInCells)
		}
	}
	return row
}

// keptInCells are the dates and numbers of a table. Everything else may be
// broken anywhere, for an address would make its column too wide.
var keptInCells = regexp.MustCompile(`\b\d\d/\d\d/\d{4}(?: \d\d:\d\d)?\b|\b[A-Z]{0,6}\d[0-9A-Z_-]{1,16}\b`)

// chart is the picture of an answer.
func (b *builder) chart() shown {
	out, c := shown{Kind: "image"}, b.view.Chart
	if c.CID != "" && !b.view.Brief {
		// RFC 2392 section 2: the characters a URL cannot hold are encoded. So
		// nothing but a cid: can come of it.
		url := htmltemplate.URL("cid:" + strings.ReplaceAll(percent(c.CID), "%40", "@"))
		out.Image = image{URL: url, Alt: cleanLine(c.Alt, maxLine), Width: max(0, c.Width)}
	}
	return out
}

// tableWidth is how wide a table may be in the text part: mails are answered
// and forwarded with marks before their lines.
const tableWidth = 72

// textGrid writes a table in columns, or, where it is too wide for that, each
// row as lines of "Label: value".
func textGrid(g grid) string {
	widths := g.widths()
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	if total > tableWidth {
		return g.stacked()
	}
	var heads []string
	for _, head := range g.Head {
		heads = append(heads, head.Text)
	}
	lines := []string{columns(widths, heads)}
	for _, row := range g.Rows {
		var texts []string
		for _, c := range row {
			texts = append(texts, c.Text.String())
		}
		lines = append(lines, columns(widths, texts))
	}
	return strings.Join(lines, "\n")
}

// widths are those of the columns, in runes.
func (g grid) widths() []int {
	widths := make([]int, len(g.Head))
	for i, head := range g.Head {
		widths[i] = utf8.RuneCountInString(head.Text)
		for _, row := range g.Rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i].Text.String()))
		}
	}
	return widths
}

// columns writes one row. Like any words of people, its first cell does not
// look like a link of ours.
func columns(widths []int, texts []string) string {
	var out strings.Builder
	for i, text := range texts {
		if i > 0 {
			out.WriteString("  ")
		}
		out.WriteString(text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)))
	}
	written := strings.TrimRight(out.String(), " ")
	return indent(0, written) + written
}

// stacked writes each row as facts, an empty line between two rows. Empty
// cells are left out.
func (g grid) stacked() string {
	var rows []string
	for _, row := range g.Rows {
		var lines []string
		for _, c := range row {
			if len(c.Text) > 0 {
				lines = append(lines, textFact(fact{Label: c.Label + ":", Lines: []line{c.Text}}, 0, wrap))
			}
		}
		rows = append(rows, strings.Join(lines, "\n"))
	}
	return strings.Join(rows, "\n\n")
}
