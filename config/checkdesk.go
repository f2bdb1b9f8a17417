package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are known also where the machine has none installed

	"github.com/cauce-desk/cauce/ticket"
)

var deskID = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// checkDesk checks one desk by itself.
func (f *file) checkDesk(d Desk, at string, languages []string) {
	if d.ID != "" && !deskID.MatchString(d.ID) {
		f.add(child(at, "id"), "%q: only lower-case letters, digits and -, beginning with a letter", d.ID)
	}
	if len(languages) > 0 && d.Words == "" && !slices.Contains(languages, d.Language) {
		f.add(child(at, "language"), "unknown language %q: without a words folder it is one of %s%s", d.Language,
			strings.Join(languages, ", "), suggestion(d.Language, languages))
	}
	if _, err := d.zone(); err != nil {
		f.add(child(at, "time_zone"), "%v", err)
	}
	if _, err := ticket.ParseNumberFormat(d.Number); err != nil && d.Number != "" {
		f.add(child(at, "number"), "%v", err)
	}
	if d.Words != "" {
		f.report(child(at, "words"), checkFolder(f.beside(d.Words)))
	}
	f.checkServices(d.Services, child(at, "services"))
	f.checkOpening(d, child(at, "opening"))
	f.checkActions(d.Actions, child(at, "actions"))
	f.distinct(child(at, "people"), "address", len(d.People), func(i int) []string { return []string{string(d.People[i].Address)} })
}

// zone finds the desk's time zone. "Local" is none: it means another one on
// every machine.
func (d Desk) zone() (*time.Location, error) {
	zone, err := time.LoadLocation(d.TimeZone)
	if err != nil || d.TimeZone == "Local" {
		return nil, fmt.Errorf(`unknown time zone %q: write an IANA name such as "Europe/Madrid"`, d.TimeZone)
	}
	return zone, nil
}

func (f *file) checkServices(services []Service, at string) {
	for i, s := range services {
		if len(s.Agents) == 0 && s.Lead == "" {
			f.add(element(at, i), "service %q has neither agents nor a lead: nobody would get its tickets", s.Name)
		}
	}
	f.distinct(at, "name", len(services), func(i int) []string { return spellings(services[i].Name, services[i].Synonyms) })
}

func (f *file) checkActions(list []Action, at string) {
	for i, a := range list {
		f.checkAction(a, element(at, i))
	}
	opens := func(a Action) bool { return a.Action == ticket.Open }
	if len(list) > 0 && !slices.ContainsFunc(list, opens) {
		f.add(at, "open is not among them: no ticket could be opened")
	}
	f.distinct(at, "action", len(list), func(i int) []string { return []string{string(list[i].Action)} })
	f.distinct(at, "link", len(list), func(i int) []string { return []string{list[i].Link} })
}

// required says which kind of field an action's mail must have, because the
// action is nothing without it.
var required = map[ticket.Action]ticket.FieldKind{
	ticket.Assign:      ticket.AddressField,  // to whom
	ticket.RequestInfo: ticket.LongTextField, // the question
	ticket.Resolve:     ticket.LongTextField, // the solution
}

func (f *file) checkAction(a Action, at string) {
	f.checkFields(a.Fields, child(at, "fields"))
	switch kind, bound := required[a.Action]; {
	case len(a.Fields) == 0:
	case a.Action == ticket.Open:
		f.add(child(at, "fields"), "the blanks of open are those of opening")
	case bound && !slices.ContainsFunc(a.Fields, func(f Field) bool { return f.Kind == kind && f.Required }):
		f.add(child(at, "fields"), "%s needs a required field of kind %s", a.Action, kind)
	}
	for i, field := range a.Fields {
		if field.Kind == ticket.ChoiceField && len(field.Options) == 0 {
			f.add(child(element(child(at, "fields"), i), "options"), "missing: a choice needs the values there are")
		}
	}
}

// distinct checks that no two elements of a list have a name in common, by
// the comparison that mails are read with. Empty names do not count.
func (f *file) distinct(at, what string, n int, names func(i int) []string) {
	first := map[string]int{}
	for i := range n {
		for _, name := range names(i) {
			key := ticket.Fold(name)
			if j, taken := first[key]; key != "" && taken && j != i {
				f.add(element(at, i), "%s %q is that of %s too", what, name, element(at, j))
			} else if !taken {
				first[key] = i
			}
		}
	}
}

// spellings are the ways of writing a name.
func spellings(name string, synonyms []string) []string { return append([]string{name}, synonyms...) }
