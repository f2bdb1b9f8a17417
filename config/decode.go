package config

import (
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxValues bounds how many values a file may hold, those counted again that
// aliases (*name) bring in: a few lines of aliases of aliases can stand for
// billions.
const maxValues = 100_000

// decoder puts a YAML tree into a Config. It goes over the nodes itself
// because the library says neither the path of a fault nor, to people who do
// not write Go, what is wrong.
type decoder struct {
	*reporter
	visits int
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	if d.visits++; d.visits > maxValues {
		if d.visits == maxValues+1 {
			d.unusable(n.Line, "the file holds more than %d values, aliases counted", maxValues)
		}
		return
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n.ShortTag() == "!!null":
		d.spoil(path, "has no value: give it one or leave the key out")
	case n.Style&yaml.TaggedStyle != 0:
		d.spoil(path, "has the tag %s, which means nothing here", n.Tag)
	case v.Type() == reflect.TypeFor[Wording]():
		d.raw(n, v, path)
	case isSection(v.Type()):
		d.section(long(n, v.Type()), v, path)
	case v.Kind() == reflect.Slice:
		d.list(n, v, path)
	case n.Kind != yaml.ScalarNode:
		d.spoil(path, "must be a single value, not %s", shape(n))
	default:
		if err := parse(n.Value, v); err != nil {
			d.spoil(path, "%v", err)
		}
	}
}

// long turns what is written short, one value where a section could stand, into
// the section it means.
func long(n *yaml.Node, t reflect.Type) *yaml.Node {
	for _, key := range keysOf(t) {
		if n.Kind == yaml.ScalarNode && key.Tag.Get("short") != "" {
			name := &yaml.Node{Kind: yaml.ScalarNode, Value: keyName(key), Line: n.Line}
			return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{name, n}, Line: n.Line}
		}
	}
	return n
}

func (d *decoder) section(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.spoil(path, "must be a section (key: value lines), not %s", shape(n))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		d.entry(n.Content[i], n.Content[i+1], v, path, seen)
	}
}

// entry reads one key of a section.
func (d *decoder) entry(key, n *yaml.Node, v reflect.Value, path string, seen map[string]int) {
	field, known := fieldNamed(v, key.Value)
	if key.Kind != yaml.ScalarNode || !known {
		d.addAt(key.Line, path, "unknown key %q%s", key.Value, suggestion(key.Value, keyNames(v.Type())))
		return
	}
	at := child(path, key.Value)
	if line, twice := seen[key.Value]; twice {
		d.addAt(key.Line, at, "given twice, first on line %d", line)
		return
	}
	seen[key.Value], d.lines[at] = key.Line, key.Line
	d.value(n, field, at)
}

// list replaces what the list held by default; it is never added to.
func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.ScalarNode && mayBeOne(v.Type()) {
		n = &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}, Line: n.Line}
	}
	if n.Kind != yaml.SequenceNode {
		d.spoil(path, `must be a list ("- value" lines, or [a, b]), not %s`, shape(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i, item := range n.Content {
		at := element(path, i)
		d.lines[at] = item.Line
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(initial(value.Type()))
		d.value(item, value, at)
		v.Set(reflect.Append(v, value))
	}
}

// mayBeOne tells whether a list of the type may be written as its one element.
func mayBeOne(t reflect.Type) bool {
	return t == reflect.TypeFor[Days]() || t == reflect.TypeFor[Within]()
}

// shape says what a node is, in words.
func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a section"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// isSection tells the structs of this package, which are sections of the
// file, from those that are values.
func isSection(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == reflect.TypeFor[Config]().PkgPath()
}

// keysOf lists the fields of a section that are keys of the file.
func keysOf(t reflect.Type) []reflect.StructField {
	var keys []reflect.StructField
	for i := range t.NumField() {
		if keyName(t.Field(i)) != "" {
			keys = append(keys, t.Field(i))
		}
	}
	return keys
}

// keyName is the name under which a field stands in the file.
func keyName(f reflect.StructField) string { return f.Tag.Get("yaml") }

func keyNames(t reflect.Type) []string {
	var names []string
	for _, key := range keysOf(t) {
		names = append(names, keyName(key))
	}
	return names
}

// fieldNamed is the value of a key.
func fieldNamed(v reflect.Value, name string) (reflect.Value, bool) {
	for _, key := range keysOf(v.Type()) {
		if keyName(key) == name {
			return v.FieldByIndex(key.Index), true
		}
	}
	return reflect.Value{}, false
}

// settable is one key of the daemon that flags and environment reach: every
// value, or list of values, outside the lists of sections.
type settable struct {
	path  string
	value reflect.Value
}

// variable is the environment variable that sets the key.
func (s settable) variable() string {
	return "CAUCE_" + strings.ToUpper(strings.ReplaceAll(s.path, ".", "_"))
}

// settables lists them in the order of the struct.
func settables(v reflect.Value, path string) []settable {
	var list []settable
	for _, key := range keysOf(v.Type()) {
		f, at := v.FieldByIndex(key.Index), child(path, keyName(key))
		switch {
		case isSection(f.Type()):
			list = append(list, settables(f, at)...)
		case at != "include" && (f.Kind() != reflect.Slice || !isSection(f.Type().Elem())):
			list = append(list, settable{at, f})
		}
	}
	return list
}
