//go:build e2e

package e2e

import (
	"os/exec"
	"testing"
)

// swaks sends a mail with the command of that name. It returns the
// conversation, and an error if the server did not take the mail.
func swaks(t *testing.T, args ...string) (string, error) {
	t.Helper()
	need(t, "swaks", "swaks")
	out, err := exec.CommandContext(t.Context(), "swaks", args...).CombinedOutput()
	return string(out), err
}

// mustSwaks is swaks where the mail must be taken.
func mustSwaks(t *testing.T, args ...string) string {
	t.Helper()
	said, err := swaks(t, args...)
	if err != nil {
		t.Fatalf("swaks %v: %v\n%s", args, err, said)
	}
	return said
}

// openingBy are swaks's arguments for the mail that opens an incident. Subject
// and body go out in UTF-8 with nothing that says so: swaks is no mail program,
// and the daemon tells people to try it like this.
func openingBy(server string) []string {
	return []string{"--server", server, "--from", ana, "--to", intake, "--h-From", "Ana Pérez <" + ana + ">",
		"--h-Subject", opening, "--body", openingBody}
}
