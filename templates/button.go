package templates

import (
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// openingLinks is the link that opens a ticket, or that corrects what else was
// tried: the caller's, or else one with what an earlier try already said filled
// in.
func (b *builder) openingLinks() []Link {
	v := b.view
	for _, l := range v.Links {
		tried := v.Kind == KindCorrection && v.Answer != nil && l.Form.Name == string(v.Answer.Action)
		if tried || l.Address == v.Desk.Intake && l.Subject == v.OpeningSubject && l.Subject != "" {
			return []Link{l}
		}
	}
	if v.OpeningSubject == "" {
		return nil
	}
	words := b.set.Action(ticket.Open)
	link := Link{Name: firstOf(v.OpeningLink, words.Link), Address: v.Desk.Intake, Subject: v.OpeningSubject, Form: v.Opening, Hint: words.Hint}
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
	return append(facts, b.choices(l)...)
}

// choices say what of a link's form its text does not: the files that are to
// come with it, and an order's closed lists. An opening has a guide of its own.
func (b *builder) choices(l Link) []fact {
	var facts []fact
	for _, field := range l.Form.Fields {
		unnamed := len(field.Options) > 0 && !strings.Contains(l.remark(field), "/")
		if field.Kind == ticket.FilesField || unnamed && l.Form.Name != string(ticket.Open) {
			facts = b.fact(facts, field.Label, b.takes(field))
		}
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
