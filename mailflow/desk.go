package mailflow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// DeskOptions is a desk as its administrator wrote it.
type DeskOptions struct {
	Policy         ticket.Policy
	Name           string
	SenderName     string
	Signature      string
	Language       string // of its words, as in Content-Language (RFC 3282)
	Intake         ticket.Address
	Correspondence ticket.Address // may equal Intake
	OpeningSubject string
	AnySubject     bool                     // a mail that is nothing else opens a ticket
	Registration   string                   // the subject that asks to be registered; "" where nobody is
	GatewayTags    []string                 // what gateways add to subjects, beyond the usual
	Links          map[ticket.Action]string // link names that differ from the locale's
	Names          map[ticket.Address]string
	Aliases        map[ticket.Address]ticket.Address // other addresses of somebody → theirs; both in lower case
	Contacts       map[ticket.Address]ticket.Values  // whom the configuration registers, in lower case
	ClockLabels    map[string]string
	Priorities     []string // highest first
	Queries        []QueryOptions
	Digests        []Digest
	Words          *templates.Set
}

// Desk is one service desk, ready to read and write mail. It never changes.
type Desk struct {
	DeskOptions
	openings map[string]ticket.Action // folded subject → open or register
	commands map[string]ticket.Action // folded link name → action
	queries  map[string]Query         // folded name → query
}

// NewDesk prepares a desk. It fails if two of its links have the same name, for
// the name in a subject is the order.
func NewDesk(opt DeskOptions) (*Desk, error) {
	d := &Desk{DeskOptions: opt, openings: map[string]ticket.Action{}, commands: map[string]ticket.Action{}, queries: map[string]Query{}}
	d.openings[parser.CanonicalSubject(opt.OpeningSubject).Key] = ticket.Open
	if opt.Registration != "" {
		d.openings[parser.CanonicalSubject(opt.Registration).Key] = ticket.Register
	}
	for action, line := range opt.Policy.Actions {
		if !line.Offered() || !forPeople(line) {
			continue
		}
		key := ticket.Fold(d.link(action))
		if other, taken := d.commands[key]; taken {
			return nil, fmt.Errorf("desk %s: the links of %s and %s are both named %q", opt.Policy.Desk, other, action, d.link(action))
		}
		d.commands[key] = action
	}
	return d, d.nameQueries()
}

// forPeople tells whether anybody but the daemon may take an action.
func forPeople(line ticket.Transition) bool {
	return slices.ContainsFunc(line.By, func(r ticket.Role) bool { return slices.Contains(ticket.Roles, r) })
}

// ID is the desk's short name in configuration and store.
func (d *Desk) ID() string { return d.Policy.Desk }

// loop is the mark on the desk's own mails by which it knows them again.
func (d *Desk) loop() string { return d.ID() + "." + d.Correspondence.Domain() }

// link is the name of an action's link: the desk's own or the locale's.
func (d *Desk) link(a ticket.Action) string {
	if name := d.Links[a]; name != "" {
		return name
	}
	return d.words(a).Link
}

// words are the locale's for an action: for one that the desk has of its own
// those of its kind.
func (d *Desk) words(a ticket.Action) templates.ActionWords {
	return d.Words.ActionOf(d.Policy.Actions[a])
}

// form are the blanks of an action's mail.
func (d *Desk) form(a ticket.Action) ticket.Form { return d.Policy.Actions[a].Form }

// addresses are where the desk takes mail.
func (d *Desk) addresses() []ticket.Address {
	return []ticket.Address{d.Intake, d.Correspondence}
}

func (d *Desk) owns(a ticket.Address) bool {
	return slices.ContainsFunc(d.addresses(), a.Equal)
}

// known is the address under which the desk knows somebody.
func (d *Desk) known(a ticket.Address) ticket.Address {
	if main, alias := d.Aliases[folded(a)]; alias {
		return main
	}
	return a
}

func folded(a ticket.Address) ticket.Address { return ticket.Address(strings.ToLower(string(a))) }

// at is the desk's policy as it is at a time.
func (d *Desk) at(now time.Time) ticket.Policy { return d.Policy.At(now) }

// isRoleAddress tells whether an address is one of the role mailboxes of the
// desk's domains.
func (d *Desk) isRoleAddress(a ticket.Address) bool {
	return a.IsRole() && slices.ContainsFunc(d.addresses(), func(own ticket.Address) bool { return own.Domain() == a.Domain() })
}
