package templates

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/ticket"
)

// opened is a mailto link as some program understood it.
type opened struct{ to, subject, body string }

// openStrict reads a link as RFC 6068 says: "+" is a plus.
func openStrict(t failer, link string) opened {
	t.Helper()
	return open(t, link, url.PathUnescape)
}

// openLikeForm reads a link as programs do that take it for a web form: "+" is
// a space.
func openLikeForm(t failer, link string) opened {
	t.Helper()
	return open(t, link, url.QueryUnescape)
}

func open(t failer, link string, unescape func(string) (string, error)) opened {
	t.Helper()
	decode := func(s string) string {
		plain, err := unescape(s)
		if err != nil {
			t.Fatalf("%q: %v", link, err)
		}
		return plain
	}
	rest, found := strings.CutPrefix(link, "mailto:")
	to, query, _ := strings.Cut(rest, "?")
	o := opened{to: decode(to)}
	if !found || strings.Contains(query, "?") {
		t.Fatalf("%q is no link every program opens", link)
	}
	for _, part := range strings.Split(query, "&") {
		switch key, value, _ := strings.Cut(part, "="); key {
		case "subject":
			o.subject += decode(value)
		case "body":
			o.body += decode(value)
		default:
			t.Fatalf("%q holds the header field %q", link, key)
		}
	}
	return o
}

func TestMailto(t *testing.T) {
	s := builtinSet(t)
	validate, reject := s.Action(ticket.Validate), s.Action(ticket.Reject)
	open := Link{Address: "soportecau@dgt.example", Subject: "Apertura", Form: openingForm(),
		Values: ticket.Values{"service": "EEFF", "description": "Línea 1\nLínea 2"}}
	for name, c := range map[string]struct {
		link Link
		want string
	}{
		"no blanks": {Link{Address: "a@dgt.example", Subject: "Validar Petición I171009_000049 7KQ2M9XA4C8PWZ3T", Form: validate.Form, Hint: validate.Hint},
			"mailto:a@dgt.example?subject=Validar%20Petici%C3%B3n%20I171009_000049%207KQ2M9XA4C8PWZ3T&body=Env%C3%ADe%20el%20mensaje%20sin%20modificar%20nada."},
		"an optional blank": {Link{Address: "a@dgt.example", Subject: "R", Form: reject.Form, Hint: reject.Hint},
			"mailto:a@dgt.example?subject=R&body=Motivo%20%28opcional%29%3A"},
		"no body": {Link{Address: "a@dgt.example", Subject: "Responder"}, "mailto:a@dgt.example?subject=Responder"},
		"values": {open, "mailto:soportecau@dgt.example?subject=Apertura&body=Servicio%2FAplicaci%C3%B3n%3A%20EEFF" +
			"%0D%0A%0D%0ATipo%3A%0D%0A%0D%0ADescripci%C3%B3n%3A%20L%C3%ADnea%201%0D%0AL%C3%ADnea%202"},
		"what has a meaning in links": {Link{Address: "a+b@dgt.example", Subject: "a+b & c=d? 100% #1,;:"},
			"mailto:a%2Bb@dgt.example?subject=a%2Bb%20%26%20c%3Dd%3F%20100%25%20%231%2C%3B%3A"},
		"what would be a header field": {Link{Address: "a@dgt.example?cc=x@evil.example", Subject: "S\r\nBcc: x@evil.example\u202e"},
			"mailto:a@dgt.example%3Fcc%3Dx@evil.example?subject=S%20Bcc%3A%20x%40evil.example"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.Mailto(c.link); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestMailtoReadsTheSameEverywhere checks that strict programs and those that
// read links like forms get the same mail, that it is the one meant, and that
// the link stays short.
func TestMailtoReadsTheSameEverywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLink(t)
		link := Mailto(l)
		strict, form := openStrict(t, link), openLikeForm(t, link)
		if strict != form {
			t.Fatalf("read as RFC 6068: %q\nread as a form:   %q", strict, form)
		}
		if strict.to != l.Address || strict.subject != cleanLine(l.Subject, MaxLink) {
			t.Fatalf("address and subject became %q", strict)
		}
		if len(link) > MaxLink {
			t.Fatalf("the link has %d characters", len(link))
		}
		checkClean(t, strict.body)
		_, cut := mailto(l)
		for id, value := range readBody(t, l.Form, strict.body) {
			checkValue(t, l, id, value, cut)
		}
	})
}

