package templates

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

func TestChain(t *testing.T) {
	own := ticket.Event{Action: "page_up", Kind: ticket.Record}
	lacking := ticket.Ticket{Missing: []ticket.Problem{{Field: "type", Reason: "missing"}}}
	opening := ticket.Event{Action: ticket.Open}
	for name, c := range map[string]struct {
		view View
		want string
	}{
		"an answer":           {View{Kind: KindHelp}, "help"},
		"an action":           {View{Kind: "open.requester", Event: opening}, "open.requester event.requester"},
		"one of the desk":     {View{Kind: "page_up.actor", Event: own}, "page_up.actor event.actor"},
		"to the help desk":    {View{Kind: "page_up.help_desk", Event: own}, "page_up.help_desk page_up.staff record.help_desk record.staff event.help_desk event.staff"},
		"to watchers":         {View{Kind: "page_up.watcher", Event: own}, "page_up.watcher record.watcher event.watcher"},
		"without its event":   {View{Kind: "page_up.requester"}, "page_up.requester event.requester"},
		"of another event":    {View{Kind: "resolve.staff", Event: own}, "resolve.staff event.staff"},
		"lacking something":   {View{Kind: "open.requester", Event: opening, Ticket: lacking}, "incomplete.requester open.requester event.requester"},
		"still lacking":       {View{Kind: "complete.requester", Event: ticket.Event{Action: ticket.Complete}, Ticket: lacking}, "incomplete.requester complete.requester event.requester"},
		"lacking, to staff":   {View{Kind: "open.staff", Event: opening, Ticket: lacking}, "open.staff event.staff"},
		"lacking, but closed": {View{Kind: "close.requester", Event: ticket.Event{Action: ticket.Close}, Ticket: lacking}, "close.requester event.requester"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(c.view.chain(), " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestEveryAudienceHasWords checks that no action, known or a desk's own,
// leaves anybody without words, in any language there is.
func TestEveryAudienceHasWords(t *testing.T) {
	for _, locale := range []string{"es", "en"} {
		s := loaded(t, locale)
		for _, action := range append(actionKeys(), "page_up") {
			for _, audience := range ticket.Audiences {
				v := sample(ticket.NoticeKind(action, audience), s)
				v.Done = ""
				r := render(t, s, v)
				if r.Fault != nil || !strings.Contains(r.Subject, string(v.Ticket.Number)) {
					t.Errorf("%s, %s: %q, fault %v", locale, v.Kind, r.Subject, r.Fault)
				}
			}
		}
	}
}

// TestPieces checks that words for a piece of a notice take the rest from
// those that would have been used.
func TestPieces(t *testing.T) {
	s := loaded(t, "es", files("a.yaml", `
notices:
  page_up.help_desk: {subject: "Cortinilla de {{.Number}}"}
  page_up.staff: {title: Cortinilla arriba}
  escalate.validator: {subject: "Escalado {{.Number}}"}
`))
	up := render(t, s, story(t, s, "page_up.help_desk"))
	if up.Subject != "Cortinilla de I171009_000049" || !strings.Contains(up.Text, "\nCortinilla arriba\n") || !strings.Contains(up.Text, "Inés Lara ha registrado lo siguiente") {
		t.Errorf("%s\n%s", up.Subject, up.Text)
	}
	v := story(t, s, "escalate.superior")
	v.Kind = "escalate.validator"
	if up := render(t, s, v); up.Subject != "Escalado I171009_000049" || !strings.Contains(oneLine(up.Text), "recibe usted este correo en copia") {
		t.Errorf("%s\n%s", up.Subject, up.Text)
	}
}

// TestWatchersOnlyRead checks that no mail to watchers has a link or brings a
// file, whatever the caller gives.
func TestWatchersOnlyRead(t *testing.T) {
	for _, locale := range []string{"es", "en"} {
		s := loaded(t, locale)
		for _, action := range append(actionKeys(), "page_up") {
			v := sample(ticket.NoticeKind(action, ticket.ToWatchers), s)
			if text := render(t, s, v).Text; strings.Contains(text, "mailto:") || strings.Contains(text, v.Files[0]) {
				t.Errorf("%s %s:\n%s", locale, v.Kind, text)
			}
		}
	}
}

// TestLanguagesAgree checks that the second language has all that the first
// has, and that its forms ask for the same.
func TestLanguagesAgree(t *testing.T) {
	es, en := loaded(t, "es"), loaded(t, "en")
	if a, b := sorted(es.words.Notices), sorted(en.words.Notices); !slices.Equal(a, b) {
		t.Errorf("notices %q\n%q", a, b)
	}
	if a, b := sorted(es.words.Terms), sorted(en.words.Terms); !slices.Equal(a, b) {
		t.Errorf("terms %q\n%q", a, b)
	}
	offers := func(s *Set) (all []ActionWords) {
		for _, action := range actionKeys() {
			all = append(all, s.Action(action))
		}
		for _, query := range queryKeys {
			all = append(all, s.Query(query))
		}
		return all
	}
	names := map[string]bool{}
	theirs := offers(en)
	for i, words := range offers(es) {
		if !slices.EqualFunc(words.Form.Fields, theirs[i].Form.Fields, func(a, b ticket.Field) bool {
			return a.ID == b.ID && a.Kind == b.Kind && a.Sets == b.Sets && a.Required == b.Required && len(a.Synonyms) > 0 && len(b.Synonyms) > 0
		}) {
			t.Errorf("%s asks for %+v\nand %s for %+v", words.Link, words.Form, theirs[i].Link, theirs[i].Form)
		}
		for _, name := range []string{"es " + words.Link, "en " + theirs[i].Link} {
			if names[ticket.Fold(name)] {
				t.Errorf("two links are named %q", name)
			}
			names[ticket.Fold(name)] = true
		}
	}
}

// TestSecondLanguageHoldsToo checks of English what the story checks of
// Spanish.
func TestSecondLanguageHoldsToo(t *testing.T) {
	s := loaded(t, "en")
	for _, kind := range noticeKeys() {
		v := story(t, s, kind)
		checkParity(t, s, v)
		r := render(t, s, v)
		for _, spanish := range []string{"Qué puede", "Estado:", "Solicitante", "Fecha de", "Plazo", "Mensaje autom", "opcional", "vencido"} {
			if strings.Contains(r.Text, spanish) {
				t.Errorf("%s holds %q:\n%s", kind, spanish, r.Text)
			}
		}
	}
}

func loaded(t testing.TB, locale string, overrides ...fs.FS) *Set {
	t.Helper()
	s, err := Load(locale, overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
