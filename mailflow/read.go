package mailflow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// OrderKind is what sort of mail a desk has before it.
type OrderKind string

// The kinds of order.
const (
	OrderMachine OrderKind = "machine"  // no person wrote it: kept, never answered
	OrderOpen    OrderKind = "open"     // the desk's opening subject
	OrderCommand OrderKind = "command"  // a link followed, or its subject typed
	OrderWrite   OrderKind = "write"    // a ticket's number in the subject
	OrderNotOpen OrderKind = "not_open" // to the address that only opens, with another subject
	OrderCopy    OrderKind = "copy"     // an opening's copy to the correspondence address
	OrderUnknown OrderKind = "unknown"
)

// Order is what a mail asks of a desk as far as its own words say: read
// without looking at any ticket.
type Order struct {
	Kind    OrderKind
	Action  ticket.Action // of OrderOpen and OrderCommand
	Number  ticket.Number // of OrderCommand and OrderWrite
	Token   string        // of OrderCommand, "" if typed without
	Subject parser.Subject
	Values  ticket.Values // the blanks of the action's form
	Text    string        // the author's own words
}

// Read finds out what a mail asks of the desk. At says at which of the desk's
// addresses it arrived.
func (d *Desk) Read(m *parser.Message, at []ticket.Address) Order {
	o := Order{Subject: parser.CanonicalSubject(m.Subject, d.GatewayTags...)}
	if !m.Echo {
		o.Text = strings.TrimSpace(m.ReplyText)
	}
	switch {
	case m.Machine():
		o.Kind = OrderMachine
	case slices.ContainsFunc(at, d.Intake.Equal) && d.opens(&o, m):
		o.Kind, o.Action = OrderOpen, ticket.Open
	case o.Values != nil || !slices.ContainsFunc(at, d.Correspondence.Equal):
		o.Kind = OrderNotOpen
		o.Values = m.ReadForm(d.form(ticket.Open))
	default:
		d.readCorrespondence(&o, m)
	}
	o.Text = d.scrub(o.Text)
	for id, value := range o.Values {
		o.Values[id] = d.scrub(value)
	}
	return o
}

// opens tells whether a mail to the intake is an opening, and reads its form if
// the subject is one's. A reply to something opens only if its author's own
// words fill the form, for the form quoted in it was acted on already; but a
// desk of one address has nothing else to make of it. A forward is content.
func (d *Desk) opens(o *Order, m *parser.Message) bool {
	if o.Subject.Key != d.openingKey {
		return false
	}
	if !o.Subject.Reply {
		o.Values = m.ReadForm(d.form(ticket.Open))
		return true
	}
	o.Values = parser.FormIn(o.Text, d.form(ticket.Open))
	_, problems := d.form(ticket.Open).Check(o.Values)
	return len(problems) == 0 || d.Intake.Equal(d.Correspondence)
}

// form are the blanks of an action's mail.
func (d *Desk) form(a ticket.Action) ticket.Form { return d.Policy.Actions[a].Form }

func (d *Desk) readCorrespondence(o *Order, m *parser.Message) {
	o.Kind = OrderUnknown
	if o.Subject.Key == d.openingKey && !o.Subject.Reply && d.addressed(m, d.Intake) {
		o.Kind = OrderCopy
		return
	}
	number, found := d.Policy.Numbers.Find(o.Subject.Key)
	if !found {
		return
	}
	o.Kind, o.Number = OrderWrite, number
	if o.Subject.Reply || o.Subject.Forward {
		return // a quoted button is no order
	}
	action, token, ok := d.command(o.Subject.Key, number)
	if !ok {
		return
	}
	o.Kind, o.Action, o.Token = OrderCommand, action, token
	o.Values = readBlanks(m, d.form(action), o.Text)
}

var tokenShape = regexp.MustCompile(`^[0-9a-z]{16}$`)

// command reads a subject that must be, whole, a link's name, a number and,
// unless somebody typed it, a token.
func (d *Desk) command(key string, number ticket.Number) (a ticket.Action, token string, ok bool) {
	name, rest, _ := strings.Cut(key, strings.ToLower(string(number)))
	a, ok = d.commands[strings.TrimSpace(name)]
	token = strings.TrimSpace(rest)
	return a, token, ok && (token == "" || tokenShape.MatchString(token))
}

// addressed tells whether the mail names an address in To or Cc.
func (d *Desk) addressed(m *parser.Message, a ticket.Address) bool {
	for _, named := range append(m.To[:len(m.To):len(m.To)], m.Cc...) {
		if a.Equal(ticket.Address(named.Address)) {
			return true
		}
	}
	return false
}

// readBlanks reads a form's blanks. People write above the blank, or wipe its
// label away: where nothing was filled in, those words are the value of the
// form's long text.
func readBlanks(m *parser.Message, f ticket.Form, own string) ticket.Values {
	values := ticket.Values{}
	blank := true
	for id, value := range m.ReadForm(f) {
		values[id] = value
		blank = blank && strings.TrimSpace(value) == ""
	}
	for _, field := range f.Fields {
		if blank && field.Kind == ticket.LongTextField {
			values[field.ID] = aboveLabels(own, f)
			break
		}
	}
	return values
}

// aboveLabels is what stands above the first line that is nothing but a
// label; below it the blank itself is, which was read already.
func aboveLabels(text string, f ticket.Form) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if isBareLabel(line, f) {
			break
		}
		kept.WriteString(line)
	}
	return strings.TrimSpace(kept.String())
}

func isBareLabel(line string, f ticket.Form) bool {
	label := strings.TrimSpace(strings.TrimRight(ticket.Fold(line), " :*"))
	label, _, _ = strings.Cut(label, " (") // "motivo (opcional)"
	for _, field := range f.Fields {
		if label != "" && label == ticket.Fold(field.Label) {
			return true
		}
	}
	return false
}
