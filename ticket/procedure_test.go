package ticket

import (
	"errors"
	"slices"
	"testing"
	"time"
)

const (
	helper    Address = "mesa@dgt.example"
	validator Address = "valida@dgt.example"
	attention Address = "dau@dgt.example"
	admin     Address = "admin@dgt.example"
	director  Address = "direccion@dgt.example"
	titular   Address = "titular@dgt.example"
	other     Address = "otra@dgt.example"
	luis      Address = "luis@ayuntamiento.example"
)

// wide is a desk that uses every action there is, with two queues.
func wide(t testing.TB) *desk {
	d := newDesk(t)
	p := &d.policy
	var all []Action
	for _, line := range Table {
		all = append(all, line.Action)
	}
	forms := p.Actions
	p.Actions = LinesOf(all...)
	for a, line := range forms {
		p.Actions[a] = p.Actions[a].WithForm(line.Form)
	}
	p.Queues = append(p.Queues, Queue{Name: "Redes", Agents: []Address{other}, Lead: other})
	p.Queues[0].Superiors = [][]Address{{director}, {titular}}
	p.Members = map[Role][]Address{RoleHelpDesk: {helper}, RoleValidator: {validator}, RoleAttention: {attention}, RoleAdministrator: {admin}}
	give := func(a Action, fields ...Field) {
		p.Actions[a] = p.Actions[a].WithForm(Form{Name: string(a), Fields: fields})
	}
	reason := Field{ID: "reason", Kind: LongTextField}
	give(Transfer, Field{ID: "person", Kind: AddressField}, Field{ID: "queue", Kind: ChoiceField, Sets: SetsQueue, Options: []Option{{Value: "EEFF"}, {Value: "Redes"}}}, reason)
	give(Classify, Field{ID: "priority", Kind: ChoiceField, Sets: SetsPriority, Options: []Option{{Value: "Alta"}, {Value: "Baja"}}})
	give(Schedule, Field{ID: "date", Kind: DateTimeField, Sets: SetsDue, Required: true})
	give(Reopen, Field{ID: "person", Kind: AddressField}, reason)
	give(Attach, Field{ID: "main", Kind: TicketField, Sets: SetsMain, Required: true})
	give(Merge, Field{ID: "main", Kind: TicketField, Sets: SetsMain, Required: true})
	return d
}

// allow gives an action to some roles.
func (d *desk) allow(a Action, by ...Role) {
	line := d.policy.Actions[a]
	line.By = by
	d.policy.Actions[a] = line
}

// refused asks for what must not be granted.
func (d *desk) refused(r Request, reason string) *Refusal {
	d.t.Helper()
	_, err := d.try(r)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != reason {
		d.t.Fatalf("%s by %s: %v, not refused for %s", r.Action, r.Actor.Address, err, reason)
	}
	return refusal
}

func (d *desk) stands(state State, assignee Address) {
	d.t.Helper()
	if d.ticket.State != state || d.ticket.Assignee != assignee {
		d.t.Fatalf("%s with %q, not %s with %q", d.ticket.State, d.ticket.Assignee, state, assignee)
	}
}

// told lists who is told of a decision, as "audience address".
func told(d Decision) []string {
	var list []string
	for _, n := range d.Notices {
		list = append(list, string(n.Audience)+" "+string(n.To))
	}
	return list
}

func (d *desk) tells(decision Decision, want ...string) {
	d.t.Helper()
	if got := told(decision); !slices.Equal(got, want) {
		d.t.Errorf("%s tells %q, not %q", decision.Events[0].Action, got, want)
	}
}

