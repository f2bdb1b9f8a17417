package config

import (
	"fmt"
	"slices"

	"github.com/cauce-desk/cauce/ticket"
)

// minKey is the fewest bytes of a desk's secret key.
const minKey = 32

// Policy makes of a desk what ticket.Decide needs. key is the desk's secret,
// of 32 bytes at least. forms are the forms of the actions in the words of the
// desk's language; an action whose blanks the desk lists itself does not need
// one, and open never does. The error says what is missing; a desk that Load
// returned can fail only by its key or for want of a form.
func (d Desk) Policy(key ticket.Key, forms map[ticket.Action]ticket.Form) (ticket.Policy, error) {
	if len(key) < minKey {
		return ticket.Policy{}, fmt.Errorf("desk %s: a key of %d bytes, %d at least", d.ID, len(key), minKey)
	}
	zone, err := d.zone()
	if err != nil {
		return ticket.Policy{}, fmt.Errorf("desk %s: %w", d.ID, err)
	}
	numbers, err := ticket.ParseNumberFormat(d.Number)
	if err != nil {
		return ticket.Policy{}, fmt.Errorf("desk %s: %w", d.ID, err)
	}
	rules, err := d.rules(forms)
	if err != nil {
		return ticket.Policy{}, fmt.Errorf("desk %s: %w", d.ID, err)
	}
	return ticket.Policy{
		Desk: d.ID, Zone: zone, Numbers: numbers, Key: key, Rules: rules,
		ServiceField: d.Opening.ServiceField, Services: d.services(), Administrators: d.Administrators,
	}, nil
}

func (d Desk) rules(forms map[ticket.Action]ticket.Form) (map[ticket.Action]ticket.Rule, error) {
	rules := map[ticket.Action]ticket.Rule{}
	for _, a := range d.Actions {
		form := d.form(a, forms)
		kind, bound := required[a.Action]
		if bound && !slices.ContainsFunc(form.Fields, func(f ticket.Field) bool { return f.Kind == kind }) {
			return nil, fmt.Errorf("the form of %s has no field of kind %s", a.Action, kind)
		}
		rules[a.Action] = ticket.Rule{By: a.by(), Demand: a.Proof, Form: form}
	}
	return rules, nil
}

// form is the action's form: the desk's own, or else the language's.
func (d Desk) form(a Action, forms map[ticket.Action]ticket.Form) ticket.Form {
	switch {
	case a.Action == ticket.Open:
		return ticket.Form{Name: string(ticket.Open), Fields: fields(d.Opening.Fields)}
	case len(a.Fields) > 0:
		return ticket.Form{Name: string(a.Action), Fields: fields(a.Fields)}
	}
	return forms[a.Action]
}

// by lists who may take the action; nil leaves it to the table. The desk
// decides about people: where the table lets the clock act, it still may.
func (a Action) by() []ticket.Role {
	line, _ := a.Action.Transition()
	if len(a.By) > 0 && slices.Contains(line.By, ticket.RoleClock) {
		return append(slices.Clone(a.By), ticket.RoleClock)
	}
	return a.By
}

func fields(list []Field) []ticket.Field {
	out := make([]ticket.Field, len(list))
	for i, f := range list {
		out[i] = ticket.Field{
			ID: f.ID, Label: f.Label, Synonyms: f.Synonyms, Kind: f.Kind,
			Options: options(f.Options), Required: f.Required, MaxLen: f.MaxLength,
		}
	}
	return out
}

func options(list []Option) []ticket.Option {
	var out []ticket.Option
	for _, o := range list {
		out = append(out, ticket.Option(o))
	}
	return out
}

func (d Desk) services() []ticket.Service {
	out := make([]ticket.Service, len(d.Services))
	for i, s := range d.Services {
		out[i] = ticket.Service{Name: s.Name, Agents: s.Agents, Lead: s.Lead}
	}
	return out
}

// Links are the desk's own names of actions, for those it names.
func (d Desk) Links() map[ticket.Action]string {
	names := map[ticket.Action]string{}
	for _, a := range d.Actions {
		if a.Link != "" {
			names[a.Action] = a.Link
		}
	}
	return names
}

// Fault puts an error that shows only after loading, such as one in the desk's
// words, down to one of the desk's keys: "words", "actions".
func (d Desk) Fault(key string, err error) Error {
	if d.origin == nil {
		return Error{Path: key, Message: err.Error()}
	}
	path := child(d.path, key)
	name, line := d.origin.origin(path)
	return Error{File: name, Line: line, Path: path, Message: err.Error()}
}
