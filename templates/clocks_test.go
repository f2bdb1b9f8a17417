package templates

import (
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

func TestClocks(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, "assign.staff")
	due := v.Event.At.Add(time.Hour)
	v.Clocks = []Clock{
		{Name: "resolve", Due: due}, {Name: "resolve", Label: "Corrección", Due: due, Late: true},
		{Name: "own", Standing: true}, {Name: "validate", Due: due, Standing: true},
	}
	text := render(t, s, v).Text
	for _, want := range []string{
		"\nPlazos:\n\nResolver: 09/10/2017 11:48:58 (UTC + 2)\n", "\nCorrección: 09/10/2017 11:48:58 (UTC + 2), vencido\n", "\nown: detenido\n",
		"\nValidar la solución: 09/10/2017 11:48:58 (UTC + 2), detenido\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

func TestLateBy(t *testing.T) {
	s := builtinSet(t)
	for late, want := range map[time.Duration]string{
		0: "", 10 * time.Minute: "", 11 * time.Minute: "con un retraso de 11 min", 125 * time.Minute: "con un retraso de 2 h 5 min",
		49*time.Hour + 7*time.Minute: "con un retraso de 2 d 1 h", 48 * time.Hour: "con un retraso de 2 d",
	} {
		v := byClock(story(t, s, "escalate.superior"), late)
		v.Event.Content.Alarm.Due = v.Event.At.Add(time.Minute)
		d, err := s.values(v)
		if err != nil || d.LateBy != want || d.Overdue {
			t.Errorf("%v: %q, overdue %v, %v", late, d.LateBy, d.Overdue, err)
		}
	}
	v := byClock(story(t, s, "escalate.superior"), 0)
	if d, _ := s.values(v); !d.Overdue || d.Clock != "Corregir" || d.Deadline != "09/10/2017 11:08:58 (UTC + 2)" || d.Level != 1 {
		t.Errorf("%+v", d)
	}
	v.Clocks = nil
	if d, _ := s.values(v); d.Clock != "Resolver" {
		t.Errorf("clock %q", d.Clock)
	}
}

// TestWhoClosed checks that what a clock did is not said to be anybody's doing.
func TestWhoClosed(t *testing.T) {
	s := builtinSet(t)
	byHand, itself := story(t, s, "close.requester"), byClock(story(t, s, "close.requester"), 0)
	const why = "por no haber recibido respuesta en el plazo previsto"
	if a, b := oneLine(render(t, s, byHand).Text), oneLine(render(t, s, itself).Text); strings.Contains(a, why) || !strings.Contains(b, why) {
		t.Errorf("%s\n%s", a, b)
	}
	itself.Event.Action, itself.Kind = ticket.Record, "record.staff"
	if text := oneLine(render(t, s, itself).Text); !strings.Contains(text, "Mesa de ayuda gob.example ha registrado lo siguiente") {
		t.Errorf("who wrote the note of a clock:\n%s", text)
	}
	itself.Kind = "escalate.staff"
	if text := render(t, s, itself).Text; strings.Contains(text, "Identidad") {
		t.Errorf("the clock has an identity:\n%s", text)
	}
}

// TestValidatedBySomebodyElse checks that a requester is not told to have done
// what another did, nor that all is over while a report is due.
func TestValidatedBySomebodyElse(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, "validate.requester")
	v.Event.Actor = ticket.Person{Address: validator}
	v.Ticket.State = ticket.StateReporting
	if text := oneLine(render(t, s, v).Text); !strings.Contains(text, "Se ha validado la solución") || strings.Contains(text, "termina") || strings.Contains(text, "Fecha de cierre") {
		t.Error(text)
	}
	v = story(t, s, "resolve.requester")
	v.Links = v.Links[:0]
	if text := render(t, s, v).Text; strings.Contains(text, "pulse el enlace") || strings.Contains(text, "Puede validar") {
		t.Error(text)
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
