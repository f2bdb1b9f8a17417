package templates

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// show makes the block a catalogue calls by one of showKeys.
func (b *builder) show(what string) shown {
	v := b.view
	switch what {
	case "fields":
		return b.fields(b.opening(), v.Ticket.Fields)
	case "filled":
		return b.fields(v.Form, b.filled())
	case "problems":
		return b.problems()
	case "guide":
		return b.guide()
	case "files":
		return b.list(v.Files)
	case "omitted":
		return b.list(v.Omitted)
	case "attachments":
		return b.list(attachmentNames(v.Event))
	case "links":
		return b.buttons(v.Links)
	case "opening":
		return b.buttons(b.openingLinks())
	case "reply":
		return b.buttons(b.replyLinks())
	}
	return shown{}
}

// opening is the form of the ticket's fields.
func (b *builder) opening() ticket.Form {
	if len(b.view.Opening.Fields) == 0 && b.view.Event.Action == ticket.Open {
		return b.view.Form
	}
	return b.view.Opening
}

// fields are values with their labels, in the form's order; those the form
// does not know any more come last, under their IDs.
func (b *builder) fields(form ticket.Form, values ticket.Values) shown {
	out := shown{Kind: "facts"}
	if b.view.Brief {
		return out
	}
	for _, field := range form.Fields {
		out.Facts = b.fact(out.Facts, field.Label, values[field.ID])
	}
	for _, id := range sorted(values) {
		if _, known := form.Field(id); !known {
			out.Facts = b.fact(out.Facts, id, values[id])
		}
	}
	return out
}

// filled are the event's fields but for the one whose value is also its text.
func (b *builder) filled() ticket.Values {
	rest := ticket.Values{}
	for id, value := range b.view.Event.Content.Fields {
		if value != b.view.Event.Content.Text && value != string(b.view.Event.Content.Assignee) {
			rest[id] = value
		}
	}
	return rest
}

// problem is what the words for a problem can say.
type problem struct {
	Terms   map[string]string
	Options string // of a closed list
	Limit   int    // runes the form allows, 0 if it does not say
}

func (b *builder) problems() shown {
	out := shown{Kind: "facts"}
	if b.view.Answer == nil {
		return out
	}
	for _, p := range b.view.Answer.Problems {
		field := b.problemField(p.Field)
		phrase, ok := b.set.words.Problems[p.Reason]
		if !ok {
			phrase = b.set.words.Problems[other]
		}
		text, _ := phrase.fill(problem{Terms: b.values.Terms, Options: b.options(field), Limit: field.MaxLen}) // tried by Load
		out.Facts = b.fact(out.Facts, field.Label, text)
	}
	return out
}

// problemField finds the field a problem is with; one nobody knows goes by
// its ID.
func (b *builder) problemField(id string) ticket.Field {
	for _, form := range []ticket.Form{b.view.Answer.Form, b.view.Opening} {
		if field, ok := form.Field(id); ok {
			return field
		}
	}
	return ticket.Field{ID: id, Label: id}
}

// guide says of each blank of an opening what it takes.
func (b *builder) guide() shown {
	out := shown{Kind: "facts"}
	for _, field := range b.view.Opening.Fields {
		takes := b.set.word("free")
		if options := b.options(field); options != "" {
			takes = b.set.word("one_of") + " " + options + "."
		}
		if field.Required {
			takes = b.set.word("required") + " " + takes
		}
		out.Facts = b.fact(out.Facts, field.Label, takes)
	}
	return out
}

const (
	maxOptions = 20 // of a closed list
	maxItems   = 50 // of any other
	maxFile    = 120
)

// options are the values of a closed list in one line, the first of them if
// there are many.
func (b *builder) options(field ticket.Field) string {
	var names []string
	for i, option := range field.Options {
		if i == maxOptions {
			names = append(names, b.set.word("more"))
			break
		}
		names = append(names, option.Value)
	}
	return strings.Join(names, ", ")
}

// list is a list of names of files.
func (b *builder) list(names []string) shown {
	out := shown{Kind: "list"}
	if b.view.Brief {
		return out
	}
	for i, name := range names {
		if i == maxItems {
			out.Lines = append(out.Lines, b.spans(b.set.word("more")))
			break
		}
		out.Lines = append(out.Lines, b.spans(firstOf(cleanLine(name, maxFile), b.set.word("nameless"))))
	}
	return out
}

// firstOf is the first of the texts that says anything.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

func attachmentNames(e ticket.Event) []string {
	var names []string
	for _, a := range e.Content.Attachments {
		names = append(names, a.Name)
	}
	return names
}

// openingLinks is the link that opens a ticket: the caller's, or else one with
// what an earlier try already said filled in.
func (b *builder) openingLinks() []Link {
	v := b.view
	if v.OpeningSubject == "" {
		return nil
	}
	for _, l := range v.Links {
		if l.Address == v.Desk.Intake && l.Subject == v.OpeningSubject {
			return []Link{l}
		}
	}
	words := b.set.Action(ticket.Open)
	link := Link{Name: words.Link, Address: v.Desk.Intake, Subject: v.OpeningSubject, Form: v.Opening, Hint: words.Hint}
	if v.Kind == KindCorrection && v.Answer != nil {
		link.Values = v.Answer.Values
	}
	return []Link{link}
}

// replyLinks is what stands in for a reply where a program cannot be trusted
// to keep the subject. Its body is empty: what is written there is an answer.
func (b *builder) replyLinks() []Link {
	subject, err := b.set.Subject(b.view)
	if err != nil || b.view.Ticket.Number == "" {
		return nil
	}
	return []Link{{Name: b.set.Action(ticket.ProvideInfo).Link, Address: b.view.Desk.Correspondence, Subject: subject}}
}

// buttons are the links that the page does not have yet: none stands in it
// twice.
func (b *builder) buttons(links []Link) shown {
	out := shown{Kind: "links"}
	for _, link := range links {
		if order := link.Address + "\n" + link.Subject; !slices.Contains(b.offered, order) {
			b.offered = append(b.offered, order)
			out.Links = append(out.Links, b.button(link))
		}
	}
	if len(out.Links) > 0 && len(out.Links) == len(b.offered) { // once in a mail is enough
		out.Fallback = b.spans(b.set.word("fallback"))
	}
	return out
}

func (b *builder) button(l Link) button {
	l.Optional, l.Values = b.set.word("optional"), b.repeatable(l)
	url, cut := mailto(l)
	hint := l.Hint
	if cut {
		hint += " " + b.set.word("cut_link")
	}
	return button{
		Name: cleanLine(l.Name, maxName), URL: url, Hint: b.spans(cleanLine(hint, maxLine)),
		Manual: b.manual(l), Primary: len(b.offered) == 1,
	}
}

// manual is what somebody writes who cannot follow the link.
func (b *builder) manual(l Link) []fact {
	facts := b.fact(nil, b.set.word("to"), l.Address)
	facts = b.fact(facts, b.set.word("subject"), cleanLine(l.Subject, maxLine))
	if len(l.Form.Fields) > 0 {
		facts = b.fact(facts, b.set.word("body"), l.body(l.Values))
	}
	return facts
}

// repeatable are the values of a link that may stand in it: in a brief mail
// only those of closed lists, which are the desk's own words.
func (b *builder) repeatable(l Link) ticket.Values {
	if !b.view.Brief {
		return l.Values
	}
	kept := ticket.Values{}
	for _, field := range l.Form.Fields {
		if field.Kind == ticket.ChoiceField {
			kept[field.ID] = l.Values[field.ID]
		}
	}
	return kept
}
