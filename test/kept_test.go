package test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// ticket NUMBER [state=…] [assignee=…] [requester=…] [service=…] says how a
// ticket stands; ! ticket NUMBER that there is none.
func (s *scene) ticket(c call) error {
	t, _, err := s.office.ask.Ticket(context.Background(), "", ticket.Number(c.words[0]))
	if c.not && errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || c.not {
		return fmt.Errorf("ticket %s: %v", t.Number, err)
	}
	stands := map[string]string{"state": string(t.State), "service": t.Service, "priority": t.Priority, "queue": t.Queue,
		"main": string(t.Main), "merged": string(t.Merged), "level": strconv.Itoa(t.Level), "missing": missing(t)}
	for key, want := range c.options {
		got, person := stands[key], ""
		switch key {
		case "assignee":
			person = string(t.Assignee)
		case "requester":
			person = string(t.Requester.Address)
		}
		if is(person, want) && person != "" {
			continue
		}
		if err := mismatch(key, want, got+person); err != nil {
			return err
		}
	}
	return nil
}

// missing are the fields an opening lacks still.
func missing(t ticket.Ticket) string {
	var fields []string
	for _, p := range t.Missing {
		fields = append(fields, p.Field)
	}
	return strings.Join(fields, ",")
}

// history NUMBER ACTION… lists all that happened to a ticket.
func (s *scene) history(c call) error {
	_, events, err := s.office.ask.Ticket(context.Background(), "", ticket.Number(c.words[0]))
	if err != nil {
		return err
	}
	var actions []string
	for _, e := range events {
		actions = append(actions, string(e.Action))
	}
	return mismatch("history", c.words[1:], actions)
}

// tickets N says how many there are.
func (s *scene) tickets(c call) error {
	list, err := s.office.ask.Tickets(context.Background(), "")
	if err != nil {
		return err
	}
	return mismatch("tickets", c.words[0], strconv.Itoa(len(list)))
}

// journal OUTCOME [REASON…] is what the journal says of the latest mail.
func (s *scene) journal(c call) error {
	entries, err := s.office.ask.Journal(context.Background(), store.JournalFilter{Limit: 1})
	if err != nil || len(entries) == 0 {
		return fmt.Errorf("journal: %d entries: %w", len(entries), err)
	}
	latest := entries[0]
	if err := mismatch("outcome", c.words[0], string(latest.Outcome)); err != nil {
		return fmt.Errorf("%w: %s", err, latest.Reason)
	}
	for _, reason := range c.words[1:] {
		if !strings.Contains(latest.Reason, reason) {
			return fmt.Errorf("the reason %q does not contain %q", latest.Reason, reason)
		}
	}
	return nil
}

// kept TEXT… says that the latest mail as it is kept begins with the first text
// and holds the others, however its lines are folded; with ! it holds none of
// them.
func (s *scene) kept(c call) error {
	entries, err := s.office.ask.Journal(context.Background(), store.JournalFilter{Limit: 1})
	if err != nil || len(entries) == 0 {
		return fmt.Errorf("journal: %d entries: %w", len(entries), err)
	}
	_, raw, err := s.office.ask.Mail(context.Background(), entries[0].ID)
	if err != nil {
		return err
	}
	unfolded := strings.Join(strings.Fields(string(raw)), " ")
	if !c.not && !strings.HasPrefix(unfolded, c.words[0]) {
		return fmt.Errorf("it begins with %.200q", raw)
	}
	for _, text := range c.words {
		if strings.Contains(unfolded, text) == c.not {
			return fmt.Errorf("it is kept as\n%s", raw)
		}
	}
	return nil
}
