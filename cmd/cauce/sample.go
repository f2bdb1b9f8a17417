package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/ticket"
)

// stranger is who opens where everybody may.
const stranger ticket.Address = "ana@ayuntamiento.example"

// openerAt is somebody who may open a ticket at the desk. The error says why the
// configuration names nobody.
func openerAt(desk config.Desk) (ticket.Address, error) {
	by := openersOf(desk)
	everybody := slices.Contains(by, ticket.RoleRequester)
	switch {
	case everybody && !desk.Opening.RegisteredOnly:
		return stranger, nil
	case everybody:
		for _, p := range desk.People {
			if p.Registered {
				return p.Address, nil
			}
		}
		return "", fmt.Errorf("desk %s opens for registered people alone, and its file registers nobody: give --from ADDRESS of somebody whose registration was granted", desk.ID)
	}
	for _, who := range staffOf(desk, by) {
		if !desk.Opening.RegisteredOnly || registered(desk, who) {
			return who, nil
		}
	}
	return "", fmt.Errorf("desk %s opens for %v alone, and its file names nobody who may: give --from ADDRESS", desk.ID, by)
}

// openersOf are the roles that may open.
func openersOf(desk config.Desk) []ticket.Role {
	for _, a := range desk.Actions {
		if a.Action == ticket.Open && len(a.By) > 0 {
			return a.By
		}
	}
	return []ticket.Role{ticket.RoleRequester}
}

// staffOf lists the people of roles.
func staffOf(desk config.Desk, roles []ticket.Role) []ticket.Address {
	people := map[ticket.Role][]ticket.Address{
		ticket.RoleHelpDesk: desk.HelpDesk, ticket.RoleAttention: desk.Attention, ticket.RoleAdministrator: desk.Administrators,
		ticket.RoleValidator: desk.Validators, ticket.RoleAuditor: desk.Auditors,
	}
	work := func(agents []ticket.Address, lead ticket.Address) {
		people[ticket.RoleAgent] = append(people[ticket.RoleAgent], agents...)
		if lead != "" {
			people[ticket.RoleLead] = append(people[ticket.RoleLead], lead)
		}
	}
	for _, q := range desk.Queues {
		work(q.Agents, q.Lead)
	}
	for _, s := range desk.Services {
		work(s.Agents, s.Lead)
	}
	var list []ticket.Address
	for _, role := range roles {
		list = append(list, people[role]...)
	}
	return list
}

func registered(desk config.Desk, who ticket.Address) bool {
	return slices.ContainsFunc(desk.People, func(p config.Person) bool { return p.Registered && p.Address.Equal(who) })
}

// exampleBody is the desk's opening form with what is required filled in, or
// its first field where nothing is.
func exampleBody(desk config.Desk, now time.Time) string {
	var b strings.Builder
	for _, f := range desk.Opening.Fields {
		if f.Required && f.Kind != ticket.FilesField {
			fmt.Fprintf(&b, "%s: %s\n", f.Label, exampleValue(desk, f, now))
		}
	}
	if b.Len() == 0 && len(desk.Opening.Fields) > 0 {
		f := desk.Opening.Fields[0]
		fmt.Fprintf(&b, "%s: %s\n", f.Label, exampleValue(desk, f, now))
	}
	return b.String()
}

// exampleValue is one that the field takes.
func exampleValue(desk config.Desk, f config.Field, now time.Time) string {
	switch {
	case len(f.Options) > 0:
		return f.Options[0].Value
	case f.Kind == ticket.DateTimeField:
		return exampleTime(desk, f, now)
	case f.Kind == ticket.AddressField || f.Kind == ticket.PersonField:
		return string(examplePerson(desk, f))
	case f.Kind == ticket.LongTextField:
		return "No se puede entrar en la aplicación."
	}
	return "Prueba"
}

// exampleTime is a date ahead, but for when a failure began.
func exampleTime(desk config.Desk, f config.Field, now time.Time) string {
	at := now.AddDate(0, 0, 1)
	if f.Sets == ticket.SetsBegan {
		at = now.Add(-time.Hour)
	}
	if zone, err := time.LoadLocation(desk.TimeZone); err == nil {
		at = at.In(zone)
	}
	return at.Format("02/01/2006 15:04")
}

// examplePerson is somebody the field may name: who is put in charge must work
// at the desk.
func examplePerson(desk config.Desk, f config.Field) ticket.Address {
	staff := staffOf(desk, []ticket.Role{ticket.RoleAgent, ticket.RoleLead})
	if f.Sets == ticket.SetsAssignee && len(staff) > 0 {
		return staff[0]
	}
	return stranger
}

// exampleFiles are those the desk's opening asks for.
func exampleFiles(desk config.Desk) []compose.Attachment {
	for _, f := range desk.Opening.Fields {
		if f.Required && f.Kind == ticket.FilesField {
			return []compose.Attachment{{Filename: "prueba.txt", ContentType: "text/plain; charset=utf-8", Data: []byte("Prueba.\n")}}
		}
	}
	return nil
}
