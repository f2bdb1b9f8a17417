package templates

import (
	"errors"
	"fmt"
	htmltemplate "html/template"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// try renders everything once: each notice there are words for with all values
// there are and with none, and those that may be brief with what is left then.
// It returns everything that is wrong.
func (s *Set) try() error {
	errs := []error{s.tryPlain()}
	for _, kind := range sorted(s.words.Notices) {
		errs = append(errs, s.tryView(sample(kind, s)), s.tryView(View{Kind: kind}))
	}
	for _, kind := range []string{ticket.NoticeKind(ticket.Open, ticket.ToRequester), KindIncomplete} {
		brief := sample(kind, s)
		brief.Brief = true
		errs = append(errs, s.tryView(brief))
	}
	return errors.Join(errs...)
}

// tryPlain fills what stands outside of notices, so that filling it can be
// counted on later.
func (s *Set) tryPlain() error {
	var errs []error
	try := func(p phrase, with any) {
		if _, err := p.fill(with); err != nil {
			errs = append(errs, err)
		}
	}
	fixed := catalogue{Language: s.words.Language, Words: s.words.Words, States: s.words.States, Actions: s.words.Actions,
		Queries: s.words.Queries, Columns: s.words.Columns, Clocks: s.words.Clocks, Priorities: s.words.Priorities}
	fixed.phrases(func(p *phrase) { try(*p, values{Terms: s.terms}) })
	for _, key := range sorted(s.words.Reasons) {
		try(s.words.Reasons[key], values{Terms: s.terms})
		v := sample(KindRefused, s)
		v.Answer.Reason = key
		_, err := s.values(v)
		errs = append(errs, err)
	}
	for _, key := range sorted(s.words.Problems) {
		try(s.words.Problems[key], problem{Terms: s.terms})
		try(s.words.Problems[key], problem{Terms: s.terms, Options: "EEFF", Limit: 1})
	}
	return errors.Join(errs...)
}

// tryView renders one view and checks what no words and no layout may lose:
// the subject, the ticket's number in it, every link and every table.
func (s *Set) tryView(v View) error {
	p, err := s.page(v, maxWords)
	if err != nil {
		return err
	}
	rendered, err := s.lay(p)
	if err != nil {
		return err
	}
	n, err := s.notice(v)
	switch {
	case err != nil:
		return err
	case rendered.Subject == "":
		return n.Subject.fault(fmt.Errorf("notice %s has an empty subject", v.Kind))
	case strings.Contains(v.Kind, ".") && !strings.Contains(rendered.Subject, string(v.Ticket.Number)):
		return n.Subject.fault(fmt.Errorf("notice %s lacks {{.Number}} in its subject", v.Kind))
	}
	for _, block := range p.Blocks {
		if lost := block.lost(rendered); lost != "" {
			return fmt.Errorf("notice %s: a layout leaves out the %s", v.Kind, lost)
		}
	}
	return nil
}

// lost is what of a block does not stand in both parts, "" if nothing.
func (b shown) lost(r Rendered) string {
	for _, link := range b.Links {
		if !strings.Contains(r.Text, link.URL) || !strings.Contains(r.HTML, htmltemplate.HTMLEscapeString(link.URL)) {
			return fmt.Sprintf("link %q", link.Name)
		}
	}
	for _, table := range b.Tables {
		for _, cell := range slices.Concat(table.Rows...) {
			if text := cell.Text.String(); !strings.Contains(r.Text, text) || !strings.Contains(r.HTML, text) {
				return fmt.Sprintf("table %q", table.Title.String())
			}
		}
	}
	return ""
}

// sample is a view in which every value there is has something to say.
func sample(kind string, s *Set) View {
	opened := time.Date(2017, time.October, 9, 8, 23, 58, 0, time.UTC)
	requester := ticket.Person{Address: "ana.perez@ayto.example", Name: "Ana Pérez"}
	opening := sampleForm()
	t := ticket.Ticket{
		Number: "I171009_000049", Desk: "dgt", State: ticket.StateInProgress, Requester: requester,
		Subject: "Apertura de Incidencia Automática Aplicación / Desarrollo.", Service: "EEFF", Created: opened,
		Fields:   ticket.Values{"service": "EEFF", "type": "Pérdida de Servicio", "description": "No se puede entrar."},
		Assignee: "agente1@dgt.example", Question: "¿Desde cuándo?", Solution: "Se ha reiniciado el servicio.",
		Priority: "Alta", Due: opened, Began: opened, Level: 1, Called: 1, Main: "I171009_000001",
		Contact: ticket.Values{"organisation": "Ayuntamiento", "phone": "600 000 000"},
	}
	if kind == KindIncomplete {
		t.Missing = []ticket.Problem{{Field: "type", Reason: "missing"}}
	}
	v := View{
		Kind: kind, To: requester, Ticket: t, Opening: opening, OpeningSubject: t.Subject,
		Desk: Desk{
			Name: "Centro de Atención a Usuarios", Signature: "Centro de Atención a Usuarios",
			Intake: "soportecau@dgt.example", Correspondence: "soporteserviciosdgt@dgt.example",
		},
		Event: ticket.Event{Seq: 2, Ticket: t.Number, State: t.State, At: opened.Add(time.Hour), Actor: requester,
			Action: sampleAction(kind), Content: sampleContent(opened)},
		Files: []string{"captura.png"}, Omitted: []string{"volcado.bin"},
		Openers: []ticket.Person{requester}, Done: "Registrar", Queue: "Sistemas", Reached: "Luis Rey", Charged: "Ana Vidal",
		Clocks: []Clock{{Name: "resolve", Label: "Resolver", Due: opened.Add(time.Hour), Late: true, Standing: true}},
		Tables: []Table{{Title: "Historia", Head: []string{"Fecha", "Estado"}, Rows: [][]string{{"9 de octubre", "Abierta"}}, Note: "Nota"}},
		Chart:  Chart{CID: "grafico@dgt.example", Alt: "Cumplimiento", Width: 560},
	}
	if !strings.Contains(kind, ".") {
		v.Answer = sampleAnswer(opening)
	}
	for _, action := range []ticket.Action{ticket.Validate, ticket.Reject} {
		words := s.Action(action)
		v.Links = append(v.Links, Link{Name: words.Link, Hint: words.Hint, Form: words.Form,
			Address: v.Desk.Correspondence, Subject: fmt.Sprintf("%s %s 7KQ2M9XA4C8PWZ3T", words.Link, t.Number)})
	}
	words := s.Query(KindShow)
	v.Queries = []Link{{Name: words.Link, Hint: words.Hint, Address: v.Desk.Correspondence, Subject: words.Link + " " + string(t.Number)}}
	return v
}

// sampleAction is the action a kind of notice tells of.
func sampleAction(kind string) ticket.Action {
	action, _, _ := strings.Cut(kind, ".")
	return ticket.Action(action)
}

func sampleContent(opened time.Time) ticket.Content {
	return ticket.Content{
		Text: "Sigue igual.", Attachments: []ticket.Attachment{{Name: "captura.png"}},
		Alarm: &ticket.Alarm{Clock: "resolve", Percent: 80, At: opened, Due: opened.Add(time.Minute)},
	}
}

func sampleForm() ticket.Form {
	return ticket.Form{Name: "open", Fields: []ticket.Field{
		{ID: "service", Label: "Servicio/Aplicación", Kind: ticket.ChoiceField, Required: true, Options: []ticket.Option{{Value: "EEFF"}}},
		{ID: "type", Label: "Tipo", Kind: ticket.ChoiceField, Required: true, Options: []ticket.Option{
			{Value: "Pérdida de Servicio"}, {Value: "Error Acceso"}, {Value: "Error Funcional"}}},
		{ID: "description", Label: "Descripción", Kind: ticket.LongTextField, Required: true},
	}}
}

func sampleAnswer(form ticket.Form) *Answer {
	return &Answer{
		Action: ticket.Open, Reason: ticket.ReasonForm, Subject: "Consulta", Form: form,
		Problems: []ticket.Problem{{Field: "type", Reason: "choice"}, {Field: "description", Reason: "missing"}},
		Values:   ticket.Values{"service": "EEFF"},
	}
}
