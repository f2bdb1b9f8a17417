package config_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/ticket"
)

func six(t *testing.T) (*config.Config, config.Desk, ticket.Policy) {
	t.Helper()
	c, err := config.Load([]string{"testdata/good/six.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Desks[0].Policy(key, forms)
	if err != nil {
		t.Fatal(err)
	}
	return c, c.Desks[0], p
}

func TestProtection(t *testing.T) {
	c, _, _ := six(t)
	if c.Authentication.AuthservID != "seis.example" || c.Authentication.Fronts[0].AuthservID != "mx.seis.example" {
		t.Errorf("authentication %+v", c.Authentication)
	}
	if c.Milters[0].OnError != config.OnErrorAccept || c.Milters[1].OnError != config.OnErrorTempfail || c.Milters[1].Timeout == 0 {
		t.Errorf("milters %+v", c.Milters)
	}
	if l := c.Limits; l.AnswersPerHour != 5 || l.OpeningsPerHour != 6 || l.OpeningsPerDay != 7 || l.Rates.Bytes != 2*config.GiB {
		t.Errorf("limits %+v", l)
	}
	if c.Delivery.Via != config.ViaMX || len(c.Proxies) != 1 || len(c.XClient) != 1 || len(c.Blocklists) != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestStaffOfADesk(t *testing.T) {
	_, d, p := six(t)
	mail := p.Services[0]
	if mail.Queue != "Redes" || mail.Responsible != "ana@seis.example" || mail.Priority != "Media" || mail.MaxFiles != 2 || mail.MaxBytes != 1<<20 {
		t.Errorf("service %+v", mail)
	}
	if len(p.Services) != 2 || p.Services[1].Queue != "Nómina" || len(p.Services[1].Superiors) != 1 {
		t.Errorf("services %+v", p.Services)
	}
	if len(p.Queues) != 3 || len(p.Queues[0].Superiors) != 2 || p.Queues[2].Name != "" || p.Queues[2].Agents[0] != "mesa1@seis.example" {
		t.Errorf("queues %+v: the last is for tickets without a service", p.Queues)
	}
	for role, who := range map[ticket.Role]ticket.Address{
		ticket.RoleValidator: "calidad@seis.example", ticket.RoleHelpDesk: "mesa1@seis.example", ticket.RoleAttention: "dau@seis.example",
		ticket.RoleAuditor: "control@seis.example", ticket.RoleAdministrator: "admin@seis.example",
	} {
		if !slices.Equal(p.Members[role], []ticket.Address{who}) {
			t.Errorf("%s: %v", role, p.Members[role])
		}
	}
	if alias := d.Aliases()["a.gil@seis.example"]; alias != "ana@seis.example" {
		t.Errorf("alias of %q", alias)
	}
	if contact := d.Contacts()["ana@seis.example"]; contact["account"] != "Ana" || contact["organisation"] != "Seis" || len(d.Contacts()) != 1 {
		t.Errorf("contacts %v", d.Contacts())
	}
}

// A desk with one queue has there also what nothing puts anywhere.
func TestOneQueue(t *testing.T) {
	text := strings.ReplaceAll(string(preset(t)), "service_field: service", "any_subject: true")
	head, _, _ := strings.Cut(text, "    services:")
	_, tail, _ := strings.Cut(text, "    administrators:")
	text = head + "    queues: [{name: Todo, lead: jefatura@dgt.example}]\n    administrators:" + tail
	text = strings.Replace(text, "kind: choice\n          required: true", "kind: text", 1)
	d := parse(t, []byte(text), spanish).Desks[0]
	p, err := d.Policy(key, forms)
	if err != nil {
		t.Fatal(err)
	}
	if name := p.QueueName(ticket.Ticket{Number: "I1"}); name != "Todo" {
		t.Errorf("a ticket is in queue %q", name)
	}
}

func TestAbsencesAreWholeDays(t *testing.T) {
	_, _, p := six(t)
	zone := p.Zone
	want := []ticket.Absence{
		{Who: "Ana@seis.example", Substitute: "luis@seis.example", From: time.Date(2026, 8, 3, 0, 0, 0, 0, zone), Until: time.Date(2026, 8, 22, 0, 0, 0, 0, zone)},
		{Who: "Ana@seis.example", Substitute: "eva@seis.example", From: time.Date(2026, 12, 24, 0, 0, 0, 0, zone), Until: time.Date(2026, 12, 25, 0, 0, 0, 0, zone)},
	}
	if !slices.EqualFunc(p.Absences, want, func(a, b ticket.Absence) bool {
		return a.Who == b.Who && a.Substitute == b.Substitute && a.From.Equal(b.From) && a.Until.Equal(b.Until)
	}) {
		t.Errorf("got %+v", p.Absences)
	}
}

func TestLinesOfADesk(t *testing.T) {
	_, _, p := six(t)
	page := p.Actions["page_up"]
	if page.Is() != ticket.Record || page.Reply || !page.Offered() || page.Demand != ticket.DemandBoth || len(page.Form.Fields) != 0 {
		t.Errorf("page_up %+v", page)
	}
	if thanks := p.Actions["thanks"]; thanks.Demand != ticket.DemandEither || thanks.Tell == nil || len(thanks.Tell) != 0 {
		t.Errorf("thanks %+v", thanks)
	}
	if line := p.Actions[ticket.Classify]; line.To != ticket.StateAssigned || len(line.From) != 1 || len(line.Form.Fields[0].Options) != 3 {
		t.Errorf("classify %+v", line)
	}
	if line := p.Actions[ticket.Validate]; line.Demand != ticket.DemandBoth {
		t.Errorf("validate by a validator asks for %s", line.Demand)
	}
	if line := p.Actions[ticket.Comment]; !line.Reply || !line.Offered() || p.Actions[ticket.Record].Offered() {
		t.Errorf("comment %+v", line)
	}
	if p.Actions["bring"].Involves != ticket.RoleAttention || p.Actions[ticket.Escalate].Involves != "" {
		t.Errorf("bring %+v", p.Actions["bring"])
	}
	if _, there := p.Actions[ticket.Register]; !there || p.Order[0] != ticket.Open || p.Order[len(p.Order)-1] != ticket.Register {
		t.Errorf("order %v", p.Order)
	}
}

func TestWhatFieldsSet(t *testing.T) {
	_, d, p := six(t)
	open := p.Actions[ticket.Open].Form
	if topic, ok := open.Setting(ticket.SetsService); !ok || len(topic.Options) != 2 || d.Opening.ServiceField != "topic" {
		t.Errorf("opening %+v", open)
	}
	if level, _ := open.Setting(ticket.SetsPriority); level.Default != "Baja" || level.Options[1].Synonyms[0] != "Normal" {
		t.Errorf("level %+v", level)
	}
	for action, what := range map[ticket.Action]ticket.Attribute{
		ticket.Assign: ticket.SetsAssignee, ticket.Reopen: ticket.SetsAssignee, ticket.Schedule: ticket.SetsDue,
	} {
		if _, ok := p.Actions[action].Form.Setting(what); !ok {
			t.Errorf("%s: no field sets %s: %+v", action, what, p.Actions[action].Form)
		}
	}
	if queue, _ := p.Actions[ticket.Transfer].Form.Setting(ticket.SetsQueue); len(queue.Options) != 2 {
		t.Errorf("the queues to choose from are %v", queue.Options)
	}
	if form := p.Actions[ticket.Complete].Form; len(form.Fields) != len(open.Fields) {
		t.Errorf("complete asks for %+v", form)
	}
}

func TestClocksOfADesk(t *testing.T) {
	_, d, p := six(t)
	c := p.Clocks[0]
	if c.Within["Alta"] != (ticket.Span{Time: 90 * time.Minute}) || c.Within["Media"] != (ticket.Span{Days: 3}) || c.Within[""].Days != 10 {
		t.Errorf("within %v", c.Within)
	}
	if c.Starts[1] != (ticket.Trigger{Action: ticket.Open, Began: true}) || len(c.Paused) != 0 || c.Escalate[1].Days != 1 {
		t.Errorf("clock %+v", c)
	}
	for at, open := range map[string]bool{
		"2026-11-21 17:59": true, "2026-11-20 16:00": false, "2026-11-09 09:00": false, "2026-12-26 11:59": true, "2026-12-28 09:00": false,
	} {
		when, _ := time.ParseInLocation("2006-01-02 15:04", at, p.Zone)
		if c.Calendar.Open(when) != open {
			t.Errorf("%s: open is %v", at, !open)
		}
	}
	if silence := p.Clocks[2]; !silence.Starts[0].Delivered || !slices.Equal(silence.Paused, []ticket.State{ticket.StateWaiting}) {
		t.Errorf("silence %+v", silence)
	}
	if p.Clocks[2].Calendar.Zone() != p.Zone || d.ClockLabels()["agreed"] != "Fecha" {
		t.Errorf("zone %v, labels %v", p.Clocks[2].Calendar.Zone(), d.ClockLabels())
	}
}

func TestRegistrationOfADesk(t *testing.T) {
	_, d, p := six(t)
	if r, ok := d.Registration(); !ok || r.Subject != "Alta de usuario" || p.Applications.Number(time.Time{}, 3) != "U0003" {
		t.Errorf("registration %+v", r)
	}
	if !p.RegisteredOnly || !p.AcceptIncomplete || !p.WatchCopied {
		t.Errorf("policy %+v", p)
	}
}

func TestQueries(t *testing.T) {
	_, d, _ := six(t)
	if len(d.Queries) != 3 || d.Queries[0].Link != "Mis solicitudes" || len(d.Queries[0].By) != len(ticket.Roles) || len(d.Queries[1].By) != 1 {
		t.Errorf("queries %+v", d.Queries)
	}
	if all := parse(t, preset(t), spanish).Desks[0].Queries; len(all) != 6 || slices.Contains(all[5].By, ticket.RoleLead) {
		t.Errorf("without a list: %+v", all)
	}
}

func TestDigestsAreDue(t *testing.T) {
	_, d, p := six(t)
	after := time.Date(2026, 11, 23, 7, 30, 0, 0, p.Zone) // a Monday
	for i, want := range []string{"Mon 2026-11-23 08:00", "Mon 2026-11-30 07:30"} {
		if got := d.Digests[i].Next(after, p.Zone).Format("Mon 2006-01-02 15:04"); got != want {
			t.Errorf("digest %d: %s, want %s", i, got, want)
		}
	}
}

// A desk's own words are whole YAML, and what is wrong in them has its line.
func TestWording(t *testing.T) {
	_, d, _ := six(t)
	var words struct {
		Terms, Words map[string]string
		Notices      map[string]map[string]string
	}
	if err := yaml.Unmarshal(d.Wording(), &words); err != nil {
		t.Fatal(err)
	}
	if words.Words["ticket"] != "solicitud" || words.Notices["open.requester"]["subject"] != "Recibida {{.Number}}" {
		t.Errorf("got %+v", words)
	}
	if got := d.Fault("wording.notices.open.requester", errors.New("no")).Line; got != 114 {
		t.Errorf("line %d", got)
	}
	if names := d.StateNames(); names[ticket.StateNew] != "Recibida" || len(names) != 2 {
		t.Errorf("states %v", names)
	}
	c, err := config.Load([]string{"testdata/good/desks/tres.yaml"}, spanish)
	if err != nil || c.Desks[0].Wording() != nil {
		t.Errorf("%v, wording of %+v", err, c)
	}
}
