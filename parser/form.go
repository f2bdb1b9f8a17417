package parser

import (
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// ReadForm finds a form's labelled fields in the mail. The map holds the raw
// value, trimmed, of each label found, by field ID; a label left blank has "".
// A field whose label is not in the mail has no key. Plain text and HTML are
// both tried, and what the sender wrote counts before what is quoted or
// forwarded; among those, the reading that fills more fields wins.
func (m *Message) ReadForm(f ticket.Form) map[string]string {
	best := m.fresh(f)
	if filled(best) > 0 || len(best) > 0 && len(f.Fields) < 2 {
		return m.unsigned(best, f)
	}
	for _, text := range m.wholeTexts() {
		best = fuller(best, FormIn(text, f))
	}
	return m.unsigned(best, f)
}

// unsigned takes off the end of long texts the signature that a program put
// behind the last blank without any mark: the sender's name alone on a line,
// and a few lines below it. A name is never all there is to a value, for it may
// be what was asked.
func (m *Message) unsigned(values map[string]string, f ticket.Form) map[string]string {
	if len(m.From) != 1 || ticket.Fold(m.From[0].Name) == "" {
		return values
	}
	for _, field := range f.Fields {
		if value, there := values[field.ID]; there && field.Kind == ticket.LongTextField {
			values[field.ID] = withoutName(value, ticket.Fold(m.From[0].Name))
		}
	}
	return values
}

// withoutName cuts a text at the name, if it stands near the end, alone on its
// line, first or after an empty one.
func withoutName(text, name string) string {
	lines := strings.Split(text, "\n")
	for i := len(lines) - 1; i >= 0 && len(lines)-i <= maxNamed; i-- {
		apart := i > 0 && strings.TrimSpace(lines[i-1]) == "" || i == 0 && len(lines) > 1
		if apart && ticket.Fold(lines[i]) == name {
			return strings.TrimSpace(strings.Join(lines[:i], "\n"))
		}
	}
	return text
}

// maxNamed is how many lines a signature that begins with a name may have.
const maxNamed = 8

// fresh reads the form in what the sender wrote, signature included: some
// programs put it above what was pasted or prefilled.
func (m *Message) fresh(f ticket.Form) map[string]string {
	best := map[string]string{}
	for _, text := range m.ownTexts() {
		best = fuller(best, FormIn(text, f))
		if filled(best) == len(f.Fields) {
			break
		}
	}
	return best
}

// ownTexts is what the sender wrote, from the plain part and from the HTML. In
// a mail that answers nothing there is nothing quoted: what looks like it is
// part of a description.
func (m *Message) ownTexts() []string {
	own := func(text string) string { return text }
	if m.answer() {
		own = func(text string) string { return splitReply(text).own }
	}
	texts := []string{own(m.Text)}
	if rich := m.rich(); rich != m.Text {
		texts = append(texts, own(rich))
	}
	return texts
}

// answer says whether the mail answers or forwards another.
func (m *Message) answer() bool {
	s := CanonicalSubject(m.Subject)
	return len(m.InReplyTo)+len(m.References) > 0 || s.Reply || s.Forward
}

// wholeTexts is everything a template may stand in: the body with quotations
// and forwards, and a mail that was attached instead of forwarded.
func (m *Message) wholeTexts() []string {
	texts := []string{m.Text, m.rich()}
	for _, a := range m.Attachments {
		if a.ContentType == "message/rfc822" {
			return append(texts, Parse(a.Data).Text)
		}
	}
	return texts
}

// rich is the text made from the HTML, even if the mail has a plain one.
func (m *Message) rich() string {
	if m.HTML == "" {
		return m.Text
	}
	return cleanText(htmlText(m.HTML))
}

// fuller prefers b only when it fills more fields, or shows more labels when
// neither fills any.
func fuller(a, b map[string]string) map[string]string {
	if filled(b) > filled(a) || filled(b) == filled(a) && filled(b) == 0 && len(b) > len(a) {
		return b
	}
	return a
}

func filled(values map[string]string) int {
	n := 0
	for _, v := range values {
		if v != "" {
			n++
		}
	}
	return n
}

// FormIn finds a form's labelled fields in a text, as ReadForm does: labels at
// the start of a line, in bold, in table cells, as list items, behind ">", or,
// where a program joined lines, within a line. A value of one line ends with
// its line, or is the next line that is written on; a long text goes on to the
// next label or the signature. A template that stands there twice is read
// where it is filled in, and rather where it is not quoted.
func FormIn(text string, f ticket.Form) map[string]string {
	if len(text) > maxFormText {
		text = strings.ToValidUTF8(text[:maxFormText], "")
	}
	s := formScan{text: strings.ReplaceAll(text, "\u00a0", " "), labels: newLabels(f)}
	s.atLineStarts()
	s.withinLines()
	return s.best()
}
