package ticket

import (
	"fmt"
	"slices"
	"time"
)

// Request asks for an action, in somebody's name.
type Request struct {
	Action      Action
	Actor       Person
	Role        Role // set only for the daemon's own, which are nobody's mail
	Assurance   Assurance
	Token       string // from the subject of the mail; a valid one proves possession
	Subject     string // of the mail
	Read        Values // the blanks of the action's form as read
	Text        string // the person's own words
	Attachments []Attachment
	Mail        string
	MessageID   string
	Number      Number // for an opening: the number the new ticket takes

	Copied   []Address // whom the mail was copied to
	Contact  Values    // what the desk knows of the actor; nil: not registered
	Main     *Ticket   // the ticket that the form names to follow or go on under; nil: there is none
	Follower *Ticket   // for Follow: which one follows
	Alarm    *Alarm    // of which clock, for the clock
	Notice   string    // the kind of notice that arrived or came back, for Deliver and Bounce
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

// Decide grants or refuses a request. It is the only way to make events. The
// error is always a *Refusal.
func Decide(t Ticket, r Request, p Policy, now time.Time) (Decision, error) {
	p = p.At(now)
	line, err := p.admit(t, r)
	if err != nil {
		return Decision{}, err
	}
	r, err = p.prove(t, r, line)
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
	if line.Is() == Open && p.RegisteredOnly && r.Contact == nil {
		return line, refuse(ReasonNotRegistered)
	}
	if _, permitted := p.role(t, r); !permitted {
		return line, refuse(ReasonNotPermitted)
	}
	carried := r.Role == RoleMain && !t.State.Over() // it follows, wherever it was left behind
	if !line.possible(t) && !carried || r.Role == "" && !p.fits(t, r.Action) {
		return line, refuse(ReasonWrongState)
	}
	return line, nil
}

// possible tells whether the ticket's state allows the action.
func (t Transition) possible(on Ticket) bool {
	if t.Opens() || on.Number == "" {
		return t.Opens() && on.Number == ""
	}
	return slices.Contains(t.From, on.State)
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
		if p.Actions[r.Action].Once && p.done(t, r.Action) {
			return refuse(ReasonAlreadyDone)
		}
		return refuse(ReasonStaleToken)
	case tokenForeign:
		return refuse(ReasonForeignToken)
	}
	return refuse(ReasonBadToken)
}

// role is the role in which the request is made. The clock, the operator and a
// main ticket act in their own role; everybody else in the first the rule
// grants them.
func (p Policy) role(t Ticket, r Request) (Role, bool) {
	if r.Role == RoleOperator || r.Role == RoleMain {
		return r.Role, true
	}
	if r.Role != "" {
		return r.Role, slices.Contains(p.Actions[r.Action].By, r.Role)
	}
	return p.roleFor(t, r.Action, r.Actor.Address)
}

// prove adds the possession a valid token proves and checks the demand. The
// daemon itself needs no proof. A subject typed by hand may ask but changes
// nothing, whoever sends it: its answer holds the link that does. Who acts for
// the desk must be authenticated strictly.
func (p Policy) prove(t Ticket, r Request, line Transition) (Request, error) {
	if r.Token != "" {
		r.Assurance = r.Assurance.With("token")
		r.Assurance.Possession = true
	}
	switch {
	case r.Role != "":
		return r, nil
	case r.Token == "" && !line.Opens() && !line.Reply:
		return r, refuse(ReasonNoToken)
	case !p.proven(t, r).Meets(p.demanded(line)):
		return r, refuse(ReasonProof)
	case line.Reply && line.Is() != Acknowledge && r.says() == "" && len(r.Attachments) == 0:
		return r, refuse(ReasonEmpty)
	}
	return r, nil
}

// demanded is how sure one must be of who asks. Where only the registered open
// tickets, who opens one must be who they say: an address is no secret.
func (p Policy) demanded(line Transition) Demand {
	if line.Is() == Open && p.RegisteredOnly && line.Demand == DemandAny {
		return DemandEither
	}
	return line.Demand
}

// proven is the assurance that counts for the role in which somebody acts.
func (p Policy) proven(t Ticket, r Request) Assurance {
	a := r.Assurance
	if role, _ := p.role(t, r); role != RoleRequester {
		a.Authenticated = a.Authenticated && a.Strict
	}
	return a
}

