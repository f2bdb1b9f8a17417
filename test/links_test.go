package test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/internal/mailtest"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// What a link says is read back from the mail it becomes, whatever the mail
// program: read(compose(link, values)) == values, for every link of a ticket's
// life.
func TestLinksAreReadAsTheyWereWritten(t *testing.T) {
	c, err := loadDesk("dgt")
	if err != nil {
		t.Fatal(err)
	}
	site, err := daemon.NewSite(c)
	if err != nil {
		t.Fatal(err)
	}
	links := linksOfALife(t)
	for _, program := range mailtest.Programs {
		t.Run(program.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				link := rapid.SampledFrom(links).Draw(t, "link")
				checkLink(t, site.Desks[0], program, link)
			})
		})
	}
}

func checkLink(t *rapid.T, desk *mailflow.Desk, program mailtest.Program, link mailclient.Link) {
	at := []ticket.Address{ticket.Address(link.Address)}
	asWritten := read(t, desk, mailtest.Programs[0], link, at, nil)
	if asWritten.Kind == mailflow.OrderWrite {
		checkReply(t, desk, program, link, at)
		return
	}
	form := desk.Policy.Actions[asWritten.Action].Form
	values, blanks := asWritten.Values, map[string]string{}
	for _, field := range form.Fields {
		if values[field.ID] == "" && (field.Required || rapid.Bool().Draw(t, "filled")) {
			blanks[field.Label] = drawValue(t, field)
			values[field.ID] = blanks[field.Label]
		}
	}
	got := read(t, desk, program, link, at, blanks)
	if got.Kind != asWritten.Kind || got.Action != asWritten.Action || got.Number != asWritten.Number || got.Token != asWritten.Token {
		t.Fatalf("the order is %s %s %s %q, not %s %s %s %q", got.Kind, got.Action, got.Number, got.Token,
			asWritten.Kind, asWritten.Action, asWritten.Number, asWritten.Token)
	}
	for _, field := range form.Fields {
		if want, is := values[field.ID], got.Values[field.ID]; !same(program, want, is) {
			t.Fatalf("%s: wrote %q, read %q", field.Label, want, is)
		}
	}
}

// checkReply is for the links to which people write freely.
func checkReply(t *rapid.T, desk *mailflow.Desk, program mailtest.Program, link mailclient.Link, at []ticket.Address) {
	draft, err := program.Click(link, author, nil)
	if err != nil {
		t.Fatal(err)
	}
	draft.Body = drawValue(t, ticket.Field{Kind: ticket.LongTextField})
	got := readDraft(desk, program, draft, at)
	if got.Kind != mailflow.OrderWrite || !same(program, draft.Body, got.Text) {
		t.Fatalf("wrote %q, read %q as %s", draft.Body, got.Text, got.Kind)
	}
}

// read follows the link in a program and reads the mail that comes of it.
func read(t *rapid.T, desk *mailflow.Desk, program mailtest.Program, link mailclient.Link, at []ticket.Address, blanks map[string]string) mailflow.Order {
	draft, err := program.Click(link, author, blanks)
	if err != nil {
		t.Fatal(err)
	}
	return readDraft(desk, program, draft, at)
}

const author = "ana@ayuntamiento.example"

func readDraft(desk *mailflow.Desk, program mailtest.Program, d mailclient.Draft, at []ticket.Address) mailflow.Order {
	noon := time.Date(2017, 10, 9, 12, 0, 0, 0, time.UTC)
	return desk.Read(parser.Parse(program.Bytes(d, noon, 1)), at)
}

// same compares a value with what was read. Two of the programs keep every
// line; the others break lines as they like. Outlook's signature has no mark,
// so it may stand behind what was written last.
func same(program mailtest.Program, want, got string) bool {
	if program.Name == "outlook" {
		got = strings.TrimSuffix(strings.Join(strings.Fields(got), " "), "ana Servicio de Informática")
	}
	if program.Name == "thunderbird" || program.Name == "mutt" {
		return want == got
	}
	return strings.Join(strings.Fields(want), " ") == strings.Join(strings.Fields(got), " ")
}

