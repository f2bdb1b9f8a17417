package compose

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// clean makes one line of valid text: line ends and tabs become a space, other
// control characters go.
func clean(s string) string {
	return strings.Map(noControl, oneLine.Replace(strings.ToValidUTF8(s, "\uFFFD")))
}

var oneLine = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ")

func noControl(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// unstructured writes free text such as a subject as tokens (RFC 2047
// section 5, rule 1).
func unstructured(s string) []string {
	return encodeText(clean(s), isPlainWord)
}

// maxName bounds a display name, in characters.
const maxName = 120

// phrase writes the name of a person (RFC 2047 section 5, rule 3): plain where
// it can be, quoted where it is ASCII, encoded otherwise.
func phrase(name string) []string {
	name = strings.Join(strings.Fields(clean(name)), " ")
	name = strings.TrimSpace(firstRunes(name, maxName))
	tokens := encodeText(name, isAtom)
	if isPlain(name) && len(quoted(name)) <= maxPlain && strings.Join(tokens, " ") != name {
		return []string{quoted(name)}
	}
	return tokens
}

// maxPlain is the longest word left as it is: with the name of its header it
// still fits a line.
const maxPlain = 60

func isPlainWord(word string) bool {
	return word != "" && len(word) <= maxPlain && isPlain(word)
}

// isPlain tells whether no reader could take s for anything but itself.
func isPlain(s string) bool {
	return strings.Map(printable, s) == s && !strings.Contains(s, "=?")
}

var atom = regexp.MustCompile(`^[0-9A-Za-z!#$%&'*+/=?^_{|}~-]+$`)

// isAtom is RFC 5322 section 3.2.3.
func isAtom(word string) bool { return isPlainWord(word) && atom.MatchString(word) }

// encodeText splits text at its spaces. Words that may stay plain do; a run of
// others becomes encoded words that hold the spaces between them, since a
// reader drops the white space between two encoded words (RFC 2047 section 6.2).
func encodeText(text string, plain func(string) bool) []string {
	var tokens, run []string
	words := strings.Split(text, " ")
	for i, word := range words {
		if !stays(words, i, plain) {
			run = append(run, word)
			continue
		}
		tokens = append(append(tokens, encodedWords(run)...), word)
		run = nil
	}
	return append(tokens, encodedWords(run)...)
}

// stays tells whether a word may go out as it is. Beside a double space, or a
// space at either end, it may not: folding could change how many there are.
func stays(words []string, i int, plain func(string) bool) bool {
	afterSpace := i > 0 && words[i-1] == ""
	beforeSpace := i < len(words)-1 && words[i+1] == ""
	return plain(words[i]) && !afterSpace && !beforeSpace
}

const (
	wordStart = "=?utf-8?q?"
	wordEnd   = "?="
	// wordRoom is what fits between the two. RFC 2047 section 2 allows encoded
	// words of 75; ours are shorter, so that the first stands on the line of
	// its header's name.
	wordRoom = 52
)

// encodedWords writes words, joined by spaces, in the Q encoding.
func encodedWords(words []string) []string {
	var tokens []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			tokens = append(tokens, wordStart+word.String()+wordEnd)
		}
		word.Reset()
	}
	for _, piece := range pieces(strings.Join(words, " ")) {
		encoded := qEncode(piece)
		if word.Len()+len(encoded) > wordRoom {
			flush()
		}
		word.WriteString(encoded)
	}
	flush()
	return tokens
}

var (
	spacedWord = regexp.MustCompile(` [^ ]*|[^ ]+`)
	// A piece of a word too long for one encoded word: a character, or what
	// may be (part of) a ticket number, which is short enough in any case.
	fragment = regexp.MustCompile(`[0-9A-Za-z_-]{1,17}|.`)
)

// pieces cuts text where an encoded word may end: between words, and within a
// word that is too long for one only between characters (RFC 2047 section 5).
func pieces(text string) []string {
	var out []string
	for _, word := range spacedWord.FindAllString(text, -1) {
		if len(qEncode(word)) <= wordRoom {
			out = append(out, word)
		} else {
			out = append(out, fragment.FindAllString(word, -1)...)
		}
	}
	return out
}

// qEncode is RFC 2047 section 4.2, with the few plain characters that are safe
// in a phrase too (section 5, rule 3).
func qEncode(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case isAlphanumeric(c) || strings.IndexByte("!*+-/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}
