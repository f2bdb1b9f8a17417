package config

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Key describes one key of the file, for the documentation made from it.
type Key struct {
	Path     string   // "limits.idle"; "[]" is an element of a list: "desks[].id"
	Type     string   // in plain words
	Section  bool     // it holds keys of its own
	List     bool     // it holds several values, or several sections
	Short    bool     // a section with nothing but this may be written as just its value
	Required bool     // no file is complete without it, where its section is
	Default  string   // as YAML; empty if there is none
	Example  string   // as YAML, for a key without a default
	Words    []string // the words it may hold, if only those
	Min, Max string   // the bounds of a number, size or duration; Max of a text's characters
	Doc      string   // what it means
	Variable string   // the environment variable that sets it, if one does
}

// Keys describes every key, in the order of the file.
func Keys() []Key {
	config := reflect.New(reflect.TypeFor[Config]()).Elem()
	config.Set(initial(config.Type()))
	variables := map[string]string{}
	for _, s := range settables(config, "") {
		variables[s.path] = s.variable()
	}
	keys := sectionKeys(config, "")
	for i := range keys {
		keys[i].Variable = variables[keys[i].Path]
	}
	return keys
}

// sectionKeys describes the keys of a section and of the sections in it.
func sectionKeys(v reflect.Value, path string) []Key {
	var keys []Key
	for _, tag := range keysOf(v.Type()) {
		field := v.FieldByIndex(tag.Index)
		at := child(path, keyName(tag))
		keys = append(keys, describe(field, tag, at))
		switch t := field.Type(); {
		case isSection(t):
			keys = append(keys, sectionKeys(field, at)...)
		case t.Kind() == reflect.Slice && isSection(t.Elem()):
			keys = append(keys, sectionKeys(sample(t.Elem()), at+"[]")...)
		}
	}
	return keys
}

// sample is an element of a list as it is before the file is read.
func sample(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	v.Set(initial(t))
	return v
}

func describe(v reflect.Value, tag reflect.StructField, at string) Key {
	k := Key{
		Path: at, Doc: tag.Tag.Get("doc"), Example: tag.Tag.Get("eg"),
		Min: tag.Tag.Get("min"), Max: tag.Tag.Get("max"), Required: tag.Tag.Get("need") != "",
		Short: tag.Tag.Get("short") != "",
	}
	one := v.Type()
	if k.List = one.Kind() == reflect.Slice; k.List {
		one = one.Elem()
	}
	k.Section = isSection(one)
	_, k.Words = vocabulary(one)
	k.Type = typeName(one, k.List)
	if !k.Section && !v.IsZero() {
		k.Default = written(v)
	}
	return k
}

// written is a default as the file would have it.
func written(v reflect.Value) string {
	if v.Kind() != reflect.Slice {
		return fmt.Sprint(v.Interface())
	}
	items := make([]string, v.Len())
	for i := range items {
		items[i] = fmt.Sprintf("%q", fmt.Sprint(v.Index(i).Interface()))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// typeNames are the types in words, one and many.
var typeNames = map[string][2]string{
	"config.Duration": {"duration", ""}, "config.Size": {"size", ""},
	"config.HostPort": {"host:port", "list of host:port"},
	"config.Endpoint": {"unix:/path or host:port", "list of unix:/path or host:port"},
	"config.Weekday":  {"day of the week", ""}, "config.DayRange": {"", "list of days of the week"},
	"config.TimeOfDay": {"time of day", ""}, "config.Start": {"", "list of starts"},
	"config.Wording": {"section, as in a words folder", ""},
	"calendar.Date":  {"date", ""}, "calendar.Span": {"", "list of hours"}, "calendar.Rule": {"", "list of holidays"},
	"ticket.Span": {"time", "list of times"}, "ticket.Action": {"name of an action", "list of names of actions"},
	"netip.Prefix": {"", "list of networks"}, "netip.AddrPort": {"address:port", ""},
	"ticket.Address": {"mail address", "list of mail addresses"},
	"string":         {"text", "list of texts"}, "int": {"whole number", "list of whole numbers"},
	"bool": {"true or false", ""},
}

func typeName(t reflect.Type, list bool) string {
	names := typeNames[t.String()]
	switch {
	case isSection(t):
		names = [2]string{"section", "list of sections"}
	default:
		if _, words := vocabulary(t); words != nil {
			names = [2]string{"word", "list of words"}
		}
	}
	if list {
		return names[1]
	}
	return names[0]
}

// gist is the beginning of an explanation, for those who only need to be told
// what a key is.
func gist(doc string) string {
	first := strings.TrimSuffix(doc, ".")
	for _, end := range []string{". ", ": "} {
		first, _, _ = strings.Cut(first, end)
	}
	return lowerFirst(first)
}

func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}
