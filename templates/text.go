package templates

import (
	"strings"
	texttemplate "text/template"
	"unicode/utf8"
)

// width is how many characters a line of running text has at most.
const width = 76

// textFuncs are what layout.txt can do beyond what templates do anyway.
var textFuncs = texttemplate.FuncMap{
	"wrap":  func(indent int, l line) string { return wrap(indent, indent, l) },
	"fact":  func(f fact) string { return textFact(f, 0, wrap) },
	"copy":  func(f fact) string { return textFact(f, hang, whole) },
	"items": textItems,
	"grid":  textGrid,
	"whole": func(l line) string { return whole(0, 0, l) },
}

// glue stands for a space at which no line may break. It is no character, and
// cleanText takes it out of everything else.
const glue = "\uFDD0"

// wrap breaks a line at spaces, so that with its indentation none is longer
// than width unless a single word is. Spaces that a person wrote at its start
// stay.
func wrap(first, rest int, l line) string {
	text := glued(l)
	words := strings.TrimLeft(text, " ")
	var out strings.Builder
	column := 0
	for i, word := range strings.Fields(words) {
		before := " "
		switch {
		case i == 0:
			before = indent(first+min(len(text)-len(words), width/2), word)
		case column+1+utf8.RuneCountInString(word) > width:
			before, column = "\n"+indent(rest, word), -1
		}
		out.WriteString(before + word)
		column += len(before) + utf8.RuneCountInString(word)
	}
	return strings.ReplaceAll(out.String(), glue, " ")
}

// indent is the space before the first word of a line. Only our own links
// start a line with "<": words of people that would are moved by one.
func indent(columns int, word string) string {
	if columns == 0 && strings.HasPrefix(word, "<") {
		columns = 1
	}
	return strings.Repeat(" ", columns)
}

func glued(l line) string {
	var out strings.Builder
	for _, s := range l {
		if s.Keep {
			s.Text = strings.ReplaceAll(s.Text, " ", glue)
		}
		out.WriteString(s.Text)
	}
	return out.String()
}

// hang is how much further in the second and later lines of something stand.
const hang = 4

// textFact writes "Label: value", or a label with the lines of its value
// under it.
func textFact(f fact, indent int, put func(first, rest int, l line) string) string {
	if len(f.Lines) == 1 {
		value := append(line{{Text: f.Label + " "}}, f.Lines[0]...)
		return put(indent, indent+hang, value)
	}
	out := put(indent, indent+hang, line{{Text: f.Label}})
	for _, l := range f.Lines {
		out += "\n" + put(indent+hang, indent+hang, l)
	}
	return out
}

// whole writes a line without breaking it, for what is to be copied.
func whole(first, _ int, l line) string {
	return strings.TrimRight(indent(first, l.String())+l.String(), " ")
}

// textItems writes a list.
func textItems(lines []line) string {
	var items []string
	for _, l := range lines {
		items = append(items, wrap(0, 2, append(line{{Text: "- ", Keep: true}}, l...)))
	}
	return strings.Join(items, "\n")
}
