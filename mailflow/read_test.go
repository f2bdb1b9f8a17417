package mailflow

import (
	"fmt"
	"testing"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

var (
	intake         = []ticket.Address{"ABRIR@dgt.example"}
	correspondence = []ticket.Address{"soporte@dgt.example"}
	both           = []ticket.Address{"abrir@dgt.example", "soporte@dgt.example"}
)

const (
	opening = "Apertura de Incidencia Automática Aplicación / Desarrollo."
	token   = "7kq2m9xa4c8pwz3t"
)

// orderCases are subjects, with further header fields, and what is read in them.
var orderCases = []struct {
	subject, header string
	at              []ticket.Address
	kind            OrderKind
	action          ticket.Action
	number          ticket.Number
	token           string
}{
	{opening, "", intake, OrderOpen, ticket.Open, "", ""},
	{"apertura de incidencia automatica aplicacion / desarrollo", "", intake, OrderOpen, ticket.Open, "", ""},
	{"[EXTERNO] RV: " + opening, "", intake, OrderOpen, ticket.Open, "", ""},
	{opening, "", both, OrderOpen, ticket.Open, "", ""},
	{opening + " urgente", "", intake, OrderNotOpen, "", "", ""},
	{"Re: " + opening, "", intake, OrderNotOpen, "", "", ""},
	{"Re: " + opening, "Cc: abrir@dgt.example\r\n", both, OrderNotOpen, "", "", ""},
	{"Re: " + opening, "Cc: abrir@dgt.example\r\n", correspondence, OrderUnknown, "", "", ""},
	{"Hola", "", intake, OrderNotOpen, "", "", ""},
	{"", "", intake, OrderNotOpen, "", "", ""},
	{"Re: Confirmación de apertura de la incidencia I171009_000001", "", intake, OrderNotOpen, "", "", ""},
	{"Validar Petición I171009_000001 " + token, "", intake, OrderNotOpen, "", "", ""},
	{opening, "Cc: abrir@dgt.example\r\n", correspondence, OrderCopy, "", "", ""},
	{opening, "", correspondence, OrderUnknown, "", "", ""},
	{"Hola", "", correspondence, OrderUnknown, "", "", ""},

	{"Validar la solución I171009_000001 7KQ2M9XA4C8PWZ3T", "", correspondence, OrderCommand, ticket.Validate, "I171009_000001", token},
	{"validar la solucion  i171009_000001 " + token, "", correspondence, OrderCommand, ticket.Validate, "I171009_000001", token},
	{"[EXTERNO] Resolver I171009_000001 " + token, "", both, OrderCommand, ticket.Resolve, "I171009_000001", token},
	{"Resolver I171009_000001", "", correspondence, OrderCommand, ticket.Resolve, "I171009_000001", ""},
	{"Re: Resolver I171009_000001 " + token, "", correspondence, OrderWrite, "", "I171009_000001", ""},
	{"Fwd: Resolver I171009_000001 " + token, "", correspondence, OrderWrite, "", "I171009_000001", ""},
	{"Resolver I171009_000001 " + token + " ya", "", correspondence, OrderWrite, "", "I171009_000001", ""},
	{"Resolver ya I171009_000001 " + token, "", correspondence, OrderWrite, "", "I171009_000001", ""},
	{"Resolver I171009_000001 corto", "", correspondence, OrderWrite, "", "I171009_000001", ""},
	{"Resolver", "", correspondence, OrderUnknown, "", "", ""},
	{"Comentar I171009_000001 " + token, "", correspondence, OrderWrite, "", "I171009_000001", ""},
	{"RE: Cierre de la incidencia I171009_000001", "", correspondence, OrderWrite, "", "I171009_000001", ""},
	{"Cierre de la incidencia XI171009_000001", "", correspondence, OrderUnknown, "", "", ""},
	{"Validar Petición I171009_000001 " + token, "Auto-Submitted: auto-replied\r\n", correspondence, OrderMachine, "", "", ""},
}

func TestRead(t *testing.T) {
	d := newTestDesk(t, "dgt")
	for _, c := range orderCases {
		m := parser.Parse(fmt.Appendf(nil, "From: ana@ayuntamiento.example\r\n%sSubject: %s\r\n\r\ntexto\r\n", c.header, c.subject))
		o := d.Read(m, c.at)
		if o.Kind != c.kind || o.Action != c.action || o.Number != c.number || o.Token != c.token {
			t.Errorf("%q at %v: %s %s %s %q", c.subject, c.at, o.Kind, o.Action, o.Number, o.Token)
		}
	}
}

// People write into the blank, beside it, or over it.
func TestReadBlanks(t *testing.T) {
	d := newTestDesk(t, "dgt")
	for body, want := range map[string]string{
		"Solución: Reiniciado.":                  "Reiniciado.",
		"Solución:\r\nReiniciado.\r\nDos veces.": "Reiniciado.\nDos veces.",
		"Reiniciado.":                            "Reiniciado.",
		"Reiniciado.\r\n\r\nSolución:":           "Reiniciado.",
		"Solución:":                              "",
		"":                                       "",
		"SOLUCION : Reiniciado.\r\n\r\n-- \r\nAna": "Reiniciado.",
	} {
		m := parser.Parse([]byte("From: agente@dgt.example\r\nSubject: Resolver I171009_000001 7KQ2M9XA4C8PWZ3T\r\n" +
			"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body + "\r\n"))
		o := d.Read(m, []ticket.Address{"soporte@dgt.example"})
		if got := o.Values["solution"]; got != want {
			t.Errorf("%q: read %q, not %q", body, got, want)
		}
	}
}

// Where any subject opens, a mail is what its author wrote, from whom its From
// names; what it answers is for the ticket to say.
func TestReadFreely(t *testing.T) {
	d := newTestDesk(t, "dgt")
	d.AnySubject = true
	d.Policy.Actions[ticket.Open] = d.Policy.Actions[ticket.Open].WithForm(ticket.Form{Name: string(ticket.Open), Fields: []ticket.Field{
		{ID: "name", Label: "Nombre", Required: true, Sets: ticket.SetsName},
		{ID: "request", Label: "Solicitud", Kind: ticket.LongTextField, Required: true}}})
	const reported = "No imprime."
	for _, c := range []struct {
		from, subject, body string
		kind                OrderKind
		name, request       string
	}{
		{"Ana Pérez <ana@ayto.example>", "Impresora", reported, OrderUnknown, "Ana Pérez", reported},
		{"ana@ayto.example", "Impresora", reported, OrderUnknown, "", reported},
		{"\"ana@ayto.example\" <ana@ayto.example>", "Impresora", reported, OrderUnknown, "", reported},
		{"Ana <ana@ayto.example>", "Re: Impresora", reported + "\r\n\r\n> Nombre: Luis\r\n> Solicitud: Otra.", OrderUnknown, "Ana", reported},
		{"Ana <ana@ayto.example>", "Impresora", "Nombre: Ana Pérez\r\nSolicitud: " + reported, OrderUnknown, "Ana Pérez", reported},
		{"Ana <ana@ayto.example>", opening, reported, OrderOpen, "Ana", reported},
		{"Ana <ana@ayto.example>", opening, "Nombre:\r\n\r\nSolicitud:", OrderOpen, "Ana", ""},
	} {
		m := parser.Parse([]byte("From: " + c.from + "\r\nSubject: " + c.subject + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + c.body + "\r\n"))
		o := d.Read(m, []ticket.Address{d.Intake})
		if o.Kind != c.kind || o.Action != ticket.Open || o.Values["name"] != c.name || o.Values["request"] != c.request {
			t.Errorf("%s, %q: %s %s %q", c.from, c.subject, o.Kind, o.Action, o.Values)
		}
	}
}

func TestWithoutHint(t *testing.T) {
	const hint = "Envíe el mensaje sin modificar nada."
	for text, want := range map[string]string{
		hint: "", "Envíe el mensaje\nsin  modificar nada.\n\nEnterada.": "Enterada.",
		"Enterada.": "Enterada.", "Envíe el mensaje mañana": "Envíe el mensaje mañana", "": "",
	} {
		if got := withoutHint(text, hint); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}
