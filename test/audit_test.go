package test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"reflect"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// audit looks at everything a scenario leaves behind. Whatever happened in it:
// every mail that was taken is in the journal, every ticket is the fold of its
// unaltered events, and every mail that went out is as ours must be.
func (o *office) audit(sent int) []error {
	faults := o.auditJournal(sent)
	faults = append(faults, o.auditTickets()...)
	mails, err := o.mails()
	if err != nil {
		faults = append(faults, err)
	}
	for _, m := range mails {
		if err := o.auditMail(m); err != nil {
			faults = append(faults, fmt.Errorf("mail %q to %s: %w", m.Subject, m.For, err))
		}
	}
	return faults
}

func (o *office) auditJournal(sent int) []error {
	entries, err := o.ask.Journal(context.Background(), store.JournalFilter{})
	if err != nil {
		return []error{err}
	}
	taken := 0
	var faults []error
	for _, e := range entries {
		if e.Outcome != store.OutcomeRefused {
			taken++
		}
		if err := o.auditEntry(e); err != nil {
			faults = append(faults, fmt.Errorf("journal entry %s: %w", e.ID, err))
		}
	}
	if taken != sent {
		faults = append(faults, fmt.Errorf("%d mails were answered 250, the journal has %d", sent, taken))
	}
	return faults
}

// auditEntry holds that what the journal says of a mail did happen.
func (o *office) auditEntry(e store.Entry) error {
	switch e.Outcome {
	case store.OutcomeActed:
		for _, act := range e.Acts {
			_, events, err := o.ask.Ticket(context.Background(), act.Desk, act.Ticket)
			if err != nil {
				return err
			}
			if act.Event < 1 || act.Event > len(events) || events[act.Event-1].Mail != e.ID || events[act.Event-1].Action != act.Action {
				return fmt.Errorf("says it led to event %d of %s", act.Event, act.Ticket)
			}
		}
	case store.OutcomeAnswered:
		notices, err := o.ask.Queue(context.Background(), true)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(notices, func(n store.Notice) bool { return n.Mail == e.ID && n.Answer != nil }) {
			return errors.New("says it was answered")
		}
	}
	return nil
}

func (o *office) auditTickets() []error {
	list, err := o.ask.Tickets(context.Background(), "")
	if err != nil {
		return []error{err}
	}
	var faults []error
	for _, t := range list {
		kept, events, err := o.ask.Ticket(context.Background(), t.Desk, t.Number)
		if err == nil {
			err = ticket.Verify(events)
		}
		if err == nil && !reflect.DeepEqual(ticket.Replay(events), kept) {
			err = fmt.Errorf("ticket %s is not the fold of its events", t.Number)
		}
		if err != nil {
			faults = append(faults, err)
		}
	}
	return faults
}

func (o *office) auditMail(m mailclient.Mail) error {
	path := m.Header("Return-Path")
	switch {
	case len(m.Defects) > 0:
		return fmt.Errorf("it has defects: %v", m.Defects)
	case len(m.From) != 1 || !o.speaks(m.From[0].Address):
		return fmt.Errorf("it is from %v, which is no desk's", m.From)
	case len(m.Header("Auto-Submitted")) != 1 || !strings.HasPrefix(m.Header("Auto-Submitted")[0], "auto-"):
		return fmt.Errorf("Auto-Submitted is %q", m.Header("Auto-Submitted"))
	case len(path) == 0 || !strings.HasPrefix(path[0], "<b+"):
		return fmt.Errorf("the return path is %q", path)
	case m.HTML == "" || m.Text == "":
		return fmt.Errorf("it lacks a part: text %d, HTML %d", len(m.Text), len(m.HTML))
	}
	for _, link := range m.Links {
		if len(link.URL) > 1800 || !strings.Contains(m.HTML, html.EscapeString(link.URL)) {
			return fmt.Errorf("the link %s is too long or not in the HTML part: %s", link.Name, link.URL)
		}
	}
	return nil
}

// speaks tells whether an address is that under which one of the desks writes.
func (o *office) speaks(address string) bool {
	return slices.ContainsFunc(o.config.Desks, func(d config.Desk) bool { return d.Correspondence.Equal(ticket.Address(address)) })
}
