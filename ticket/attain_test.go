package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/ticket"
)

// incidents are tickets of gob.mx: classified at ten, acknowledged so many
// minutes later.
func incidents(t *testing.T) (runs []ticket.Run) {
	t.Helper()
	for _, lines := range [][]string{
		{"2026-05-04 10:00 classify new priority=Crítica", "2026-05-04 10:10 acknowledge assigned", "2026-05-04 11:30 resolve resolved"},
		{"2026-05-05 10:00 classify new priority=Crítica", "2026-05-05 10:15 acknowledge assigned", "2026-05-05 12:30 resolve resolved"},
		{"2026-05-06 10:00 classify new priority=Crítica", "2026-05-06 10:16 acknowledge assigned", "2026-06-02 10:00 resolve resolved"},
		{"2026-05-07 10:00 classify new priority=Baja", "2026-05-07 10:20 cancel cancelled"},
		{"2026-05-08 10:00 classify new priority=Baja", "2026-05-08 12:00 cancel cancelled"},
		{"2026-05-09 10:00 classify new priority=Rara", "2026-05-09 12:00 acknowledge assigned"},
		{"2026-05-31 20:00 classify new priority=Baja", "2026-05-31 21:00 acknowledge assigned"},
		{"2026-05-31 23:50 classify new priority=Alta"},
	} {
		runs = append(runs, gob(t).Runs(history(t, mexico, lines...))...)
	}
	return runs
}

// lines writes attainments as one reads them.
func lines(attained []ticket.Attainment) (out []string) {
	for _, a := range attained {
		percent := "-"
		if met, some := a.Percent(); some {
			percent = fmt.Sprintf("%.1f%%", met)
		}
		out = append(out, fmt.Sprintf("%s %s: %d met %d missed %d running %d measured %d dropped %s, %v %v %v",
			a.Clock, a.Priority, a.Met, a.Missed, a.Running, a.Measured, a.Dropped, percent, a.Median, a.Ninth, a.Worst))
	}
	return out
}

var (
	severities = []string{"Crítica", "Alta", "Media", "Baja"}
	longAfter  = time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)
)

func TestAttain(t *testing.T) {
	may, june, july := at(t, mexico, "2026-05-01 00:00"), at(t, mexico, "2026-06-01 00:00"), at(t, mexico, "2026-07-01 00:00")
	inMay := []string{
		"acknowledge Crítica: 2 met 1 missed 0 running 0 measured 0 dropped 66.7%, 15m0s 16m0s 16m0s",
		"acknowledge Baja: 1 met 1 missed 0 running 0 measured 1 dropped 50.0%, 1h0m0s 2h0m0s 2h0m0s",
		"acknowledge Rara: 0 met 0 missed 0 running 1 measured 0 dropped -, 2h0m0s 2h0m0s 2h0m0s",
		"correct Crítica: 1 met 2 missed 1 running 0 measured 0 dropped 33.3%, 2h30m0s 614h0m0s 614h0m0s",
		"correct Baja: 0 met 0 missed 0 running 0 measured 2 dropped -, 0s 0s 0s",
		"validate Crítica: 0 met 2 missed 2 running 0 measured 0 dropped 0.0%, 635h30m0s 660h30m0s 660h30m0s",
	}
	for _, tt := range []struct {
		name             string
		from, until, now time.Time
		want             []string
	}{
		{"a month", may, june, longAfter, inMay},
		{"as it ends", may, june, june, inMay},
		{"not over yet", may, june, at(t, mexico, "2026-05-04 10:12"), []string{
			"acknowledge Crítica: 1 met 0 missed 0 running 0 measured 0 dropped 100.0%, 10m0s 10m0s 10m0s"}},
		{"what was missed before is not missed again", june, july, at(t, mexico, "2026-06-01 00:25"), []string{
			"acknowledge Alta: 0 met 1 missed 1 running 0 measured 0 dropped 0.0%, 35m0s 35m0s 35m0s"}},
		{"nothing", may.AddDate(-1, 0, 0), may, longAfter, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(gob(t).Attain(incidents(t), severities, tt.from, tt.until, tt.now))
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestOutcome(t *testing.T) {
	var got []ticket.Outcome
	for _, r := range incidents(t) {
		if r.Clock == "acknowledge" {
			got = append(got, r.Outcome(at(t, mexico, "2026-06-01 00:00")))
		}
	}
	want := []ticket.Outcome{ticket.OutcomeMet, ticket.OutcomeMet, ticket.OutcomeMissed, ticket.OutcomeDropped,
		ticket.OutcomeMissed, ticket.OutcomeMeasured, ticket.OutcomeMet, ticket.OutcomeRunning}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestEachRunIsCountedOnce holds that however time is cut into periods, and
// whenever a period is asked for, its runs are counted in one of them.
func TestEachRunIsCountedOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPolicy(rt)
		var runs []ticket.Run
		for range rapid.IntRange(1, 5).Draw(rt, "tickets") {
			runs = append(runs, p.Runs(drawHistory(rt))...)
		}
		start := time.Date(2022, time.January, 1, 0, 0, 0, 0, time.UTC)
		cut := start.Add(time.Duration(rapid.IntRange(0, 5*365*24).Draw(rt, "hours")) * time.Hour)
		sum := counted(p.Attain(runs, nil, start, cut, cut))
		again := counted(p.Attain(runs, nil, start, cut, longAfter))
		rest := counted(p.Attain(runs, nil, cut, longAfter, longAfter))
		all := counted(p.Attain(runs, nil, start, longAfter, longAfter))
		for clock, n := range all {
			if sum[clock]+rest[clock] != n {
				rt.Fatalf("%s: %d and %d are not %d", clock, sum[clock], rest[clock], n)
			}
			if sum[clock] != again[clock] {
				rt.Fatalf("%s: %d at its end became %d", clock, sum[clock], again[clock])
			}
		}
	})
}

func counted(attained []ticket.Attainment) map[string]int {
	runs := map[string]int{}
	for _, a := range attained {
		for what, n := range map[string]int{"met": a.Met, "missed": a.Missed, "measured": a.Measured, "dropped": a.Dropped} {
			runs[a.Priority+" "+what] += n
		}
	}
	return runs
}
