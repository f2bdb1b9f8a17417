package ticket

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold brings a short text (a subject, a label, a closed-list value) to the
// form in which two of them are compared: NFKC, format characters dropped,
// dashes, quotes and white space made one, case and accents folded.
// Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	s = strings.ToLower(Clean(s))
	if isASCII(s) {
		return s // nothing to take off, and most lines of most mails
	}
	// A transformer keeps state between calls, so each call makes its own.
	accents := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	s, _, _ = transform.String(accents, s)
	return Clean(s)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// Clean is the part of Fold that a reader does not see: NFKC, format and
// control characters dropped, typographic dashes and quotes made ASCII, runs
// of white space made one space. Case and accents stay.
func Clean(s string) string {
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(plain, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

func plain(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector):
		return -1
	case unicode.Is(unicode.Pd, r) || r == '\u2212':
		return '-'
	case strings.ContainsRune("“”„‟«»″", r):
		return '"'
	case strings.ContainsRune("‘’‚‛´`′", r):
		return '\''
	}
	return r
}
