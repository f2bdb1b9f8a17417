package config

import (
	"fmt"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// claim is what a desk has taken for itself, an id or an address.
type claim struct {
	desk  string
	file  *file
	place string // path of the desk
	path  string // path of the key
}

// where says to people by whom and where the claim was made.
func (c claim) where() string {
	_, line := c.file.origin(c.path)
	return fmt.Sprintf("desk %s, %s:%d", c.desk, c.file.file, line)
}

// checkShared checks what desks may not have in common: ids and addresses,
// and that no address of a desk, nor a role mailbox of its domain, is somebody
// who works at one, for its mail would come back to us.
func (l *loader) checkShared() {
	ids, addresses := map[string]claim{}, map[string]claim{}
	l.eachDesk(func(f *file, d Desk, at string) {
		l.claim(ids, d.ID, claim{d.ID, f, at, child(at, "id")})
		l.claim(addresses, string(d.Intake), claim{d.ID, f, at, child(at, "intake")})
		l.claim(addresses, string(d.Correspondence), claim{d.ID, f, at, child(at, "correspondence")})
	})
	domains := l.domains()
	l.eachDesk(func(f *file, d Desk, at string) {
		d.eachAddress(at, func(a ticket.Address, path string) {
			if owner, taken := addresses[strings.ToLower(string(a))]; taken {
				f.add(path, "%s is an address of a desk (%s): what it is sent would come back in", a, owner.where())
			} else if a.IsRole() && domains[a.Domain()] {
				f.add(path, "%s is a role mailbox that the desks read themselves: what it is sent would come back in", a)
			}
		})
	})
}

// domains are those whose role mailboxes are the desks' own.
func (l *loader) domains() map[string]bool {
	own := map[string]bool{}
	for _, f := range l.files {
		own[strings.ToLower(f.config.Hostname)] = true
	}
	l.eachDesk(func(_ *file, d Desk, _ string) { own[d.Intake.Domain()], own[d.Correspondence.Domain()] = true, true })
	return own
}

// claim takes a name for a desk, or reports that another has it. A desk may
// use one address for both its purposes.
func (l *loader) claim(taken map[string]claim, name string, c claim) {
	key := strings.ToLower(name)
	owner, found := taken[key]
	switch {
	case name == "":
	case !found:
		taken[key] = c
	case owner.file != c.file || owner.place != c.place:
		c.file.add(c.path, "%s is taken already (%s)", name, owner.where())
	}
}

func (l *loader) eachDesk(do func(f *file, d Desk, at string)) {
	for _, f := range l.files {
		for i, d := range f.config.Desks {
			do(f, d, element("desks", i))
		}
	}
}

// eachAddress visits the addresses of everybody the desk names.
func (d Desk) eachAddress(at string, visit func(a ticket.Address, path string)) {
	list := func(addresses []ticket.Address, path string) {
		for i, a := range addresses {
			visit(a, element(path, i))
		}
	}
	for i, q := range d.Queues {
		place := element(child(at, "queues"), i)
		list(q.Agents, child(place, "agents"))
		visit(q.Lead, child(place, "lead"))
		list(q.Superiors, child(place, "superiors"))
	}
	for i, s := range d.Services {
		place := element(child(at, "services"), i)
		list(s.Agents, child(place, "agents"))
		visit(s.Lead, child(place, "lead"))
		visit(s.Responsible, child(place, "responsible"))
		list(s.Superiors, child(place, "superiors"))
	}
	d.eachMember(at, list)
	for i, p := range d.People {
		visit(p.Address, child(element(child(at, "people"), i), "address"))
		list(p.Aliases, child(element(child(at, "people"), i), "aliases"))
	}
}

// eachMember visits the lists of those who have a part in all tickets.
func (d Desk) eachMember(at string, list func(addresses []ticket.Address, path string)) {
	list(d.Administrators, child(at, "administrators"))
	list(d.Validators, child(at, "validators"))
	list(d.HelpDesk, child(at, "help_desk"))
	list(d.Attention, child(at, "attention"))
	list(d.Auditors, child(at, "auditors"))
	for i, g := range d.Digests {
		list(g.To, child(element(child(at, "digests"), i), "to"))
	}
}
