package templates

import (
	"errors"
	"fmt"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// phrase is a line of words with blanks for values: a text/template, and the
// place it was read from. The zero phrase says nothing.
type phrase struct {
	words *template.Template
	file  string
	line  int
}

// UnmarshalYAML parses the template, so that a bad one is an error of its line.
func (p *phrase) UnmarshalYAML(node *yaml.Node) error {
	var raw string
	if err := node.Decode(&raw); err != nil {
		return err
	}
	words, err := template.New("line").Option("missingkey=error").Parse(raw)
	if err != nil {
		return atLine(node.Line, err)
	}
	p.words, p.line = words, node.Line
	return nil
}

// atLine is an error in the shape of the YAML reader's own, which gathers
// those of a whole file.
func atLine(line int, err error) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %s", line, reason(err))}}
}

// reason is what is wrong without the template package's own idea of where.
func reason(err error) string {
	text := strings.TrimPrefix(err.Error(), "template: line:")
	if _, rest, found := strings.Cut(text, ": "); found && text != err.Error() {
		return strings.TrimPrefix(rest, `executing "line" at `)
	}
	return text
}

// said tells whether the phrase was given at all; one that was may still come
// out empty.
func (p phrase) said() bool { return p.words != nil }

// fill puts values into the blanks.
func (p phrase) fill(values any) (string, error) {
	if p.words == nil {
		return "", nil
	}
	var out strings.Builder
	if err := p.words.Execute(&out, values); err != nil {
		return "", p.fault(errors.New(reason(err)))
	}
	return out.String(), nil
}

// fault is an error about this phrase, with its place.
func (p phrase) fault(err error) error {
	if p.file == "" {
		return err
	}
	return fmt.Errorf("%s:%d: %w", p.file, p.line, err)
}

// pairs are phrases with labels that are phrases themselves, in the order in
// which they were written.
type pairs []pair

type pair struct{ label, value phrase }

// UnmarshalYAML reads a mapping, keeping its order.
func (p *pairs) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return atLine(node.Line, errors.New("facts are lines of label: value"))
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		var one pair
		if err := node.Content[i].Decode(&one.label); err != nil {
			return err
		}
		if err := node.Content[i+1].Decode(&one.value); err != nil {
			return err
		}
		*p = append(*p, one)
	}
	return nil
}
