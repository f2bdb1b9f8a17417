package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/ticket"
)

// showDraft prints a mail that somebody sends, without what they quote.
func showDraft(out io.Writer, at time.Time, d mailclient.Draft) {
	fmt.Fprintf(out, "\n  ✉ %s  %s → %s\n    %s\n", at.Format("15:04"), d.From, d.To, d.Subject)
	for line := range strings.SplitSeq(strings.TrimSpace(d.Body), "\n") {
		if strings.HasPrefix(line, ">") || strings.HasSuffix(line, "escribió:") {
			break
		}
		printLine(out, line)
	}
	for _, f := range d.Files {
		printLine(out, "📎 "+f.Filename)
	}
}

// linesShown are enough to see what a mail is about.
const linesShown = 10

// showMail prints a mail of the desk: its lines up to the links, the links by
// name.
func showMail(out io.Writer, m mailclient.Mail) {
	fmt.Fprintf(out, "\n  📬 %s → %s\n    %s\n", m.From[0].Address, m.For, m.Subject)
	lines := matter(m)
	for _, line := range lines[:min(len(lines), linesShown)] {
		printLine(out, line)
	}
	if len(lines) > linesShown {
		printLine(out, "…")
	}
	for _, a := range m.Attachments {
		printLine(out, "📎 "+a.Filename)
	}
	var names []string
	for _, l := range m.Links {
		names = append(names, "["+l.Name+"]")
	}
	if len(names) > 0 {
		printLine(out, strings.Join(names, " "))
	}
}

// matter is what a hurried reader takes in: the text between the heading and
// the first link or the footer, without empty lines.
func matter(m mailclient.Mail) []string {
	text := m.Text
	if len(m.Links) > 0 {
		text, _, _ = strings.Cut(text, "\n"+m.Links[0].Name+"\n")
	}
	var lines []string
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i < 2 || strings.HasPrefix(paragraph, "Mensaje automático") || strings.HasPrefix(paragraph, "-- ") {
			continue // the desk's name and the title say what the subject says
		}
		lines = append(lines, slices.DeleteFunc(strings.Split(paragraph, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })...)
	}
	return lines
}

func printLine(out io.Writer, line string) {
	if strings.TrimSpace(line) != "" {
		fmt.Fprintf(out, "    │ %s\n", strings.TrimRight(line, " "))
	}
}

// showHistory prints what is kept of a ticket.
func showHistory(out io.Writer, t ticket.Ticket, events []ticket.Event) {
	fmt.Fprintf(out, "\nWhat is kept of %s (%s):\n\n", t.Number, t.State)
	for _, e := range events {
		words := strings.Join(strings.Fields(e.Content.Text), " ")
		fmt.Fprintf(out, "  %2d  %s  %-13s %-12s %-26s %s\n", e.Seq, e.At.In(zone).Format("15:04"), e.Action, e.State, e.Actor.Address, words)
	}
	verdict := "the chain of events is whole"
	if err := ticket.Verify(events); err != nil {
		verdict = err.Error()
	}
	fmt.Fprintf(out, "\n  %s\n", verdict)
}
