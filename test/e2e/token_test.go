//go:build e2e

package e2e

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
)

// token is the code of a link, as it stands in a mail's words.
var token = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{16}\b`)

// keepTheirTokens checks that no mail shows the code of a link that was made
// for somebody else: not in its words, and in no file.
func keepTheirTokens(t *testing.T, mails []mailclient.Mail) {
	t.Helper()
	owner := map[string]string{}
	for _, m := range mails {
		for _, link := range m.Links {
			if words := strings.Fields(link.Subject); token.MatchString(link.Subject) {
				owner[words[len(words)-1]] = m.For
			}
		}
	}
	if len(owner) < fewestTokens {
		t.Fatalf("there are %d tokens", len(owner))
	}
	for _, m := range mails {
		text := m.Subject + m.Text + m.HTML
		for _, file := range m.Attachments {
			text += string(file.Data)
		}
		for _, code := range token.FindAllString(text, -1) {
			if whose := owner[code]; whose != "" && whose != m.For {
				t.Errorf("%q to %s shows %s, made for %s", m.Subject, m.For, code, whose)
			}
		}
	}
}

// fewestTokens is less than the links that the lives of five desks give.
const fewestTokens = 200
