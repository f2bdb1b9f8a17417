package templates

import (
	"strings"
	"unicode"
)

// cleanLine makes one line of a text and cuts it to at most max runes.
func cleanLine(s string, max int) string {
	line := strings.Join(strings.Fields(cleanText(s)), " ")
	short, _ := cutRunes(line, max)
	return short
}

// cleanText takes out of a text what is not meant to be seen and could change
// how its surroundings look: control and format characters (the bidirectional
// ones among them), private-use and non-characters. Lines and indentation
// stay; lines end in "\n", and no empty ones stand at either end.
func cleanText(s string) string {
	s = breaks.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	lines := strings.Split(strings.Map(visible, s), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// breaks makes one of all that ends a line, and spaces of tabs.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", "    ")

func visible(r rune) rune {
	switch {
	case r == '\n', r == '\u200c', r == '\u200d': // the joiners shape letters and emoji
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Noncharacter_Code_Point):
		return -1
	}
	return r
}

// cutRunes cuts a text to at most max runes, the last of them an ellipsis if
// something had to go.
func cutRunes(s string, max int) (short string, cut bool) {
	count := 0
	end := 0 // where the text would end to leave room for the ellipsis
	for i := range s {
		if count == max-1 {
			end = i
		}
		if count == max {
			return strings.TrimRightFunc(s[:end], unicode.IsSpace) + "…", true
		}
		count++
	}
	return s, false
}
