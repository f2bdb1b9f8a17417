//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
)

// TestOpenDKIM has opendkim verify what the daemon signed, with the records that
// "cauce keys dkim" printed, published by a DNS server.
func TestOpenDKIM(t *testing.T) {
	need(t, "opendkim", "opendkim")
	o, records := signingOffice(t)
	server, _, _ := net.SplitHostPort(serveZone(t, records...))
	dir := t.TempDir()
	writeConfig(t, dir, "opendkim.conf", "Mode v\nSocket local:@DIR@/socket\nNameservers "+server+"\nSyslog no\n")
	for kind, mail := range threeMails(t, o) {
		signatures := mail.Header("DKIM-Signature")
		if len(signatures) != 2 || !strings.Contains(signatures[0]+signatures[1], "a=ed25519-sha256") {
			t.Errorf("%s has the signatures %q", kind, signatures)
		}
		path := filepath.Join(dir, kind+".eml")
		for name, raw := range map[string][]byte{"as it is": mail.Raw, "changed": tampered(mail.Raw)} {
			said := openDKIM(t, dir, path, raw)
			if good := strings.Contains(said, "verification (s=uno, d=dgt.example, 2048-bit key) succeeded"); good != (name == "as it is") {
				t.Errorf("%s, %s: opendkim says:\n%s", kind, name, said)
			}
		}
	}
}

// openDKIM is what opendkim says of a mail.
func openDKIM(t *testing.T, dir, path string, raw []byte) string {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), "opendkim", "-x", filepath.Join(dir, "opendkim.conf"), "-t", path, "-v").CombinedOutput() // its words say whether it is good
	return string(out)
}

// tampered is a mail with another word in it.
func tampered(raw []byte) []byte {
	return []byte(strings.Replace(string(raw), "incidencia", "incidencja", 1))
}

// signingOffice is a desk with a key of each kind, and the DNS records for them.
func signingOffice(t *testing.T) (o *office, records []string) {
	t.Helper()
	data := t.TempDir()
	for selector, algorithm := range map[string]string{"uno": "rsa", "dos": "ed25519"} {
		out, err := exec.CommandContext(t.Context(), program, "keys", "dkim", "dgt.example", "--selector", selector,
			"--algorithm", algorithm, "--data", data, "--json").Output()
		var key struct{ Name, TXT string }
		if err == nil {
			err = json.Unmarshal(out, &key)
		}
		if err != nil {
			t.Fatalf("cauce keys dkim: %v\n%s", err, out)
		}
		records = append(records, fmt.Sprintf("%s. TXT %s", key.Name, inStrings(key.TXT)))
	}
	return quietOfficeOn(t, data), records
}

// inStrings is a text as the strings of a TXT record, none longer than 255.
func inStrings(text string) string {
	var quoted []string
	for len(text) > 200 {
		quoted, text = append(quoted, `"`+text[:200]+`"`), text[200:]
	}
	return strings.Join(append(quoted, `"`+text+`"`), " ")
}

// threeMails are mails a requester and an agent get: with a file, with links,
// and with a solution.
func threeMails(t *testing.T, o *office) map[string]mailclient.Mail {
	t.Helper()
	o.open(ana, picture())
	news := o.letter(agent, "Nueva incidencia")
	o.follow(news, "Resolver", map[string]string{"Solución": "Se ha reiniciado el nodo."})
	return map[string]mailclient.Mail{
		"confirmation": o.letter(ana, "Confirmación de apertura"), "news": news, "solution": o.letter(ana, "Validación solución"),
	}
}