func TestTransferAndReturn(t *testing.T) {
	d := wide(t)
	d.open()
	d.tells(d.do(lead, Transfer, Values{"person": string(agent2), "reason": "Es lo suyo"}),
		"staff "+string(agent2), "lead "+string(lead), "requester "+string(ana))
	d.stands(StateAssigned, agent2)
	d.tells(d.do(agent2, Return, nil), "lead "+string(lead), "actor "+string(agent2))
	d.stands(StateAssigned, lead)
	d.tells(d.do(lead, Transfer, Values{"queue": "Redes"}), "staff "+string(other), "requester "+string(ana), "actor "+string(lead))
	d.stands(StateNew, "")
	if d.policy.QueueName(d.ticket) != "Redes" {
		t.Errorf("the ticket is with %s", d.policy.QueueName(d.ticket))
	}
	d.refused(d.request(lead, Transfer, Values{"queue": "EEFF"}), ReasonNotPermitted) // no longer hers
	d.refused(d.request(other, Transfer, Values{"person": string(ana)}), ReasonNoSuchPerson)
	d.refused(d.request(other, Transfer, Values{"reason": "a nadie"}), ReasonNoSuchPerson)
}

func TestEscalationLevelByLevel(t *testing.T) {
	d := wide(t)
	d.open()
	d.tells(d.do(lead, Escalate, nil), "superior "+string(director), "staff "+string(agent1), "staff "+string(agent2), "actor "+string(lead))
	d.tells(d.do(helper, Escalate, nil), "superior "+string(titular), "staff "+string(agent1), "staff "+string(agent2), "actor "+string(helper))
	d.tells(d.do(helper, Escalate, nil), "superior "+string(titular), "staff "+string(agent1), "staff "+string(agent2), "actor "+string(helper))
	alone := d.policy
	alone.Queues, alone.Services = nil, nil
	if slices.Contains(alone.Next(d.ticket, helper), Escalate) {
		t.Error("there is nobody to escalate to, and it is offered")
	}
	if roles := d.policy.Roles(d.ticket, titular); !slices.Equal(roles, []Role{RoleSuperior}) {
		t.Errorf("the superior that was called is %v", roles)
	}
}

// TestAcknowledgingByReply checks that a desk may take a reply for an
// acknowledgement, once; what comes after that is a note.
func TestAcknowledgingByReply(t *testing.T) {
	d := wide(t)
	line := d.policy.Actions[Acknowledge]
	line.Reply, line.Link, line.Once = true, true, true
	d.policy.Actions[Acknowledge] = line
	d.open()
	means := func(want Action) {
		t.Helper()
		if got, _ := d.policy.ReplyMeans(d.ticket, agent1); got != want {
			t.Errorf("a reply means %q, not %q", got, want)
		}
	}
	means(Acknowledge)
	if !slices.Contains(d.policy.Next(d.ticket, agent1), Acknowledge) {
		t.Error("there is no link to acknowledge")
	}
	link := d.request(agent1, Acknowledge, nil)
	link.Token, link.Text = d.policy.Token(d.ticket, Acknowledge, agent1), ""
	if _, err := d.try(link); err != nil {
		t.Fatalf("a link that says no more is refused: %v", err)
	}
	means(Record)
}

func TestBringingInARole(t *testing.T) {
	d := wide(t)
	line := d.policy.Actions[Escalate]
	line.Involves, line.Tell = RoleAttention, []Audience{ToAttention, ToActor}
	d.policy.Actions[Escalate] = line
	d.open()
	d.do(lead, Assign, Values{"agent": string(agent1)})
	d.tells(d.do(lead, Escalate, nil), "attention "+string(attention), "actor "+string(lead))
	d.tells(d.do(ana, Comment, nil), "requester "+string(ana), "staff "+string(attention), "staff "+string(agent1))
	d.do(attention, Resolve, Values{"solution": "Entre todos"})
}

func TestAnActionOfTheDesksOwn(t *testing.T) {
	d := wide(t)
	page := Transition{Action: "page_up", Kind: Record, From: working, By: []Role{RoleAgent}, Demand: DemandBoth, Tell: []Audience{ToHelpDesk, ToActor}, Once: true}
	d.policy.Actions["page_up"], d.policy.Order = page, []Action{"page_up"}
	d.open()
	if next := d.policy.Next(d.ticket, agent1); next[0] != "page_up" {
		t.Errorf("offered first is %s", next[0])
	}
	link := d.request(agent1, "page_up", nil)
	link.Token = d.policy.Token(d.ticket, "page_up", agent1)
	decision, err := d.try(link)
	if err != nil {
		t.Fatal(err)
	}
	d.tells(decision, "help_desk "+string(helper), "actor "+string(agent1))
	if decision.Events[0].Is() != Record || slices.Contains(d.policy.Next(d.ticket, agent1), "page_up") {
		t.Error("it is done, and offered again")
	}
	d.refused(link, ReasonAlreadyDone)
	d.do(agent1, Resolve, Values{"solution": "Hecho"})
	d.do(ana, Reject, nil)
	if !slices.Contains(d.policy.Next(d.ticket, agent1), "page_up") {
		t.Error("after a rejection it is not to be done again")
	}
}

