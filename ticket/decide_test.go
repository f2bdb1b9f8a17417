package ticket

import (
	"errors"
	"reflect"
	"testing"
	"time"
)

var morning = time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC)

const (
	ana    Address = "ana@ayuntamiento.example"
	agent1 Address = "agente1@dgt.example"
	agent2 Address = "agente2@dgt.example"
	lead   Address = "jefatura@dgt.example"
)

func testPolicy(t testing.TB) Policy {
	t.Helper()
	numbers, err := ParseNumberFormat("I{yy}{mm}{dd}_{seq:6}")
	if err != nil {
		t.Fatal(err)
	}
	text := func(name, id string, required bool) Form {
		return Form{Name: name, Fields: []Field{{ID: id, Label: id, Kind: LongTextField, Required: required}}}
	}
	p := Policy{
		Desk: "dgt", Zone: time.UTC, Numbers: numbers, Key: Key("0123456789abcdef0123456789abcdef"),
		Queues:   []Queue{{Name: "EEFF", Agents: []Address{agent1, agent2}, Lead: lead}},
		Services: []Service{{Name: "EEFF", Queue: "EEFF"}},
		Actions:  Lines(),
	}
	form := func(a Action, f Form) { p.Actions[a] = p.Actions[a].WithForm(f) }
	form(Open, Form{Name: "open", Fields: []Field{
		{ID: "service", Label: "Servicio", Kind: ChoiceField, Sets: SetsService, Required: true, Options: []Option{{Value: "EEFF"}}},
		{ID: "description", Label: "Descripción", Kind: LongTextField, Required: true},
	}})
	form(Assign, Form{Fields: []Field{{ID: "agent", Kind: AddressField, Required: true}}})
	form(RequestInfo, text("request_info", "question", true))
	form(Resolve, text("resolve", "solution", true))
	form(Reject, text("reject", "reason", false))
	return p
}

// desk plays requests against a ticket and keeps its events.
type desk struct {
	t      testing.TB
	policy Policy
	ticket Ticket
	events []Event
	now    time.Time
}

func newDesk(t testing.TB) *desk { return &desk{t: t, policy: testPolicy(t), now: morning} }

func (d *desk) try(r Request) (Decision, error) {
	d.now = d.now.Add(time.Minute)
	decision, err := Decide(d.ticket, r, d.policy, d.now)
	if err == nil {
		d.ticket = decision.Ticket
		d.events = append(d.events, decision.Events...)
	}
	return decision, err
}

// do asks for an action as the links and replies of a person do: authenticated
// and with the token of the moment where the action has one.
func (d *desk) do(who Address, a Action, read Values) Decision {
	d.t.Helper()
	decision, err := d.try(d.request(who, a, read))
	if err != nil {
		d.t.Fatalf("%s by %s: %v", a, who, err)
	}
	return decision
}

func (d *desk) request(who Address, a Action, read Values) Request {
	r := Request{Action: a, Actor: Person{Address: who}, Read: read, Text: "words", Number: "I171009_000001",
		Assurance: Assurance{Authenticated: true, Strict: true, How: "test"}}
	if line, _ := a.Transition(); !line.Reply && a != Open {
		r.Token = d.policy.Token(d.ticket, a, who)
	}
	return r
}

func (d *desk) open() {
	d.t.Helper()
	d.do(ana, Open, Values{"service": "eeff", "description": "No funciona"})
}

func reason(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reason
	}
	return ""
}

func kinds(d Decision) map[string][]Address {
	out := map[string][]Address{}
	for _, n := range d.Notices {
		kind := NoticeKind(n.Action, n.Audience)
		out[kind] = append(out[kind], n.To)
	}
	return out
}

