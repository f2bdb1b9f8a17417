package config

import (
	"cmp"
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
	actions, err := d.table(forms)
	if err != nil {
		return ticket.Policy{}, fmt.Errorf("desk %s: %w", d.ID, err)
	}
	return ticket.Policy{
		Desk: d.ID, Zone: zone, Numbers: numbers, Key: key, Actions: actions,
		ServiceField: d.Opening.ServiceField, Services: d.services(), Administrators: d.Administrators,
	}, nil
}

// table is the desk's own table of actions: the lines of the common one that
// it uses, with what it does its own way.
func (d Desk) table(forms map[ticket.Action]ticket.Form) (map[ticket.Action]ticket.Transition, error) {
	table := map[ticket.Action]ticket.Transition{}
	for _, a := range d.Actions {
		form := d.form(a, forms)
		kind, bound := required[a.Action]
		if bound && !slices.ContainsFunc(form.Fields, func(f ticket.Field) bool { return f.Kind == kind }) {
			return nil, fmt.Errorf("the form of %s has no field of kind %s", a.Action, kind)
		}
		table[a.Action] = a.line().WithForm(form)
	}
	return table, nil
}

// line is the action's line of the common table, changed as the desk says. The
// desk decides about people: where the table lets the clock act, it still may.
func (a Action) line() ticket.Transition {
	line, _ := a.Action.Transition()
	if len(a.By) > 0 {
		clock := slices.Contains(line.By, ticket.RoleClock)
		line.By = slices.Clone(a.By)
		if clock {
			line.By = append(line.By, ticket.RoleClock)
		}
	}
	line.Demand = cmp.Or(a.Proof, line.Demand)
	return line
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