func TestReportAfterValidation(t *testing.T) {
	d := wide(t)
	for a, to := range map[Action]State{Validate: StateReporting} {
		line := d.policy.Actions[a]
		line.To, line.By = to, []Role{RoleValidator}
		d.policy.Actions[a] = line
	}
	d.open()
	d.do(agent1, Resolve, Values{"solution": "Listo"})
	d.do(validator, Validate, nil)
	d.stands(StateReporting, agent1)
	d.tells(d.do(agent1, Report, nil), "help_desk "+string(helper), "actor "+string(agent1))
	d.do(helper, ReturnReport, nil)
	d.stands(StateReporting, agent1)
	d.do(agent1, Report, nil)
	d.tells(d.do(helper, Close, nil), "requester "+string(ana), "staff "+string(agent1), "actor "+string(helper))
	d.stands(StateClosed, agent1)
}

func TestAnIncompleteOpeningIsCompletedUnderItsNumber(t *testing.T) {
	d := wide(t)
	d.policy.AcceptIncomplete = true
	form := d.policy.Actions[Open].Form
	d.policy.Actions[Complete] = d.policy.Actions[Complete].WithForm(form)
	d.tells(d.do(ana, Open, Values{"service": "EEFF"}), "requester "+string(ana))
	if d.ticket.State != StateWaiting || !slices.Equal(d.ticket.Missing, []Problem{{Field: "description", Reason: "missing"}}) {
		t.Fatalf("%s lacks %v", d.ticket.State, d.ticket.Missing)
	}
	if means, _ := d.policy.ReplyMeans(d.ticket, ana); means != Complete {
		t.Errorf("a reply means %s", means)
	}
	decision, err := d.try(Request{Action: Complete, Actor: Person{Address: ana}, Text: "No funciona", Assurance: Assurance{Authenticated: true}})
	if err != nil {
		t.Fatal(err)
	}
	d.tells(decision, "requester "+string(ana), "staff "+string(agent1), "staff "+string(agent2), "lead "+string(lead))
	if d.ticket.State != StateNew || d.ticket.Fields["description"] != "No funciona" || d.ticket.Fields["service"] != "EEFF" || len(d.ticket.Missing) > 0 {
		t.Errorf("%s with %v", d.ticket.State, d.ticket.Fields)
	}
}

func TestOpeningOnBehalf(t *testing.T) {
	d := wide(t)
	d.allow(Open, RoleHelpDesk)
	line := d.policy.Actions[Open]
	line.Form.Fields = append(line.Form.Fields, Field{ID: "user", Kind: PersonField, Sets: SetsRequester, Required: true},
		Field{ID: "to", Kind: AddressField, Sets: SetsAssignee})
	line.Tell = []Audience{ToRequester, ToStaff, ToLead, ToActor}
	d.policy.Actions[Open] = line
	asked := Values{"service": "EEFF", "description": "x", "user": "Luis Gil <luis@ayuntamiento.example>", "to": string(luis)}
	d.refused(Request{Action: Open, Actor: Person{Address: helper}, Read: asked}, ReasonNoSuchPerson)
	asked["to"] = string(agent2)
	d.refused(Request{Action: Open, Actor: Person{Address: ana}, Read: asked}, ReasonNotPermitted)
	d.tells(d.do(helper, Open, asked), "requester "+string(luis), "staff "+string(agent2), "lead "+string(lead), "actor "+string(helper))
	d.stands(StateAssigned, agent2)
	if d.ticket.Requester != (Person{Address: luis, Name: "Luis Gil"}) {
		t.Errorf("opened for %v", d.ticket.Requester)
	}
}

