package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/store"
)

// newQueueCommand makes "cauce queue", which looks after outgoing mail.
func newQueueCommand(open opener) *cobra.Command {
	return withOperations("queue", "Look after outgoing mail", newQueueList(open), newQueueRetry(open))
}

func newQueueList(open opener) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the mails that did not go out yet or could not, newest first",
		Args:  cobra.NoArgs,
	}
	cmd.Flags().BoolVar(&all, "all", false, "also those that went out")
	cmd.RunE = operate(open, func(ctx context.Context, ops control.Operations, s screen, _ []string) error {
		notices, err := ops.Queue(ctx, all)
		if err != nil {
			return err
		}
		return s.show(notices, func() error { return s.notices(notices) })
	})
	return cmd
}

func (s screen) notices(notices []store.Notice) error {
	var rows [][]string
	for _, n := range notices {
		when := n.Next // the next attempt, or
		if !n.Settled.IsZero() {
			when = n.Settled // the end
		}
		rows = append(rows, []string{
			n.ID, string(n.Status), localTime(when), strconv.Itoa(n.Attempt),
			n.Kind, string(n.Ticket), string(n.To), cut(n.Said, 100),
		})
	}
	return s.table([]string{"ID", "STATUS", "NEXT OR END", "ATTEMPTS", "KIND", "TICKET", "TO", "ANSWER"}, rows)
}

func newQueueRetry(open opener) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "retry [ID…]",
		Short: "Try again now what failed or waits for another attempt; all of it if no ID is given",
	}
	cmd.RunE = operate(open, func(ctx context.Context, ops control.Operations, s screen, ids []string) error {
		count, err := ops.Retry(ctx, ids)
		if err != nil {
			return err
		}
		return s.show(map[string]int{"retried": count}, func() error {
			_, err := fmt.Fprintf(s.out, "Mails made due now: %d\n", count)
			return err
		})
	})
	return cmd
}
