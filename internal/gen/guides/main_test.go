package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

func TestPagesAreFresh(t *testing.T) {
	pages, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range pages {
		kept, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(kept) != text {
			t.Errorf(`%s is stale: run "go generate ./presets"`, name)
		}
	}
}

// The links of the pages open a mail that is what the desk reads as an
// opening: its subject, and every blank there is.
func TestLinksOpen(t *testing.T) {
	guides, err := open(root)
	if err != nil || len(guides) != 5 {
		t.Fatal(guides, err)
	}
	for _, g := range guides {
		link, err := url.Parse(g.Mailto(ticket.Open))
		if err != nil {
			t.Fatal(err)
		}
		subject, body := link.Query().Get("subject"), link.Query().Get("body")
		if link.Opaque != string(g.Desk.Intake) || subject != g.Desk.OpeningSubject {
			t.Errorf("%s: the link goes to %s, %q", g.Desk.ID(), link.Opaque, subject)
		}
		form := g.Desk.Policy.Actions[ticket.Open].Form
		for i := range form.Fields {
			body = strings.Replace(body, form.Fields[i].Label+":", form.Fields[i].Label+": x", 1)
			body = strings.Replace(body, "):\r\n", "): x\r\n", 1)
		}
		if read := parser.FormIn(body, form); len(read) != len(form.Fields) {
			t.Errorf("%s: of the filled link %q is read", g.Desk.ID(), read)
		}
	}
}

// Pages without words, or with words of something else, are not made.
func TestMissing(t *testing.T) {
	words := map[ticket.Action]string{ticket.Open: "Abre."}
	if err := missing("actions", words, []ticket.Action{ticket.Open}); err != nil {
		t.Error(err)
	}
	if err := missing("actions", words, []ticket.Action{ticket.Open, ticket.Close}); err == nil {
		t.Error("a word is missing, and nothing is said")
	}
	if err := missing("actions", words, nil); err == nil {
		t.Error("there is a word too many, and nothing is said")
	}
}

func TestCell(t *testing.T) {
	if got, want := cell(" a|b\nAna <ana@x.example>\n"), `a\|b<br>Ana &lt;ana@x.example&gt;`; got != want {
		t.Errorf("%q", got)
	}
}
