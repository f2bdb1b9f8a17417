package mailflow

import (
	"maps"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// Inspection says what the daemon would make of a mail, as far as that can be
// said without its tickets.
type Inspection struct {
	Form    *InspectedForm   `json:"form,omitempty"`
	Request InspectedRequest `json:"request"`
}

// InspectedForm is a form as read from the mail. A value that is right stands
// in its canonical spelling, one that is not as it was written.
type InspectedForm struct {
	Name     string           `json:"name"`
	Complete bool             `json:"complete"`
	Fields   ticket.Values    `json:"fields"`
	Problems []ticket.Problem `json:"problems"`
}

// InspectedRequest is what the mail asks for. Action is empty where that
// depends on the ticket's state: a reply (kind "write") answers a question or
// comments.
type InspectedRequest struct {
	Desk   string        `json:"desk"`
	Kind   OrderKind     `json:"kind"`
	Action ticket.Action `json:"action,omitempty"`
	Ticket ticket.Number `json:"ticket,omitempty"`
	Token  string        `json:"token,omitempty"`
	Text   string        `json:"text,omitempty"`
}

// Inspect reads a mail as it would be read had it arrived at the address. It is
// false if no desk of the site has that address.
func (s *Site) Inspect(m *parser.Message, to ticket.Address) (Inspection, bool) {
	d := s.deskFor(to)
	if d == nil {
		return Inspection{}, false
	}
	o := d.Read(m, []ticket.Address{to})
	in := Inspection{Request: InspectedRequest{Desk: d.ID(), Kind: o.Kind, Action: o.Action, Ticket: o.Number, Token: o.Token, Text: o.Text}}
	if o.Values != nil {
		in.Form = inspectForm(d, o)
	}
	return in, true
}

func inspectForm(d *Desk, o Order) *InspectedForm {
	action := o.Action
	if o.Kind == OrderNotOpen {
		action = ticket.Open
	}
	clean, problems := d.form(action).Check(o.Values)
	fields := ticket.Values{}
	maps.Copy(fields, o.Values)
	maps.Copy(fields, clean)
	if problems == nil {
		problems = []ticket.Problem{}
	}
	return &InspectedForm{Name: string(action), Complete: len(problems) == 0, Fields: fields, Problems: problems}
}
