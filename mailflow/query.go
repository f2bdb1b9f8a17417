package mailflow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// Query is something one may ask of a desk that changes nothing. Its subject
// may be typed by hand; only whoever is proven to be who they say is answered.
type Query string

// The queries.
const (
	QueryList       Query = "list"       // my tickets
	QueryShow       Query = "show"       // one ticket
	QueryHelp       Query = "help"       // what can be asked for
	QueryMonitor    Query = "monitor"    // the desk's tickets, by state
	QueryAttainment Query = "attainment" // how the clocks were met over a period
	QueryJournal    Query = "journal"    // the mails that came
)

// Queries lists them all.
var Queries = []Query{QueryList, QueryShow, QueryHelp, QueryMonitor, QueryAttainment, QueryJournal}

// kind is that of the notice that answers a query.
func (q Query) kind() string {
	if q == QueryHelp {
		return templates.KindOverview
	}
	return string(q)
}

// QueryOptions is how a desk offers a query.
type QueryOptions struct {
	Query Query
	Link  string        // its name; "" is the locale's
	By    []ticket.Role // who may; everybody with a part in the desk where it is empty
}

// Digest is a query answered regularly, unasked.
type Digest struct {
	Name  string // under which its next time is remembered
	Query Query
	Next  func(after time.Time) time.Time // when it is due next
	Days  int                             // how many days, up to the day before, it tells of where the query is about a period
	To    []ticket.Address
}

// latest is when it was due last, of all the times since one at which it was.
func (d Digest) latest(due, now time.Time) time.Time {
	for next := d.Next(due); !next.After(now); next = d.Next(due) {
		due = next
	}
	return due
}

// period fills in the blanks by which a query asks about the digest's days.
func (d Digest) period(at time.Time) ticket.Values {
	const layout = "02/01/2006"
	last := at.AddDate(0, 0, -1).Format(layout)
	values := ticket.Values{"from": at.AddDate(0, 0, -d.Days).Format(layout), "until": last}
	if d.Days == 1 {
		values["day"] = last
	}
	return values
}

// nameQueries enters the names of the desk's queries. None may be a link's.
func (d *Desk) nameQueries() error {
	for _, q := range d.Queries {
		key := ticket.Fold(d.queryName(q.Query))
		if action, taken := d.commands[key]; taken {
			return fmt.Errorf("desk %s: the links of %s and %s are both named %q", d.ID(), action, q.Query, d.queryName(q.Query))
		}
		if other, taken := d.queries[key]; taken {
			return fmt.Errorf("desk %s: the queries %s and %s are both named %q", d.ID(), other, q.Query, d.queryName(q.Query))
		}
		d.queries[key] = q.Query
	}
	return nil
}

func (d *Desk) query(q Query) (QueryOptions, bool) {
	i := slices.IndexFunc(d.Queries, func(o QueryOptions) bool { return o.Query == q })
	if i < 0 {
		return QueryOptions{}, false
	}
	return d.Queries[i], true
}

// queryName is the name of a query: the desk's own or the locale's.
func (d *Desk) queryName(q Query) string {
	if o, offered := d.query(q); offered && o.Link != "" {
		return o.Link
	}
	return d.Words.Query(string(q)).Link
}

// readQuery reads a subject that is, whole, a query's name, for QueryShow with
// a ticket's number behind it.
func (d *Desk) readQuery(key string) (q Query, number ticket.Number, ok bool) {
	if q, ok = d.queries[key]; ok {
		return q, "", q != QueryShow
	}
	number, found := d.Policy.FindNumber(key)
	if !found {
		return "", "", false
	}
	name, rest, _ := strings.Cut(key, strings.ToLower(string(number)))
	q, ok = d.queries[strings.TrimSpace(name)]
	return q, number, ok && q == QueryShow && strings.TrimSpace(rest) == ""
}
