package main

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// vocabulary are the words for what no desk gives words: words.yaml.
type vocabulary struct {
	Roles      map[ticket.Role]string
	Audiences  map[ticket.Audience]string
	States     map[ticket.State]string     // what it means
	Actions    map[ticket.Action]string    // what it is for
	Queries    map[mailflow.Query]string   // likewise
	Fields     map[ticket.FieldKind]string // what is written there
	Attributes map[ticket.Attribute]string // what a field that sets it says
	Demands    map[ticket.Demand]string
	Shows      map[string]string // what a block may show
	Days       map[string]string
	Countries  map[string]string
	Words      map[string]string
}

// wordKeys are the words the code asks for.
var wordKeys = []string{
	"everybody", "nobody", "required", "stays", "days", "day", "hours", "minutes", "at_once", "later", "no_end", "agreed", "every_day", "to", "subject", "from_to", "and",
}

// readVocabulary reads the words and sees that none is missing.
func readVocabulary() (vocabulary, error) {
	var v vocabulary
	text, err := files.ReadFile("pages/words.yaml")
	if err != nil {
		return v, err
	}
	if err := yaml.Unmarshal(text, &v); err != nil {
		return v, fmt.Errorf("words.yaml: %w", err)
	}
	var actions []ticket.Action
	for _, line := range ticket.Table {
		actions = append(actions, line.Action)
	}
	for _, err := range []error{
		missing("roles", v.Roles, append(slices.Clone(ticket.Roles), ticket.RoleClock, ticket.RoleMain)), missing("audiences", v.Audiences, ticket.Audiences),
		missing("states", v.States, ticket.States), missing("actions", v.Actions, actions),
		missing("queries", v.Queries, mailflow.Queries), missing("fields", v.Fields, ticket.FieldKinds),
		missing("attributes", v.Attributes, ticket.Attributes), missing("demands", v.Demands, demands), missing("shows", v.Shows, templates.Shows()),
		missing("days", v.Days, []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}),
		missing("countries", v.Countries, calendar.Countries()), missing("words", v.Words, wordKeys),
	} {
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// missing returns an error if a list of words lacks a key, or has one too many.
func missing[K ~string](list string, words map[K]string, keys []K) error {
	for _, key := range keys {
		if words[key] == "" {
			return fmt.Errorf("words.yaml: %s has no %s", list, key)
		}
	}
	for key := range maps.Keys(words) {
		if !slices.Contains(keys, key) {
			return fmt.Errorf("words.yaml: %s has %s, which there is not", list, key)
		}
	}
	return nil
}

// named puts a list into words.
func named[K comparable](words map[K]string, keys []K) []string {
	var list []string
	for _, key := range keys {
		list = append(list, words[key])
	}
	return list
}
