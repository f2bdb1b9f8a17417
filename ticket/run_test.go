package ticket_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// plain is one clock from assign to resolve that stands still while waiting.
func plain(t fatal, within map[string]ticket.Span) ticket.Policy {
	return ticket.Policy{Clocks: []ticket.Clock{{
		Name: "work", Calendar: office(t, madrid, "es", "09:00-14:00 16:00-18:30", "2026-04-02", "2026-10-26"),
		Starts: on(ticket.Assign, ticket.Reopen), Stops: []ticket.Action{ticket.Resolve},
		Within: within, Paused: []ticket.State{ticket.StateWaiting},
	}}}
}

// reported measures a failure until the report of it is complete.
func reported(t fatal) ticket.Policy {
	p := gob(t)
	c := &p.Clocks[0]
	c.Starts = append(c.Starts, ticket.Trigger{Action: ticket.Complete, Began: true})
	c.Stops = []ticket.Action{ticket.Complete}
	return p
}

func TestRuns(t *testing.T) {
	week := map[string]ticket.Span{"": hours(10), "Alta": hours(2), "Nunca": {}}
	for _, tt := range []struct {
		name   string
		policy ticket.Policy
		zone   *time.Location
		events []string
		want   []string
	}{
		{"a failure is measured from when it began, and only measured", gob(t), mexico,
			[]string{"2026-05-04 10:30 open new began=2026-05-04T09:00"},
			[]string{"failure: 2026-05-04 09:00 > 2026-05-04 10:00, 2026-05-04 10:30"}},
		{"once, however often it is said", reported(t), mexico,
			[]string{"2026-05-04 10:30 open waiting began=2026-05-04T09:00", "2026-05-04 10:50 complete new began=2026-05-04T09:00"},
			[]string{"failure: 2026-05-04 09:00 > 2026-05-04 10:00, 2026-05-04 10:50"}},
		{"and not where nobody says when", gob(t), mexico, []string{"2026-05-04 10:30 open new"}, nil},
		{"persistence of the incident starts correction and stops validation", gob(t), mexico,
			[]string{"2026-05-04 10:00 classify new priority=Crítica", "2026-05-04 10:10 acknowledge assigned",
				"2026-05-04 11:00 resolve resolved", "2026-05-04 11:10 reject in_progress"},
			[]string{"acknowledge Crítica: 2026-05-04 10:00 > 2026-05-04 10:15, 2026-05-04 10:10",
				"correct Crítica: 2026-05-04 10:00 > 2026-05-04 11:30, 2026-05-04 11:00",
				"validate Crítica: 2026-05-04 11:00 > 2026-05-04 11:20, 2026-05-04 11:10",
				"correct Crítica: 2026-05-04 11:10 > 2026-05-04 12:40"}},
		{"an incomplete report is due anew", gob(t), mexico,
			[]string{"2026-05-04 10:00 validate reporting", "2026-05-04 11:00 report reported", "2026-05-05 09:00 return_report reporting"},
			[]string{"report: 2026-05-04 10:00 > 2026-05-05 10:00, 2026-05-04 11:00", "report: 2026-05-05 09:00 > 2026-05-06 09:00"}},
		{"ALTA: two days, over a holiday", pnt(t), mexico,
			[]string{"2026-03-12 10:00 open new", "2026-03-12 10:30 classify new priority=ALTA"},
			[]string{"answer ALTA: 2026-03-12 10:00 > 2026-03-17 10:00"}},
		{"MEDIA: ten days", pnt(t), mexico,
			[]string{"2026-05-04 10:00 open new priority=MEDIA"}, []string{"answer MEDIA: 2026-05-04 10:00 > 2026-05-18 10:00"}},
		{"BAJA has no length", pnt(t), mexico,
			[]string{"2026-05-04 10:00 open new priority=BAJA"}, []string{"answer BAJA: 2026-05-04 10:00"}},
		{"three days from the delivery, over Easter", cartagena(t), bogota,
			[]string{"2026-03-31 09:00 resolve resolved", "2026-03-31 10:00 deliver resolved notice=resolve.requester"},
			[]string{"requester: 2026-03-31 10:00 > 2026-04-07 10:00"}},
		{"the delivery to somebody else starts nothing", cartagena(t), bogota,
			[]string{"2026-03-31 09:00 resolve resolved", "2026-03-31 10:00 deliver resolved notice=resolve.staff"}, nil},
		{"news that come after the answer start nothing", cartagena(t), bogota,
			[]string{"2026-03-31 09:00 resolve resolved", "2026-03-31 09:30 validate in_progress",
				"2026-03-31 10:00 deliver in_progress notice=resolve.requester"}, nil},
		{"nor do they once it is closed", cartagena(t), bogota,
			[]string{"2026-03-31 09:00 resolve resolved", "2026-03-31 09:30 cancel cancelled",
				"2026-03-31 10:00 deliver cancelled notice=resolve.requester"}, nil},
		{"what is scheduled is due when agreed, waiting or not", cartagena(t), bogota,
			[]string{"2026-05-04 09:00 classify new priority=Baja", "2026-05-04 10:00 schedule new agreed=2026-05-20T11:00",
				"2026-05-05 10:00 request_info waiting", "2026-05-06 10:00 schedule waiting agreed=2026-05-22T11:00"},
			[]string{"resolve Baja: 2026-05-04 09:00 standing", "scheduled Baja: 2026-05-04 09:00 > 2026-05-22 11:00"}},
		{"nothing is agreed yet", cartagena(t), bogota,
			[]string{"2026-05-04 09:00 classify new priority=Alta"},
			[]string{"resolve Alta: 2026-05-04 09:00 > 2026-05-04 15:00", "scheduled Alta: 2026-05-04 09:00"}},
		{"a date agreed for an earlier run binds no later one", cartagena(t), bogota,
			[]string{"2026-05-04 09:00 classify new priority=Baja agreed=2026-05-05T11:00", "2026-05-05 10:00 resolve resolved",
				"2026-05-06 10:00 classify new"},
			[]string{"resolve Baja: 2026-05-04 09:00, 2026-05-05 10:00", "scheduled Baja: 2026-05-04 09:00 > 2026-05-05 11:00, 2026-05-05 10:00",
				"resolve Baja: 2026-05-06 10:00", "scheduled Baja: 2026-05-06 10:00"}},
		{"working hours over Easter and a day of its own", plain(t, week), madrid,
			[]string{"2026-04-01 17:30 assign assigned"}, []string{"work: 2026-04-01 17:30 > 2026-04-07 10:30"}},
		{"a pause adds the counting time it took", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned priority=Alta", "2026-05-04 10:00 request_info waiting", "2026-05-04 17:00 provide_info in_progress"},
			[]string{"work Alta: 2026-05-04 09:00 > 2026-05-04 18:00"}},
		{"a pause on closed days adds nothing", plain(t, week), madrid,
			[]string{"2026-05-08 17:30 assign assigned priority=Alta", "2026-05-09 10:00 request_info waiting", "2026-05-10 17:00 provide_info in_progress"},
			[]string{"work Alta: 2026-05-08 17:30 > 2026-05-11 10:00"}},
		{"standing still it is not due", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned", "2026-05-04 10:00 request_info waiting"},
			[]string{"work: 2026-05-04 09:00 standing"}},
		{"unless it ran out before", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned priority=Alta", "2026-05-04 12:00 request_info waiting"},
			[]string{"work Alta: 2026-05-04 09:00 > 2026-05-04 11:00 standing"}},
		{"a pause after it ran out moves nothing", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned priority=Alta", "2026-05-04 12:00 request_info waiting", "2026-05-04 13:00 provide_info in_progress"},
			[]string{"work Alta: 2026-05-04 09:00 > 2026-05-04 11:00"}},
		{"days, and then the pause", plain(t, map[string]ticket.Span{"": days(2)}), madrid,
			[]string{"2026-05-04 10:00 assign assigned", "2026-05-04 12:00 request_info waiting", "2026-05-04 17:00 provide_info in_progress"},
			[]string{"work: 2026-05-04 10:00 > 2026-05-06 13:00"}},
		{"a change of priority computes the run anew from its start", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned", "2026-05-04 13:00 classify assigned priority=Alta"},
			[]string{"work Alta: 2026-05-04 09:00 > 2026-05-04 11:00"}},
		{"a run that stopped keeps its own", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned priority=Alta", "2026-05-04 10:00 resolve resolved priority=Nunca", "2026-05-04 11:00 reopen assigned"},
			[]string{"work Alta: 2026-05-04 09:00 > 2026-05-04 11:00, 2026-05-04 10:00", "work Nunca: 2026-05-04 11:00"}},
		{"running it is not started again", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned", "2026-05-04 13:00 assign assigned"},
			[]string{"work: 2026-05-04 09:00 > 2026-05-05 11:30"}},
		{"the end of the ticket is that of its clocks", plain(t, week), madrid,
			[]string{"2026-05-04 09:00 assign assigned", "2026-05-04 13:00 cancel cancelled"},
			[]string{"work: 2026-05-04 09:00 > 2026-05-05 11:30, 2026-05-04 13:00 dropped"}},
		{"a desk's own actions are not meant by the name of their kind", plain(t, week), madrid,
			[]string{"2026-05-04 08:00 take assigned kind=assign", "2026-05-04 09:00 assign assigned priority=Alta",
				"2026-05-04 13:00 mend resolved kind=resolve"},
			[]string{"work Alta: 2026-05-04 09:00 > 2026-05-04 11:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runs := tt.policy.Runs(history(t, tt.zone, tt.events...))
			if got := told(runs, tt.zone); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// TestDelivery holds that the notice of the trigger's action starts the clock,
// and that of another does not.
func TestDelivery(t *testing.T) {
	p := cartagena(t)
	p.Actions = ticket.Lines()
	for notice, want := range map[string]int{"resolve.requester": 1, "mend.requester": 0, "start.requester": 0, "resolve.staff": 0, "": 0} {
		runs := p.Runs(history(t, bogota, "2026-05-04 09:00 resolve resolved", "2026-05-04 10:00 deliver resolved notice="+notice))
		if len(runs) != want {
			t.Errorf("delivery of %q starts %d clocks, want %d", notice, len(runs), want)
		}
	}
}

// TestOneActionStopsAndStarts holds the order of the two.
func TestOneActionStopsAndStarts(t *testing.T) {
	p := ticket.Policy{Clocks: []ticket.Clock{{Name: "word", Starts: on(ticket.Comment), Stops: []ticket.Action{ticket.Comment},
		Within: map[string]ticket.Span{"": hours(1)}}}}
	got := told(p.Runs(history(t, time.UTC, "2026-05-04 09:00 comment new", "2026-05-04 09:30 comment new priority=Alta")), time.UTC)
	want := []string{"word: 2026-05-04 09:00 > 2026-05-04 10:00, 2026-05-04 09:30", "word Alta: 2026-05-04 09:30 > 2026-05-04 10:30"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDueAfterHours holds that what is due on a short day after hours, as days
// keep their hour, does not run out in a pause.
func TestDueAfterHours(t *testing.T) {
	short := calendar.Options{Zone: madrid, Week: map[time.Weekday][]calendar.Span{
		time.Monday: {{From: 9 * time.Hour, To: 17 * time.Hour}}, time.Thursday: {{From: 9 * time.Hour, To: 17 * time.Hour}},
		time.Friday: {{From: 9 * time.Hour, To: 14 * time.Hour}},
	}}
	p := plain(t, map[string]ticket.Span{"": days(1)})
	p.Clocks[0].Calendar = made(t, short)
	for _, tt := range []struct{ from, until, want string }{
		{"2026-05-08 16:30", "2026-05-11 08:00", "2026-05-08 16:00"},
		{"2026-05-08 15:00", "2026-05-11 08:00", "2026-05-11 08:00"},
		{"2026-05-08 15:00", "2026-05-11 10:30", "2026-05-11 10:30"},
		{"2026-05-08 13:00", "2026-05-11 10:30", "2026-05-11 11:30"},
	} {
		got := told(p.Runs(history(t, madrid, "2026-05-07 16:00 assign assigned", tt.from+" request_info waiting", tt.until+" provide_info in_progress")), madrid)
		if want := []string{"work: 2026-05-07 16:00 > " + tt.want}; !slices.Equal(got, want) {
			t.Errorf("waiting from %s until %s: got %q, want %q", tt.from, tt.until, got, want)
		}
	}
}

// TestTimeDoesNotGoBack holds that a machine whose clock was put back makes no
// run that ends before it began.
func TestTimeDoesNotGoBack(t *testing.T) {
	got := told(gob(t).Runs(history(t, mexico, "2026-05-04 10:00 classify new priority=Alta", "2026-05-04 09:00 acknowledge assigned",
		"2026-05-04 09:30 resolve resolved"))[:2], mexico)
	want := []string{"acknowledge Alta: 2026-05-04 10:00 > 2026-05-04 10:30, 2026-05-04 10:00", "correct Alta: 2026-05-04 10:00 > 2026-05-04 14:00, 2026-05-04 10:00"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestOddDays holds that the days on which the clocks are moved count what
// they have: around the clock a length of time is that length of time, and a
// number of days keeps the hour.
func TestOddDays(t *testing.T) {
	for _, tt := range []struct {
		zone        *time.Location
		start       string
		time, after string // 24 h later, a day later
	}{
		{madrid, "2026-03-28 12:00", "2026-03-29 13:00", "2026-03-29 12:00"},
		{madrid, "2026-10-24 12:00", "2026-10-25 11:00", "2026-10-25 12:00"},
		{mexico, "2022-04-02 12:00", "2022-04-03 13:00", "2022-04-03 12:00"},
		{mexico, "2022-10-29 12:00", "2022-10-30 11:00", "2022-10-30 12:00"},
		{mexico, "2026-04-04 12:00", "2026-04-05 12:00", "2026-04-05 12:00"},
	} {
		clock := ticket.Clock{Name: "c", Starts: on(ticket.Open), Calendar: always(t, tt.zone),
			Within: map[string]ticket.Span{"time": hours(24), "days": days(1)}}
		for priority, due := range map[string]string{"time": tt.time, "days": tt.after} {
			runs := ticket.Policy{Clocks: []ticket.Clock{clock}}.Runs(history(t, tt.zone, tt.start+" open new priority="+priority))
			want := "c " + priority + ": " + tt.start + " > " + due
			if got := told(runs, tt.zone); len(got) != 1 || got[0] != want {
				t.Errorf("%v: got %q, want %q", tt.zone, got, want)
			}
		}
	}
}

func TestLate(t *testing.T) {
	p := gob(t)
	runs := p.Runs(history(t, mexico, "2026-05-04 10:00 classify new priority=Crítica", "2026-05-04 10:15 acknowledge assigned"))
	acknowledge, correct := runs[0], runs[1]
	due := at(t, mexico, "2026-05-04 11:30")
	if acknowledge.Late(due) || acknowledge.Late(due.AddDate(1, 0, 0)) {
		t.Error("what stops at the instant it is due is late")
	}
	if correct.Late(due) || !correct.Late(due.Add(1)) {
		t.Error("what runs is not late from just after it is due")
	}
	if got := correct.Spent(due); got != 90*time.Minute {
		t.Errorf("spent %v when due", got)
	}
}
