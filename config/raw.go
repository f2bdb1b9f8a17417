package config

import (
	"reflect"

	"go.yaml.in/yaml/v3"
)

// raw keeps a section as it is, for others to read. Its keys are remembered by
// their paths, so that what others find wrong can be put down to a line.
func (d *decoder) raw(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.spoil(path, "must be a section (key: value lines), not %s", shape(n))
		return
	}
	size := 0
	tree := d.copied(n, path, &size)
	if d.visits > maxValues || size > maxFile {
		d.unusable(n.Line, "%s holds more than %d values or %s, aliases counted", path, maxValues, Size(maxFile))
		return
	}
	text, err := yaml.Marshal(tree)
	if err != nil {
		d.spoil(path, "cannot be kept: %v", err)
		return
	}
	v.SetString(string(text))
}

// copied is a tree with what aliases stand for in their place, without
// comments. size counts the bytes of its values; too large a tree comes out
// incomplete.
func (d *decoder) copied(n *yaml.Node, path string, size *int) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	c := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.Tag, Value: n.Value}
	*size += len(n.Value)
	for i, item := range n.Content {
		if d.visits++; d.visits > maxValues || *size > maxFile {
			break
		}
		at := path
		if n.Kind == yaml.MappingNode {
			at = child(path, n.Content[i-i%2].Value)
			d.lines[at] = n.Content[i-i%2].Line
		}
		c.Content = append(c.Content, d.copied(item, at, size))
	}
	return c
}
