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
	OrderQuery   OrderKind = "query"    // the name of a query
	OrderNotOpen OrderKind = "not_open" // to the address that only opens, with another subject
	OrderCopy    OrderKind = "copy"     // an opening's copy to the correspondence address
	OrderUnknown OrderKind = "unknown"
)

// Order is what a mail asks of a desk as far as its own words say: read
// without looking at any ticket.
type Order struct {
	Kind    OrderKind
	Action  ticket.Action // of OrderOpen and OrderCommand; of OrderUnknown what it asks for if it answers no mail of ours
	Query   Query         // of OrderQuery
	Number  ticket.Number // of OrderCommand and OrderWrite, and of a query about one ticket
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
		o.Kind = OrderOpen
	case o.Values != nil || !slices.ContainsFunc(at, d.Correspondence.Equal):
		o.Kind = OrderNotOpen
		o.Values = m.ReadForm(d.form(ticket.Open))
	default:
		d.readCorrespondence(&o, m)
	}
	if d.AnySubject {
		d.readFreely(&o, m)
	}
	o.Text = d.scrub(o.Text)
	for id, value := range o.Values {
		o.Values[id] = d.scrub(value)
	}
	return o
}

// readFreely reads what opens a ticket under any subject: the blanks it fills
// in, its words as the form's long text if it fills in none, and who wrote it as
// the person it is from. Whether it does is not known yet: not if it answers a
// mail of ours about a ticket.
func (d *Desk) readFreely(o *Order, m *parser.Message) {
	switch {
	case o.Kind == OrderOpen && o.Action == ticket.Open, o.Kind == OrderUnknown:
	case o.Kind == OrderNotOpen:
		o.Kind = OrderUnknown
	default:
		return
	}
	form := d.form(ticket.Open)
	read := m.ReadForm(form)
	if o.Subject.Reply {
		read = parser.FormIn(o.Text, form)
	}
	o.Action, o.Values = ticket.Open, readBlanks(read, form, o.Text)
	field, named := form.Setting(ticket.SetsName)
	if named && o.Values[field.ID] == "" && len(m.From) == 1 && !strings.Contains(m.From[0].Name, "@") {
		o.Values[field.ID] = ticket.Clean(m.From[0].Name)
	}
}

// opens tells whether a mail to the intake is an opening or an application, and
// reads its form if the subject is one's. A reply to something opens only if
// its author's own words fill the form, for the form quoted in it was acted on
// already; but a desk of one address has nothing else to make of it. A forward
// is content.
func (d *Desk) opens(o *Order, m *parser.Message) bool {
	action, opening := d.openings[o.Subject.Key]
	if !opening {
		return false
	}
	if !o.Subject.Reply {
		o.Action, o.Values = action, m.ReadForm(d.form(action))
		return true
	}
	o.Values = parser.FormIn(o.Text, d.form(action))
	_, problems := d.form(action).Check(o.Values)
	if len(problems) > 0 && !d.Intake.Equal(d.Correspondence) {
		return false
	}
	o.Action = action
	return true
}

func (d *Desk) readCorrespondence(o *Order, m *parser.Message) {
	o.Kind = OrderUnknown
	if d.openings[o.Subject.Key] != "" && !o.Subject.Reply && d.addressed(m, d.Intake) {
		o.Kind = OrderCopy
		return
	}
	if query, number, ok := d.readQuery(o.Subject.Key); ok && !o.Subject.Reply && !o.Subject.Forward {
		o.Kind, o.Query, o.Number = OrderQuery, query, number
		form := d.Words.Query(string(query)).Form
		o.Values = readBlanks(m.ReadForm(form), form, o.Text)
		return
	}
	number, found := d.Policy.FindNumber(o.Subject.Key)
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
	form := d.form(action)
	o.Values = readBlanks(m.ReadForm(form), form, o.Text)
	if len(form.Fields) == 0 {
		o.Text = withoutHint(o.Text, d.words(action).Hint)
	}
}

// withoutHint is what somebody wrote beside the line with which a link's mail
// opens, however a program broke that line.
func withoutHint(text, hint string) string {
	rest := text
	for _, word := range strings.Fields(hint) {
		var found bool
		if rest, found = strings.CutPrefix(strings.TrimSpace(rest), word); !found {
			return text
		}
	}
	return strings.TrimSpace(rest)
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

// readBlanks adds to what was read of a form's blanks. People write above the
// blank, or wipe its label away: where nothing was filled in, those words are
// the value of the form's long text.
func readBlanks(read ticket.Values, f ticket.Form, own string) ticket.Values {
	values := ticket.Values{}
	blank := true
	for id, value := range read {
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
