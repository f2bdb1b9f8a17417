package templates

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

// avisos are the words of a desk that calls its tickets so and says no more.
func avisos(t *testing.T) *Set {
	t.Helper()
	s, err := Load("es", Inline("avisos", []byte("terms: {ticket: aviso, Ticket: Aviso, the_ticket: el aviso, of_the_ticket: del aviso, "+
		"a_ticket: un aviso, new_ticket: nuevo aviso, New_ticket: Nuevo aviso, tickets: avisos}\n")))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTermsReachEveryMail checks that a desk's word for a ticket is the only one
// in its mails: what else is there was written by the people of the story.
func TestTermsReachEveryMail(t *testing.T) {
	s := avisos(t)
	links := regexp.MustCompile(`<mailto:\S*>`)
	theirs := strings.NewReplacer("apertura de incidencia automática", "", "incidencia de entidades", "", "incidencia i171009", "", "abrir incidencia ana", "")
	for _, kind := range noticeKeys() {
		r := render(t, s, story(t, s, kind))
		text := strings.Join(strings.Fields(strings.ToLower(r.Subject+" "+links.ReplaceAllString(r.Text, ""))), " ")
		for _, word := range []string{"incidencia", "su petición", "petición:", "una petición"} {
			if at := strings.Index(theirs.Replace(text), word); at >= 0 {
				t.Errorf("%s says %q: …%.80s…", kind, word, theirs.Replace(text)[at:])
			}
		}
	}
	if link := s.Action(ticket.Open).Link; link != "Abrir aviso" {
		t.Errorf("the opening's link is %q", link)
	}
}

// TestOpeningLinkIsTheDesks checks that the link goes by the desk's own name.
func TestOpeningLinkIsTheDesks(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, KindNotOpening)
	v.OpeningLink = "Avisar de una avería"
	if text := render(t, s, v).Text; !strings.Contains(text, "\nAvisar de una avería\n<mailto:") || strings.Contains(text, "Abrir incidencia") {
		t.Error(text)
	}
}

// TestFieldsOfAnOwnAction checks that what was written into the blanks of a
// desk's own action stands under their labels.
func TestFieldsOfAnOwnAction(t *testing.T) {
	s := builtinSet(t)
	for _, kind := range []string{"part_ordered.staff", "part_ordered.lead", "part_ordered.actor", "part_ordered.requester"} {
		v := story(t, s, "record.staff")
		v.Kind, v.Done = kind, "Aviso al ayuntamiento"
		v.Form = ticket.Form{Name: "part_ordered", Fields: []ticket.Field{
			{ID: "part", Label: "Qué pieza", Kind: ticket.TextField}, {ID: "why", Label: "Por qué hace falta", Kind: ticket.LongTextField}}}
		v.Event.Action, v.Event.Kind = "part_ordered", ticket.Record
		v.Event.Content.Text = "Está rota."
		v.Event.Content.Fields = ticket.Values{"part": "Una bombilla", "why": "Está rota."}
		text := render(t, s, v).Text
		if !strings.Contains(text, "\nPor qué hace falta:\n\n    Está rota.\n") || !strings.Contains(text, "\nQué pieza: Una bombilla\n") ||
			strings.Contains(text, "Texto:") && !strings.Contains(text, "    Texto:") || strings.Count(text, "Está rota.") != 1 {
			t.Errorf("%s:\n%s", kind, text)
		}
	}
}

// TestWatchersHearWhyNobodyReads checks that who is in copy is told that replies
// are not read, before and after they write one.
func TestWatchersHearWhyNobodyReads(t *testing.T) {
	s := builtinSet(t)
	told := story(t, s, "open.watcher")
	if text := words(render(t, s, told).Text); !strings.Contains(text, "Lo que se responde a este correo no llega a quien se ocupa de la incidencia") {
		t.Error(text)
	}
	wrote := story(t, s, KindRefused)
	wrote.Answer = &Answer{Reason: ticket.ReasonNotPermitted}
	wrote.Ticket.Watchers = []ticket.Address{"jefa@ayto.example"}
	wrote.To = ticket.Person{Address: "jefa@ayto.example"}
	if text := words(render(t, s, wrote).Text); !strings.Contains(text, "no lee lo que se responde a ellos") || strings.Contains(text, "no le corresponde") {
		t.Error(text)
	}
	wrote.Ticket.Watchers = nil
	if text := words(render(t, s, wrote).Text); !strings.Contains(text, "no le corresponde a usted") {
		t.Error(text)
	}
}

// TestWrongRegistrationIsIntroduced checks that the link by which a registration
// is corrected is introduced as that of an opening is, though its writer may
// open nothing yet.
func TestWrongRegistrationIsIntroduced(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, KindCorrection)
	form := s.Action(ticket.Register).Form
	v.OpeningSubject = ""
	v.Answer = &Answer{Action: ticket.Register, Reason: ticket.ReasonForm, Form: form, Problems: []ticket.Problem{{Field: "phone", Reason: "missing"}}}
	v.Links = []Link{{Name: "Solicitar alta", Address: v.Desk.Intake, Subject: "Solicitar alta", Form: form}}
	text := words(render(t, s, v).Text)
	introduced := strings.Index(text, "Corríjalo con este enlace:")
	if link := strings.Index(text, "<mailto:"); introduced < 0 || link < introduced || strings.Contains(text, "Qué más puede hacer:") {
		t.Error(text)
	}
}

// words are a text's words, however its lines are broken.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
