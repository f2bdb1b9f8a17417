package parser

import "strings"

// unpack opens the packed RTF, if the stream has no simpler text.
func (t *tnef) unpack() {
	if t.rtfs == nil || t.html != "" || len(t.page) > 0 || strings.TrimSpace(t.plain) != "" {
		return
	}
	out, err := unpackRTF(t.rtfs, *t.budget)
	*t.budget -= len(out)
	t.rtf = out
	t.bad = t.bad || err != nil || !looksRTF(out)
}

// body is what the stream displays: its text, and its page beside it. RTF
// counts where there is nothing else.
func (t *tnef) body() shown {
	plain, page := t.plain, t.source()
	if page == "" && blank([]string{plain}) && looksRTF(t.rtf) {
		text, html := rtfText(t.rtf)
		if html {
			page = text
		} else {
			plain = text
		}
	}
	var s shown
	if plain = t.cut(cleanText(plain)); !blank([]string{plain}) {
		s.text = []string{plain}
	}
	if page = cleanText(page); page == "" {
		return s
	}
	s.html = []string{page}
	if rich := []string{t.cut(cleanText(htmlText(page)))}; blank(s.text) || stub(s.text, rich) {
		s.text = rich
	}
	return s
}

// source is the page as UTF-8, as much of it as is read.
func (t *tnef) source() string {
	if t.html != "" || len(t.page) == 0 {
		return t.html
	}
	page, charset := t.page, t.pageCode
	if len(page) > maxHTML {
		page, t.bad = page[:maxHTML], true
	}
	if charset == "" {
		charset = htmlCharset(page)
	}
	text, _ := decodeCharset(page, charset)
	return strings.TrimRight(text, "\x00")
}

// cut shortens a text that is too long to show; the stream is then kept.
func (t *tnef) cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	t.bad = true
	return strings.ToValidUTF8(text[:maxText], "")
}

// wrapped says whether a part is a TNEF stream, by its type or by its name and
// first bytes.
func (n *node) wrapped(d *defects) bool {
	if !n.leaf() {
		return false
	}
	switch n.media.kind {
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return true
	}
	return strings.EqualFold(n.originalName(), "winmail.dat") && tnefAt(n.content(d))
}

// unwrap takes a TNEF stream apart: its files become attachments of the mail,
// its text is remembered for a mail that has none. It returns false when the
// stream itself must stay an attachment because some of it was not understood.
func (m *Message) unwrap(n *node) bool {
	t := readTNEF(n.content(&m.defects), 0, &m.budget)
	if blank(m.wrapped.text) {
		m.wrapped = t.body()
	}
	m.Attachments = append(m.Attachments, t.attachments()...)
	if t.bad {
		m.defects.add("tnef_malformed")
	}
	return !t.bad
}