func (p Policy) event(t Ticket, r Request, line Transition, c Content, now time.Time) Event {
	number := t.Number
	if line.Opens() {
		number = r.Number
	}
	role, _ := p.role(t, r)
	return Event{
		Seq: t.Events + 1, Ticket: number, Desk: p.Desk, Action: r.Action, Kind: line.Kind, State: line.destination(t, c),
		At: now.UTC().Round(0), // without the monotonic reading

		Actor: r.Actor, Role: role, Assurance: r.Assurance, Mail: r.Mail, MessageID: r.MessageID, Content: c,
	}.sealed(t.Head)
}

// destination is the state the action leads to. What lacks something waits for
// it; what is opened or completed with somebody in charge is assigned.
func (t Transition) destination(from Ticket, c Content) State {
	switch kind := t.Is(); {
	case len(c.Missing) > 0:
		return StateWaiting
	case (kind == Open || kind == Complete) && t.To == StateNew && (c.Assignee != "" || from.Assignee != ""):
		return StateAssigned
	case kind == Transfer && t.To == StateAssigned && c.Assignee == "":
		return StateNew
	case t.To == "":
		return from.State
	}
	return t.To
}

// decision applies the event and says who is told.
func (p Policy) decision(t Ticket, e Event) Decision {
	d := Decision{Ticket: Apply(t, e), Events: []Event{e}}
	done := false // whether who asked for it was told so, or needs not be
	for _, audience := range p.Told(e) {
		for _, who := range p.Addressees(d.Ticket, audience, e.Actor.Address) {
			asStaff := done && !audience.Theirs() && who.Equal(e.Actor.Address)
			if !asStaff && !d.told(who, audience) {
				d.Notices = append(d.Notices, Notice{Action: e.Action, Audience: audience, To: who, Event: e.Seq})
			}
		}
		done = done || audience == ToActor
	}
	return d.relieved(p.reached(t.Assignee), e)
}

// relieved tells whoever was in charge and is no more, unless they did it
// themselves or heard of it already.
func (d Decision) relieved(was Address, e Event) Decision {
	told := slices.ContainsFunc(d.Notices, func(n Notice) bool { return n.To.Equal(was) })
	if was != "" && e.Content.Assignee != "" && !was.Equal(d.Ticket.Assignee) && !was.Equal(e.Actor.Address) && !told {
		d.Notices = append(d.Notices, Notice{Action: e.Action, Audience: ToStaff, To: was, Event: e.Seq})
	}
	return d
}

// Told are who is told of an event: those of its line. Of what a clock
// says of itself they are the clock's; of what lacks something the requester's
// alone; and of what befalls a ticket with the one it follows its own
// requester's, for the staff hears of that one.
func (p Policy) Told(e Event) []Audience {
	switch {
	case e.Is() == Warn && e.Content.Alarm != nil:
		clock, _ := p.clock(e.Content.Alarm.Clock)
		return clock.Warned
	case len(e.Content.Missing) > 0:
		return []Audience{ToRequester}
	case e.Role == RoleMain && e.Is() != Follow && e.Is() != Release:
		return slices.DeleteFunc(slices.Clone(p.Actions[e.Action].Tell), func(a Audience) bool { return !a.Theirs() })
	}
	return p.Actions[e.Action].Tell
}

// told tells whether somebody already gets a notice that makes one for this
// audience needless. Who is on both sides of the desk at once gets both, for
// they say different things; the mere "done" to the actor gives way to any.
func (d Decision) told(who Address, audience Audience) bool {
	return slices.ContainsFunc(d.Notices, func(n Notice) bool {
		bothSides := n.Audience.Theirs() != audience.Theirs() && audience != ToActor && audience != ToWatchers
		return n.To.Equal(who) && !bothSides
	})
}

// Refusal is the error of a request that is not granted. Nothing changes.
type Refusal struct {
	Reason   string    `json:"reason"`
	Problems []Problem `json:"problems,omitempty"` // for ReasonForm
	Values   Values    `json:"values,omitempty"`   // what was understood of the form
	Files    int       `json:"files,omitempty"`    // for ReasonFiles: how many came
	Bytes    int64     `json:"bytes,omitempty"`    // and how large they were together
}

func (r *Refusal) Error() string {
	if len(r.Problems) == 0 {
		return "refused: " + r.Reason
	}
	return fmt.Sprintf("refused: %s %v", r.Reason, r.Problems)
}

func refuse(reason string) error { return &Refusal{Reason: reason} }
