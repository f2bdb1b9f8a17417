package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/daemon"
)

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
			fmt.Fprintf(cmd.OutOrStdout(), "%s is right. Desks:\n", src.name())
			for _, desk := range c.Desks {
				fmt.Fprintf(cmd.OutOrStdout(), "  %s: %s, %s\n", desk.ID, desk.Intake, desk.Correspondence)
			}
			return nil
		},
	}
	src.addServeFlags(cmd.Flags())
	return cmd
}
