//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/store"
)

// TestVirusAtTheDoor sends through the whole daemon, which asks a clamav-milter:
// a virus is refused in the dialogue and stands in the journal, and a clean mail
// opens a ticket.
func TestVirusAtTheDoor(t *testing.T) {
	c := startClamAV(t, "Reject")
	o := configuredOffice(t, `trusted: ["127.0.0.0/8"]
milters:
  - address: "`+c.address+`"
`)
	infected := append(openingBy(o.Server), "--attach-type", "application/octet-stream", "--attach-name", "factura.com", "--attach", eicar)
	said, err := swaks(t, infected...)
	if err == nil || !strings.Contains(said, "<** 550 ") || !strings.Contains(said, "virus: Eicar") {
		t.Errorf("a virus was not refused in the dialogue:\n%s", said)
	}
	mustSwaks(t, openingBy(o.Server)...)
	o.letter(ana, "Confirmación de apertura")
	if n := len(o.tickets()); n != 1 {
		t.Errorf("there are %d tickets", n)
	}
	var journal []store.Entry // newest first
	o.Ask(&journal, "mail list")
	if len(journal) != 2 || journal[0].Outcome != store.OutcomeActed || journal[1].Outcome != store.OutcomeRefused ||
		!strings.Contains(journal[1].Reason, "virus: Eicar") || !strings.HasPrefix(journal[1].Replies[0], "550") {
		t.Errorf("the journal says: %+v", journal)
	}
	c.milter.kill()
	if said, err := swaks(t, openingBy(o.Server)...); err == nil || !strings.Contains(said, "<** 451 ") {
		t.Errorf("without the milter the mail is not put off:\n%s", said)
	}
}
