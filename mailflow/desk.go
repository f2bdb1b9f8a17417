package mailflow

import (
	"fmt"
	"slices"
	"strings"

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
	GatewayTags    []string                 // what gateways add to subjects, beyond the usual
	Links          map[ticket.Action]string // link names that differ from the locale's
	Names          map[ticket.Address]string
	Words          *templates.Set
}

// Desk is one service desk, ready to read and write mail. It never changes.
type Desk struct {
	DeskOptions
	openingKey string
	commands   map[string]ticket.Action // folded link name → action
}

// NewDesk prepares a desk. It fails if two of its links have the same name, for
// the name in a subject is the order.
func NewDesk(opt DeskOptions) (*Desk, error) {
	d := &Desk{DeskOptions: opt, commands: map[string]ticket.Action{}}
	d.openingKey = parser.CanonicalSubject(opt.OpeningSubject).Key
	for action, line := range opt.Policy.Actions {
		if line.Reply || len(line.From) == 0 {
			continue
		}
		key := ticket.Fold(d.link(action))
		if other, taken := d.commands[key]; taken {
			return nil, fmt.Errorf("desk %s: the links of %s and %s are both named %q", opt.Policy.Desk, other, action, d.link(action))
		}
		d.commands[key] = action
	}
	return d, nil
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
	return d.Words.Action(a).Link
}

// addresses are where the desk takes mail.
func (d *Desk) addresses() []ticket.Address {
	return []ticket.Address{d.Intake, d.Correspondence}
}

func (d *Desk) owns(a ticket.Address) bool {
	return slices.ContainsFunc(d.addresses(), a.Equal)
}

// roleMailboxes are those every domain must have: RFC 5321 section 4.5.1
// (postmaster) and RFC 2142 section 4 (abuse).
var roleMailboxes = []string{"postmaster", "abuse"}

func isRole(a ticket.Address) bool {
	local, _, _ := strings.Cut(string(a), "@")
	return slices.Contains(roleMailboxes, strings.ToLower(local))
}

// isRoleAddress tells whether an address is one of the role mailboxes of the
// desk's domains.
func (d *Desk) isRoleAddress(a ticket.Address) bool {
	return isRole(a) && slices.ContainsFunc(d.addresses(), func(own ticket.Address) bool { return own.Domain() == a.Domain() })
}
