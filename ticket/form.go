package ticket

import (
	"fmt"
	"strings"
	"time"
)

// FieldKind says what a field may hold and how a value is checked.
type FieldKind string

// The kinds of field a form may have.
const (
	TextField     FieldKind = "text"      // one line
	LongTextField FieldKind = "long_text" // many lines, kept as written
	ChoiceField   FieldKind = "choice"    // one of Options
	AddressField  FieldKind = "address"   // one mail address
	DateTimeField FieldKind = "date_time" // "02/01/2006 15:04", local time of the desk
)

// Option is one value of a closed list, with other ways people write it.
type Option struct {
	Value    string
	Synonyms []string
}

// Field is one labelled blank of a form, as it travels in a mail: "Label: value".
type Field struct {
	ID       string // stable, ASCII; the key under which the value is kept
	Label    string // as written in mails, without the colon
	Synonyms []string
	Kind     FieldKind
	Options  []Option // for ChoiceField
	Required bool
	MaxLen   int // in runes; 0 means 200 for one line, 20,000 for many
}

// Form is a named list of fields; the order is that of the template.
type Form struct {
	Name   string
	Fields []Field
}

// Problem says what is wrong with one field. Reason is a stable keyword
// ("missing", "choice", "too_long", "address", "date_time") that templates put
// into words; Field is the field's ID.
type Problem struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// Values are the fields of a form by ID.
type Values map[string]string

// Check compares what was read with what the form asks. It returns the values
// in their canonical spelling (a closed-list value as the list writes it) and
// one problem per field that is missing or wrong. A wrong value is kept out of
// the values; fields the form does not know are dropped.
func (f Form) Check(read Values) (Values, []Problem) {
	clean := Values{}
	var problems []Problem
	for _, field := range f.Fields {
		value, reason := field.check(read[field.ID])
		if reason != "" {
			problems = append(problems, Problem{Field: field.ID, Reason: reason})
		} else if value != "" {
			clean[field.ID] = value
		}
	}
	return clean, problems
}

// Field returns the field with the given ID.
func (f Form) Field(id string) (Field, bool) {
	for _, field := range f.Fields {
		if field.ID == id {
			return field, true
		}
	}
	return Field{}, false
}

// first is the ID of the form's first field of a kind, "" if it has none.
func (f Form) first(kind FieldKind) string {
	for _, field := range f.Fields {
		if field.Kind == kind {
			return field.ID
		}
	}
	return ""
}

// DateTimeLayout is how a date-time field is written.
const DateTimeLayout = "02/01/2006 15:04"

func (f Field) check(raw string) (value, reason string) {
	value = strings.TrimSpace(raw)
	if f.Kind != LongTextField {
		value = strings.Join(strings.Fields(value), " ")
	}
	switch {
	case value == "" && f.Required:
		return "", "missing"
	case value == "":
		return "", ""
	case len([]rune(value)) > f.limit():
		return "", "too_long"
	}
	return f.checkKind(value)
}

func (f Field) checkKind(value string) (string, string) {
	switch f.Kind {
	case ChoiceField:
		if option, ok := f.choose(value); ok {
			return option, ""
		}
		return "", "choice"
	case AddressField:
		if address, err := ParseAddress(value); err == nil {
			return string(address), ""
		}
		return "", "address"
	case DateTimeField:
		if _, err := time.Parse(DateTimeLayout, value); err != nil {
			return "", "date_time"
		}
	}
	return value, ""
}

// choose finds the option a person meant: equal after folding case, accents
// and spaces, by its name or one of its synonyms. A trailing full stop or
// comma is what phones add on their own.
func (f Field) choose(value string) (string, bool) {
	key := foldChoice(value)
	for _, option := range f.Options {
		for _, name := range append([]string{option.Value}, option.Synonyms...) {
			if foldChoice(name) == key {
				return option.Value, true
			}
		}
	}
	return "", false
}

func foldChoice(s string) string {
	return strings.ReplaceAll(strings.Trim(Fold(s), " .,;:\"'[]()*_"), " ", "")
}

func (f Field) limit() int {
	switch {
	case f.MaxLen > 0:
		return f.MaxLen
	case f.Kind == LongTextField:
		return 20_000
	}
	return 200
}

// Address is a mail address, local part as written, domain in lower case.
type Address string

// ParseAddress checks the shape local@domain and lower-cases the domain. It
// accepts what people type around an address: spaces and angle brackets.
func ParseAddress(s string) (Address, error) {
	s = strings.Trim(strings.TrimSpace(s), "<>")
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || strings.ContainsAny(s, " \t\r\n<>,;\"") || len(s) > 254 {
		return "", fmt.Errorf("%q is not a mail address", s)
	}
	return Address(s[:at+1] + strings.ToLower(s[at+1:])), nil
}

// Equal compares two addresses as mailboxes are compared in practice: without
// regard to case. RFC 5321 section 2.4 lets a local part be case sensitive; no
// administration we know of uses that, and their people type as they please.
func (a Address) Equal(b Address) bool { return strings.EqualFold(string(a), string(b)) }

// Domain is the part after the last @, in lower case.
func (a Address) Domain() string {
	return strings.ToLower(string(a[strings.LastIndexByte(string(a), '@')+1:]))
}
