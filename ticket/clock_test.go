package ticket_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of these tests, whatever the machine has

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

const minutes = "2006-01-02 15:04"

var (
	madrid = zone("Europe/Madrid")
	mexico = zone("America/Mexico_City")
	bogota = zone("America/Bogota")
)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func at(t testing.TB, z *time.Location, text string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation(minutes, text, z)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// fatal is a testing.TB or a *rapid.T.
type fatal interface {
	Helper()
	Fatal(args ...any)
}

// office is a calendar of working days with these hours, the holidays of a
// country and days of its own on which it is closed.
func office(t fatal, z *time.Location, country, hours string, closed ...string) calendar.Calendar {
	t.Helper()
	rules, err := calendar.Country(country)
	if err != nil {
		t.Fatal(err)
	}
	o := calendar.Options{Zone: z, Holidays: rules, Week: map[time.Weekday][]calendar.Span{}, Exceptions: map[calendar.Date][]calendar.Span{}}
	for text := range strings.FieldsSeq(hours) {
		span, err := calendar.ParseSpan(text)
		if err != nil {
			t.Fatal(err)
		}
		for day := time.Monday; day <= time.Friday; day++ {
			o.Week[day] = append(o.Week[day], span)
		}
	}
	for _, text := range closed {
		date, err := calendar.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		o.Exceptions[date] = nil
	}
	return made(t, o)
}

func always(t fatal, z *time.Location) calendar.Calendar {
	t.Helper()
	return made(t, calendar.Options{Zone: z, Always: true})
}

func made(t fatal, o calendar.Options) calendar.Calendar {
	t.Helper()
	c, err := calendar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// history makes events of lines like "2026-03-27 09:00 classify new
// priority=Alta", with times of a zone. What can be said is priority, kind,
// notice, agreed and began; the two dates with a T between day and hour.
func history(t testing.TB, z *time.Location, lines ...string) []ticket.Event {
	t.Helper()
	var events []ticket.Event
	for i, line := range lines {
		words := strings.Fields(line)
		e := ticket.Event{
			Seq: i + 1, Ticket: "X1", At: at(t, z, words[0]+" "+words[1]).UTC(),
			Action: ticket.Action(words[2]), State: ticket.State(words[3]),
		}
		for _, word := range words[4:] {
			say(t, z, &e, word)
		}
		events = append(events, e)
	}
	return events
}

func say(t testing.TB, z *time.Location, e *ticket.Event, word string) {
	t.Helper()
	what, value, _ := strings.Cut(word, "=")
	switch what {
	case "priority":
		e.Content.Priority = value
	case "kind":
		e.Kind = ticket.Action(value)
	case "notice":
		e.Content.Notice = value
	case "agreed":
		e.Content.Agreed = at(t, z, strings.Replace(value, "T", " ", 1)).UTC()
	case "began":
		e.Content.Began = at(t, z, strings.Replace(value, "T", " ", 1)).UTC()
	default:
		t.Fatalf("%q says nothing", word)
	}
}

// told writes runs as "clock priority: start > due, stop", with times of a
// zone; what is not there is left out.
func told(runs []ticket.Run, z *time.Location) (lines []string) {
	for _, r := range runs {
		line := strings.TrimSuffix(r.Clock+" "+r.Priority, " ") + ": " + r.Started.In(z).Format(minutes)
		if !r.Due.IsZero() {
			line += " > " + r.Due.In(z).Format(minutes)
		}
		if r.Standing {
			line += " standing"
		}
		if !r.Stopped.IsZero() {
			line += ", " + r.Stopped.In(z).Format(minutes)
		}
		if r.Dropped {
			line += " dropped"
		}
		lines = append(lines, line)
	}
	return lines
}

func hours(n time.Duration) ticket.Span { return ticket.Span{Time: n * time.Hour} }
func mins(n time.Duration) ticket.Span  { return ticket.Span{Time: n * time.Minute} }
func days(n int) ticket.Span            { return ticket.Span{Days: n} }

func on(actions ...ticket.Action) (triggers []ticket.Trigger) {
	for _, a := range actions {
		triggers = append(triggers, ticket.Trigger{Action: a})
	}
	return triggers
}

// gob has the service-level objectives of gob.mx, around the clock.
func gob(t fatal) ticket.Policy {
	c := always(t, mexico)
	return ticket.Policy{Zone: mexico, Clocks: []ticket.Clock{
		{Name: "failure", Calendar: c, Starts: []ticket.Trigger{{Action: ticket.Open, Began: true}}, Stops: []ticket.Action{ticket.Open},
			Within: map[string]ticket.Span{"": hours(1)}},
		{Name: "acknowledge", Calendar: c, Starts: on(ticket.Classify), Stops: []ticket.Action{ticket.Acknowledge},
			Within: map[string]ticket.Span{"Crítica": mins(15), "Alta": mins(30), "Media": hours(1), "Baja": hours(1)}},
		{Name: "correct", Calendar: c, Starts: on(ticket.Classify, ticket.Reject), Stops: []ticket.Action{ticket.Resolve},
			Within: map[string]ticket.Span{"Crítica": mins(90), "Alta": hours(4), "Media": hours(8), "Baja": hours(24)}},
		{Name: "validate", Calendar: c, Starts: on(ticket.Resolve), Stops: []ticket.Action{ticket.Validate, ticket.Reject},
			Within: map[string]ticket.Span{"Crítica": mins(20), "Alta": hours(1), "Media": hours(2), "Baja": hours(8)}},
		{Name: "report", Calendar: c, Starts: on(ticket.Validate, ticket.ReturnReport), Stops: []ticket.Action{ticket.Report},
			Within: map[string]ticket.Span{"": hours(24)}},
	}}
}

// pnt has the severities of the PNT, in working days.
func pnt(t fatal) ticket.Policy {
	return ticket.Policy{Zone: mexico, Clocks: []ticket.Clock{
		{Name: "answer", Calendar: office(t, mexico, "mx", "09:00-18:00"), Starts: on(ticket.Open), Stops: []ticket.Action{ticket.Resolve},
			Within: map[string]ticket.Span{"ALTA": days(2), "MEDIA": days(10)}},
	}}
}

// cartagena closes by itself three days after the requester was told, and has
// an agreed date for what is scheduled.
func cartagena(t fatal) ticket.Policy {
	c := office(t, bogota, "co", "08:00-12:00 14:00-18:00")
	return ticket.Policy{Zone: bogota, Clocks: []ticket.Clock{
		{Name: "resolve", Calendar: c, Starts: on(ticket.Classify, ticket.Reject), Stops: []ticket.Action{ticket.Resolve},
			Within: map[string]ticket.Span{"Alta": hours(4), "Media": hours(16)}, Paused: []ticket.State{ticket.StateWaiting}},
		{Name: "scheduled", Calendar: c, AtAgreed: true, Starts: on(ticket.Classify), Stops: []ticket.Action{ticket.Resolve},
			Warn: []int{50}, Paused: []ticket.State{ticket.StateWaiting}},
		{Name: "requester", Calendar: c, Starts: []ticket.Trigger{{Action: ticket.Resolve, Delivered: true}},
			Stops: []ticket.Action{ticket.Validate, ticket.Reject}, Within: map[string]ticket.Span{"": days(3)}, Then: ticket.Close},
	}}
}

func TestObjectivesOfGob(t *testing.T) {
	for _, tt := range []struct {
		severity string
		want     []time.Duration // failure, acknowledge, correct, validate, report
	}{
		{"Crítica", []time.Duration{time.Hour, 15 * time.Minute, 90 * time.Minute, 20 * time.Minute, 24 * time.Hour}},
		{"Alta", []time.Duration{time.Hour, 30 * time.Minute, 4 * time.Hour, time.Hour, 24 * time.Hour}},
		{"Media", []time.Duration{time.Hour, time.Hour, 8 * time.Hour, 2 * time.Hour, 24 * time.Hour}},
		{"Baja", []time.Duration{time.Hour, time.Hour, 24 * time.Hour, 8 * time.Hour, 24 * time.Hour}},
	} {
		t.Run(tt.severity, func(t *testing.T) {
			runs := gob(t).Runs(history(t, mexico,
				"2022-04-02 22:00 open new began=2022-04-02T21:30",
				"2022-04-02 22:05 classify new priority="+tt.severity,
				"2022-04-02 22:10 acknowledge assigned",
				"2022-04-02 23:00 resolve resolved",
				"2022-04-02 23:15 validate reporting",
				"2022-04-03 12:00 report reported"))
			var got []time.Duration
			for _, r := range runs {
				got = append(got, r.Length)
				if r.Due.Sub(r.Started) != r.Length {
					t.Errorf("%s is due %v after its start, around the clock", r.Clock, r.Due.Sub(r.Started))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("lengths %v, want %v", got, tt.want)
			}
		})
	}
}
