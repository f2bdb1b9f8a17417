package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Request asks for an action, in somebody's name.
type Request struct {
	Action      Action
	Actor       Person
	Role        Role // set only for the clock and the operator, who are nobody's mail
	Assurance   Assurance
	Token       string // from the subject of the mail; a valid one proves possession
	Subject     string // of the mail
	Read        Values // the blanks of the action's form as read
	Text        string // the person's own words
	Attachments []Attachment
	Mail        string
	MessageID   string
	Number      Number // for an opening: the number the new ticket takes
}

// Notice is the intent to tell somebody of an event. It is put into words
// later, from the ticket as of that event.
type Notice struct {
	Action   Action
	Audience Audience
	To       Address
	Event    int // Seq
}

// Decision is what a granted request leads to.
type Decision struct {
	Ticket  Ticket // after the events
	Events  []Event
	Notices []Notice
}

// The reasons for which a request is refused. Templates put them into words.
const (
	ReasonUnknownAction = "unknown_action" // the desk does not use it
	ReasonNotPermitted  = "not_permitted"  // not this person's to do
	ReasonBadToken      = "bad_token"      // the link's code is not one of ours
	ReasonForeignToken  = "foreign_token"  // the link was sent to somebody else
	ReasonStaleToken    = "stale_token"    // the link was for an earlier stage
	ReasonWrongState    = "wrong_state"    // not possible as the ticket stands
	ReasonNoToken       = "no_token"       // orders come from our links, never typed by hand alone
	ReasonEmpty         = "empty"          // a reply without words and without files
	ReasonProof         = "proof"          // the identity of the sender is not proven enough
	ReasonForm          = "form"           // blanks are missing or wrong; see Problems
	ReasonOwnSolution   = "own_solution"   // who resolved it does not validate it
	ReasonNoSuchPerson  = "no_such_person" // nobody of that address works on the service
)

// Refusal is the error of a request that is not granted. Nothing changes.
type Refusal struct {
	Reason   string    `json:"reason"`
	Problems []Problem `json:"problems,omitempty"` // for ReasonForm
	Values   Values    `json:"values,omitempty"`   // what was understood of the form
}

func (r *Refusal) Error() string {
	if len(r.Problems) == 0 {
		return "refused: " + r.Reason
	}
	return fmt.Sprintf("refused: %s %v", r.Reason, r.Problems)
}

func refuse(reason string) error { return &Refusal{Reason: reason} }

// Decide grants or refuses a request. It is the only way to make events. The
// error is always a *Refusal.
func Decide(t Ticket, r Request, p Policy, now time.Time) (Decision, error) {
	line, err := p.admit(t, r)
	if err != nil {
		return Decision{}, err
	}
	r, err = prove(r, line)
	if err != nil {
		return Decision{}, err
	}
	content, err := p.content(t, r, line)
	if err != nil {
		return Decision{}, err
	}
	return p.decision(t, p.event(t, r, line, content, now)), nil
}

// admit checks that the action exists at this desk, that this person may take
// it, and that the ticket's state allows it. A token that has gone stale
// explains a wrong state better than the state itself, so it is asked first.
func (p Policy) admit(t Ticket, r Request) (Transition, error) {
	line, used := p.Actions[r.Action]
	if !used {
		return line, refuse(ReasonUnknownAction)
	}
	if err := p.tokenFault(t, r); err != nil {
		return line, err
	}
	if p.barred(t, r.Action, r.Actor.Address) {
		return line, refuse(ReasonOwnSolution)
	}
	if _, permitted := p.role(t, r); !permitted {
		return line, refuse(ReasonNotPermitted)
	}
	if opening := len(line.From) == 0; opening != (t.Number == "") || !opening && !p.allows(t, r.Action) {
		return line, refuse(ReasonWrongState)
	}
	return line, nil
}

// tokenFault refuses a token that is present and not valid: a wrong proof is
// worse than none.
func (p Policy) tokenFault(t Ticket, r Request) error {
	if r.Token == "" {
		return nil
	}
	switch p.inspect(t, r.Action, r.Actor.Address, r.Token) {
	case tokenValid:
		return nil
	case tokenStale:
		return refuse(ReasonStaleToken)
	case tokenForeign:
		return refuse(ReasonForeignToken)
	}
	return refuse(ReasonBadToken)
}

