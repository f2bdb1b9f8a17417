package authn

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/mailflow/authn/smime"
	"github.com/cauce-desk/cauce/parser"
)

// A signature by the very address in From authenticates as strictly as DKIM,
// as long as it is fresh and the domain does not disown the mail; any other is
// told of and counts for nothing.
func TestSignedMail(t *testing.T) {
	const folder = "smime/testdata"
	roots, err := smime.LoadRoots([]string{filepath.Join(folder, "root.pem")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, file, zone, how string
		change                func(string) string
		after                 time.Duration
		roots, strict         bool
	}{
		{name: "by From", file: "01-detached.eml", roots: true, strict: true, how: "S/MIME signature of ana.gil@dgt.example"},
		{name: "no authorities configured", file: "01-detached.eml"},
		{name: "altered", file: "01-detached.eml", roots: true, how: "invalid",
			change: func(s string) string { return strings.Replace(s, "arranca", "termina", 1) }},
		{name: "old", file: "01-detached.eml", roots: true, after: 8 * 24 * time.Hour, how: "stale"},
		{name: "of a card without address", file: "07-card-without-address.eml", roots: true, how: "does not name the sender"},
		{name: "disowned by its domain", file: "01-detached.eml", roots: true, how: "disowns",
			zone: `_dmarc.dgt.example. TXT "v=DMARC1; p=reject"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(folder, c.file))
			if err != nil {
				t.Fatal(err)
			}
			text := string(raw)
			if c.change != nil {
				text = c.change(text)
			}
			at := smime.Verify(raw, smime.Options{Roots: roots, Now: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}).Signers[0].At
			_, dns := serveZone(t, c.zone)
			judge := Judge{Resolver: dns, Now: func() time.Time { return at.Add(time.Hour + c.after) }}
			if c.roots {
				judge.Roots = roots
			}
			v, err := judge.Examine(context.Background(), Origin{Address: netip.MustParseAddr("192.0.2.1"), Hello: "x.example", MailFrom: "b@x.example"},
				[]byte(text), parser.Parse([]byte(text)))
			if err != nil || v.Strict != c.strict || v.Authenticated != c.strict || !strings.Contains(v.How, c.how) {
				t.Errorf("authenticated %v, strictly %v, %q, %v", v.Authenticated, v.Strict, v.How, err)
			}
		})
	}
}
