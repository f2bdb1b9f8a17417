package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/presets"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// reference is what the administrators' page says of every desk: the words of
// the file, and what each means.
type reference struct {
	say   vocabulary
	words *templates.Set // of the language the pages are in
}

// language is that of the pages.
const language = "es"

func newReference() (reference, error) {
	say, err := readVocabulary()
	if err != nil {
		return reference{}, err
	}
	words, err := templates.Load(language)
	return reference{say, words}, err
}

// Default is the preset that runs without a file.
func (r reference) Default() string { return presets.Default }

// word is a word of the file and what it means.
type word struct{ Word, Means string }

// Roles, Audiences, States, Fields, Attributes and Queries are the words that
// keys of the file take.
func (r reference) Roles() []word {
	return glossary(append(slices.Clone(ticket.Roles), ticket.RoleClock), r.say.Roles)
}

// Audiences: see Roles.
func (r reference) Audiences() []word { return glossary(ticket.Audiences, r.say.Audiences) }

// Fields: see Roles.
func (r reference) Fields() []word { return glossary(ticket.FieldKinds, r.say.Fields) }

// Attributes: see Roles.
func (r reference) Attributes() []word { return glossary(ticket.Attributes, r.say.Attributes) }

// Demands: see Roles.
func (r reference) Demands() []word { return glossary(demands, r.say.Demands) }

// Shows: see Roles.
func (r reference) Shows() []word { return glossary(templates.Shows(), r.say.Shows) }

// Queries: see Roles; each with the name it has where the desk gives none.
func (r reference) Queries() []asked {
	var list []asked
	for _, q := range []config.Query{config.QueryList, config.QueryShow, config.QueryHelp, config.QueryMonitor, config.QueryAttainment, config.QueryJournal} {
		list = append(list, asked{string(q), r.words.Query(string(q)).Link})
	}
	return list
}

type asked struct{ Word, Link string }

// stateWord is a state, the name it has where the desk gives none, and what it
// means.
type stateWord struct{ Word, Name, Means string }

// States are all there are.
func (r reference) States() []stateWord {
	var list []stateWord
	for _, s := range ticket.States {
		list = append(list, stateWord{string(s), r.words.State(s), r.say.States[s]})
	}
	return list
}

var demands = []ticket.Demand{
	ticket.DemandAny, ticket.DemandEither, ticket.DemandAuthenticated, ticket.DemandPossession, ticket.DemandBoth,
}

func glossary[K ~string](keys []K, means map[K]string) []word {
	var list []word
	for _, key := range keys {
		list = append(list, word{string(key), means[key]})
	}
	return list
}

// actionWord is an action as it is where the desk does not say otherwise, in
// the words of the file.
type actionWord struct {
	Word, Link, Means        string
	From, To, By, Tell, Need string
	Reply                    bool
	Fields                   string // ids, with an asterisk those that are required
}

// Actions are those a desk may use.
func (r reference) Actions() []actionWord {
	own := ticket.LinesOf()
	var list []actionWord
	for _, line := range ticket.Table {
		if _, daemons := own[line.Action]; !daemons {
			list = append(list, r.action(line))
		}
	}
	return list
}

func (r reference) action(line ticket.Transition) actionWord {
	words := r.words.Action(line.Action)
	a := actionWord{
		Word: string(line.Action), Link: words.Link, Means: r.say.Actions[line.Action], From: list(line.From),
		To: cmp.Or(string(line.To), r.say.Words["stays"]), By: list(line.By), Tell: list(line.Tell), Need: string(line.Demand), Reply: line.Reply,
	}
	var fields []string
	for _, f := range words.Form.Fields {
		id := f.ID
		if f.Required {
			id += "*"
		}
		fields = append(fields, id)
	}
	a.Fields = strings.Join(fields, ", ")
	return a
}

// list are words of the file, in one line.
func list[K ~string](keys []K) string {
	var words []string
	for _, key := range keys {
		words = append(words, string(key))
	}
	return strings.Join(words, ", ")
}