// role is the role in which the request is made. The clock and the operator
// act in their own role; everybody else in the first the rule grants them.
func (p Policy) role(t Ticket, r Request) (Role, bool) {
	if r.Role == RoleOperator {
		return r.Role, true
	}
	if r.Role != "" {
		return r.Role, slices.Contains(p.Actions[r.Action].By, r.Role)
	}
	return p.roleFor(t, r.Action, r.Actor.Address)
}

// prove adds the possession a valid token proves and checks the demand. The
// daemon itself needs no proof. A subject typed by hand may ask but changes
// nothing, whoever sends it: its answer holds the link that does.
func prove(r Request, line Transition) (Request, error) {
	if r.Token != "" {
		r.Assurance = r.Assurance.With("token")
		r.Assurance.Possession = true
	}
	switch {
	case r.Role != "":
		return r, nil
	case r.Token == "" && len(line.From) > 0 && !line.Reply:
		return r, refuse(ReasonNoToken)
	case !r.Assurance.Meets(line.Demand):
		return r, refuse(ReasonProof)
	case line.Reply && strings.TrimSpace(r.Text) == "" && len(r.Attachments) == 0:
		return r, refuse(ReasonEmpty)
	}
	return r, nil
}

// content checks the form and takes from it what the event keeps.
func (p Policy) content(t Ticket, r Request, line Transition) (Content, error) {
	values, problems := line.Form.Check(r.Read)
	if len(problems) > 0 {
		return Content{}, &Refusal{Reason: ReasonForm, Problems: problems, Values: values}
	}
	c := Content{Fields: values, Attachments: r.Attachments}
	if line.Reply {
		c.Text = r.Text
	} else if len(line.From) > 0 {
		c.Text = values[line.Form.first(LongTextField)]
	}
	return p.specific(t, r, line, c)
}

// specific adds what only some actions keep.
func (p Policy) specific(t Ticket, r Request, line Transition, c Content) (Content, error) {
	switch r.Action {
	case Open:
		c.Subject, c.Service = r.Subject, c.Fields[p.ServiceField]
	case Start:
		c.Assignee = r.Actor.Address
	case Assign:
		c.Assignee = Address(c.Fields[line.Form.first(AddressField)])
		if !has(p.service(t.Service).Agents, c.Assignee) {
			return c, refuse(ReasonNoSuchPerson)
		}
	}
	return c, nil
}

func (p Policy) event(t Ticket, r Request, line Transition, c Content, now time.Time) Event {
	state := line.To
	if state == "" {
		state = t.State
	}
	number := t.Number
	if r.Action == Open {
		number = r.Number
	}
	role, _ := p.role(t, r)
	return Event{
		Seq: t.Events + 1, Ticket: number, Desk: p.Desk, Action: r.Action, State: state, At: now.UTC().Round(0), // without the monotonic reading

		Actor: r.Actor, Role: role, Assurance: r.Assurance, Mail: r.Mail, MessageID: r.MessageID, Content: c,
	}.sealed(t.Head)
}

// decision applies the event and says who is told.
func (p Policy) decision(t Ticket, e Event) Decision {
	d := Decision{Ticket: Apply(t, e), Events: []Event{e}}
	for _, audience := range p.Actions[e.Action].Tell {
		for _, who := range p.Addressees(d.Ticket, audience, e.Actor.Address) {
			if !d.told(who, audience) {
				d.Notices = append(d.Notices, Notice{Action: e.Action, Audience: audience, To: who, Event: e.Seq})
			}
		}
	}
	return d
}

// told tells whether somebody already gets a notice that makes one for this
// audience needless. Who is requester and staff at once gets both, for they
// say different things; the mere "done" to the actor gives way to any.
func (d Decision) told(who Address, audience Audience) bool {
	return slices.ContainsFunc(d.Notices, func(n Notice) bool {
		bothRoles := (n.Audience == ToRequester) != (audience == ToRequester) && audience != ToActor
		return n.To.Equal(who) && !bothRoles
	})
}
