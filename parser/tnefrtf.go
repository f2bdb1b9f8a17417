package parser

import (
	"strings"
	"unicode/utf16"
)

// maxRTFGroups bounds the groups of an RTF text that are open at once; what
// lies deeper is left out.
const maxRTFGroups = 500

// rtfText turns RTF into text, or, where Outlook wrapped a page in it
// (MS-OXRTFEX), back into that page; html says which. Time is linear; the text
// is at most maxHTML bytes and some.
func rtfText(source []byte) (text string, html bool) {
	r := &rtfReader{rest: source, charset: "windows-1252", now: rtfGroup{uc: 1}}
	for len(r.rest) > 0 && r.out.Len() <= maxHTML {
		r.token()
	}
	r.flush()
	return r.out.String(), r.html
}

// rtfGroup is what a group inherits and its end undoes.
type rtfGroup struct {
	skip   bool // fonts, colours, pictures: not text
	hidden bool // \v
	rtf    bool // \htmlrtf: what the page does not have
	uc     int  // characters after \u that repeat it for old readers
}

type rtfReader struct {
	rest    []byte
	out     strings.Builder
	narrow  []byte // bytes in charset, not decoded yet
	wide    []uint16
	charset string
	html    bool
	star    bool // \* came: an unknown destination is to be skipped
	now     rtfGroup
	open    []rtfGroup
	deeper  int // groups open beyond maxRTFGroups
	repeat  int // characters still to be left out after \u
}

func (r *rtfReader) token() {
	c := r.rest[0]
	r.rest = r.rest[1:]
	switch c {
	case '{':
		r.begin()
	case '}':
		r.end()
	case '\\':
		r.control()
	case '\r', '\n', 0:
	default:
		r.char(c)
	}
}

func (r *rtfReader) begin() {
	r.repeat, r.star = 0, false
	if len(r.open) >= maxRTFGroups {
		r.deeper++
		return
	}
	r.open = append(r.open, r.now)
}

func (r *rtfReader) end() {
	r.repeat, r.star = 0, false
	if r.deeper > 0 {
		r.deeper--
		return
	}
	if n := len(r.open); n > 0 {
		r.now, r.open = r.open[n-1], r.open[:n-1]
	}
}

func (r *rtfReader) shown() bool {
	if r.now.skip || r.deeper > 0 || r.html && r.now.rtf {
		return false
	}
	return !r.now.hidden || r.html
}

// char takes one byte of text.
func (r *rtfReader) char(c byte) {
	if r.repeat > 0 {
		r.repeat--
		return
	}
	if r.shown() {
		r.flushWide()
		r.narrow = append(r.narrow, c)
	}
}

// write takes text that is Unicode already.
func (r *rtfReader) write(s string) {
	if r.repeat > 0 {
		r.repeat--
		return
	}
	if r.shown() {
		r.flush()
		r.out.WriteString(s)
	}
}

func (r *rtfReader) flush() {
	if len(r.narrow) > 0 {
		text, _ := decodeCharset(r.narrow, r.charset)
		r.out.WriteString(text)
		r.narrow = r.narrow[:0]
	}
	r.flushWide()
}

func (r *rtfReader) flushWide() {
	if len(r.wide) > 0 {
		r.out.WriteString(string(utf16.Decode(r.wide)))
		r.wide = r.wide[:0]
	}
}

// control reads what follows a backslash: a symbol, or a word with a number.
func (r *rtfReader) control() {
	if len(r.rest) == 0 {
		return
	}
	if c := r.rest[0]; c|0x20 >= 'a' && c|0x20 <= 'z' {
		r.word(r.name(), r.number())
		return
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	switch c {
	case '\'':
		r.hex()
	case '*':
		r.star = true
	case '\\', '{', '}':
		r.char(c)
	case '~':
		r.write("\u00a0")
	case '_':
		r.write("-")
	case '\r', '\n':
		r.write("\n")
	}
}

func (r *rtfReader) hex() {
	if len(r.rest) < 2 {
		r.rest = nil
		return
	}
	high, low := hexDigit(r.rest[0]), hexDigit(r.rest[1])
	if high < 0 || low < 0 {
		return
	}
	r.rest = r.rest[2:]
	r.char(byte(high<<4 | low))
}

func (r *rtfReader) name() string {
	end := 0
	for end < len(r.rest) && end < 32 && r.rest[end]|0x20 >= 'a' && r.rest[end]|0x20 <= 'z' {
		end++
	}
	name := string(r.rest[:end])
	r.rest = r.rest[end:]
	return name
}

// number reads the number of a control word, -1 if it has none, and the blank
// that ends the word. Negative numbers, which only \u has, come as the
// character they mean.
func (r *rtfReader) number() int {
	n, digits, minus := 0, 0, false
	if len(r.rest) > 1 && r.rest[0] == '-' {
		minus, r.rest = true, r.rest[1:]
	}
	for len(r.rest) > 0 && r.rest[0] >= '0' && r.rest[0] <= '9' && digits < 9 {
		n, digits, r.rest = n*10+int(r.rest[0]-'0'), digits+1, r.rest[1:]
	}
	if len(r.rest) > 0 && r.rest[0] == ' ' {
		r.rest = r.rest[1:]
	}
	switch {
	case digits == 0:
		return -1
	case minus:
		return (0x10000 - n) & 0xffff
	}
	return n
}