func TestLifeOfATicket(t *testing.T) {
	d := newDesk(t)
	opened := d.do(ana, Open, Values{"service": "eeff", "description": "No funciona"})
	want := map[string][]Address{"open.requester": {ana}, "open.staff": {agent1, agent2}, "open.lead": {lead}}
	if got := kinds(opened); !reflect.DeepEqual(got, want) {
		t.Errorf("notices of the opening: %v, want %v", got, want)
	}
	if d.ticket.Service != "EEFF" || d.ticket.State != StateNew {
		t.Errorf("opened %+v", d.ticket)
	}
	d.do(agent1, Start, nil)
	d.do(agent1, RequestInfo, Values{"question": "¿Qué navegador usa?"})
	if d.ticket.State != StateWaiting || d.ticket.Question != "¿Qué navegador usa?" {
		t.Errorf("asked: %+v", d.ticket)
	}
	d.do(ana, ProvideInfo, nil)
	d.do(agent1, Resolve, Values{"solution": "Reiniciado"})
	d.do(ana, Reject, Values{"reason": "Sigue igual"})
	if d.ticket.State != StateInProgress {
		t.Errorf("rejected: %+v", d.ticket)
	}
	d.do(agent1, Resolve, Values{"solution": "Cambiado"})
	closed := d.do(ana, Validate, nil)
	if d.ticket.State != StateClosed || d.ticket.Solution != "Cambiado" {
		t.Errorf("validated: %+v", d.ticket)
	}
	want = map[string][]Address{"validate.requester": {ana}, "validate.staff": {agent1}}
	if got := kinds(closed); !reflect.DeepEqual(got, want) {
		t.Errorf("notices of closing: %v, want %v", got, want)
	}
	if err := Verify(d.events); err != nil {
		t.Error(err)
	}
}

func TestRefusals(t *testing.T) {
	cases := []struct {
		name  string
		ready func(*desk)
		ask   func(*desk) Request
		want  string
	}{
		{"missing field", nil, func(d *desk) Request { return d.request(ana, Open, Values{"service": "EEFF"}) }, ReasonForm},
		{"somebody else validates", resolved, func(d *desk) Request { return d.request(agent2, Validate, nil) }, ReasonNotPermitted},
		{"a stranger resolves", (*desk).open, func(d *desk) Request {
			r := d.request("x@y.example", Resolve, nil)
			r.Token = ""
			return r
		}, ReasonNotPermitted},
		{"staff without token", (*desk).open, func(d *desk) Request {
			r := d.request(agent1, Start, nil)
			r.Token = ""
			return r
		}, ReasonNoToken},
		{"staff unauthenticated", (*desk).open, func(d *desk) Request {
			r := d.request(agent1, Start, nil)
			r.Assurance = Assurance{}
			return r
		}, ReasonProof},
		{"requester with nothing", resolved, func(d *desk) Request {
			r := d.request(ana, Validate, nil)
			r.Token, r.Assurance = "", Assurance{}
			return r
		}, ReasonNoToken},
		{"comment in another's name", (*desk).open, func(d *desk) Request {
			r := d.request(ana, Comment, nil)
			r.Assurance = Assurance{}
			return r
		}, ReasonProof},
		{"comment without words", (*desk).open, func(d *desk) Request {
			r := d.request(ana, Comment, nil)
			r.Text = " \n"
			return r
		}, ReasonEmpty},
		{"wrong token", resolved, func(d *desk) Request {
			r := d.request(ana, Validate, nil)
			r.Token = "0000000000000000"
			return r
		}, ReasonBadToken},
		{"token of another", (*desk).open, func(d *desk) Request {
			r := d.request(agent1, Start, nil)
			r.Token = d.policy.Token(d.ticket, Start, agent2)
			return r
		}, ReasonForeignToken},
		{"token of another action", resolved, func(d *desk) Request {
			r := d.request(ana, Validate, nil)
			r.Token = d.policy.Token(d.ticket, Reject, ana)
			return r
		}, ReasonBadToken},
		{"validate before resolved", (*desk).open, func(d *desk) Request {
			r := d.request(ana, Validate, nil)
			r.Token = ""
			return r
		}, ReasonWrongState},
		{"open twice", (*desk).open, func(d *desk) Request {
			return d.request(ana, Open, Values{"service": "EEFF", "description": "x"})
		}, ReasonWrongState},
		{"assign to a stranger", (*desk).open, func(d *desk) Request {
			return d.request(lead, Assign, Values{"agent": "x@y.example"})
		}, ReasonNoSuchPerson},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			if c.ready != nil {
				c.ready(d)
			}
			before := d.ticket
			_, err := d.try(c.ask(d))
			if got := reason(err); got != c.want {
				t.Errorf("refused %q (%v), want %q", got, err, c.want)
			}
			if !reflect.DeepEqual(before, d.ticket) {
				t.Error("a refused action changed the ticket")
			}
		})
	}
}

