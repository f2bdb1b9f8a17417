package config_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/ticket"
)

var (
	key   = ticket.Key(bytes.Repeat([]byte{7}, 32))
	forms = map[ticket.Action]ticket.Form{
		ticket.Assign:      {Name: "assign", Fields: []ticket.Field{{ID: "assignee", Kind: ticket.AddressField}}},
		ticket.RequestInfo: {Name: "request_info", Fields: []ticket.Field{{ID: "question", Kind: ticket.LongTextField}}},
		ticket.Resolve:     {Name: "resolve", Fields: []ticket.Field{{ID: "solution", Kind: ticket.LongTextField}}},
		ticket.Schedule:    {Name: "schedule", Fields: []ticket.Field{{ID: "due", Kind: ticket.DateTimeField}}},
		ticket.Transfer:    {Name: "transfer", Fields: []ticket.Field{{ID: "queue", Kind: ticket.ChoiceField, Sets: ticket.SetsQueue}}},
		ticket.Attach:      {Name: "attach", Fields: []ticket.Field{{ID: "main", Kind: ticket.TicketField}}},
		ticket.Merge:       {Name: "merge", Fields: []ticket.Field{{ID: "main", Kind: ticket.TicketField}}},
	}
)

// The preset's policy opens a ticket from what its opening mail says.
func TestPolicyDecides(t *testing.T) {
	d := parse(t, preset(t), spanish).Desks[0]
	policy, err := d.Policy(key, forms)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC)
	decision, err := ticket.Decide(ticket.Ticket{}, ticket.Request{
		Action: ticket.Open, Actor: ticket.Person{Address: "ana@ayto.example"},
		Number: policy.Numbers.Number(now.In(policy.Zone), 49),
		Read:   ticket.Values{"service": "Entidades Financieras", "type": "error de acceso", "description": "No entra."},
	}, policy, now)
	if err != nil {
		t.Fatal(err)
	}
	opened := decision.Ticket
	if opened.Number != "I171009_000049" || opened.Service != "EEFF" || opened.Fields["type"] != "Error Acceso" {
		t.Errorf("opened %+v", opened)
	}
	told := func(who ticket.Address) bool {
		return slices.ContainsFunc(decision.Notices, func(n ticket.Notice) bool { return n.To == who })
	}
	if !told("agente1@dgt.example") || !told("jefatura@dgt.example") {
		t.Errorf("told %+v", decision.Notices)
	}
}

// What a desk does its own way stands in its rules; the rest is the table's.
func TestPolicyOfADeskOfItsOwn(t *testing.T) {
	c, err := config.Load([]string{"testdata/good/desks/dos.yaml"}, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	policy, err := c.Desks[0].Policy(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	resolve := policy.Actions[ticket.Resolve]
	if resolve.Demand != ticket.DemandAuthenticated || resolve.Form.Fields[0].ID != "work" || resolve.Form.Fields[0].MaxLen != 500 {
		t.Errorf("resolve %+v", resolve)
	}
	if by := policy.Actions[ticket.Record].By; !slices.Equal(by, []ticket.Role{ticket.RoleAgent, ticket.RoleClock}) {
		t.Errorf("record by %v: the clock must keep what the table gives it", by)
	}
	if _, used := policy.Actions[ticket.Assign]; used || len(policy.Actions) != 3+len(ticket.LinesOf()) {
		t.Errorf("actions %v", policy.Actions)
	}
}

func TestPolicyFaults(t *testing.T) {
	d := parse(t, preset(t), spanish).Desks[0]
	if _, err := d.Policy(key[:31], forms); err == nil {
		t.Error("a short key was taken")
	}
	if _, err := d.Policy(key, nil); err == nil {
		t.Error("assign was taken without a form")
	}
}
