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
	f.checkStaff(d, at)
	f.checkPeople(d, at)
	f.checkOpening(d, child(at, "opening"))
	f.checkRegistration(d, child(at, "registration"))
	f.checkActions(d, child(at, "actions"))
	f.checkQueries(d, at)
	f.checkClocks(d, at)
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

// distinct checks that no two elements of a list have a name in common, by
// the comparison that mails are read with. Empty names do not count.
func (f *file) distinct(at, what string, n int, names func(i int) []string) {
	f.distinctAmong(what, n, func(i int) string { return element(at, i) }, names)
}

// distinctAmong is distinct for elements of more than one list.
func (f *file) distinctAmong(what string, n int, place func(i int) string, names func(i int) []string) {
	first := map[string]int{}
	for i := range n {
		for _, name := range names(i) {
			key := ticket.Fold(name)
			if j, taken := first[key]; key != "" && taken && j != i {
				f.add(place(i), "%s %q is that of %s too", what, name, place(j))
			} else if !taken {
				first[key] = i
			}
		}
	}
}

// checkName checks that a name, if there is one, is one of those there are.
func (f *file) checkName(what, name string, known []string, at string) {
	switch {
	case name == "" || slices.Contains(known, name):
	case len(known) == 0:
		f.add(at, "unknown %s %q: the desk has none", what, name)
	default:
		f.add(at, "unknown %s %q: it is one of %s%s", what, name, strings.Join(known, ", "), suggestion(name, known))
	}
}

// names lists what the elements of a list are called.
func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = name(item)
	}
	return out
}

// spellings are the ways of writing a name.
func spellings(name string, synonyms []string) []string { return append([]string{name}, synonyms...) }
