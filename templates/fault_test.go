package templates

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

// TestFaultLosesNothing holds what of an administrator's words can fail only
// when a mail is written, and that the mail goes out all the same.
func TestFaultLosesNothing(t *testing.T) {
	for name, c := range map[string]struct{ file, content, fault string }{
		"a block":   {"a.yaml", "notices:\n  open.requester:\n    blocks:\n      - text: \"{{if eq .Service `Rara`}}{{template `none`}}{{end}}.\"\n", "a.yaml:4: "},
		"a subject": {"a.yaml", "notices:\n  open.requester:\n    subject: \"Recibida {{.Number}} {{if eq .Service `Rara`}}{{slice .Service 9}}{{end}}\"\n", "a.yaml:3: "},
		"a layout":  {"layout.txt", "{{range .Blocks}}{{range .Links}}<{{.URL}}>\n{{end}}{{range .Tables}}{{grid .}}{{end}}{{range .Facts}}{{range .Lines}}{{if eq .String `Rara`}}{{template `none`}}{{end}}{{end}}{{end}}{{end}}", "layout.txt:2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := loaded(t, "es", files(c.file, c.content))
			v := story(t, s, "open.requester")
			if r := render(t, s, v); r.Fault != nil {
				t.Errorf("a fault where all is well: %v", r.Fault)
			}
			v.Ticket.Service, v.Ticket.Fields = "Rara", ticket.Values{"service": "Rara"}
			r := render(t, s, v)
			if r.Fault == nil || !strings.Contains(r.Fault.Error(), c.fault) {
				t.Errorf("fault %v", r.Fault)
			}
			plain := render(t, builtinSet(t), v)
			if r.Subject != plain.Subject || r.Text != plain.Text || r.HTML != plain.HTML {
				t.Errorf("%s\n%s", r.Subject, r.Text)
			}
			if subject, err := s.Subject(v); err != nil || name == "a subject" && subject != plain.Subject {
				t.Errorf("subject %q, %v", subject, err)
			}
		})
	}
}

// TestFaultInReason checks the same of what is filled apart from the notice.
func TestFaultInReason(t *testing.T) {
	s := loaded(t, "es", files("a.yaml", `
reasons: {empty: "{{if eq .Wrong `+"`Rara`"+`}}{{slice .Wrong 9}}{{end}}Vacío."}
problems: {choice: "{{if eq .Limit 7}}{{template `+"`none`"+`}}{{end}}Mal."}
`))
	v := story(t, s, KindRefused)
	v.Answer = &Answer{Reason: ticket.ReasonEmpty, Subject: "Rara"}
	if r := render(t, s, v); r.Fault == nil || !strings.Contains(r.Text, "Su mensaje ha llegado vacío") {
		t.Errorf("reason: %v\n%s", r.Fault, r.Text)
	}
	v = story(t, s, KindCorrection)
	v.Answer.Form.Fields[1].MaxLen = 7
	if r := render(t, s, v); r.Fault == nil || !strings.Contains(r.Text, "El valor no está entre los admitidos") {
		t.Errorf("problem: %v\n%s", r.Fault, r.Text)
	}
}

// TestFaultOfUnknownLanguage checks that the words of a language that is not
// built in fall back on Spanish.
func TestFaultOfUnknownLanguage(t *testing.T) {
	folder := translated(t, "gl")
	s := loaded(t, "gl", folder, files("a.yaml", "notices:\n  help:\n    title: \"{{if eq .Wrong `Rara`}}{{template `none`}}{{end}}Axuda\"\n"))
	v := story(t, s, KindHelp)
	if r := render(t, s, v); r.Fault != nil || !strings.Contains(r.Text, "\nAxuda\n") {
		t.Errorf("%v\n%s", r.Fault, r.Text)
	}
	v.Answer.Subject = "Rara"
	if r := render(t, s, v); r.Fault == nil || !strings.Contains(r.Text, "\nQué puede hacer por correo\n") || !strings.Contains(r.HTML, `<html lang="es"`) {
		t.Errorf("%v\n%s", r.Fault, r.Text)
	}
}

func TestInline(t *testing.T) {
	words := Inline("config.yaml, desks[0].words", []byte("states: {new: Recibida}\nnotices:\n  help:\n    title: Ayuda de la mesa\n"))
	s := loaded(t, "es", words, files("a.yaml", "states: {closed: Terminada}\n"))
	if s.State(ticket.StateNew) != "Recibida" || s.State(ticket.StateClosed) != "Terminada" {
		t.Errorf("states %q, %q", s.State(ticket.StateNew), s.State(ticket.StateClosed))
	}
	if r := render(t, s, story(t, s, KindHelp)); !strings.Contains(r.Text, "\nAyuda de la mesa\n") {
		t.Error(r.Text)
	}
	for content, want := range map[string]string{
		"states:\n  nuevo: x\n": `config.yaml:2: there is no state "nuevo"`,
		"\nstatus: x\n":         "config.yaml: yaml: unmarshal errors:\n  line 2: field status",
		"\nnotices:\n  help:\n    title: \"{{.Numero}}\"\n": "config.yaml:4: <.Numero>",
		"states: [": "config.yaml: yaml: ",
	} {
		if _, err := Load("es", Inline("config.yaml", []byte(content))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", content, err, want)
		}
	}
	if _, err := Load("es", Inline("empty", nil)); err != nil {
		t.Errorf("nothing said: %v", err)
	}
}
