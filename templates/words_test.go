package templates

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/cauce-desk/cauce/ticket"
)

func render(t *testing.T, s *Set, v View) Rendered {
	t.Helper()
	r, err := s.Render(v)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// prescribed are the words of the desk whose procedure prescribes sentences:
// those of its preset over the locale's.
func prescribed(t *testing.T) *Set {
	t.Helper()
	raw, err := os.ReadFile("../presets/dgt.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var preset struct {
		Desks []struct {
			Wording map[string]any `yaml:"wording"`
		} `yaml:"desks"`
	}
	if err := yaml.Unmarshal(raw, &preset); err != nil {
		t.Fatal(err)
	}
	words, err := yaml.Marshal(preset.Desks[0].Wording)
	if err != nil {
		t.Fatal(err)
	}
	links := "actions: {validate: {link: Validar Petición}, reject: {link: Rechazar Petición}}\n" // the preset's, which no Set reads
	s, err := Load("es", Inline("dgt", words), Inline("links", []byte(links)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLiteralWords holds the sentences the procedure prescribes to the letter
// (DGT-5, DGT-8). Other programs look for them.
func TestLiteralWords(t *testing.T) {
	s := prescribed(t)
	for kind, sentences := range map[string][]string{
		"open.requester": {
			"\nEste correo es para confirmar que su petición ha sido creada con fecha 09/10/2017 10:23:58 (UTC + 2)\n",
			"\nNúmero de Incidencia: I171009_000049\n", "\nResumen:\n", " Apertura de Incidencia Automática Aplicación / Desarrollo.\n",
			"\nServicio/Aplicación: EEFF\n", "\nTipo: Pérdida de Servicio\n", "\nDescripción:\n",
		},
		"resolve.requester": {
			"\nEl usuario Ana Pérez ha creado la petición de servicio nº I171009_000049, desencadenado la validación pertinente.\n",
			"\nDescripción solicitud:\n", "\nSolución:\n", "\nPuede validar la solicitud por Email utilizando los enlaces de Abajo:\n",
			"\nValidar Petición\n<mailto:soporteserviciosdgt@dgt.example?subject=Validar%20Petici%C3%B3n%20I171009_000049%20",
			"\nRechazar Petición\n<mailto:soporteserviciosdgt@dgt.example?subject=Rechazar%20Petici%C3%B3n%20I171009_000049%20",
			"body=Motivo%20%28opcional%29%3A>\n",
		},
	} {
		text := render(t, s, story(t, s, kind)).Text
		for _, sentence := range sentences {
			if !strings.Contains(text, sentence) {
				t.Errorf("%s lacks %q:\n%s", kind, sentence, text)
			}
		}
	}
	if subject, _ := s.Subject(story(t, s, "resolve.requester")); subject != "Validación solución de la incidencia I171009_000049" {
		t.Errorf("subject %q", subject)
	}
}

// TestSubjects checks what makes a subject one that can be answered: short,
// the same for the same kind, and with the number of the ticket; and that no
// word of the requester is in those the staff gets.
func TestSubjects(t *testing.T) {
	s := builtinSet(t)
	for _, kind := range noticeKeys() {
		v := story(t, s, kind)
		subject, err := s.Subject(v)
		if err != nil {
			t.Fatal(err)
		}
		if utf8.RuneCountInString(subject) > 78 {
			t.Errorf("%s: %q is long", kind, subject)
		}
		if v.Ticket.Number != "" && !strings.Contains(subject, string(v.Ticket.Number)) {
			t.Errorf("%s: %q lacks the number", kind, subject)
		}
		if r := render(t, s, v); r.Subject != subject {
			t.Errorf("%s: rendered as %q, announced as %q", kind, r.Subject, subject)
		}
		v.Ticket.Subject, v.Event.Content.Text, v.Ticket.Requester.Name = "otro", "otro", "otro"
		if again, _ := s.Subject(v); again != subject {
			t.Errorf("%s: %q became %q with other words", kind, subject, again)
		}
	}
}

// TestLinesAreShort checks the width of running text. What must be copied
// whole and a single long word may be wider.
func TestLinesAreShort(t *testing.T) {
	s := builtinSet(t)
	for _, kind := range noticeKeys() {
		for line := range strings.Lines(render(t, s, story(t, s, kind)).Text) {
			line = strings.TrimRight(line, "\n")
			wide := utf8.RuneCountInString(line) > width
			copied := strings.HasPrefix(line, "<mailto:") || strings.HasPrefix(line, "    Asunto: ") || strings.HasPrefix(line, strings.Repeat(" ", 2*hang))
			if wide && !copied {
				t.Errorf("%s: %q", kind, line)
			}
			if strings.TrimRight(line, " ") != line && line != "-- " {
				t.Errorf("%s: %q ends in a space", kind, line)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	long := strings.Repeat("palabra ", 12)
	for name, c := range map[string]struct {
		line line
		want string
	}{
		"short":       {line{{Text: "uno dos"}}, "  uno dos"},
		"empty":       {nil, ""},
		"two lines":   {line{{Text: long}}, "  " + strings.TrimSpace(long[:72]) + "\n    palabra palabra palabra"},
		"indentation": {line{{Text: "    x"}}, "      x"},
		"in one piece": {line{{Text: strings.Repeat("x", 60) + " "}, {Text: "09/10/2017 10:23:58 (UTC + 2)", Keep: true}},
			"  " + strings.Repeat("x", 60) + "\n    09/10/2017 10:23:58 (UTC + 2)"},
		"no link of ours": {line{{Text: strings.Repeat("x", 72) + " <mailto:evil@evil.example>"}}, "  " + strings.Repeat("x", 72) + "\n    <mailto:evil@evil.example>"},
		"one long word":   {line{{Text: strings.Repeat("x", 90)}}, "  " + strings.Repeat("x", 90)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wrap(2, 4, c.line); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for line := range strings.Lines(wrap(0, 0, c.line)) {
				if strings.HasPrefix(line, "<") {
					t.Errorf("looks like a link of ours: %q", line)
				}
			}
		})
	}
}

func TestStamp(t *testing.T) {
	at := time.Date(2017, time.October, 9, 8, 23, 58, 0, time.UTC)
	for _, c := range []struct {
		at   time.Time
		zone string
		want string
	}{
		{at, "Europe/Madrid", "09/10/2017 10:23:58 (UTC + 2)"},
		{at.AddDate(0, 2, 0), "Europe/Madrid", "09/12/2017 09:23:58 (UTC + 1)"},
		{time.Date(2017, time.October, 29, 0, 59, 59, 0, time.UTC), "Europe/Madrid", "29/10/2017 02:59:59 (UTC + 2)"},
		{time.Date(2017, time.October, 29, 1, 0, 0, 0, time.UTC), "Europe/Madrid", "29/10/2017 02:00:00 (UTC + 1)"},
		{at.AddDate(0, 2, 0), "America/Mexico_City", "09/12/2017 02:23:58 (UTC - 6)"},
		{at, "Asia/Kolkata", "09/10/2017 13:53:58 (UTC + 5:30)"},
		{at.AddDate(0, 2, 0), "America/St_Johns", "09/12/2017 04:53:58 (UTC - 3:30)"},
		{at, "UTC", "09/10/2017 08:23:58 (UTC + 0)"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got := Stamp(c.at, zone)
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.zone, got, c.want)
		}
		if stampPattern.FindString(got) != got {
			t.Errorf("%s may break", got)
		}
	}
	if got := Stamp(at, nil); got != "09/10/2017 08:23:58 (UTC + 0)" {
		t.Errorf("without a zone: %s", got)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"\r\n\n  a\t b \r\n\r\nc  \n\n": "  a     b\n\nc",
		"a\u0000b\u0092c\u202ed\u2066e": "abcde",
		"👩\u200d🚒 e\u0301 ñ":            "👩\u200d🚒 e\u0301 ñ",
		"a\xffb":                        "a\uFFFDb",
		"a\u2028b\u0085c":               "a\nb\nc",
		"\uFDD0\uE000x\U000E0041\u00AD": "x",
	} {
		if got := cleanText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := cleanLine(" uno\n dos\u00a0tres ", 9); got != "uno dos…" {
		t.Errorf("got %q", got)
	}
}

func TestNames(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, "open.staff")
	v.Ticket.Requester = ticket.Person{Address: "x@ayto.example"}
	if text := render(t, s, v).Text; !strings.Contains(text, "Solicitante: x@ayto.example\n") {
		t.Errorf("without a name:\n%s", text)
	}
	v.Name = func(ticket.Address) string { return "Eva Sanz" }
	if text := render(t, s, v).Text; !strings.Contains(text, "Solicitante: Eva Sanz (x@ayto.example)\n") {
		t.Errorf("known by name:\n%s", text)
	}
}

func TestIdentity(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, "open.staff")
	for proven, want := range map[bool]string{true: "Identidad: comprobada\n", false: "Identidad: sin comprobar\n"} {
		v.Event.Assurance = ticket.Assurance{Authenticated: proven}
		if text := render(t, s, v).Text; !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
}

// TestOpeningLink checks where a link that opens a ticket comes from: from the
// caller, or else from the desk's form with what was understood; never twice.
func TestOpeningLink(t *testing.T) {
	s := builtinSet(t)
	v := story(t, s, KindCorrection)
	if text := render(t, s, v).Text; strings.Count(text, "\nAbrir incidencia\n<mailto:soportecau@dgt.example?") != 1 || !strings.Contains(text, "%3A%20EEFF") {
		t.Errorf("made here:\n%s", text)
	}
	v.Links = []Link{{Name: "Pedir", Address: v.Desk.Intake, Subject: v.OpeningSubject, Form: v.Opening}}
	if text := render(t, s, v).Text; strings.Count(text, "<mailto:") != 1 || !strings.Contains(text, "\nPedir\n<mailto:") {
		t.Errorf("the caller's:\n%s", text)
	}
	v.Links, v.OpeningSubject = nil, ""
	if text := render(t, s, v).Text; strings.Contains(text, "<mailto:") {
		t.Errorf("none offered:\n%s", text)
	}
}

func TestUnknown(t *testing.T) {
	s := builtinSet(t)
	if _, err := s.Render(View{Kind: "open.boss"}); err == nil || err.Error() != `there is no notice "open.boss"` {
		t.Errorf("kind: %v", err)
	}
	if got := s.State("frozen"); got != "frozen" {
		t.Errorf("state %q", got)
	}
	if got := s.Action("dance"); got.Link != "dance" || len(got.Form.Fields) != 0 {
		t.Errorf("action %+v", got)
	}
	v := story(t, s, KindRefused)
	v.Answer.Reason, v.Answer.Problems = "new_reason", []ticket.Problem{{Field: "nobody", Reason: "new_problem"}}
	if text := render(t, s, v).Text; !strings.Contains(text, "No es posible hacer lo que ha pedido.") || !strings.Contains(text, "nobody: No es correcto.") {
		t.Errorf("reason:\n%s", text)
	}
}