func resolved(d *desk) {
	d.open()
	d.do(agent1, Start, nil)
	d.do(agent1, Resolve, Values{"solution": "Hecho"})
}

func TestResolverDoesNotValidate(t *testing.T) {
	d := newDesk(t)
	d.do(agent1, Open, Values{"service": "EEFF", "description": "De un agente"})
	d.do(agent1, Resolve, Values{"solution": "Hecho por mí"})
	if _, err := d.try(d.request(agent1, Validate, nil)); reason(err) != ReasonOwnSolution {
		t.Errorf("own solution: %v", err)
	}
	for _, a := range d.policy.Next(d.ticket, agent1) {
		if a == Validate {
			t.Error("validation is offered to who resolved")
		}
	}
}

// TestTokenLivesAsLongAsItsStage holds what Stage promises: a link works while
// what it asks for stays possible, once, and never again after a way round.
func TestTokenLivesAsLongAsItsStage(t *testing.T) {
	d := newDesk(t)
	d.open()
	early := d.policy.Token(d.ticket, Resolve, agent1)
	d.do(agent1, Start, nil)
	if late := d.policy.Token(d.ticket, Resolve, agent1); late != early {
		t.Error("taking up the ticket spoilt the link to resolve it")
	}
	d.do(agent1, Resolve, Values{"solution": "Hecho"})
	first := d.policy.Token(d.ticket, Validate, ana)
	d.do(ana, Reject, nil)
	used := d.request(agent1, Resolve, Values{"solution": "Otra vez"})
	used.Token = early
	if _, err := d.try(used); reason(err) != ReasonStaleToken {
		t.Errorf("used link: %v", err)
	}
	d.do(agent1, Resolve, Values{"solution": "Ahora sí"})
	r := d.request(ana, Validate, nil)
	r.Token = first
	if _, err := d.try(r); reason(err) != ReasonStaleToken {
		t.Errorf("validation link of the first solution: %v", err)
	}
}

// TestLinkWorksOnce holds that also where an action leads back to where it can
// be taken again.
func TestLinkWorksOnce(t *testing.T) {
	d := newDesk(t)
	d.open()
	r := d.request(lead, Assign, Values{"agent": string(agent2)})
	if _, err := d.try(r); err != nil {
		t.Fatal(err)
	}
	if _, err := d.try(r); reason(err) != ReasonStaleToken {
		t.Errorf("the same link again: %v", err)
	}
	d.do(lead, Assign, Values{"agent": string(agent1)})
}

func TestReplyMeans(t *testing.T) {
	d := newDesk(t)
	d.open()
	expect := func(who Address, want Action) {
		t.Helper()
		if got, _ := d.policy.ReplyMeans(d.ticket, who); got != want {
			t.Errorf("reply of %s in %s means %q, want %q", who, d.ticket.State, got, want)
		}
	}
	expect(ana, Comment)
	expect(agent1, Record)
	expect("x@y.example", "")
	d.do(agent1, RequestInfo, Values{"question": "¿?"})
	expect(ana, ProvideInfo)
	d.do(ana, ProvideInfo, nil)
	d.do(agent1, Resolve, Values{"solution": "Hecho"})
	expect(ana, Comment)
	d.do(ana, Validate, nil)
	expect(ana, "")
}

func TestVerifyFindsAlteration(t *testing.T) {
	d := newDesk(t)
	resolved(d)
	alter := map[string]func([]Event){
		"content":  func(e []Event) { e[1].Content.Text = "otra cosa" },
		"actor":    func(e []Event) { e[1].Actor.Address = "x@y.example" },
		"order":    func(e []Event) { e[0], e[1] = e[1], e[0] },
		"prev":     func(e []Event) { e[2].Prev = e[0].Hash },
		"replaced": func(e []Event) { e[1].State = StateClosed; e[1] = e[1].sealed(e[1].Prev) },
	}
	for name, change := range alter {
		events := append([]Event(nil), d.events...)
		change(events)
		if Verify(events) == nil {
			t.Errorf("%s: not found", name)
		}
	}
}
