package main

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/cauce-desk/cauce/config"
)

const exampleHead = `# The configuration of cauce, every key explained: the desk of presets/dgt.yaml.
# Copy it and change what you need. A line like "# key: value" shows a key that
# is not used here. docs/configuration.md says what a key is when it is left out.
#
#     cauce check --config FILE     finds every fault, with its line
#
# Made by "go generate ./config" from presets/dgt.yaml and package config.
`

// example writes a preset with an explanation above the first use of a key.
type example struct {
	outline outline
	used    map[string]bool // paths the preset sets anywhere
	told    map[string]bool // paths explained so far
}

func exampleFile(preset []byte, keys []config.Key) (string, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(preset, &document); err != nil {
		return "", fmt.Errorf("preset: %w", err)
	}
	e := example{outline: newOutline(keys), used: map[string]bool{}, told: map[string]bool{}}
	e.note(document.Content[0], "")
	lines, err := e.section(document.Content[0], "")
	if err != nil {
		return "", err
	}
	return exampleHead + strings.Join(lines, "\n") + "\n", nil
}

// note remembers every path under a node.
func (e example) note(n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			at := strings.TrimPrefix(path+"."+n.Content[i].Value, ".")
			e.used[at] = true
			e.note(n.Content[i+1], at)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			e.note(item, path+"[]")
		}
	}
}

// section writes the keys of a section, in the order of the reference.
func (e example) section(n *yaml.Node, path string) ([]string, error) {
	var lines []string
	for _, k := range e.outline[path] {
		body, err := e.key(k, find(n, nameOf(k)))
		if err != nil {
			return nil, err
		}
		if len(body) > 0 {
			lines = append(lines, e.explain(k)...)
			lines = append(lines, body...)
		}
	}
	return lines, nil
}

// key writes one key: as the preset has it, else its default, else, if the
// preset nowhere uses it, as a comment.
func (e example) key(k config.Key, n *yaml.Node) ([]string, error) {
	switch {
	case n == nil && (e.used[k.Path] || e.told[k.Path]):
		return nil, nil
	case n == nil && k.Section && !k.List:
		return e.unused(k)
	case n == nil:
		return []string{e.absent(k)}, nil
	case k.Section && k.List:
		return e.list(k, n)
	case k.Section:
		lines, err := e.section(n, k.Path)
		return append([]string{nameOf(k) + ":"}, indent(lines)...), err
	}
	return value(nameOf(k), n)
}

// absent writes a key the preset lacks: its default, or an example that is
// commented out.
func (e example) absent(k config.Key) string {
	if k.Default != "" {
		return nameOf(k) + ": " + k.Default
	}
	return "# " + nameOf(k) + ": " + e.shown(k)
}

// shown is a value that the key may have.
func (e example) shown(k config.Key) string {
	switch {
	case k.Default != "":
		return k.Default
	case k.Section && k.Example == "":
		return e.sample(k)
	}
	return k.Example
}

// sample is a section, or a list of one, with just what it must have.
func (e example) sample(k config.Key) string {
	var parts []string
	for _, c := range e.outline[inside(k)] {
		if c.Required {
			parts = append(parts, nameOf(c)+": "+e.shown(c))
		}
	}
	if k.List {
		return "[{" + strings.Join(parts, ", ") + "}]"
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// unused writes a section the preset lacks: with the defaults in it, or, if it
// has none, commented out.
func (e example) unused(k config.Key) ([]string, error) {
	if slices.ContainsFunc(e.outline[k.Path], func(c config.Key) bool { return c.Default != "" }) {
		lines, err := e.section(nil, k.Path)
		return append([]string{nameOf(k) + ":"}, indent(lines)...), err
	}
	lines := []string{"# " + nameOf(k) + ":"}
	for _, c := range e.outline[k.Path] {
		for _, line := range append(e.explain(c), nameOf(c)+": "+e.shown(c)) {
			lines = append(lines, "#   "+line)
		}
	}
	return lines, nil
}

// list writes the sections of a list, each begun by a dash.
func (e example) list(k config.Key, n *yaml.Node) ([]string, error) {
	lines := []string{nameOf(k) + ":"}
	for _, item := range n.Content {
		if item.Kind == yaml.ScalarNode {
			lines = append(lines, "  - "+item.Value)
			continue
		}
		body, err := e.section(item, inside(k))
		if err != nil {
			return nil, err
		}
		lines = append(lines, dashed(body)...)
	}
	return lines, nil
}

// dashed indents the lines of a section as an element of a list: the first
// that is no comment gets the dash.
func dashed(lines []string) []string {
	lines = indent(indent(lines))
	for i, line := range lines {
		if !strings.HasPrefix(line, "    #") {
			lines[i] = "  - " + line[4:]
			break
		}
	}
	return lines
}

func indent(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = "  " + line
	}
	return out
}

// explain is the comment above a key, the first time it is met.
func (e example) explain(k config.Key) []string {
	if e.told[k.Path] {
		return nil
	}
	e.told[k.Path] = true
	text := k.Doc
	if limits := bounds(k); limits != "" {
		text += " (" + strings.ToUpper(limits[:1]) + limits[1:] + ".)"
	}
	var lines []string
	if sectionOf(k.Path) == "" {
		lines = append(lines, "")
	}
	for _, line := range wrap(text, 76-depth(k.Path)) {
		lines = append(lines, "# "+line)
	}
	return lines
}

// value writes a key with its value in the preset's own style.
func value(name string, n *yaml.Node) ([]string, error) {
	pair := yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: name}, n}}
	text, err := yaml.Marshal(&pair)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return strings.Split(strings.TrimRight(strings.ReplaceAll(string(text), "\n    ", "\n  "), "\n"), "\n"), nil
}

// find returns the value of a key of a section, nil if it is not there.
func find(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}
