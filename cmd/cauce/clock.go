package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/control"
)

// newClockCommand makes "cauce clock", which moves the time of a daemon that
// was started with a test clock.
func newClockCommand(open opener) *cobra.Command {
	return withOperations("clock", "Move the clock of a daemon started with --test-clock", newClockAdvance(open))
}

func newClockAdvance(open opener) *cobra.Command {
	return &cobra.Command{
		Use:     "advance DURATION",
		Short:   "Move the clock on",
		Example: "  cauce clock advance 90m\n  cauce clock advance 3d12h",
		Args:    cobra.ExactArgs(1),
		RunE: operate(open, func(ctx context.Context, ops control.Operations, s screen, args []string) error {
			span, err := parseSpan(args[0])
			if err != nil {
				return err
			}
			now, err := ops.Advance(ctx, span)
			if err != nil {
				return err
			}
			return s.show(map[string]time.Time{"now": now}, func() error {
				_, err := fmt.Fprintf(s.out, "It is now %s\n", localTime(now))
				return err
			})
		}),
	}
}
