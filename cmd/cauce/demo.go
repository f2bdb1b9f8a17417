package main

import (
	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/demo"
)

func newDemoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Play the life of an incident on a throw-away desk and show every mail",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SilenceUsage = true
			return demo.Run(cmd.Context(), cmd.OutOrStdout())
		},
	}
}
