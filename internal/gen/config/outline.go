package main

import (
	"strings"

	"github.com/cauce-desk/cauce/config"
)

// outline finds the keys of a section by the section's path.
type outline map[string][]config.Key

func newOutline(keys []config.Key) outline {
	o := outline{}
	for _, k := range keys {
		o[sectionOf(k.Path)] = append(o[sectionOf(k.Path)], k)
	}
	return o
}

// sectionOf is the path of the section a key is in; "" is the top.
func sectionOf(path string) string { return path[:max(strings.LastIndexByte(path, '.'), 0)] }

// nameOf is the key as it stands in its section.
func nameOf(k config.Key) string { return k.Path[strings.LastIndexByte(k.Path, '.')+1:] }

// inside is the path under which the keys within a section, or within the
// sections of a list, are found.
func inside(k config.Key) string {
	if k.List {
		return k.Path + "[]"
	}
	return k.Path
}

// depth is by how many spaces a key is indented.
func depth(path string) int { return 2 * (strings.Count(path, ".") + strings.Count(path, "[]")) }

// wrap breaks a text into lines of at most width characters.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