// drawValue draws what somebody might write into a blank. There are no capitals
// with accents: before a sign they can be, in Windows-1252, the bytes of another
// letter in UTF-8.
func drawValue(t *rapid.T, f ticket.Field) string {
	word := rapid.StringMatching(`[a-zA-Záéíóúñü0-9«¿][a-zA-Záéíóúñü0-9€+=&%#?@/.-]{0,14}[a-zñó0-9?»]`)
	line := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 1, 30).Draw(t, "words"), " ")
	})
	switch f.Kind {
	case ticket.ChoiceField:
		return rapid.SampledFrom(f.Options).Draw(t, "option").Value
	case ticket.AddressField:
		return rapid.StringMatching(`[a-z][a-z0-9.+_-]{0,20}[a-z0-9]@dgt\.example`).Draw(t, "address")
	}
	return strings.Join(rapid.SliceOfN(line, 1, 4).Draw(t, "lines"), "\n")
}

// linksOfALife plays a ticket's life and collects the links of all its mails.
func linksOfALife(t *testing.T) []mailclient.Link {
	t.Helper()
	c, err := loadDesk("dgt")
	if err != nil {
		t.Fatal(err)
	}
	office, err := openOffice(c, t.TempDir()+"/data", time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := office.close(); err != nil {
			t.Error(err)
		}
	}()
	opening := mailclient.Draft{From: "ana@ayuntamiento.example", To: string(c.Desks[0].Intake), Subject: c.Desks[0].Opening.Subject,
		Body: "Servicio/Aplicación: EEFF\nDescripción: No se\npuede entrar."}
	p := player{t: t, office: office}
	p.send(opening)
	p.follow("ana", "Abrir incidencia", map[string]string{"Tipo": "Error Acceso"})
	p.follow("jefatura", "Asignar", map[string]string{"Agente": "agente1@dgt.example"})
	p.follow("agente1", "Solicitar información", map[string]string{"Información solicitada": "¿Dónde?"})
	p.follow("agente1", "Resolver", map[string]string{"Solución": "Hecho."})
	p.follow("ana", "Rechazar Petición", nil)
	return p.links()
}

// player plays all parts.
type player struct {
	t      *testing.T
	office *office
}

func (p player) send(d mailclient.Draft) {
	if answer, err := p.office.client.Send(context.Background(), d); err != nil {
		p.t.Fatal(answer, err)
	}
}

// follow clicks a link in the newest mail somebody has that offers it.
func (p player) follow(who, name string, blanks map[string]string) {
	mails, err := p.office.mailbox(who)
	if err != nil {
		p.t.Fatal(err)
	}
	for i := len(mails) - 1; i >= 0; i-- {
		if link, ok := mails[i].Link(name); ok {
			draft := mailclient.Follow(link, mails[i].For)
			if draft.Body, err = mailclient.Fill(draft.Body, blanks); err != nil {
				p.t.Fatal(err)
			}
			p.send(draft)
			return
		}
	}
	p.t.Fatalf("%s is offered no %q", who, name)
}

// links are those of all mails that went out, each once.
func (p player) links() []mailclient.Link {
	mails, err := p.office.mails()
	if err != nil {
		p.t.Fatal(err)
	}
	var links []mailclient.Link
	seen := map[string]bool{}
	names := map[string]bool{}
	for _, m := range mails {
		for _, link := range m.Links {
			if names[link.Name] = true; !seen[link.URL] {
				seen[link.URL] = true
				links = append(links, link)
			}
		}
	}
	const kinds = 8 // open, assign, start, request_info, provide_info, resolve, validate, reject
	if len(names) != kinds {
		p.t.Fatal(fmt.Errorf("%d kinds of link, not %d: %v", len(names), kinds, sortedKeys(names)))
	}
	return links
}