func TestRegistration(t *testing.T) {
	d := wide(t)
	d.policy.RegisteredOnly = true
	d.refused(Request{Action: Open, Actor: Person{Address: ana}, Read: Values{"service": "EEFF", "description": "x"}}, ReasonNotRegistered)
	application := d.request(ana, Register, nil)
	application.Token = ""
	decision, err := d.try(application)
	if err != nil {
		t.Fatal(err)
	}
	d.tells(decision, "requester "+string(ana), "administrator "+string(admin))
	if next := d.policy.Next(d.ticket, admin); !slices.Equal(next, []Action{Approve, Refuse}) {
		t.Errorf("the administrator may %v", next)
	}
	d.tells(d.do(admin, Approve, nil), "requester "+string(ana), "actor "+string(admin))
	d.stands(StateApproved, "")
}

func TestASubstituteActsAndIsToldMeanwhile(t *testing.T) {
	d := wide(t)
	d.policy.Absences = []Absence{{Who: lead, Substitute: other, From: morning, Until: morning.Add(time.Hour)}}
	d.tells(d.do(ana, Open, Values{"service": "EEFF", "description": "x"}),
		"requester "+string(ana), "staff "+string(agent1), "staff "+string(agent2), "lead "+string(other))
	r := d.request(other, Assign, Values{"agent": string(agent1)})
	r.Token = d.policy.At(d.now).Token(d.ticket, Assign, other)
	if _, err := d.try(r); err != nil {
		t.Fatal(err)
	}
	d.now = morning.Add(2 * time.Hour)
	d.refused(d.request(other, Transfer, Values{"person": string(agent2)}), ReasonNotPermitted)
}

func TestDates(t *testing.T) {
	d := wide(t)
	d.open()
	refusal := d.refused(d.request(lead, Schedule, Values{"date": "01/10/2017 10:00"}), ReasonForm)
	if !slices.Equal(refusal.Problems, []Problem{{Field: "date", Reason: "past"}}) {
		t.Errorf("an agreement in the past: %v", refusal.Problems)
	}
	d.do(lead, Schedule, Values{"date": "12/10/2017 10:00"})
	if want := time.Date(2017, 10, 12, 10, 0, 0, 0, time.UTC); !d.ticket.Due.Equal(want) {
		t.Errorf("agreed on %s", d.ticket.Due)
	}
	d.do(agent1, Classify, Values{"priority": "alta"})
	if d.ticket.Priority != "Alta" || d.ticket.Fields["priority"] != "Alta" {
		t.Errorf("priority %q, %v", d.ticket.Priority, d.ticket.Fields)
	}
}

func TestFilesAreBoundByService(t *testing.T) {
	d := wide(t)
	d.policy.Services[0].MaxFiles, d.policy.Services[0].MaxBytes = 1, 100
	r := Request{Action: Open, Actor: Person{Address: ana}, Number: "I171009_000001", Read: Values{"service": "EEFF", "description": "x"}}
	r.Attachments = []Attachment{{Name: "a", Size: 101}}
	d.refused(r, ReasonFiles)
	r.Attachments = []Attachment{{Name: "a", Size: 1}, {Name: "b", Size: 1}}
	d.refused(r, ReasonFiles)
	r.Attachments = r.Attachments[:1]
	if _, err := d.try(r); err != nil {
		t.Error(err)
	}
}

// Tickets go to those who look after them, not to those who watch over the
// desk or run it.
func TestWhoTakesTickets(t *testing.T) {
	d := wide(t)
	d.open()
	for _, who := range []Address{helper, validator, attention, admin, ana} {
		d.refused(d.request(lead, Transfer, Values{"person": string(who)}), ReasonNoSuchPerson)
	}
	d.do(lead, Transfer, Values{"person": string(other)})
	d.stands(StateAssigned, other)
}

func TestWhoMayOpen(t *testing.T) {
	d := wide(t)
	d.allow(Open, RoleHelpDesk)
	if !d.policy.MayOpen(helper) || d.policy.MayOpen(ana) || d.policy.MayOpen(lead) {
		t.Error("the help desk alone opens tickets")
	}
}
