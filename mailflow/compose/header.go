package compose

import (
	"bytes"
	"regexp"
	"strings"
)

// lineWidth is where a header line is folded. RFC 5322 section 2.1.1 wants 78
// columns at most, RFC 2047 section 2 wants 76 where there is an encoded word.
const lineWidth = 76

// header holds the finished lines of one header, of the mail or of a part.
type header struct{ bytes.Buffer }

// put writes one field. The tokens are joined by single spaces, and a line is
// only ever broken between two of them. A token holds what its field's grammar
// allows, written by one of this package's functions; put drops any octet that
// is not printable ASCII all the same, so that no mistake elsewhere can open a
// second line.
func (h *header) put(name string, tokens ...string) {
	h.WriteString(name + ":")
	column := len(name) + 1
	for _, token := range tokens {
		token = strings.Map(printable, token)
		if column+1+len(token) > lineWidth {
			h.WriteString("\r\n")
			column = 0
		}
		h.WriteString(" " + token)
		column += 1 + len(token)
	}
	h.WriteString("\r\n")
}

// putWhole writes a field of one token that stays on the field's own line
// whatever its length: programs exist that look for a Message-ID nowhere else.
func (h *header) putWhole(name, token string) {
	h.WriteString(name + ": " + strings.Map(printable, token) + "\r\n")
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

// parameters puts the semicolons between a value and its parameters.
func parameters(value string, params ...string) []string {
	tokens := append([]string{value}, params...)
	for i := range tokens[:len(tokens)-1] {
		tokens[i] += ";"
	}
	return tokens
}

// quoted writes a quoted-string (RFC 5322 section 3.2.4) of printable ASCII.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// maxID bounds the ids of others that we repeat: far above what is seen, far
// below the longest line.
const maxID = 480

// isID tells whether s can stand between < and >. It is laxer than RFC 5322
// section 3.6.4, because the ids of others must be repeated as they were given.
func isID(s string) bool {
	return s != "" && len(s) <= maxID && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || r == '<' || r == '>'
	})
}

var ownID = regexp.MustCompile(`^[0-9A-Za-z!#$%&'*+/=?^_{|}~.-]+@[0-9A-Za-z.-]+$`)

// isOwnID is RFC 5322 section 3.6.4 to the letter: dot-atom, @, dot-atom.
func isOwnID(s string) bool { return isID(s) && ownID.MatchString(s) }

var language = regexp.MustCompile(`^[A-Za-z]{2,8}(-[0-9A-Za-z]{1,8}){0,4}$`)

// isLanguage tells whether s has the shape of a language tag (RFC 5646).
func isLanguage(s string) bool { return language.MatchString(s) }

func angled(id string) string { return "<" + id + ">" }
