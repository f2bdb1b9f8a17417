package test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailtest"
)

// clockDesk calls the lead a quarter of an hour after an opening. What stands
// for %s is its clocks.
const clockDesk = `data: ./data
hostname: cauce.dgt.example
trusted: ["127.0.0.0/8"]
delivery: {via: maildir}
desks:
  - id: dgt
    intake: abrir@dgt.example
    name: Mesa
    language: es
    time_zone: Europe/Madrid
    number: "T{yy}_{seq:5}"
    opening:
      subject: Abrir
      fields: [{id: what, label: Que, kind: long_text, required: true}]
    queues: [{name: Q, agents: [agente@dgt.example], lead: jefa@dgt.example}]
    administrators: [admin@dgt.example]
    actions: [{action: open, tell: [requester, staff]}, resolve, validate, reject, comment, record, {action: escalate, by: [lead], tell: [superior]}]
%s`

const quarter = `    clocks: [{name: resolve, label: Resolver, starts: [open], stops: [resolve], within: 15m, escalate: [0m]}]
`

func clockOffice(t *testing.T, clocks string) *office {
	t.Helper()
	c, err := loadDesk(clockFile(t, clocks))
	if err != nil {
		t.Fatal(err)
	}
	o, err := openOffice(c, filepath.Join(t.TempDir(), "data"), time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

func clockFile(t *testing.T, clocks string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "desk.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, clockDesk, clocks), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func openOne(t *testing.T, o *office, n int) {
	t.Helper()
	raw := fmt.Appendf(nil, "From: ana@x.example\r\nTo: abrir@dgt.example\r\nSubject: Abrir\r\nMessage-ID: <%d@x.example>\r\n\r\nQue: nada va %d\r\n", n, n)
	answer, err := mailtest.Submit(context.Background(), o.client.Server, "ana@x.example", []string{"abrir@dgt.example"}, raw)
	if err != nil || answer.Code != 250 {
		t.Fatal(answer, err)
	}
	if err := o.settle(); err != nil {
		t.Fatal(err)
	}
}

// Time passes by itself, and nobody but the daemon looks at it: what a mail set
// going runs out.
func TestClocksRunByThemselves(t *testing.T) {
	o := clockOffice(t, quarter)
	openOne(t, o, 1)
	o.clock.Advance(time.Hour)
	err := await("the escalation", func() (bool, error) {
		mails, err := o.mailbox("jefa")
		return len(mails) == 1, err
	})
	if err != nil {
		t.Error(err)
	}
}

// A clock that goes from the configuration leaves nothing behind that would
// keep the others from being looked at.
func TestAClockThatIsGone(t *testing.T) {
	o := clockOffice(t, quarter)
	openOne(t, o, 1)
	if err := o.reload(clockFile(t, "")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := o.ask.Advance(ctx, time.Hour); err != nil {
		t.Fatal(err)
	}
	if mails, err := o.mailbox("jefa"); err != nil || len(mails) > 0 {
		t.Errorf("%d mails of a clock that is gone, %v", len(mails), err)
	}
}
