package parser

import (
	"strconv"
	"strings"
	"unicode"
)

// textOut lays out the text that htmlText finds: it owns white space, lines
// and quotation marks.
type textOut struct {
	b      strings.Builder
	depth  int  // of quotation
	begun  bool // the current line has something on it
	space  bool // white space is due before the next word
	tab    bool // a cell ended: a tab is due before the next word
	breaks int  // line ends due before the next word
	marked bool // the line holds only the marker of a list item
}

func (o *textOut) String() string { return strings.Trim(o.b.String(), "\n") }
func (o *textOut) length() int    { return o.b.Len() }

func (o *textOut) since(from int) string { return o.b.String()[min(from, o.b.Len()):] }

// words writes text in which white space is only white space. A no-break space
// alone on a line makes an empty line: Word writes empty paragraphs so.
func (o *textOut) words(s string) {
	for s != "" {
		i := strings.IndexFunc(s, unicode.IsSpace)
		switch {
		case i == 0:
			rest := strings.TrimLeftFunc(s, unicode.IsSpace)
			o.blank(s[:len(s)-len(rest)])
			s = rest
			continue
		case i < 0:
			i = len(s)
		}
		o.flush()
		o.b.WriteString(s[:i])
		s = s[i:]
	}
}

func (o *textOut) blank(s string) {
	fresh := !o.begun || o.breaks > 0
	if fresh && strings.Contains(s, "\u00a0") {
		o.flush()
		return
	}
	o.space = o.space || !fresh
}

// verbatim writes text in which line ends count.
func (o *textOut) verbatim(s string) {
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if i > 0 {
			o.lineBreak()
		}
		if line != "" {
			o.flush()
			o.b.WriteString(line)
		}
	}
}

// flush writes the white space that is due, and then the line is begun.
func (o *textOut) flush() {
	for ; o.breaks > 0; o.breaks-- {
		o.b.WriteByte('\n')
		if o.breaks > 1 && o.depth > 0 {
			o.b.WriteString(strings.Repeat(">", min(o.depth, 20)))
		}
		o.begun = false
	}
	switch {
	case !o.begun && o.depth > 0:
		o.b.WriteString(strings.Repeat(">", min(o.depth, 20)) + " ")
	case o.marked:
	case o.begun && o.tab:
		o.b.WriteByte('\t')
	case o.begun && o.space:
		o.b.WriteByte(' ')
	}
	o.begun, o.space, o.tab, o.marked = true, false, false, false
}

// line ends the current line if anything is on it; with gap, an empty line follows.
func (o *textOut) line(gap bool) {
	if o.marked {
		return
	}
	if o.begun && o.breaks == 0 {
		o.breaks = 1
	}
	if gap && o.breaks == 1 && o.b.Len() > 0 {
		o.breaks = 2
	}
	o.space, o.tab = false, false
}

// lineBreak ends the current line in any case.
func (o *textOut) lineBreak() {
	if o.breaks < 3 {
		o.breaks++
	}
	o.space, o.tab = false, false
}

// cell parts two cells of a table row.
func (o *textOut) cell() {
	if o.breaks == 0 && o.begun {
		o.tab = true
	}
}

func (o *textOut) marker(s string) {
	o.flush()
	o.b.WriteString(s)
	o.marked = true
}

func (o *textOut) quote(by int) { o.depth += by }

func itoa(n int) string { return strconv.Itoa(n) }
