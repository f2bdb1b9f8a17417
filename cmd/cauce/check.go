package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// checkedDesk is a desk of a configuration that is right.
type checkedDesk struct {
	ID             string         `json:"id"`
	Intake         ticket.Address `json:"intake"`
	Correspondence ticket.Address `json:"correspondence"`
	Hints          []string       `json:"hints,omitempty"` // what is right and may yet be a slip
}

// hints are those of a desk and of its words.
func hints(d config.Desk) []string {
	list := d.Hints()
	for _, term := range templates.StrayTerms(d.Wording()) {
		list = append(list, fmt.Sprintf("wording.terms.%s is no word of the mails and nothing uses it; see cauce words", term))
	}
	return list
}

// addresses are those of the desk, each once.
func (d checkedDesk) addresses() []string {
	if d.Intake.Equal(d.Correspondence) {
		return []string{string(d.Intake)}
	}
	return []string{string(d.Intake), string(d.Correspondence)}
}

func (s screen) checked(name string, c *config.Config) error {
	var desks []checkedDesk
	for _, d := range c.Desks {
		desks = append(desks, checkedDesk{ID: d.ID, Intake: d.Intake, Correspondence: d.Correspondence, Hints: hints(d)})
	}
	return s.show(map[string]any{"ok": true, "file": name, "desks": desks}, func() error {
		fmt.Fprintf(s.out, "%s is right. Desks:\n", name)
		for _, d := range desks {
			fmt.Fprintf(s.out, "  %s: %s\n", d.ID, strings.Join(d.addresses(), ", "))
			for _, hint := range d.Hints {
				fmt.Fprintf(s.out, "    note: %s\n", oneLine(hint))
			}
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
