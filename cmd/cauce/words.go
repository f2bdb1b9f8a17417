package main

import (
	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/templates"
)

// newWordsCommand makes "cauce words", which prints what a desk's own words go
// over.
func newWordsCommand() *cobra.Command {
	var language string
	cmd := &cobra.Command{
		Use:   "words",
		Short: "Print the built-in words of a language, to copy from into wording or a words folder",
		Long: "Print the words of a language as they are built in: the mails with their blocks, the parts they share,\n" +
			"the names of links and states. What is copied from them into a desk's wording, or into a file of its\n" +
			"words folder, may be changed there; lists, as the blocks of a mail, are replaced whole.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SilenceUsage = true
			text, err := templates.Builtin(language)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
	cmd.Flags().StringVar(&language, "language", "es", "`LANGUAGE` whose words to print")
	return cmd
}
