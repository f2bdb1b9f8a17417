package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

func newParseCommand(src *source) *cobra.Command {
	var asJSON bool
	var to string
	cmd := &cobra.Command{
		Use:   "parse FILE",
		Short: "Show how a mail is read; with --to, what the daemon would make of it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.SilenceUsage = true
			raw, err := readInput(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			debug.SetMemoryLimit(parseMemory + 4*int64(len(raw)))
			m := parser.Parse(raw)
			report := parseReport{Report: m.JSON()}
			if to != "" {
				if err := report.inspect(src, m, to); err != nil {
					return err
				}
			}
			return report.print(cmd.OutOrStdout(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&to, "to", "", "`ADDRESS` of a desk at which the mail would arrive")
	return cmd
}

// parseMemory and four times the mail is what reading one may take. The limit
// is soft: the collector keeps to it as long as what is in use does.
const parseMemory = 16 << 20

func readInput(path string, stdin io.Reader) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(path)
}

// parseReport is a mail as read, and what the daemon would make of it.
type parseReport struct {
	parser.Report
	*mailflow.Inspection
}

func (r *parseReport) inspect(src *source, m *parser.Message, to string) error {
	c, err := src.load()
	if err != nil {
		return err
	}
	site, err := daemon.NewSite(c)
	if err != nil {
		return err
	}
	address, err := ticket.ParseAddress(to)
	if err != nil {
		return err
	}
	inspection, ok := site.Inspect(m, address)
	if !ok {
		return fmt.Errorf("no desk has the address %s", to)
	}
	r.Inspection = &inspection
	return nil
}

func (r *parseReport) print(out io.Writer, asJSON bool) error {
	s := screen{out: out, json: asJSON}
	return s.show(r, func() error { return s.parsed(r) })
}

// parsed shows a mail for people.
func (s screen) parsed(r *parseReport) error {
	rows := [][]string{}
	add := func(name, value string) { rows = append(rows, []string{name, value}) }
	for _, a := range r.From {
		add("from", a.Address)
	}
	if r.Subject != nil {
		add("subject", *r.Subject)
	}
	add("text", r.ReplyText)
	for _, a := range r.Attachments {
		add("file", fmt.Sprint(a.ContentType, ", ", a.Size, " bytes"))
	}
	for _, d := range r.Defects {
		add("defect", d)
	}
	if r.Inspection != nil {
		add("order", string(r.Request.Kind)+" "+string(r.Request.Action)+" "+string(r.Request.Ticket))
		if r.Form != nil {
			for _, id := range slices.Sorted(maps.Keys(r.Form.Fields)) {
				add("field "+id, r.Form.Fields[id])
			}
			for _, p := range r.Form.Problems {
				add("problem", p.Field+": "+p.Reason)
			}
		}
	}
	return s.table([]string{"WHAT", "VALUE"}, rows)
}
