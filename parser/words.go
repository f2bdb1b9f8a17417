package parser

import (
	"strings"
	"unicode/utf8"
)

// word is one encoded word of RFC 2047: =?charset?encoding?text?=.
type word struct {
	charset string
	data    []byte
}

// decodeWords decodes the encoded words of a header value. White space between
// two words goes (RFC 2047 section 6.2); neighbours in one charset are joined
// before they are decoded, because programs split characters between words.
// What is not a word is kept, decoded by hint where it is not UTF-8. The result
// is valid UTF-8 in NFC, but may hold control characters: see oneLine.
func decodeWords(s, hint string) string {
	if !strings.Contains(s, "=?") {
		return decodeRaw(s, hint)
	}
	var out strings.Builder
	var pending word
	flush := func() {
		if pending.data != nil {
			text, _ := decodeCharset(pending.data, pending.charset)
			out.WriteString(text)
		}
		pending = word{}
	}
	for s != "" {
		before, w, rest, ok := nextWord(s)
		if !ok {
			break
		}
		if pending.data == nil || strings.TrimSpace(before) != "" || !strings.EqualFold(pending.charset, w.charset) {
			flush()
			if out.Len() == 0 || strings.TrimSpace(before) != "" {
				out.WriteString(decodeRaw(before, hint))
			}
			pending = word{charset: w.charset, data: []byte{}}
		}
		pending.data = append(pending.data, w.data...)
		s = rest
	}
	flush()
	out.WriteString(decodeRaw(s, hint))
	return out.String()
}

// decodeRaw is for header text that is not encoded, though it may be 8-bit.
func decodeRaw(s, hint string) string {
	if utf8.ValidString(s) && !strings.Contains(s, "\x1b") {
		return s
	}
	text, _ := decodeCharset([]byte(s), hint)
	return text
}

// nextWord finds the first encoded word in s.
func nextWord(s string) (before string, w word, rest string, ok bool) {
	from := 0
	for {
		i := strings.Index(s[from:], "=?")
		if i < 0 {
			return "", word{}, "", false
		}
		start := from + i
		if w, size, ok := parseWord(s[start:]); ok {
			return s[:start], w, s[start+size:], true
		}
		from = start + 2
	}
}

// parseWord reads the encoded word that s begins with.
func parseWord(s string) (w word, size int, ok bool) {
	charset, tail, ok := strings.Cut(s[2:min(len(s), 80)], "?")
	if !ok || strings.ContainsAny(charset, " \t=") || len(tail) < 2 || tail[1] != '?' {
		return word{}, 0, false
	}
	text := s[2+len(charset)+3:]
	end, closed := strings.Index(text, "?="), 2
	if end < 0 {
		if strings.ContainsAny(text, "? ") {
			return word{}, 0, false
		}
		end, closed = len(text), 0 // cut off by a program that counts bytes
	}
	var data []byte
	switch tail[0] {
	case 'B', 'b':
		data, _ = decodeBase64([]byte(text[:end]))
	case 'Q', 'q':
		data, _ = appendQP([]byte{}, []byte(strings.ReplaceAll(text[:end], "_", " ")))
	default:
		return word{}, 0, false
	}
	if data == nil {
		data = []byte{}
	}
	return word{charset: charset, data: data}, 2 + len(charset) + 3 + end + closed, true
}
