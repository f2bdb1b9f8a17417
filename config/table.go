package config

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cauce-desk/cauce/ticket"
)

// setActions sets the desk's own table of actions: the lines of the common one
// that it uses, with what it does its own way, and their order.
func (d Desk) setActions(p *ticket.Policy, forms map[ticket.Action]ticket.Form) error {
	p.Actions = ticket.LinesOf()
	for _, a := range d.Actions {
		form := d.form(a, forms)
		if want := needs[a.Is()]; !want.met(form.Fields) {
			return fmt.Errorf("the form of %s has no %s", a.Action, want)
		}
		p.Actions[a.Action] = a.line().WithForm(form)
		p.Order = append(p.Order, a.Action)
	}
	return nil
}

// line is the action's line of the common table, changed as the desk says. The
// desk decides about people: where the table lets the clock act, it still may.
func (a Action) line() ticket.Transition {
	line, _ := a.Is().Transition()
	if a.Kind != "" {
		line = a.ownLine(line)
	}
	if len(a.By) > 0 {
		line.By = a.by(line.By)
	}
	if len(a.From) > 0 {
		line.From = a.From
	}
	if a.Tell != nil {
		line.Tell = a.Tell
	}
	line.Demand = cmp.Or(a.Proof, a.demand(line))
	line.To = cmp.Or(a.To, line.To)
	line.Involves, line.Once, line.Queues = a.Involves, a.Once, a.Queues
	line.Link = line.Reply && (line.Link || a.Link != "") || a.Reply
	line.Reply = line.Reply || a.Reply
	return line
}

// demand is the proof demanded of those who may take the line, where the desk
// does not say. What the common table asks of requesters is too little for
// others: of them it is the most there can be. A reply has no more than it has.
func (a Action) demand(line ticket.Transition) ticket.Demand {
	base, _ := a.Is().Transition()
	requesters := slices.Contains(base.By, ticket.RoleRequester)
	switch {
	case !requesters || slices.Contains(line.By, ticket.RoleRequester) || line.Reply:
		return line.Demand
	case line.Opens():
		return ticket.DemandAuthenticated
	}
	return ticket.DemandBoth
}

// ownLine is the line of a kind as that of an action of the desk's own. It is
// never what a reply means, so a token asks for it; that proves possession
// alone, and of staff more is demanded.
func (a Action) ownLine(line ticket.Transition) ticket.Transition {
	line.Action, line.Kind = a.Action, line.Action
	if line.Reply && !slices.Contains(a.by(line.By), ticket.RoleRequester) {
		line.Demand = ticket.DemandBoth
	}
	line.Reply, line.Link = false, false
	return line
}

// by are who may take the action, of whom the table says usual.
func (a Action) by(usual []ticket.Role) []ticket.Role {
	if len(a.By) == 0 {
		return usual
	}
	by := slices.Clone(a.By)
	if slices.Contains(usual, ticket.RoleClock) && !slices.Contains(by, ticket.RoleClock) {
		by = append(by, ticket.RoleClock)
	}
	return by
}

// form is the action's form: the desk's own, or else the language's.
func (d Desk) form(a Action, forms map[ticket.Action]ticket.Form) ticket.Form {
	form := ticket.Form{Name: string(a.Action)}
	switch {
	case a.Is() == ticket.Open:
		form.Fields = fields(d.Opening.Fields)
	case a.Is() == ticket.Register && len(d.Registering.Fields) > 0:
		form.Fields = fields(d.Registering.Fields)
	case len(a.Fields) > 0 || a.Kind != "":
		form.Fields = fields(a.Fields)
	case a.Is() == ticket.Complete && len(forms[a.Action].Fields) == 0:
		form.Fields = fields(d.Opening.Fields) // what the opening lacked
	default:
		form = forms[a.Action]
		form.Fields = slices.Clone(form.Fields)
	}
	d.settle(a.Is(), form.Fields)
	return form
}

// settle says of fields in what they set where that goes without saying, and
// gives those that choose something of the desk its options.
func (d Desk) settle(kind ticket.Action, fields []ticket.Field) {
	if need := needs[kind]; need.sets != "" && !need.set(fields) {
		if i := slices.IndexFunc(fields, func(f ticket.Field) bool { return f.Kind == need.kind && f.Sets == "" }); i >= 0 {
			fields[i].Sets = need.sets
		}
	}
	for i, f := range fields {
		if f.Kind == ticket.ChoiceField && len(f.Options) == 0 {
			fields[i].Options = options(d.choices(f.Sets))
		}
	}
}

// need is what an action's mail must have, because the action is nothing
// without it: a field that sets something, or of a kind.
type need struct {
	kind     ticket.FieldKind
	sets     ticket.Attribute
	or       ticket.Attribute // or one that sets this
	optional bool             // the action may also do without
}

var needs = map[ticket.Action]need{
	ticket.Assign:      {kind: ticket.AddressField, sets: ticket.SetsAssignee},
	ticket.Transfer:    {kind: ticket.AddressField, sets: ticket.SetsAssignee, or: ticket.SetsQueue},
	ticket.Reopen:      {kind: ticket.AddressField, sets: ticket.SetsAssignee, optional: true},
	ticket.Schedule:    {kind: ticket.DateTimeField, sets: ticket.SetsDue},
	ticket.Attach:      {kind: ticket.TicketField, sets: ticket.SetsMain},
	ticket.Merge:       {kind: ticket.TicketField, sets: ticket.SetsMain},
	ticket.RequestInfo: {kind: ticket.LongTextField}, // the question
	ticket.Resolve:     {kind: ticket.LongTextField}, // the solution
}

// String says what is needed, in the words of the file.
func (n need) String() string {
	text := fmt.Sprintf("field of kind %s", n.kind)
	if n.sets != "" {
		text += fmt.Sprintf(" or with sets: %s", n.sets)
	}
	if n.or != "" {
		text += fmt.Sprintf(" or sets: %s", n.or)
	}
	return text
}

// set tells whether a field sets what is needed.
func (n need) set(fields []ticket.Field) bool {
	return slices.ContainsFunc(fields, func(f ticket.Field) bool { return f.Sets == n.sets })
}

// met tells whether fields have what is needed.
func (n need) met(fields []ticket.Field) bool {
	enough := func(f ticket.Field) bool {
		return n.sets == "" && f.Kind == n.kind || n.sets != "" && f.Sets == n.sets || n.or != "" && f.Sets == n.or
	}
	return n.kind == "" || n.optional || slices.ContainsFunc(fields, enough)
}

func fields(list []Field) []ticket.Field {
	out := make([]ticket.Field, len(list))
	for i, f := range list {
		out[i] = ticket.Field{
			ID: f.ID, Label: f.Label, Synonyms: f.Synonyms, Kind: f.Kind, Options: options(f.Options),
			Required: f.Required, MaxLen: f.MaxLength, Default: f.Default, Sets: f.Sets,
		}
	}
	return out
}

func options(list []Option) []ticket.Option {
	var out []ticket.Option
	for _, o := range list {
		out = append(out, ticket.Option(o))
	}
	return out
}

// Links are the desk's own names of actions, for those it names.
func (d Desk) Links() map[ticket.Action]string {
	names := map[ticket.Action]string{}
	for _, a := range d.Actions {
		if a.Link != "" {
			names[a.Action] = a.Link
		}
	}
	return names
}