func drawLink(t *rapid.T) Link {
	return Link{
		Address: "soporte+dgt@dgt.example", Subject: rapid.StringN(0, 60, 120).Draw(t, "subject"), Form: openingForm(),
		Values: ticket.Values{
			"service": "EEFF", "type": rapid.SampledFrom([]string{"", "Error Acceso"}).Draw(t, "type"),
			"description": strings.Repeat(strangeText().Draw(t, "description"), rapid.IntRange(1, 60).Draw(t, "times")),
		},
	}
}

// readBody finds the value of each blank: what stands between its label and
// the next.
func readBody(t failer, form ticket.Form, body string) ticket.Values {
	t.Helper()
	values := ticket.Values{}
	if body == "" {
		return values
	}
	for i, field := range form.Fields {
		_, rest, found := strings.Cut(body, field.Label+":")
		if !found {
			t.Fatalf("no %q in %q", field.Label, body)
		}
		if i+1 < len(form.Fields) {
			rest, _, _ = strings.Cut(rest, "\r\n\r\n"+form.Fields[i+1].Label+":")
		}
		values[field.ID] = strings.TrimPrefix(rest, " ")
	}
	return values
}

func checkValue(t failer, l Link, id, got string, cut bool) {
	t.Helper()
	want := strings.ReplaceAll(cleanText(l.Values[id]), "\n", "\r\n")
	switch {
	case got == want:
	case cut && id == "description" && strings.HasPrefix(want, strings.TrimRightFunc(strings.TrimSuffix(got, "…"), unicode.IsSpace)):
	default:
		t.Errorf("%s became %q, want %q", id, got, want)
	}
}

func checkClean(t failer, body string) {
	t.Helper()
	if !utf8.ValidString(body) {
		t.Errorf("a character is cut in two: %q", body)
	}
	for _, r := range strings.ReplaceAll(body, "\r\n", "") {
		if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e {
			t.Errorf("%q holds %U", body, r)
		}
	}
}

func TestMailtoCutsOnlyLongTexts(t *testing.T) {
	l := Link{Address: "a@dgt.example", Subject: "Apertura", Form: openingForm(),
		Values: ticket.Values{"service": "EEFF", "type": "Error Acceso", "description": strings.Repeat("ñandú ", 1000)}}
	link, cut := mailto(l)
	body := openStrict(t, link).body
	if !cut || len(link) > MaxLink || len(link) < MaxLink-40 {
		t.Errorf("cut %v, %d characters", cut, len(link))
	}
	values := readBody(t, l.Form, body)
	if values["service"] != "EEFF" || values["type"] != "Error Acceso" || !strings.HasSuffix(values["description"], "…") {
		t.Errorf("read %q", values)
	}
}

// TestMailtoWithoutRoom checks that a link gives up its values, and its body
// too if need be, but never its subject.
func TestMailtoWithoutRoom(t *testing.T) {
	var form ticket.Form
	values := ticket.Values{}
	for _, id := range strings.Split("abcdefghij", "") {
		form.Fields = append(form.Fields, ticket.Field{ID: id, Label: "Dato " + id, Kind: ticket.TextField})
		values[id] = strings.Repeat("x", 200)
	}
	l := Link{Address: "a@dgt.example", Subject: "Apertura", Form: form, Values: values}
	if body := openStrict(t, Mailto(l)).body; strings.Contains(body, "x") || !strings.Contains(body, "Dato j:") {
		t.Errorf("body %q", body)
	}
	l.Form.Fields[0].Label = strings.Repeat("Dato ", 400)
	if o := openStrict(t, Mailto(l)); o.body != "" || o.subject != "Apertura" {
		t.Errorf("read %q", o)
	}
}
