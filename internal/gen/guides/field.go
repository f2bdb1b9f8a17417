package main

import (
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// field is a blank of a mail as a row of a table tells it.
type field struct {
	Label    string
	Takes    string // what is written there
	Required bool
}

// Fields are the blanks of an action's mail.
func (g guide) Fields(a ticket.Action) []field { return g.fields(g.Desk.Policy.Actions[a].Form) }

func (g guide) fields(form ticket.Form) []field {
	var list []field
	for _, f := range form.Fields {
		list = append(list, field{Label: f.Label, Takes: g.takes(f), Required: f.Required && f.Default == ""})
	}
	return list
}

// takes is what may be written into a field: the values of a closed list, or
// what its kind says.
func (g guide) takes(f ticket.Field) string {
	if f.Kind != ticket.ChoiceField {
		return g.say.Fields[f.Kind]
	}
	var values []string
	for _, option := range f.Options {
		values = append(values, option.Value)
	}
	return g.say.Fields[f.Kind] + " " + strings.Join(values, " / ")
}

// blanks are the fields of a form in one line; of closed lists with their values.
func (g guide) blanks(form ticket.Form) string {
	var list []string
	for i, f := range g.fields(form) {
		text := f.Label
		if f.Required {
			text += " (" + g.say.Words["required"] + ")"
		}
		if form.Fields[i].Kind != ticket.TextField && form.Fields[i].Kind != ticket.LongTextField {
			text += ": " + f.Takes
		}
		list = append(list, text)
	}
	return strings.Join(list, "\n")
}
