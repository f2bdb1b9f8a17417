package mailflow

import (
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// findMails lists what came for the desk on a day, about a ticket or from a
// sender; today's where nothing else is asked for.
func (f *dossier) findMails(tx store.Tx) (findings, error) {
	table := templates.Table{Head: f.desk.columns("when", "sender", "subject", "outcome", "number")}
	for e, err := range tx.Journal(f.journalFilter()) {
		if err != nil {
			return findings{}, err
		}
		if f.concerns(e) {
			table.Rows = append(table.Rows, []string{f.stamp(e.At), e.Header.From, firstWords(f.desk.scrub(e.Header.Subject)), f.outcome(e), f.acts(e)})
		}
		if len(table.Rows) == shownAt {
			break
		}
	}
	slices.Reverse(table.Rows)
	return findings{tables: []templates.Table{table}}, nil
}

// concerns tells whether a mail came for this desk, before the journal was
// asked for.
func (f *dossier) concerns(e store.Entry) bool {
	return !e.At.After(f.notice.Created) && slices.ContainsFunc(e.To, func(to string) bool {
		a := ticket.Address(to)
		return f.desk.owns(a) || f.desk.isReturnPath(a) || f.desk.isRoleAddress(a)
	})
}

// outcome says what became of a mail: which action it was, or the keyword of
// why it was none.
func (f *dossier) outcome(e store.Entry) string {
	words := []string{f.desk.Words.Outcome(string(e.Outcome))}
	for _, act := range e.Acts {
		if act.Desk == f.desk.ID() {
			words = append(words, f.desk.link(act.Action))
		}
	}
	if e.Reason != "" {
		words = append(words, e.Reason)
	}
	return strings.Join(words, ": ")
}

// acts are the tickets of this desk that the mail changed.
func (f *dossier) acts(e store.Entry) string {
	var numbers []string
	for _, act := range e.Acts {
		if act.Desk == f.desk.ID() {
			numbers = append(numbers, string(act.Ticket))
		}
	}
	return strings.Join(numbers, ", ")
}

// journalFilter is what the query's blanks ask for.
func (f *dossier) journalFilter() store.JournalFilter {
	filter := store.JournalFilter{From: f.asked("sender")}
	if n, found := f.desk.Policy.FindNumber(f.asked("number")); found {
		filter.Ticket = n
	}
	day, given := f.day("day")
	if given || filter.From == "" && filter.Ticket == "" {
		filter.Since, filter.Until = day, day.AddDate(0, 0, 1)
	}
	return filter
}

// day is the beginning of the local day that a blank names, or else of the day
// on which the query was asked.
func (f *dossier) day(id string) (day time.Time, given bool) {
	zone := f.desk.Policy.Zone
	if date, err := time.ParseInLocation("02/01/2006", f.asked(id), zone); err == nil {
		return date, true
	}
	y, m, d := f.notice.Created.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone), false
}
