package parser

import (
	"strings"

	"github.com/cauce-desk/cauce/ticket"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// fold is ticket.Fold, with a short way for plain ASCII, which most lines are.
func fold(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == '`' {
			return ticket.Fold(s)
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// oneLine makes a decoded header value safe to show and to compare: control
// characters become a space or go, bidirectional controls go; what is left is
// in NFC, which taking something out from between two runes can undo.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		r = western(r)
		switch {
		case r == '\r' || r == '\n' || r == '\t' || r == 0:
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.TrimSpace(s))
}

// cleanText makes decoded text safe to show: lines end in LF, control and
// bidirectional characters are gone, the rest is in NFC. Tabs stay.
func cleanText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\r\n", "\n"), "\r\n", "\n")
	return norm.NFC.String(strings.Map(func(r rune) rune {
		r = western(r)
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\f' || r == '\v':
			return '\n'
		case r != '\n' && r != '\t' && hidden(r):
			return -1
		}
		return r
	}, s))
}

// western reads a C1 control as the windows-1252 character it was before
// somebody took that for Latin-1, as browsers do with "&#146;".
func western(r rune) rune {
	if r < 0x80 || r > 0x9f {
		return r
	}
	if w := charmap.Windows1252.DecodeByte(byte(r)); w != '\uFFFD' {
		return w
	}
	return r
}

// hidden says whether a character has no business in text a person reads: C0
// and C1 controls, bidirectional controls, zero-width space and its kin. The
// joiners U+200C and U+200D stay, as scripts and emoji need them.
func hidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f:
		return true
	case r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\ufeff' || r == '\u00ad':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2064' || r >= '\u2066' && r <= '\u206f'
}
