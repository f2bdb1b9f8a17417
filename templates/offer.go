package templates

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/cauce-desk/cauce/ticket"
)

// actionPhrase is how an action is offered.
type actionPhrase struct {
	Link   phrase  `yaml:"link"`
	Hint   phrase  `yaml:"hint"`
	Blanks []blank `yaml:"blanks"`
}

// blank is a field of an action's form.
type blank struct {
	ID       string           `yaml:"id"`
	Label    phrase           `yaml:"label"`
	Synonyms []string         `yaml:"synonyms"`
	Kind     ticket.FieldKind `yaml:"kind"`
	Options  []option         `yaml:"options"`
	Required bool             `yaml:"required"`
	Default  phrase           `yaml:"default"`
	Sets     ticket.Attribute `yaml:"sets"`
}

// option is one value of a closed list: a word alone, or one with synonyms.
type option struct {
	Value    string   `yaml:"value"`
	Synonyms []string `yaml:"synonyms"`
}

// UnmarshalYAML reads either form.
func (o *option) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&o.Value)
	}
	type plain option // without this method
	return node.Decode((*plain)(o))
}

// under is the action's words with others put over them.
func (a actionPhrase) under(over actionPhrase) actionPhrase {
	over.Link.overrule(&a.Link)
	over.Hint.overrule(&a.Hint)
	if over.Blanks != nil {
		a.Blanks = over.Blanks
	}
	return a
}

func (a *actionPhrase) phrases(visit func(*phrase)) {
	visit(&a.Link)
	visit(&a.Hint)
	for i := range a.Blanks {
		visit(&a.Blanks[i].Label)
		visit(&a.Blanks[i].Default)
	}
}

// first is the phrase by whose place the action is found.
func (a actionPhrase) first() phrase {
	return place(func(visit func(*phrase)) { a.phrases(visit) })
}

func (a actionPhrase) check() error {
	var errs []error
	for _, b := range a.Blanks {
		switch {
		case b.ID == "" || !b.Label.said() || !slices.Contains(ticket.FieldKinds, b.Kind):
			errs = append(errs, b.Label.fault(fmt.Errorf("blank %q needs an id, a label and a kind out of %v", b.ID, ticket.FieldKinds)))
		case b.Sets != "" && !slices.Contains(ticket.Attributes, b.Sets):
			errs = append(errs, b.Label.fault(fmt.Errorf("blank %q sets %q, which is none of %v", b.ID, b.Sets, ticket.Attributes)))
		}
	}
	return errors.Join(errs...)
}

// ActionWords are the words for an action or a query where the desk does not
// choose its own.
type ActionWords struct {
	Link string      // name of its link
	Form ticket.Form // its blanks, as they travel in a mail
	Hint string      // what to do with the link, in one line; "" if that is plain
}

// Action returns the words for an action. Those of one the catalogue does not
// have are its own name.
func (s *Set) Action(a ticket.Action) ActionWords {
	words, ok := s.words.Actions[a]
	if !ok {
		return ActionWords{Link: string(a)}
	}
	return s.offer(string(a), words)
}

// ActionOf returns the words for a line of a desk's table. What the catalogue
// does not say of an action that only the desk has, it says of its kind; its
// link is its kind's, too, where nobody names it.
func (s *Set) ActionOf(line ticket.Transition) ActionWords {
	words := s.words.Actions[line.Is()]
	if line.Kind != "" {
		words = words.under(s.words.Actions[line.Action])
	}
	return s.offer(string(line.Action), words)
}

// Query returns the words for a query: "list", "show", "help", "monitor",
// "attainment" or "journal". Those of any other are its own name.
func (s *Set) Query(name string) ActionWords {
	words, ok := s.words.Queries[name]
	if !ok {
		return ActionWords{Link: name}
	}
	return s.offer(name, words)
}

// offer are the words of one action or query.
func (s *Set) offer(name string, words actionPhrase) ActionWords {
	form := ticket.Form{Name: name}
	for _, b := range words.Blanks {
		form.Fields = append(form.Fields, s.field(b))
	}
	return ActionWords{Link: firstOf(s.plain(words.Link), name), Form: form, Hint: s.plain(words.Hint)}
}

func (s *Set) field(b blank) ticket.Field {
	field := ticket.Field{
		ID: b.ID, Label: s.plain(b.Label), Synonyms: b.Synonyms, Kind: b.Kind, Required: b.Required,
		Default: s.plain(b.Default), Sets: b.Sets,
	}
	for _, o := range b.Options {
		field.Options = append(field.Options, ticket.Option(o))
	}
	return field
}

// CheckActions returns an error, with its place, for all words there are about
// an action that neither the common table nor the desk has: own are the names
// of the desk's. Load cannot know those, and lets any name pass.
func (s *Set) CheckActions(own ...ticket.Action) error {
	known := append(actionKeys(), own...)
	has := func(name string) bool { return slices.Contains(known, ticket.Action(name)) }
	about := func(kind string) bool {
		action, _, changes := strings.Cut(kind, ".")
		return !changes || slices.Contains(generalNotices, kind) || has(action)
	}
	err := errors.Join(
		nameless("action", s.words.Actions, func(a ticket.Action) bool { return has(string(a)) }, actionPhrase.first),
		nameless("action of notice", s.words.Notices, about, notice.first))
	if err != nil {
		return fmt.Errorf("templates: %w", err)
	}
	return nil
}
