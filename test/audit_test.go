package test

import (
	"context"
	"fmt"
	"html"
	"reflect"
	"strings"

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
	for _, e := range entries {
		if e.Outcome != store.OutcomeRefused {
			taken++
		}
	}
	if taken != sent {
		return []error{fmt.Errorf("%d mails were answered 250, the journal has %d", sent, taken)}
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
	from := string(o.config.Desks[0].Correspondence)
	path := m.Header("Return-Path")
	switch {
	case len(m.Defects) > 0:
		return fmt.Errorf("it has defects: %v", m.Defects)
	case len(m.From) != 1 || m.From[0].Address != from:
		return fmt.Errorf("it is not from %s", from)
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
