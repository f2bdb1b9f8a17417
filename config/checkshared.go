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
// and that no desk's address is somebody who works at one, for its mail would
// come back to us.
func (l *loader) checkShared() {
	ids, addresses := map[string]claim{}, map[string]claim{}
	l.eachDesk(func(f *file, d Desk, at string) {
		l.claim(ids, d.ID, claim{d.ID, f, at, child(at, "id")})
		l.claim(addresses, string(d.Intake), claim{d.ID, f, at, child(at, "intake")})
		l.claim(addresses, string(d.Correspondence), claim{d.ID, f, at, child(at, "correspondence")})
	})
	l.eachDesk(func(f *file, d Desk, at string) {
		d.eachPerson(at, func(a ticket.Address, path string) {
			if owner, taken := addresses[strings.ToLower(string(a))]; taken {
				f.add(path, "%s is an address of a desk (%s): what it is sent would come back in", a, owner.where())
			}
		})
	})
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

// eachPerson visits the addresses of everybody who works at the desk.
func (d Desk) eachPerson(at string, visit func(a ticket.Address, path string)) {
	for i, s := range d.Services {
		place := element(child(at, "services"), i)
		for j, a := range s.Agents {
			visit(a, element(child(place, "agents"), j))
		}
		visit(s.Lead, child(place, "lead"))
	}
	for i, a := range d.Administrators {
		visit(a, element(child(at, "administrators"), i))
	}
	for i, p := range d.People {
		visit(p.Address, child(element(child(at, "people"), i), "address"))
	}
}
