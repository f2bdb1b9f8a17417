package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/ticket"
)

// checkedDesk is a desk of a configuration that is right.
type checkedDesk struct {
	ID             string         `json:"id"`
	Intake         ticket.Address `json:"intake"`
	Correspondence ticket.Address `json:"correspondence"`
}

func (s screen) checked(name string, c *config.Config) error {
	var desks []checkedDesk
	for _, d := range c.Desks {
		desks = append(desks, checkedDesk{ID: d.ID, Intake: d.Intake, Correspondence: d.Correspondence})
	}
	return s.show(map[string]any{"ok": true, "file": name, "desks": desks}, func() error {
		fmt.Fprintf(s.out, "%s is right. Desks:\n", name)
		for _, d := range desks {
			fmt.Fprintf(s.out, "  %s: %s, %s\n", d.ID, d.Intake, d.Correspondence)
		}
		return nil
	})
}

func newCheckCommand(src *source) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Check a configuration, with everything it refers to, and change nothing",
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.SilenceUsage = true
			src.files = append(src.files, args...)
			c, err := src.load()
			if err != nil {
				return err
			}
			if _, err := daemon.NewSite(c); err != nil {
				return err
			}
			return newScreen(cmd).checked(src.name(), c)
		},
	}
	cmd.Flags().Bool("json", false, "print JSON")
	src.addServeFlags(cmd.Flags())
	return cmd
}
