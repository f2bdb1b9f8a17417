package templates

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// TestGolden compares every mail of the story with the files in
// testdata/golden, which a person has read and looked at.
func TestGolden(t *testing.T) {
	s := builtinSet(t)
	for _, kind := range append(noticesOf(ticket.Usual), answerKinds[:6]...) {
		t.Run(kind, func(t *testing.T) { compare(t, s, kind, story(t, s, kind)) })
	}
	brief := story(t, s, "open.requester")
	brief.Brief = true
	compare(t, s, "open.requester.brief", brief)
}

// noticesOf are the kinds of notice that some actions lead to.
func noticesOf(actions []ticket.Action) []string {
	var kinds []string
	for _, line := range ticket.Table {
		for _, audience := range line.Tell {
			if slices.Contains(actions, line.Action) {
				kinds = append(kinds, ticket.NoticeKind(line.Action, audience))
			}
		}
	}
	return kinds
}

// TestGoldenOfTheOtherDesk does so, in one part or both, for those mails of
// other desks that matter most.
func TestGoldenOfTheOtherDesk(t *testing.T) {
	s := builtinSet(t)
	for _, kind := range []string{
		KindIncomplete, "classify.staff", "classify.requester", "schedule.requester", "transfer.staff", "escalate.superior", "escalate.staff", "warn.staff",
		"resolve.validator", "report.help_desk", "return_report.staff", "merge.requester", "attach.requester", "register.administrator", "approve.requester",
		"page_up.help_desk", "page_up.watcher", "open.watcher", KindMonitor, KindShow, KindOverview, KindUnregistered, KindFault,
	} {
		compareText(t, s, kind, story(t, s, kind))
	}
	compare(t, s, KindList, story(t, s, KindList))
	compare(t, s, KindAttainment, story(t, s, KindAttainment))
	compareText(t, s, "escalate.superior.clock", byClock(story(t, s, "escalate.superior"), 3*time.Hour))
	compareText(t, s, "close.requester.clock", byClock(story(t, s, "close.requester"), 0))
}

// byClock makes an event one of a clock that ran out, noticed so much later.
func byClock(v View, late time.Duration) View {
	due := v.Event.At.Add(-late)
	v.Event.Actor, v.Event.Role, v.Event.Assurance, v.Event.Content.Text = ticket.Person{}, ticket.RoleClock, ticket.Assurance{}, ""
	v.Event.Content.Alarm = &ticket.Alarm{Clock: "resolve", Level: 1, At: due, Due: due}
	v.Ticket.Called = 1
	return v
}

// TestGoldenEnglish does so for some mails of the second language.
func TestGoldenEnglish(t *testing.T) {
	s, err := Load("en")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, s, "en/open.requester", story(t, s, "open.requester"))
	for _, kind := range []string{"resolve.requester", KindRefused, "classify.staff", KindIncomplete, "approve.requester", KindMonitor} {
		compareText(t, s, "en/"+kind, story(t, s, kind))
	}
}

func compareText(t *testing.T, s *Set, name string, v View) {
	t.Helper()
	r, err := s.Render(v)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, name+".txt", "Subject: "+r.Subject+"\n\n"+r.Text)
}

func compare(t *testing.T, s *Set, name string, v View) {
	t.Helper()
	r, err := s.Render(v)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, name+".txt", "Subject: "+r.Subject+"\n\n"+r.Text)
	golden(t, name+".html", r.HTML)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was (run with -update if that is meant):\n%s", name, got)
	}
}
