package compose

import (
	"net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-message"
	"pgregory.net/rapid"
)

func TestSubject(t *testing.T) {
	for subject, want := range map[string]string{
		"":                    "",
		"I171009_000049 Alta": "I171009_000049 Alta",
		"Validar Petición I171009_000049 7KQ2M9XA": "Validar =?utf-8?q?Petici=C3=B3n?= I171009_000049 7KQ2M9XA",
		"Petición añadida":                         "=?utf-8?q?Petici=C3=B3n_a=C3=B1adida?=",
		"«I171009_000049»":                         "=?utf-8?q?=C2=ABI171009=5F000049=C2=BB?=",
		"=?utf-8?q?x?=":                            "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=",
		"two  spaces":                              "=?utf-8?q?two__spaces?=",
		" edge ":                                   "=?utf-8?q?_edge_?=",
	} {
		if got := strings.Join(unstructured(subject), " "); got != want {
			t.Errorf("%q: %s, want %s", subject, got, want)
		}
	}
}

func TestLongSubjectKeepsItsNumberWhole(t *testing.T) {
	const number = "I171009_000049"
	for _, subject := range []string{
		strings.Repeat("petición ", 20) + number + strings.Repeat(" situación", 20),
		strings.Repeat("ñ", 40) + number + strings.Repeat("ñ", 40),
		strings.Repeat("€", 41) + "(" + number + ")" + strings.Repeat("€", 40),
		strings.Repeat("x", 80) + " " + number,
	} {
		m := plainMail()
		m.Subject = subject
		r := read(t, m)
		if got := r.subject(t); got != subject {
			t.Errorf("reads back as %q", got)
		}
		raw, encoded := r.header.Get("Subject"), "I171009=5F000049"
		if !strings.Contains(raw, number) && !strings.Contains(raw, encoded) {
			t.Errorf("number is split in %s", raw)
		}
	}
}

// nasty makes strings of what breaks encoders: accents, wide characters, runs
// of spaces, encoded-word syntax, quotes, line ends, controls, broken UTF-8.
func nasty() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"I171009_000049", "petición", "ñ", "日本語", "🙂", " ", "  ", "\t", "=?utf-8?q?", "?=", "_", "\"", "\\",
			"\r\n", "\n", "\r", "\x00", "\x7f", "\u0092", "\u202e", "\xff", ",", "<", ">", "(", ";", ":", "@", "%", "'", "/", ".",
			"\r\nBcc: thief@evil.example", "\r\n\r\n<p>", strings.Repeat("x", 70), strings.Repeat("é", 60),
		}),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 8), func(pieces []string) string { return strings.Join(pieces, "") })
}

func TestSubjectReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := plainMail()
		m.Subject = firstRunes(nasty().Draw(t, "subject"), maxSubject)
		r := read(t, m)
		if got, want := r.subject(t), clean(m.Subject); got != want {
			t.Fatalf("net/mail reads %q, want %q", got, want)
		}
		var h message.Header
		h.Set("Subject", r.header.Get("Subject"))
		if got, err := h.Text("Subject"); err != nil || got != clean(m.Subject) {
			t.Fatalf("go-message reads %q, %v", got, err)
		}
	})
}

func TestNameReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := plainMail()
		m.To.Name = firstRunes(nasty().Draw(t, "name"), maxName)
		got := read(t, m).mailbox(t, "To")
		want := mail.Address{Name: strings.Join(strings.Fields(clean(m.To.Name)), " "), Address: m.To.Address}
		if got != want {
			t.Fatalf("reads %q, want %q", got, want)
		}
	})
}

func TestNoHeaderCanBeAdded(t *testing.T) {
	want := map[string]bool{}
	for field := range read(t, fullMail()).header {
		want[field] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		m := fullMail()
		m.Subject = firstRunes(nasty().Draw(t, "subject"), maxSubject)
		m.From.Name = nasty().Draw(t, "from")
		m.To.Name = nasty().Draw(t, "to")
		m.ReplyTo.Name = nasty().Draw(t, "reply-to")
		m.References = append(m.References, nasty().Draw(t, "reference"))
		for i := range m.Attachments {
			m.Attachments[i].Filename = nasty().Draw(t, "file")
			m.Attachments[i].ContentType = nasty().Draw(t, "type")
		}
		r := read(t, m)
		for field := range r.header {
			if !want[field] {
				t.Fatalf("%s was added", field)
			}
		}
		if len(r.files) != 3 {
			t.Fatalf("%d files", len(r.files))
		}
	})
}
