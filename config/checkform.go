package config

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// checkOpening checks the opening form and what it says of who may open.
func (f *file) checkOpening(d Desk, at string) {
	o := d.Opening
	f.checkFields(d, d.openingFields(), child(at, "fields"))
	f.checkServiceField(d, at)
	completes := slices.ContainsFunc(d.Actions, func(a Action) bool { return a.Action == ticket.Complete })
	if o.AcceptIncomplete && !completes {
		f.add(child(at, "accept_incomplete"), "the action complete is not among the desk's: what is missing could never be sent after")
	}
	if o.AcceptIncomplete && !d.catches() {
		f.add(child(at, "accept_incomplete"), "a ticket that lacks its service would have nobody to look after it: the desk needs one queue, or a help_desk")
	}
	if o.RegisteredOnly && !d.registers() && !slices.ContainsFunc(d.People, func(p Person) bool { return p.Registered }) {
		f.add(child(at, "registered_only"), "nobody is registered, nor is there a registration to ask for it: no ticket could be opened")
	}
}

// checkServiceField checks the field that says what a ticket is about.
func (f *file) checkServiceField(d Desk, at string) {
	fields := d.openingFields()
	if name := d.Opening.ServiceField; name != "" && len(fields) > 0 {
		i := slices.IndexFunc(fields, func(field Field) bool { return field.ID == name })
		switch {
		case i < 0:
			f.add(child(at, "service_field"), "the opening has no field %q%s", name, suggestion(name, fieldIDs(fields)))
		case fields[i].Sets != ticket.SetsService:
			f.add(child(at, "service_field"), "field %q sets something else: %s", name, fields[i].Sets)
		}
	}
	i := slices.IndexFunc(fields, func(field Field) bool { return field.Sets == ticket.SetsService })
	if i >= 0 && !fields[i].Required && !d.catches() {
		f.add(child(element(child(at, "fields"), i), "required"), "the service field must be required: a ticket without a service has nobody to look after it")
	}
}

func fieldIDs(fields []Field) []string { return names(fields, func(f Field) string { return f.ID }) }

// checkRegistration checks how people ask to be registered.
func (f *file) checkRegistration(d Desk, at string) {
	if _, given := f.lines[at]; !given {
		return
	}
	f.checkFields(d, d.Registering.Fields, child(at, "fields"))
	own, err := ticket.ParseNumberFormat(d.Registering.Number)
	if err != nil && d.Registering.Number != "" {
		f.add(child(at, "number"), "%v", err)
	}
	if tickets, wrong := ticket.ParseNumberFormat(d.Number); err == nil && wrong == nil && confusable(own, tickets) {
		f.add(child(at, "number"), "applications would have the numbers of tickets (%s)", d.Number)
	}
	if ticket.Fold(d.Registering.Subject) == ticket.Fold(d.Opening.Subject) && d.Opening.Subject != "" {
		f.add(child(at, "subject"), "is that of the opening too")
	}
}

// confusable tells whether a number of one format may be read as one of the
// other.
func confusable(a, b ticket.NumberFormat) bool {
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, n := range []uint64{1, 123_456_789} {
		if _, found := a.Find(string(b.Number(day, n))); found {
			return true
		}
		if _, found := b.Find(string(a.Number(day, n))); found {
			return true
		}
	}
	return false
}

var fieldID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// checkFields checks the fields of any form.
func (f *file) checkFields(d Desk, fields []Field, at string) {
	for i, field := range fields {
		f.checkField(field, element(at, i))
		f.checkSets(d, field, element(at, i))
		f.checkDefault(d, field, child(element(at, i), "default"))
	}
	f.distinct(at, "id", len(fields), func(i int) []string { return []string{fields[i].ID} })
	f.distinct(at, "label", len(fields), func(i int) []string { return spellings(fields[i].Label, fields[i].Synonyms) })
	f.distinct(at, "sets", len(fields), func(i int) []string { return []string{string(fields[i].Sets)} })
}

func (f *file) checkField(field Field, at string) {
	if field.ID != "" && !fieldID.MatchString(field.ID) {
		f.add(child(at, "id"), "%q: only lower-case letters, digits and _, beginning with a letter", field.ID)
	}
	f.checkLabel(field.Label, child(at, "label"))
	for i, synonym := range field.Synonyms {
		f.checkLabel(synonym, element(child(at, "synonyms"), i))
	}
	if field.Kind != ticket.ChoiceField && len(field.Options) > 0 {
		f.add(child(at, "options"), "only a field of kind choice has options")
	}
	f.distinct(child(at, "options"), "value", len(field.Options), func(i int) []string {
		return spellings(field.Options[i].Value, field.Options[i].Synonyms)
	})
}

// checkLabel keeps out of labels the colon that ends them in mails.
func (f *file) checkLabel(label, at string) {
	if strings.Contains(label, ":") {
		f.add(at, "%q: a label has no colon; the mails put one after it", label)
	}
}

// settableBy says which kinds of field may set what.
var settableBy = map[ticket.Attribute][]ticket.FieldKind{
	ticket.SetsService:   {ticket.ChoiceField},
	ticket.SetsQueue:     {ticket.ChoiceField},
	ticket.SetsPriority:  {ticket.ChoiceField},
	ticket.SetsAssignee:  {ticket.AddressField, ticket.PersonField, ticket.ChoiceField},
	ticket.SetsRequester: {ticket.PersonField, ticket.AddressField},
	ticket.SetsName:      {ticket.TextField},
	ticket.SetsDue:       {ticket.DateTimeField},
	ticket.SetsBegan:     {ticket.DateTimeField},
	ticket.SetsMain:      {ticket.TicketField},
}

// checkSets checks that a field can hold what it sets, and a choice has
// something to choose from.
func (f *file) checkSets(d Desk, field Field, at string) {
	if kinds := settableBy[field.Sets]; field.Sets != "" && !slices.Contains(kinds, field.Kind) && !f.unread(child(at, "kind")) {
		f.add(child(at, "kind"), "a field with sets: %s is of kind %s", field.Sets, strings.Join(words(kinds...), " or "))
	}
	options := field.Options
	if field.Kind != ticket.ChoiceField {
		return
	}
	known := names(d.choices(field.Sets), func(o Option) string { return o.Value })
	if len(options) == 0 && len(known) == 0 {
		f.add(child(at, "options"), "missing: a choice needs the values there are")
	}
	for i, option := range options {
		if len(known) > 0 && !slices.Contains(known, option.Value) {
			f.add(element(child(at, "options"), i), "the desk has no %s %q%s", field.Sets, option.Value, suggestion(option.Value, known))
		}
	}
}

// checkDefault checks that a field's default is a value it may have.
func (f *file) checkDefault(d Desk, field Field, at string) {
	if field.Default == "" {
		return
	}
	whole := d.complete([]Field{field})
	if _, problems := (ticket.Form{Fields: fields(whole)}).Check(nil); len(problems) > 0 {
		known := names(whole[0].Options, func(o Option) string { return o.Value })
		f.add(at, "%q is no value that the field may have%s", field.Default, suggestion(field.Default, known))
	}
	switch field.Kind {
	case ticket.FilesField, ticket.DateTimeField, ticket.TicketField:
		f.add(at, "a field of kind %s has no default", field.Kind)
	}
}
