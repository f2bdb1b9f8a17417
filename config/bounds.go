package config

import (
	"fmt"
	"reflect"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// bounds checks what the tags of the fields ask: need (a value), min and max
// (of a number, size or duration; max of a text's characters), lines:"many"
// (without it a text is one line), and that no list says a thing twice.
func (r *reporter) bounds(v reflect.Value, path string) {
	for _, key := range keysOf(v.Type()) {
		r.bound(v.FieldByIndex(key.Index), key, child(path, keyName(key)))
	}
}

func (r *reporter) bound(v reflect.Value, tag reflect.StructField, at string) {
	switch _, given := r.lines[at]; {
	case tag.Tag.Get("optional") != "" && !given:
		return
	case v.Type() == reflect.TypeFor[Wording]():
		return // for others to read
	case isSection(v.Type()):
		r.bounds(v, at)
	case tag.Tag.Get("need") != "" && (v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0):
		r.add(at, "missing: %s", gist(tag.Tag.Get("doc")))
	case v.Kind() == reflect.Slice:
		r.boundList(v, tag, at)
	case v.Kind() == reflect.String:
		r.boundText(v.String(), tag, at)
	default:
		r.boundNumber(v, tag, at)
	}
}

func (r *reporter) boundList(v reflect.Value, tag reflect.StructField, at string) {
	seen := map[string]int{}
	for i := range v.Len() {
		item, place := v.Index(i), element(at, i)
		if isSection(item.Type()) {
			r.bounds(item, place)
			continue
		}
		key := fmt.Sprint(item.Interface())
		if first, twice := seen[key]; twice {
			r.add(place, "says the same as %s", element(at, first))
		}
		seen[key] = i
		if item.Kind() == reflect.String {
			r.boundText(item.String(), tag, place)
		}
	}
}

// boundText keeps texts short and, since they end up in headers of mails and
// lines of logs, free of control characters.
func (r *reporter) boundText(s string, tag reflect.StructField, at string) {
	many := tag.Tag.Get("lines") != ""
	for _, c := range s {
		if unicode.IsControl(c) && !(many && c == '\n') {
			r.add(at, "holds the control character %U", c)
			return
		}
	}
	if limit, err := strconv.Atoi(tag.Tag.Get("max")); err == nil && utf8.RuneCountInString(s) > limit {
		r.add(at, "has %d characters; at most %d", utf8.RuneCountInString(s), limit)
	}
}

func (r *reporter) boundNumber(v reflect.Value, tag reflect.StructField, at string) {
	least, most := tag.Tag.Get("min"), tag.Tag.Get("max")
	if least == "" {
		return
	}
	if v.Int() < number(least, v.Type()) || v.Int() > number(most, v.Type()) {
		r.add(at, "%s is out of bounds: from %s to %s", fmt.Sprint(v.Interface()), least, most)
	}
}

// number reads a bound as a value of the type it bounds.
func number(text string, t reflect.Type) int64 {
	v := reflect.New(t).Elem()
	if err := parse(text, v); err != nil {
		panic(fmt.Sprintf("config: bound %q of %s: %v", text, t, err)) // a slip in a tag: every test meets it
	}
	return v.Int()
}
