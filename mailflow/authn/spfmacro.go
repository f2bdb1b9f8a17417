package authn

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

var errMacro = errors.New("bad macro")

// A macroValue gives what a macro letter (lower case) stands for.
type macroValue func(letter byte) (string, error)

// expandMacros replaces the macros in a macro-string (RFC 7208 section 7.1).
// Of the text between them, literal says which characters may stand there.
func expandMacros(s string, value macroValue, literal func(byte) bool) (string, error) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			if !literal(s[i]) {
				return "", errMacro
			}
			out.WriteByte(s[i])
			continue
		}
		expanded, length, err := expandMacro(s[i:], value)
		if err != nil {
			return "", err
		}
		out.WriteString(expanded)
		i += length - 1
	}
	return out.String(), nil
}

// expandMacro reads the macro at the beginning of s and says how long it is.
func expandMacro(s string, value macroValue) (string, int, error) {
	if len(s) < 2 {
		return "", 0, errMacro
	}
	switch s[1] {
	case '%':
		return "%", 2, nil
	case '_':
		return " ", 2, nil
	case '-':
		return "%20", 2, nil
	case '{':
		end := strings.IndexByte(s, '}')
		if end < 3 {
			return "", 0, errMacro
		}
		expanded, err := expandBraces(s[2:end], value)
		return expanded, end + 1, err
	}
	return "", 0, errMacro
}

// expandBraces does what stands between the braces: a letter, how many of the
// last parts to take, whether to reverse them, and where to part.
func expandBraces(s string, value macroValue) (string, error) {
	letter, rest := s[0]|0x20, s[1:]
	text, err := value(letter)
	if err != nil {
		return "", err
	}
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	rest = rest[len(digits):]
	reversed := len(rest) > 0 && rest[0]|0x20 == 'r'
	if reversed {
		rest = rest[1:]
	}
	if strings.Trim(rest, macroDelimiters) != "" {
		return "", errMacro
	}
	if rest == "" {
		rest = "."
	}
	text, err = transform(text, digits, reversed, rest)
	if err == nil && s[0] < 'a' {
		text = urlEscape(text)
	}
	return text, err
}

const macroDelimiters = ".-+,/_="

func transform(text, digits string, reversed bool, delimiters string) (string, error) {
	parts := splitAny(text, delimiters)
	if reversed {
		slices.Reverse(parts)
	}
	if digits != "" {
		n, err := strconv.Atoi(digits)
		if err != nil || n == 0 {
			return "", errMacro
		}
		parts = parts[len(parts)-min(n, len(parts)):]
	}
	return strings.Join(parts, "."), nil
}

// splitAny parts a text at each of the delimiters and keeps the empty parts.
func splitAny(text, delimiters string) []string {
	var parts []string
	for {
		i := strings.IndexAny(text, delimiters)
		if i < 0 {
			return append(parts, text)
		}
		parts, text = append(parts, text[:i]), text[i+1:]
	}
}

// urlEscape leaves the unreserved characters of RFC 3986 section 2.3 alone.
func urlEscape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if isAlnum(c) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString(string([]byte{'%', hex[c>>4], hex[c&15]}))
	}
	return b.String()
}

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }

// visible is a macro-literal within a record: any printing character but "%".
func visible(c byte) bool { return 0x21 <= c && c <= 0x7e }

// visibleOrSpace is what an explanation is made of (RFC 7208 section 6.2).
func visibleOrSpace(c byte) bool { return 0x20 <= c && c <= 0x7e }
