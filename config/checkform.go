package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// checkOpening checks the opening form and its tie to the services.
func (f *file) checkOpening(d Desk, at string) {
	f.checkFields(d.Opening.Fields, child(at, "fields"))
	place := func(i int) string { return element(child(at, "fields"), i) }
	for i, field := range d.Opening.Fields {
		if field.Kind == ticket.ChoiceField && len(field.Options) == 0 && field.ID != d.Opening.ServiceField {
			f.add(child(place(i), "options"), "missing: a choice needs the values there are")
		}
	}
	if d.Opening.ServiceField == "" || len(d.Opening.Fields) == 0 {
		return // said already
	}
	i := slices.IndexFunc(d.Opening.Fields, func(field Field) bool { return field.ID == d.Opening.ServiceField })
	if i < 0 {
		f.add(child(at, "service_field"), "the opening has no field %q%s", d.Opening.ServiceField,
			suggestion(d.Opening.ServiceField, fieldIDs(d.Opening.Fields)))
		return
	}
	f.checkServiceField(d, d.Opening.Fields[i], place(i))
}

func (f *file) checkServiceField(d Desk, field Field, at string) {
	if field.Kind != ticket.ChoiceField {
		f.add(child(at, "kind"), "the service field must be a choice")
	}
	if !field.Required {
		f.add(child(at, "required"), "the service field must be required: a ticket without a service has nobody to look after it")
	}
	for i, option := range field.Options {
		if !slices.ContainsFunc(d.Services, func(s Service) bool { return s.Name == option.Value }) {
			f.add(element(child(at, "options"), i), "%q is none of the services", option.Value)
		}
	}
}

func fieldIDs(fields []Field) []string {
	ids := make([]string, len(fields))
	for i, field := range fields {
		ids[i] = field.ID
	}
	return ids
}

var fieldID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// checkFields checks the fields of any form.
func (f *file) checkFields(fields []Field, at string) {
	for i, field := range fields {
		f.checkField(field, element(at, i))
	}
	f.distinct(at, "id", len(fields), func(i int) []string { return []string{fields[i].ID} })
	f.distinct(at, "label", len(fields), func(i int) []string { return spellings(fields[i].Label, fields[i].Synonyms) })
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
