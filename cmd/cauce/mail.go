package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// newMailCommand makes "cauce mail", which looks at the journal.
func newMailCommand(open opener) *cobra.Command {
	return withOperations("mail", "Look at the mails that came and what became of them", newMailList(open), newMailShow(open))
}

func newMailList(open opener) *cobra.Command {
	var since, number string
	var filter store.JournalFilter
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the journal, newest first",
		Args:  cobra.NoArgs,
	}
	cmd.Flags().StringVar(&since, "since", "", `only mails after a time ("2017-10-09", "2017-10-09 10:00") or of the last 12h, 3d …`)
	cmd.Flags().StringVar(&number, "ticket", "", "only mails that led to something on this ticket")
	cmd.Flags().StringVar(&filter.From, "from", "", "only mails whose sender contains this")
	cmd.Flags().IntVar(&filter.Limit, "limit", 50, "at most this many; 0: all")
	cmd.RunE = operate(open, func(ctx context.Context, ops control.Operations, s screen, _ []string) (err error) {
		if filter.Since, err = parseSince(since, time.Now()); err != nil {
			return fmt.Errorf("--since: %w", err)
		}
		filter.Ticket = ticket.Number(number)
		entries, err := ops.Journal(ctx, filter)
		if err != nil {
			return err
		}
		return s.show(entries, func() error { return s.entries(entries) })
	})
	return cmd
}

func (s screen) entries(entries []store.Entry) error {
	var rows [][]string
	for _, e := range entries {
		rows = append(rows, []string{
			e.ID, localTime(e.At), cut(sender(e), 40), cut(strings.Join(e.To, ", "), 40),
			string(e.Outcome), e.Reason, tickets(e), cut(e.Header.Subject, 60),
		})
	}
	return s.table([]string{"ID", "TIME", "FROM", "TO", "OUTCOME", "REASON", "TICKET", "SUBJECT"}, rows)
}

// sender is who the mail says it is from, or else the envelope's sender.
func sender(e store.Entry) string {
	if e.Header.From != "" {
		return e.Header.From
	}
	return "<" + e.From + ">"
}

func tickets(e store.Entry) string {
	var numbers []string
	for _, act := range e.Acts {
		numbers = append(numbers, string(act.Ticket))
	}
	return strings.Join(numbers, ", ")
}

func newMailShow(open opener) *cobra.Command {
	var raw bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a mail's journal entry and header",
		Args:  cobra.ExactArgs(1),
	}
	cmd.Flags().BoolVar(&raw, "raw", false, "print the mail itself, byte for byte unless on a terminal")
	cmd.RunE = operate(open, func(ctx context.Context, ops control.Operations, s screen, args []string) error {
		if raw && s.json {
			return errors.New("--raw and --json exclude each other")
		}
		entry, mail, err := ops.Mail(ctx, args[0])
		switch {
		case err != nil:
			return err
		case raw && mail == nil:
			return notKept(entry)
		case raw:
			return s.raw(mail)
		}
		return s.show(entry, func() error { return s.entry(entry, mail) })
	})
	return cmd
}

// notKept says why there is no mail behind an entry.
func notKept(e store.Entry) error {
	if e.Outcome == store.OutcomeRepeated {
		return fmt.Errorf("mail %s is the one that came before as %s, and is kept there", e.ID, e.Reason)
	}
	return fmt.Errorf("mail %s was refused: nothing of it is kept", e.ID)
}

func (s screen) entry(e store.Entry, mail []byte) error {
	var acts []string
	for _, a := range e.Acts {
		acts = append(acts, fmt.Sprintf("%s: %s, event %d (desk %s)", a.Ticket, a.Action, a.Event, a.Desk))
	}
	pairs := [][2]string{
		{"Entry", e.ID},
		{"Time", localTime(e.At)},
		{"Peer", oneLine(e.Remote + " " + e.Hello + " " + e.Protocol)},
		{"Envelope from", "<" + oneLine(e.From) + ">"},
		{"Envelope to", strings.Join(e.To, "\n")},
		{"From", oneLine(e.Header.From)},
		{"Subject", oneLine(e.Header.Subject)},
		{"Message-ID", oneLine(e.Header.MessageID)},
		{"Outcome", string(e.Outcome)},
		{"Reason", e.Reason},
		{"Assurance", e.Assurance},
		{"Replies", strings.Join(e.Replies, "\n")},
		{"Acts", strings.Join(acts, "\n")},
	}
	if mail != nil {
		pairs = append(pairs,
			[2]string{"Size", fmt.Sprintf("%s (cauce mail show %s --raw)", fileSize(int64(len(mail))), e.ID)},
			[2]string{"SHA-256", e.Blob.Hash},
			[2]string{"Header", mailHeader(mail)})
	}
	return s.sheet(pairs)
}

// mailHeader is a mail's header, or as much of it as one wants to look at.
func mailHeader(mail []byte) string {
	const enough = 16 << 10
	mail = mail[:min(len(mail), enough)]
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if before, _, found := bytes.Cut(mail, []byte(end)); found {
			return string(before)
		}
	}
	return string(mail)
}
