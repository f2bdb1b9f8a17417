package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/ticket"
)

// newTicketCommand makes "cauce ticket", which looks at tickets.
func newTicketCommand(open opener) *cobra.Command {
	return withOperations("ticket", "Look at tickets", newTicketList(open), newTicketShow(open), newTicketHistory(open))
}

func newTicketList(open opener) *cobra.Command {
	var desk, state string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List tickets, newest first",
		Args:  cobra.NoArgs,
	}
	cmd.Flags().StringVar(&desk, "desk", "", "only tickets of this desk")
	cmd.Flags().StringVar(&state, "state", "", "only tickets in this state, by its name in docs/states.md, such as in_progress")
	cmd.RunE = operate(open, func(ctx context.Context, ops control.Operations, s screen, _ []string) error {
		if state != "" && !slices.Contains(ticket.States, ticket.State(state)) {
			return fmt.Errorf("--state %s: the states are %v", state, ticket.States)
		}
		tickets, err := ops.Tickets(ctx, desk)
		if err != nil {
			return err
		}
		tickets = slices.DeleteFunc(tickets, func(t ticket.Ticket) bool {
			return state != "" && t.State != ticket.State(state)
		})
		return s.show(tickets, func() error { return s.tickets(tickets) })
	})
	return cmd
}

func (s screen) tickets(tickets []ticket.Ticket) error {
	var rows [][]string
	for _, t := range tickets {
		rows = append(rows, []string{
			string(t.Number), t.Desk, string(t.State), localTime(t.Updated),
			string(t.Requester.Address), string(t.Assignee), cut(t.Subject, 60),
		})
	}
	return s.table([]string{"NUMBER", "DESK", "STATE", "UPDATED", "REQUESTER", "ASSIGNEE", "SUBJECT"}, rows)
}

func newTicketShow(open opener) *cobra.Command {
	return newTicketLook(open, "show NUMBER", "Show a ticket as it stands", screen.ticket)
}

func newTicketHistory(open opener) *cobra.Command {
	return newTicketLook(open, "history NUMBER", "Show everything that happened to a ticket, and whether the record is whole", screen.history)
}

// newTicketLook makes a command that looks at one ticket.
func newTicketLook(open opener, use, short string, look func(screen, ticket.Ticket, []ticket.Event) error) *cobra.Command {
	var desk string
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&desk, "desk", "", "the ticket's desk, needed only if two desks gave out the same number")
	cmd.RunE = operate(open, func(ctx context.Context, ops control.Operations, s screen, args []string) error {
		t, events, err := ops.Ticket(ctx, desk, ticket.Number(args[0]))
		if err != nil {
			return err
		}
		return look(s, t, events)
	})
	return cmd
}

func (s screen) ticket(t ticket.Ticket, _ []ticket.Event) error {
	return s.show(t, func() error {
		pairs := [][2]string{
			{"Ticket", string(t.Number)},
			{"Desk", t.Desk},
			{"State", string(t.State)},
			{"Requester", person(t.Requester)},
			{"Subject", oneLine(t.Subject)},
			{"Opened", localTime(t.Created)},
			{"Updated", localTime(t.Updated)},
			{"Service", t.Service},
			{"Assignee", string(t.Assignee)},
		}
		for _, id := range fieldIDs(t.Fields) {
			pairs = append(pairs, [2]string{"Field " + id, t.Fields[id]})
		}
		return s.sheet(append(pairs,
			[2]string{"Question", t.Question},
			[2]string{"Solution", t.Solution},
			[2]string{"Resolved by", string(t.Resolver)},
			[2]string{"Events", fmt.Sprintf("%d (cauce ticket history %s)", t.Events, t.Number)},
		))
	})
}

func person(p ticket.Person) string {
	if p.Name == "" {
		return string(p.Address)
	}
	return fmt.Sprintf("%s <%s>", oneLine(p.Name), p.Address)
}
