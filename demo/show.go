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
	for paragraph := range strings.SplitSeq(strings.TrimSpace(d.Body), "\n\n") {
		if strings.Contains(paragraph, "\n>") { // who wrote what, and what
			break
		}
		printLines(out, strings.Split(paragraph, "\n"))
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
	printLines(out, lines[:min(len(lines), linesShown)])
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
	paragraphs := strings.Split(strings.TrimSpace(body(m)), "\n\n")
	var lines []string
	for _, paragraph := range paragraphs[min(len(paragraphs), 2):] { // the desk's name and the title say what the subject says
		lines = append(lines, slices.DeleteFunc(strings.Split(paragraph, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })...)
	}
	return lines
}

// body is the text up to the first link, or, where there is none, up to the
// footer, which is the last paragraph before the signature.
func body(m mailclient.Mail) string {
	if len(m.Links) > 0 {
		text, _, _ := strings.Cut(m.Text, "\n"+m.Links[0].Name+"\n")
		return text
	}
	text, _, _ := strings.Cut(m.Text, "\n-- \n") // RFC 3676 section 4.3
	text = strings.TrimSpace(text)
	return text[:max(strings.LastIndex(text, "\n\n"), 0)]
}

func printLines(out io.Writer, lines []string) {
	for _, line := range lines {
		printLine(out, line)
	}
}

func printLine(out io.Writer, line string) {
	if strings.TrimSpace(line) != "" {
		fmt.Fprintf(out, "    │ %s\n", strings.TrimRight(line, " "))
	}
}

// showHistory prints what is kept of a ticket.
func showHistory(out io.Writer, zone *time.Location, t ticket.Ticket, events []ticket.Event) {
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
