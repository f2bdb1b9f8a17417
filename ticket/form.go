package ticket

import (
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
	PersonField   FieldKind = "person"    // a mail address, perhaps with a name: "Ana Pérez <ana@…>"
	TicketField   FieldKind = "ticket"    // a ticket's number
	FilesField    FieldKind = "files"     // the files that come with the mail: their names
)

// FieldKinds lists them all.
var FieldKinds = []FieldKind{
	TextField, LongTextField, ChoiceField, AddressField, DateTimeField, PersonField, TicketField, FilesField,
}

// Attribute is what of a ticket a field's value sets, beyond being kept.
type Attribute string

// The attributes. A field of kind address is the assignee of the actions that
// put somebody in charge, also where it does not say so.
const (
	SetsService   Attribute = "service"   // what the ticket is about
	SetsQueue     Attribute = "queue"     // the department that looks after it
	SetsPriority  Attribute = "priority"  // by which clocks run
	SetsAssignee  Attribute = "assignee"  // who is in charge
	SetsRequester Attribute = "requester" // on whose behalf it is opened
	SetsName      Attribute = "name"      // what its requester is called
	SetsDue       Attribute = "due"       // the agreed date
	SetsBegan     Attribute = "began"     // when the failure began
	SetsMain      Attribute = "main"      // the ticket it follows or goes on under
)

// Attributes lists them all.
var Attributes = []Attribute{
	SetsService, SetsQueue, SetsPriority, SetsAssignee, SetsRequester, SetsName, SetsDue, SetsBegan, SetsMain,
}

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
	MaxLen   int       // in runes; 0 means 200 for one line, 20,000 for many
	Default  string    // the value where the mail gives none; not asked for then
	Sets     Attribute // what of the ticket it sets; "" nothing
}

// Form is a named list of fields; the order is that of the template.
type Form struct {
	Name   string
	Fields []Field
}

// Problem says what is wrong with one field. Reason is a stable keyword
// ("missing", "choice", "too_long", "address", "date_time", "files", "past",
// "future", "person") that templates put into words; Field is the field's ID.
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

// Setting is the field that sets an attribute; false if the form has none.
func (f Form) Setting(a Attribute) (Field, bool) {
	for _, field := range f.Fields {
		if field.Sets == a {
			return field, true
		}
	}
	return Field{}, false
}

// DateTimeLayout is how a date-time field is written.
const DateTimeLayout = "02/01/2006 15:04"

func (f Field) check(raw string) (value, reason string) {
	value = strings.TrimSpace(raw)
	if f.Kind != LongTextField {
		value = strings.Join(strings.Fields(value), " ")
	}
	if value == "" {
		value = f.Default
	}
	switch {
	case value == "" && f.Required && f.Kind == FilesField:
		return "", "files"
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
	case PersonField:
		if person, err := ParsePerson(value); err == nil {
			return person.String(), ""
		}
		return "", "address"
	case DateTimeField:
		if _, err := time.Parse(DateTimeLayout, value); err != nil {
			return "", "date_time"
		}
	case TicketField:
		return strings.ToUpper(value), ""
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
