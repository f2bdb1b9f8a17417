package templates

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

func TestBlanks(t *testing.T) {
	s := loaded(t, "es", files("a.yaml", `
actions:
  classify:
    blanks:
      - {id: priority, label: Severidad, kind: choice, required: true, sets: priority, options: [Crítica, {value: Alta, synonyms: [Urgente]}]}
      - {id: level, label: Nivel, kind: text, required: true, default: "1"}
      - {id: proof, label: Formato, kind: files, required: true}
      - {id: kind, label: Tipo de solicitud, kind: choice, options: ["Requerimiento de soporte del usuario", "Incidencia de un servicio (general)"]}
  page_up:
    link: Cortinilla desplegada
`))
	form := s.Action(ticket.Classify).Form
	if f := form.Fields[0]; f.Sets != ticket.SetsPriority || len(f.Options) != 2 || f.Options[0].Value != "Crítica" || f.Options[1].Synonyms[0] != "Urgente" {
		t.Errorf("priority %+v", f)
	}
	if f := form.Fields[1]; f.Default != "1" || f.ID != "level" {
		t.Errorf("level %+v", f)
	}
	link := Link{Name: "Clasificar", Address: "a@gob.example", Subject: "Clasificar", Form: form}
	if body := openStrict(t, s.Mailto(link)).body; body != "Severidad (Crítica / Alta):\r\n\r\nNivel (opcional): 1\r\n\r\nTipo de solicitud (opcional):" {
		t.Errorf("body %q", body)
	}
	v := story(t, s, "open.help_desk")
	v.Links = []Link{link}
	if text := render(t, s, v).Text; !strings.Contains(text, "\n    Tipo de solicitud: Uno de estos valores: Requerimiento de soporte") {
		t.Errorf("what does not fit a label:\n%s", text)
	}
	if text := render(t, s, v).Text; !strings.Contains(text, "\n    Formato: Adjunte los ficheros al mensaje.\n") {
		t.Errorf("files:\n%s", text)
	}
	v.Links[0].Form.Name = string(ticket.Open)
	if body := openStrict(t, s.Mailto(v.Links[0])).body; strings.Contains(body, "/") {
		t.Errorf("an opening's body %q", body)
	}
}

func TestActionOf(t *testing.T) {
	s := loaded(t, "es", files("a.yaml", "actions:\n  page_up:\n    link: Cortinilla desplegada\n  ask_again:\n    hint: Pregunte.\n"))
	for _, c := range []struct {
		line ticket.Transition
		link string
		hint string
		form string
	}{
		{ticket.Transition{Action: "page_up", Kind: ticket.Record}, "Cortinilla desplegada", "", ""},
		{ticket.Transition{Action: "ask_again", Kind: ticket.RequestInfo}, "Solicitar información", "Pregunte.", "question"},
		{ticket.Transition{Action: ticket.Assign}, "Asignar", s.Action(ticket.Assign).Hint, "agent"},
		{ticket.Transition{Action: "dance", Kind: "waltz"}, "dance", "", ""},
	} {
		words := s.ActionOf(c.line)
		if words.Link != c.link || words.Hint != c.hint || c.form != "" && words.Form.Fields[0].ID != c.form || words.Form.Name != string(c.line.Action) {
			t.Errorf("%s: %+v", c.line.Action, words)
		}
	}
}

func TestQuery(t *testing.T) {
	s := builtinSet(t)
	if words := s.Query("list"); words.Link != "Mis incidencias" || words.Hint == "" || len(words.Form.Fields) == 0 {
		t.Errorf("list %+v", words)
	}
	if words := s.Query("everything"); words.Link != "everything" || len(words.Form.Fields) != 0 {
		t.Errorf("everything %+v", words)
	}
	if s.Clock("resolve") != "Resolver" || s.Clock("my_clock") != "my_clock" || s.Priority("high") != "Alta" || s.Priority("P1") != "P1" || s.Column("who") != "Quién" {
		t.Error("a name is not what it was")
	}
}

func TestCheckActions(t *testing.T) {
	s := loaded(t, "es", files("a.yaml", "actions:\n  page_up:\n    link: x\nnotices:\n  page_down.help_desk:\n    title: x\n"))
	if err := s.CheckActions("page_up", "page_down"); err != nil {
		t.Errorf("both known: %v", err)
	}
	err := s.CheckActions("page_sideways")
	if err == nil || !strings.Contains(err.Error(), `a.yaml:3: there is no action "page_up"`) || !strings.Contains(err.Error(), `a.yaml:6: there is no action of notice "page_down.help_desk"`) {
		t.Errorf("neither known: %v", err)
	}
	if err := builtinSet(t).CheckActions(); err != nil {
		t.Errorf("built in: %v", err)
	}
}
