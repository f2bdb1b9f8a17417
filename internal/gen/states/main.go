// Command states prints docs/states.md from the table of actions, so that the
// page and its picture cannot say anything else than the code does.
package main

import (
	"fmt"
	"log"
	"os"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: states FILE")
	}
	if err := os.WriteFile(os.Args[1], []byte(page()), 0o644); err != nil {
		log.Fatal(err)
	}
}

const head = `# The states of a ticket

<!-- Generated from ticket.Table by "go generate ./ticket". Do not edit. -->

A desk gives the states names of its own, chooses which actions it uses, and may say otherwise about who takes them
and which proof they demand. From where an action can be taken, where it leads and who is told is the same everywhere.

` + "```mermaid\nstateDiagram-v2\n"

func page() string {
	var b strings.Builder
	b.WriteString(head)
	for _, line := range ticket.Table {
		writeArrows(&b, line)
	}
	b.WriteString("    closed --> [*]\n```\n\n")
	b.WriteString("| action | from | to | who may | proof | who is told | asked for by |\n|---|---|---|---|---|---|---|\n")
	for _, line := range ticket.Table {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", line.Action, list(line.From, "–"),
			or(string(line.To), "stays"), list(line.By, "–"), line.Demand, list(line.Tell, "nobody"), door(line))
	}
	b.WriteString("\n`staff` is the assignee, or else the service's agents, or else its lead; `actor` is told only when no other notice\nreaches them. Proofs: `any` none, `either` one of the two, `both` an authenticated sender and the link's token.\n")
	return b.String()
}

// writeArrows draws an action in the picture. One that leaves the state alone
// is left out: it would be an arrow from every state to itself.
func writeArrows(b *strings.Builder, line ticket.Transition) {
	if len(line.From) == 0 {
		fmt.Fprintf(b, "    [*] --> %s: %s\n", line.To, line.Action)
	}
	for _, from := range line.From {
		if line.To != "" {
			fmt.Fprintf(b, "    %s --> %s: %s\n", from, line.To, line.Action)
		}
	}
}

func door(line ticket.Transition) string {
	switch {
	case len(line.From) == 0:
		return "the opening mail"
	case line.Reply:
		return "a reply on an exact subject"
	case !slices.ContainsFunc(line.By, func(r ticket.Role) bool { return slices.Contains(ticket.Roles, r) }):
		return "nobody: the daemon notes it"
	}
	return "a link"
}

func list[T ~string](items []T, none string) string {
	if len(items) == 0 {
		return none
	}
	var names []string
	for _, item := range items {
		names = append(names, string(item))
	}
	return strings.Join(names, ", ")
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
