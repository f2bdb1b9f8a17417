package mailflow

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// consequences does what an action leads to beyond its own ticket.
func (r *Mailroom) consequences(tx store.Tx, d *Desk, decision ticket.Decision) error {
	t, event := decision.Ticket, decision.Events[0]
	switch kind := event.Is(); {
	case kind == ticket.Approve:
		return register(tx, d, t)
	case kind == ticket.Cancel:
		return r.release(tx, d, t, event)
	case kind == ticket.Discard:
		if err := r.release(tx, d, t, event); err != nil {
			return err
		}
		return r.holdOff(tx, d, t)
	case kind == ticket.Attach || kind == ticket.Merge:
		return r.follow(tx, d, t, event)
	case event.Role != ticket.RoleMain && slices.Contains(ticket.Shared, kind):
		return r.share(tx, d, t, event)
	}
	return nil
}

// follow has a ticket's main one know what came with it, files included.
func (r *Mailroom) follow(tx store.Tx, d *Desk, t ticket.Ticket, e ticket.Event) error {
	events, err := tx.Events(d.ID(), t.Number)
	if err != nil {
		return fmt.Errorf("events of %s: %w", t.Number, err)
	}
	_, err = r.act(tx, d, t.Main, ticket.Request{
		Action: ticket.Follow, Role: ticket.RoleMain, Actor: e.Actor, Follower: &t, Read: t.Fields, Text: string(t.Number), Mail: e.Mail,
		Attachments: filesOf(events)})
	return err
}

// register remembers whom an approved application registers: the address it
// names, or else its sender.
func register(tx store.Tx, d *Desk, application ticket.Ticket) error {
	address := d.Policy.Enrols(application)
	c, err := tx.Correspondent(d.ID(), address)
	if err != nil {
		return fmt.Errorf("registering %s: %w", address, err)
	}
	c.Registered = application.Number
	return tx.SaveCorrespondent(d.ID(), c)
}

// stranger tells whether somebody would have to be registered before they may
// open tickets.
func (d *Desk) stranger(tx store.Tx, who ticket.Address) (bool, error) {
	if !d.Policy.RegisteredOnly {
		return false, nil
	}
	known, err := d.contact(tx, who)
	return known == nil, err
}

// contact is what the desk knows of somebody: nil if they are not registered.
func (d *Desk) contact(tx store.Tx, who ticket.Address) (ticket.Values, error) {
	if values, configured := d.Contacts[folded(who)]; configured {
		return values, nil
	}
	c, err := tx.Correspondent(d.ID(), who)
	if err != nil || c.Registered == "" {
		return nil, err
	}
	application, err := tx.Ticket(d.ID(), c.Registered)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return application.Fields, err
}

// release lets the followers of a ticket that ends without a solution go: from
// then on each is solved by itself.
func (r *Mailroom) release(tx store.Tx, d *Desk, t ticket.Ticket, e ticket.Event) error {
	for _, follower := range t.Followers {
		f, err := tx.Ticket(d.ID(), follower)
		if err != nil {
			return fmt.Errorf("follower %s: %w", follower, err)
		}
		if f.State.Over() {
			continue
		}
		if _, err := r.act(tx, d, follower, ticket.Request{Action: ticket.Release, Role: ticket.RoleMain, Actor: e.Actor, Mail: e.Mail}); err != nil {
			return err
		}
	}
	return nil
}

// nameIn is what somebody is called by what the desk knows of them: the field
// of an application that says so, or the first short text of it.
func (d *Desk) nameIn(contact ticket.Values) string {
	form := d.form(ticket.Register)
	if field, named := form.Setting(ticket.SetsName); named {
		return contact[field.ID]
	}
	for _, field := range form.Fields {
		if field.Kind == ticket.TextField {
			return contact[field.ID]
		}
	}
	return ""
}

// share has what happened to a main ticket happen to those that follow it. A
// follower to which it cannot happen now is left as it is: its staff sees it.
func (r *Mailroom) share(tx store.Tx, d *Desk, t ticket.Ticket, e ticket.Event) error {
	for _, follower := range t.Followers {
		_, err := r.act(tx, d, follower, ticket.Request{
			Action: e.Action, Role: ticket.RoleMain, Actor: e.Actor, Mail: e.Mail, Read: e.Content.Fields, Text: e.Content.Text,
			Attachments: e.Files()})
		var refusal *ticket.Refusal
		if errors.As(err, &refusal) {
			r.log.Warn("a ticket does not follow its main one", "ticket", follower, "main", t.Number, "action", e.Action, "error", err)
		} else if err != nil {
			return err
		}
	}
	return nil
}
