package mailflow

import (
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// newTestDesk is a desk of one service with the actions of a whole life.
func newTestDesk(t testing.TB, id string) *Desk {
	t.Helper()
	words, err := templates.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := ticket.ParseNumberFormat("I{yy}{mm}{dd}_{seq:6}")
	if err != nil {
		t.Fatal(err)
	}
	actions := ticket.Lines()
	for a, line := range actions {
		actions[a] = line.WithForm(words.Action(a).Form)
	}
	actions[ticket.Open] = actions[ticket.Open].WithForm(ticket.Form{Fields: []ticket.Field{
		{ID: "service", Label: "Servicio/Aplicación", Kind: ticket.ChoiceField, Options: []ticket.Option{{Value: "EEFF"}}, Required: true},
		{ID: "description", Label: "Descripción", Kind: ticket.LongTextField, Required: true}}})
	d, err := NewDesk(DeskOptions{
		Policy: ticket.Policy{Desk: id, Numbers: numbers, Key: []byte(strings.Repeat(id, 32)), Actions: actions, Zone: time.UTC},
		Intake: ticket.Address("abrir@" + id + ".example"), Correspondence: ticket.Address("soporte@" + id + ".example"),
		OpeningSubject: "Apertura de Incidencia Automática Aplicación / Desarrollo.", GatewayTags: []string{"[EXTERNO]"}, Words: words,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLinksOfOneNameAreRefused(t *testing.T) {
	d := newTestDesk(t, "dgt")
	opt := d.DeskOptions
	opt.Links = map[ticket.Action]string{ticket.Validate: "resolver"} // Resolver, to a reader of subjects
	if _, err := NewDesk(opt); err == nil || !strings.Contains(err.Error(), "both named") {
		t.Errorf("two links of one name: %v", err)
	}
}
