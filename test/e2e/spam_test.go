//go:build e2e

package e2e

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestSpamAssassin asks SpamAssassin, by itself and without asking anybody in
// the network, what it thinks of our mails.
func TestSpamAssassin(t *testing.T) {
	need(t, "spamassassin", "spamassassin")
	o, _ := signingOffice(t)
	for kind, mail := range threeMails(t, o) {
		report := spamAssassin(t, mail.Raw)
		if points := score(t, report); points >= mostPoints {
			t.Errorf("%s gets %v points:\n%s", kind, points, report)
		}
	}
	spam := strings.Replace(string(letterOf(gtube)), "\r\n", "\n", -1)
	if report := spamAssassin(t, []byte(spam)); score(t, report) < 100 {
		t.Errorf("SpamAssassin does not know spam:\n%s", report)
	}
}

// mostPoints is far below the 5 at which mail is usually taken for spam.
const mostPoints = 1

// spamAssassin is its report on a mail: the rules of the package alone.
func spamAssassin(t *testing.T, raw []byte) string {
	t.Helper()
	home := t.TempDir()
	writeConfig(t, home, "prefs", "use_bayes 0\nuse_auto_whitelist 0\n")
	cmd := exec.CommandContext(t.Context(), "spamassassin", "--local", "--test-mode", "--prefspath", filepath.Join(home, "prefs"),
		"--configpath", "/usr/share/spamassassin")
	cmd.Env = append(cmd.Environ(), "HOME="+home, "LC_ALL=C.UTF-8")
	cmd.Stdin = bytes.NewReader(raw)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("spamassassin: %v", err)
	}
	return string(out)
}

var contentAnalysis = regexp.MustCompile(`Content analysis details:\s+\((-?[\d.]+) points`)

func score(t *testing.T, report string) float64 {
	t.Helper()
	found := contentAnalysis.FindStringSubmatch(report)
	if found == nil {
		t.Fatalf("there are no points in:\n%s", report)
	}
	points, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return points
}
