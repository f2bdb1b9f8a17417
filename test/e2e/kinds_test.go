//go:build e2e

package e2e

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// Two confirmations of an opening have words of their own, though the notice is
// of the same kind as the usual one: of what nobody is proven to have sent, and
// of what lacks something.
const (
	brief      = "open.requester.brief"
	incomplete = "open.requester.incomplete"
)

// unsent are the notices of the five desks that their own people cannot cause.
var unsent = map[string]string{
	"uach.transfer.lead": "the lead alone transfers, and is told as the actor",
}

// kindsOf are the kinds of mail a desk can send that its policy names, each
// behind the name of the desk: of its actions to those it tells, and of the
// queries it answers.
func kindsOf(t *testing.T, c config.Desk) (kinds []string) {
	t.Helper()
	words, err := templates.Load(c.Language)
	if err != nil {
		t.Fatal(err)
	}
	forms := map[ticket.Action]ticket.Form{}
	for _, line := range ticket.Table {
		forms[line.Action] = words.Action(line.Action).Form
	}
	policy, err := c.Policy(bytes.Repeat([]byte{7}, 32), forms)
	if err != nil {
		t.Fatal(err)
	}
	for action, line := range policy.Actions {
		for _, audience := range told(policy, line) {
			kinds = append(kinds, c.ID+"."+ticket.NoticeKind(action, audience))
		}
	}
	for _, q := range c.Queries {
		kind := string(q.Query)
		if q.Query == config.QueryHelp {
			kind = templates.KindOverview
		}
		kinds = append(kinds, c.ID+"."+kind)
	}
	return kinds
}

// told are those whom an action tells: a warning those its clock names, and a
// ticket that others follow nobody where none can.
func told(p ticket.Policy, line ticket.Transition) (all []ticket.Audience) {
	switch line.Is() {
	case ticket.Warn:
		for _, clock := range p.Clocks {
			all = append(all, clock.Warned...)
		}
		return all
	case ticket.Follow:
		if len(p.Kinds(ticket.Attach))+len(p.Kinds(ticket.Merge)) == 0 {
			return nil
		}
	case ticket.Release:
		if len(p.Kinds(ticket.Attach)) == 0 {
			return nil
		}
	}
	return line.Tell
}

// answers are the kinds of mail that no policy names.
var answers = []string{
	"dgt." + brief, "cartagena." + incomplete,
	"dgt." + templates.KindRefused, "dgt." + templates.KindNotOpening, "dgt." + templates.KindCorrection, "dgt." + templates.KindHelp,
	"dgt." + templates.KindClosedTicket, "dgt." + templates.KindWrongSubject, "dgt." + templates.KindAttempt,
	"dgt." + templates.KindUndeliverable, "dgt." + templates.KindForwarded, "pnt." + templates.KindUnregistered,
}

// allKinds are all kinds of mail the five desks send.
func allKinds(t *testing.T) (kinds []string) {
	t.Helper()
	c, err := config.Load([]string{"../../presets/all.yaml"}, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, desk := range c.Desks {
		kinds = append(kinds, kindsOf(t, desk)...)
	}
	return append(kinds, answers...)
}

// byKind is the longest mail of each kind, by its desk and kind.
func (l *life) byKind() map[string]mailclient.Mail {
	l.t.Helper()
	kinds := map[string]string{}
	for _, n := range l.outbox() {
		kinds[n.MessageID] = n.Desk + "." + n.Kind
	}
	found := map[string]mailclient.Mail{}
	for _, m := range l.mails {
		kind := kinds[m.MessageID]
		switch {
		case !strings.HasSuffix(kind, ".open.requester"):
		case m.For == stranger:
			kind += ".brief"
		case m.For == hasty:
			kind += ".incomplete"
		}
		if longest, any := found[kind]; !any || len(m.HTML) > len(longest.HTML) {
			found[kind] = m
		}
	}
	return found
}

// failures are the mails about what goes wrong within, of which a test cannot
// be the cause.
func failures(t *testing.T) map[string]string {
	t.Helper()
	words, err := templates.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	html := map[string]string{}
	for _, kind := range []string{templates.KindFault, templates.KindBreaker} {
		mail, err := words.Render(templates.View{
			Kind: kind, To: ticket.Person{Address: admin}, Answer: &templates.Answer{Subject: "gob/resolve.requester: line 3: no such value: Solucion"},
			Desk: templates.Desk{Name: "Soporte de Servicios DGT", Signature: "Soporte de Servicios DGT", Intake: intake, Correspondence: desk, Zone: time.UTC},
		})
		if err != nil {
			t.Fatal(err)
		}
		html[kind] = mail.HTML
	}
	return html
}
