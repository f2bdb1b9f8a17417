package mailflow

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

const ana, eva ticket.Address = "ana@ayuntamiento.example", "eva@diputacion.example"

var toAna = store.Notice{ID: "01BW03QH9G7G41YS7Z1A6VSWZA", Ticket: "I171009_000001", To: ana}

func TestMessageIDNamesItsAddressee(t *testing.T) {
	d := newTestDesk(t, "dgt")
	id := d.messageID(toAna)
	about := toAna
	about.Ticket = ""
	for name, c := range map[string]struct {
		replyTo, references []string
		author              ticket.Address
		want                bool
	}{
		"in reply to":                {[]string{id}, nil, ana, true},
		"case of the address":        {[]string{id}, nil, "ANA@ayuntamiento.example", true},
		"referred to, with others":   {[]string{"x@ayuntamiento.example"}, []string{id, "y@z.example"}, ana, true},
		"somebody else":              {[]string{id}, nil, eva, false},
		"another ticket's number":    {[]string{strings.Replace(id, "_000001", "_000002", 1)}, nil, ana, false},
		"another notice":             {[]string{strings.Replace(id, "ZA.", "ZB.", 1)}, nil, ana, false},
		"a made up token":            {[]string{"I171009_000001.01BW03QH9G7G41YS7Z1A6VSWZA.0123456789ABCDEF@dgt.example"}, nil, ana, false},
		"the thread's root":          {[]string{d.threadRoot(toAna.Ticket)}, nil, ana, false},
		"nothing":                    {nil, nil, ana, false},
		"buried under too many more": {nil, append([]string{id}, make([]string, 60)...), ana, false},
		"no author":                  {[]string{id}, nil, "", false},
	} {
		got, ok := d.claimOf(&parser.Message{InReplyTo: c.replyTo, References: c.references}, c.author)
		if ok != c.want || ok && (got != claim{ticket: toAna.Ticket, notice: toAna.ID}) {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
	if got, ok := d.claimOf(&parser.Message{InReplyTo: []string{d.messageID(about)}}, ana); !ok || got.ticket != "" {
		t.Errorf("a mail about no ticket: %v %v", got, ok)
	}
	if _, ok := newTestDesk(t, "pnt").claimOf(&parser.Message{InReplyTo: []string{id}}, ana); ok {
		t.Error("another desk takes it for its own")
	}
}

func TestReturnPath(t *testing.T) {
	d := newTestDesk(t, "dgt")
	path := ticket.Address(d.returnPath(toAna.ID))
	if local, _, _ := strings.Cut(string(path), "@"); len(local) > 64 { // RFC 5321 section 4.5.3.1.1
		t.Errorf("the local part of %s has %d octets", path, len(local))
	}
	for a, want := range map[ticket.Address]bool{
		path: true, ticket.Address(strings.ToUpper(string(path))): true,
		ticket.Address(strings.Replace(string(path), "b+01", "b+02", 1)):               false,
		ticket.Address(strings.Replace(string(path), "dgt.example", "pnt.example", 1)): false,
		"b+01bw03qh9g7g41ys7z1a6vswza0123456789abcdef@dgt.example":                     false,
		"b+@dgt.example": false, "": false,
	} {
		if d.isReturnPath(a) != want {
			t.Errorf("%s: taken for ours: %v", a, !want)
		}
	}
	if newTestDesk(t, "pnt").isReturnPath(path) {
		t.Error("another desk takes it for its own")
	}
}

func TestScrub(t *testing.T) {
	d := newTestDesk(t, "dgt")
	for text, want := range map[string]string{
		"Validar Petición I171009_000001 7KQ2M9XA4C8PWZ3T":                                            "Validar Petición I171009_000001",
		"validar i171009_000001  7kq2m9xa4c8pwz3t, gracias":                                           "validar i171009_000001, gracias",
		"I171009_000001%207KQ2M9XA4C8PWZ3T":                                                           "I171009_000001",
		"pulse <mailto:soporte@dgt.example?subject=Validar%20I171009_000001%207KQ2M9XA4C8PWZ3T> aquí": "pulse  aquí",
		"MAILTO:Soporte@DGT.example?subject=x":                                                        "",
		"mailto:abrir@dgt.example":                                                                    "",
		"escriba a <mailto:eva@diputacion.example>":                                                   "escriba a <eva@diputacion.example>",
		"pulse <mailto:eva@diputacion.example?subject=clave>":                                         "pulse <eva@diputacion.example>",
		"%20I171009_000001%207KQ2M9XA4C8PWZ3T":                                                        "%20I171009_000001",
		"mailto:soporte%40dgt.example?subject=Validar%20I171009_000001%207KQ2M9XA4C8PWZ3T":            "",
		"I171009_000001\u00a07KQ2M9XA4C8PWZ3T":                                                        "I171009_000001",
		"> *Validar Petición I171009_000001* \n> 7KQ2M9XA4C8PWZ3T":                                    "> *Validar Petición I171009_000001",
		"la I171009_000001: 7KQ2M9XA4C8PWZ3T":                                                         "la I171009_000001",
		"la I171009_000001: electrodomestico roto":                                                    "la I171009_000001: electrodomestico roto",
		"la I171009_000001: ABCDEFGHJKMNPQRS":                                                         "la I171009_000001",
		"la I171009_000001: 7KQ2M9XA4COPWZ3T":                                                         "la I171009_000001",
		"la I171009_000001 sigue igual":                                                               "la I171009_000001 sigue igual",
		"I171009_000001 I171009_000002 AAAABBBBCCCCDDDD":                                              "I171009_000001 I171009_000002",
		"": "",
	} {
		if got := d.scrub(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

func FuzzScrub(f *testing.F) {
	d := newTestDesk(f, "dgt")
	t1 := ticket.Ticket{Number: toAna.Ticket, Desk: "dgt", State: ticket.StateResolved, Requester: ticket.Person{Address: ana},
		Path: []ticket.Stay{{Event: 1, Action: ticket.Open, State: ticket.StateNew}, {Event: 2, Action: ticket.Resolve, State: ticket.StateResolved}}}
	token := d.Policy.Token(t1, ticket.Validate, ana)
	f.Add("", " ", "")
	f.Add("<mailto:soporte@dgt.example?subject=Validar%20", "%20", "&body=x>")
	f.Add("I171009_000002 ", "\n", " I171009_000001")
	f.Add("%20", "\u00a0", ".")
	f.Add("*", "* \n> ", "")
	f.Fuzz(func(t *testing.T, before, between, behind string) {
		if len(between) > 16 || strings.Trim(between, " \t\n+%20\u00a0*>:") != "" || between == "" || strings.Trim(between, "%20") == "" {
			between = "%20"
		}
		got := d.scrub(before + string(t1.Number) + between + token + " " + behind)
		if strings.Contains(got, token) && !strings.Contains(before+behind, token) {
			t.Errorf("the token stands in %q", got)
		}
	})
}

// A mail of ours that somebody attaches must not make its reader the addressee.
func TestHoldsKey(t *testing.T) {
	d := newTestDesk(t, "dgt")
	const keyed = "Subject: Validar\r\nContent-Type: text/plain\r\n\r\nValidar I171009_000001 7KQ2M9XA4C8PWZ3T\r\n"
	nested := "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + keyed + "\r\n--b--\r\n"
	encoded := "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte("Validar I171009_000001 7KQ2M9XA4C8PWZ3T")) + "\r\n"
	for _, c := range []struct {
		name, kind, data string
		want             bool
	}{
		{"", "message/rfc822", keyed, true},
		{"", "message/rfc822", nested, true},
		{"", "message/rfc822", "Subject: Hola\r\n\r\nI171009_000001\r\n", false},
		{"", "text/plain", "Validar I171009_000001 7KQ2M9XA4C8PWZ3T", true},
		{"", "text/csv", "I171009_000001;cerrada", false},
		{"", "image/png", keyed, false},
		{"correo.EML", "application/octet-stream", encoded, true},
		{"correo.eml", "application/octet-stream", "Subject: Hola\r\n\r\nI171009_000001\r\n", false},
		{"nota.txt", "application/octet-stream", "Validar I171009_000001 7KQ2M9XA4C8PWZ3T", true},
		{"correo.html", "text/html", "Validar I171009_000001&nbsp;7KQ2M9XA4C8PWZ3T", true},
		{"correo.html", "text/html", "Validar I171009_000001<br>7KQ2M9XA4C8PWZ3T", true},
		{"correo.htm", "application/octet-stream", "<b>I171009_000001</b>\r\n      <span class=clave><b>7KQ2M9XA4C8PWZ3T</b>", true},
		{"correo.html", "text/html", "<a href='mailto:soporte@dgt.example?subject=I171009_000001%207KQ2M9XA4C8PWZ3T'>Validar</a>", true},
		{"correo.html", "text/html", "<b>I171009_000001</b> sigue igual", false},
	} {
		if got := d.holdsKey(parser.Attachment{Filename: c.name, ContentType: c.kind, Data: []byte(c.data)}); got != c.want {
			t.Errorf("%s %s %q: %v", c.name, c.kind, c.data, got)
		}
	}
}
