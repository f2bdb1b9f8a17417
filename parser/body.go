package parser

import (
	"slices"
	"strings"
)

// shown is what one part of the tree displays: its text, its HTML, and the
// text that was made out of HTML because no plain text stood beside it.
type shown struct {
	text []string // in the order of display
	html []string
}

// show collects what is displayed under n. Parts that are not displayed are
// given to attach.
func (m *Message) show(n *node, attach func(*node)) shown {
	switch {
	case n.media.kind == "multipart/alternative":
		return m.showAlternative(n, attach)
	case len(n.children) > 0:
		return m.showAll(n, attach)
	case n.message != nil || !m.displayed(n):
		attach(n)
		return shown{}
	}
	return m.showLeaf(n, attach)
}

func (m *Message) showAll(n *node, attach func(*node)) shown {
	var all shown
	for _, child := range n.children {
		s := m.show(child, attach)
		all.text = append(all.text, s.text...)
		all.html = append(all.html, s.html...)
	}
	return all
}

// showAlternative picks one form of a text: plain if it says something, and
// the HTML beside it (RFC 2046 section 5.1.4).
func (m *Message) showAlternative(n *node, attach func(*node)) shown {
	var best, rich shown
	for _, child := range n.children {
		s := m.show(child, attach)
		switch {
		case len(s.html) > 0:
			rich = s
		case len(s.text) > 0 && blank(best.text):
			best = s
		}
	}
	if blank(best.text) || stub(best.text, rich.text) {
		best.text = rich.text
	}
	best.html = rich.html
	return best
}

// stub says whether a plain part only stands in for the HTML: it is empty, or
// much shorter and says so.
func stub(plain, rich []string) bool {
	p, r := squeeze(plain), squeeze(rich)
	if len(p)*5 >= len(r) {
		return false
	}
	folded := strings.ToLower(p)
	return len(p) < 20 || strings.Contains(folded, "html") || len(p)*20 < len(r)
}

func squeeze(texts []string) string {
	return strings.Join(strings.Fields(strings.Join(texts, " ")), " ")
}

func blank(texts []string) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// displayed says whether a leaf is text to read here, not a file beside it.
func (m *Message) displayed(n *node) bool {
	if n.media.kind != "text/plain" && n.media.kind != "text/html" && n.media.kind != "text/enriched" && n.media.kind != "text/richtext" {
		return false
	}
	d := n.disposition()
	switch {
	case d.kind == "attachment":
		return false
	case d.kind == "inline" || d.kind == "":
		return n.originalName() == "" || d.kind == "inline" && n.parent == nil || n.parent == nil
	}
	return n.originalName() == ""
}

func (m *Message) showLeaf(n *node, attach func(*node)) shown {
	text := cleanText(m.decode(n, attach))
	switch n.media.kind {
	case "text/html":
		return shown{text: []string{m.fit(cleanText(htmlText(text)), n, attach)}, html: []string{text}}
	case "text/enriched", "text/richtext":
		return shown{text: []string{m.fit(unrich(text), n, attach)}}
	}
	if strings.EqualFold(n.media.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(n.media.params["delsp"], "yes"))
	}
	return shown{text: []string{m.fit(text, n, attach)}}
}

// fit cuts a text that is too long to show; the whole of it becomes an attachment.
func (m *Message) fit(text string, n *node, attach func(*node)) string {
	if len(text) <= maxText {
		return text
	}
	m.tooLong(n, attach)
	return strings.ToValidUTF8(text[:maxText], "")
}

func (m *Message) tooLong(n *node, attach func(*node)) {
	if !n.cut {
		attach(n)
	}
	n.cut = true
	m.defects.add("text_too_long")
}

// decode turns the body of a text part into UTF-8, as much of it as is read.
func (m *Message) decode(n *node, attach func(*node)) string {
	data, label := n.content(&m.defects), n.media.params["charset"]
	if n.media.kind == "text/html" && label == "" {
		label = htmlCharset(data)
	}
	if len(data) > maxHTML {
		m.tooLong(n, attach)
		data = data[:maxHTML]
	}
	text, sure := decodeCharset(data, label)
	if !sure {
		m.defects.add("bad_charset")
	}
	return text
}

// htmlCharset finds the charset that a page names in itself.
func htmlCharset(page []byte) string {
	head := strings.ToLower(string(page[:min(len(page), 2048)]))
	_, tail, ok := strings.Cut(head, "charset=")
	if !ok {
		return ""
	}
	tail = strings.TrimLeft(tail, "\"' ")
	if end := strings.IndexAny(tail, "\"' />;\r\n"); end >= 0 {
		tail = tail[:end]
	}
	return tail
}

// unrich takes the commands out of text/enriched (RFC 1896): <bold>, </bold>;
// "<<" is a "<".
func unrich(text string) string {
	var b strings.Builder
	for text != "" {
		before, rest, ok := strings.Cut(text, "<")
		b.WriteString(before)
		if !ok {
			break
		}
		if strings.HasPrefix(rest, "<") {
			b.WriteByte('<')
			text = rest[1:]
			continue
		}
		_, after, ok := strings.Cut(rest, ">")
		if !ok {
			break
		}
		text = after
	}
	return b.String()
}

// joinTexts puts displayed parts one under the other.
func joinTexts(texts []string) string {
	var kept []string
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			kept = append(kept, t)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n") + "\n"
}
