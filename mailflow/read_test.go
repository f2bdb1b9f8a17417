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

	{"Validar Petición I171009_000001 7KQ2M9XA4C8PWZ3T", "", correspondence, OrderCommand, ticket.Validate, "I171009_000001", token},
	{"validar peticion  i171009_000001 " + token, "", correspondence, OrderCommand, ticket.Validate, "I171009_000001", token},
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
