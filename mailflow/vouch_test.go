package mailflow

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/milter"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
)

func TestStampTakesOffForgedFindings(t *testing.T) {
	raw := []byte("Authentication-Results: mx.dgt.example; dkim=pass\r\nX-Spam: no\r\n really\r\nFrom: a@x.example\r\nX-SPAM: again\r\n\r\nX-Spam: stays\r\n")
	got := string(stamp(raw, "mx.dgt.example", authn.Verdict{Results: "mx.dgt.example; spf=none"},
		milter.Verdict{Drop: []string{"x-spam"}, Add: []milter.Field{{Name: "X-Spam", Value: "yes"}}}))
	want := "Authentication-Results: mx.dgt.example; spf=none\r\nX-Spam: yes\r\nFrom: a@x.example\r\n\r\nX-Spam: stays\r\n"
	if got != want {
		t.Errorf("kept is\n%q, not\n%q", got, want)
	}
	if plain := stamp(raw[55:], "", authn.Verdict{}, milter.Verdict{}); string(plain) != string(raw[55:]) {
		t.Errorf("a mail nobody has anything to say of is changed: %q", plain)
	}
}

// verdicts is a filter that always says the same.
type verdicts milter.Verdict

func (v verdicts) Check(context.Context, milter.Mail) (milter.Verdict, error) {
	return milter.Verdict(v), nil
}

func TestWhatTheFiltersSayIsDone(t *testing.T) {
	for _, c := range []struct {
		says milter.Verdict
		code int    // of the refusal; 0: it is taken
		held string // why nobody acts on it
	}{
		{says: milter.Verdict{Decision: milter.Accept}},
		{says: milter.Verdict{Decision: milter.Reject, Code: 554, Enhanced: [3]int{5, 7, 1}, Text: "virus"}, code: 554},
		{says: milter.Verdict{Decision: milter.TempFail, Code: 451, Enhanced: [3]int{4, 7, 1}, Text: "later"}, code: 451},
		{says: milter.Verdict{Decision: milter.Discard, By: "f"}, held: "discarded by the filter f"},
		{says: milter.Verdict{Decision: milter.Quarantine, By: "f", Reason: "odd"}, held: "held by the filter f: odd"},
	} {
		mail := &incoming{envelope: &smtpd.Envelope{Remote: netip.MustParseAddr("127.0.0.1")}}
		_, err := newTestRoom(t, brokenStore{}).filter(t.Context(), &Site{Filter: verdicts(c.says)}, mail, nil)
		var refused *smtpd.Refused
		if errors.As(err, &refused) != (c.code != 0) || refused != nil && refused.Code != c.code || !strings.EqualFold(mail.held, c.held) {
			t.Errorf("%v: %v, held %q", c.says.Decision, err, mail.held)
		}
	}
}
