package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// historyAnswer is what "cauce ticket history --json" prints.
type historyAnswer struct {
	Number ticket.Number  `json:"number"`
	Desk   string         `json:"desk"`
	Events []ticket.Event `json:"events"`
	Head   string         `json:"head"` // hash of the latest event
	Intact bool           `json:"intact"`
	Fault  string         `json:"fault,omitempty"` // what is wrong with the chain
}

// history prints what happened to a ticket. A record that was altered is shown
// as well, and is an error.
func (s screen) history(t ticket.Ticket, events []ticket.Event) error {
	fault := verify(t, events)
	answer := historyAnswer{Number: t.Number, Desk: t.Desk, Events: events, Head: t.Head, Intact: fault == nil}
	if fault != nil {
		answer.Fault = fault.Error()
	}
	err := s.show(answer, func() error { return s.events(answer) })
	if err != nil || fault == nil {
		return err
	}
	return fmt.Errorf("the record of %s is not whole: %w", t.Number, fault)
}

// verify checks the events' chain, and that it ends where the ticket says.
func verify(t ticket.Ticket, events []ticket.Event) error {
	if err := ticket.Verify(events); err != nil {
		return err
	}
	if len(events) != t.Events || len(events) > 0 && events[len(events)-1].Hash != t.Head {
		return fmt.Errorf("%d events, whose chain does not end at the %d of the ticket", len(events), t.Events)
	}
	return nil
}

func (s screen) events(a historyAnswer) error {
	var rows [][]string
	for _, e := range a.Events {
		rows = append(rows, []string{
			strconv.Itoa(e.Seq), localTime(e.At), string(e.Action), string(e.State),
			person(e.Actor), string(e.Role), proofs(e.Assurance), words(e.Content),
		})
	}
	err := s.table([]string{"#", "TIME", "ACTION", "STATE", "WHO", "ROLE", "PROOFS", "WORDS [FILES]"}, rows)
	if err != nil || !a.Intact {
		return err
	}
	_, err = fmt.Fprintf(s.out, "\nThe chain of events (%d) is intact; its head is %s\n", len(a.Events), oneLine(a.Head))
	return err
}

func proofs(a ticket.Assurance) string {
	var held []string
	if a.Authenticated {
		held = append(held, "authenticated")
	}
	if a.Possession {
		held = append(held, "possession")
	}
	text := strings.Join(held, "+")
	if text == "" {
		text = "none"
	}
	if a.How != "" {
		text += " (" + a.How + ")"
	}
	return text
}

// words are what somebody wrote and sent, on one line; the text is often one
// of the fields too and then shown once.
func words(c ticket.Content) string {
	parts := []string{c.Subject}
	for _, id := range fieldIDs(c.Fields) {
		if c.Fields[id] != c.Text {
			parts = append(parts, id+": "+c.Fields[id])
		}
	}
	parts = append(parts, c.Text)
	if c.Assignee != "" {
		parts = append(parts, "assignee: "+string(c.Assignee))
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.TrimSpace(cut(oneLine(strings.Join(parts, "; ")), 200) + files(c.Attachments))
}

func files(attachments []ticket.Attachment) string {
	var names []string
	for _, a := range attachments {
		names = append(names, fmt.Sprintf("%s, %s", a.Name, fileSize(int64(a.Size))))
	}
	if len(names) == 0 {
		return ""
	}
	return " [" + strings.Join(names, "; ") + "]"
}

func fieldIDs(v ticket.Values) []string { return slices.Sorted(maps.Keys(v)) }
