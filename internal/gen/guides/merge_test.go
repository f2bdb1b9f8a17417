package main

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// merge puts a fragment into a configuration the way its reader does: what it
// names is changed, and what was not there is added.
func merge(into, fragment *yaml.Node) {
	for i := 0; i+1 < len(fragment.Content); i += 2 {
		key, value := fragment.Content[i], fragment.Content[i+1]
		old := valueOf(into, key.Value)
		switch {
		case old == nil:
			into.Content = append(into.Content, key, value)
		case old.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			merge(old, value)
		case sections(value) && sections(old):
			mergeList(old, value)
		default:
			*old = *value
		}
	}
}

// mergeList puts the sections of a list over those of the same name.
func mergeList(into, list *yaml.Node) {
	for _, item := range list.Content {
		i := slices.IndexFunc(into.Content, func(old *yaml.Node) bool { return nameOf(old) == nameOf(item) })
		switch {
		case i < 0:
			into.Content = append(into.Content, item)
		case into.Content[i].Kind == yaml.MappingNode && item.Kind == yaml.MappingNode:
			merge(into.Content[i], item)
		default:
			into.Content[i] = item
		}
	}
}

// sections tells whether a list is one of sections that have names, at least one
// of them written out: a list of words is replaced whole.
func sections(list *yaml.Node) bool {
	written := 0
	for _, item := range list.Content {
		if nameOf(item) == "" {
			return false
		}
		if item.Kind == yaml.MappingNode {
			written++
		}
	}
	return list.Kind == yaml.SequenceNode && written > 0
}

// nameOf is what an element of a list is known by.
func nameOf(item *yaml.Node) string {
	if item.Kind == yaml.ScalarNode {
		return item.Value
	}
	for _, key := range []string{"id", "action", "query", "name", "address"} {
		if value := valueOf(item, key); value != nil {
			return value.Value
		}
	}
	return ""
}

func valueOf(section *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(section.Content); i += 2 {
		if section.Content[i].Value == key {
			return section.Content[i+1]
		}
	}
	return nil
}
