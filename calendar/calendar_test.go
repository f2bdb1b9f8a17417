package calendar_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones of these tests, whatever the machine has

	"github.com/cauce-desk/cauce/calendar"
)

const stamp = "2006-01-02 15:04:05.999999999"

var (
	madrid = zone("Europe/Madrid")
	mexico = zone("America/Mexico_City")
	juarez = zone("America/Ciudad_Juarez")
	bogota = zone("America/Bogota")
	havana = zone("America/Havana") // changes its clocks at midnight
)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func at(t *testing.T, z *time.Location, text string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation(stamp, text, z)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func spans(t *testing.T, texts ...string) (list []calendar.Span) {
	t.Helper()
	for _, text := range texts {
		span, err := calendar.ParseSpan(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, span)
	}
	return list
}

// week is Monday to Friday with the same spans.
func week(t *testing.T, texts ...string) map[time.Weekday][]calendar.Span {
	t.Helper()
	days := map[time.Weekday][]calendar.Span{}
	for d := time.Monday; d <= time.Friday; d++ {
		days[d] = spans(t, texts...)
	}
	return days
}

func everyDay(t *testing.T, texts ...string) map[time.Weekday][]calendar.Span {
	t.Helper()
	days := week(t, texts...)
	days[time.Saturday], days[time.Sunday] = spans(t, texts...), spans(t, texts...)
	return days
}

func made(t *testing.T, o calendar.Options) calendar.Calendar {
	t.Helper()
	c, err := calendar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func country(t *testing.T, code string) []calendar.Rule {
	t.Helper()
	rules, err := calendar.Country(code)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// office is a Spanish one: two spans a day, the national holidays, Christmas
// Eve until noon, and one Saturday open.
func office(t *testing.T) calendar.Calendar {
	t.Helper()
	return made(t, calendar.Options{
		Zone: madrid, Week: week(t, "16:00-18:30", "09:00-14:00"), Holidays: country(t, "es"),
		Exceptions: map[calendar.Date][]calendar.Span{
			{Year: 2026, Month: time.December, Day: 24}: spans(t, "09:00-12:00"),
			{Year: 2026, Month: time.December, Day: 19}: spans(t, "10:00-12:00"),
			{Year: 2026, Month: time.December, Day: 31}: nil,
			{Year: 2026, Month: time.October, Day: 12}:  spans(t, "09:00-10:00"), // open on a holiday
		},
	})
}

func TestAdd(t *testing.T) {
	c := office(t)
	for _, tt := range []struct{ from, add, want string }{
		{"2026-02-02 09:00:00", "1h", "2026-02-02 10:00:00"},
		{"2026-02-02 08:00:00", "1h", "2026-02-02 10:00:00"},
		{"2026-02-02 09:00:00", "5h", "2026-02-02 14:00:00"},                         // the end of a span, not the next opening
		{"2026-02-02 09:00:00", "5h0m0.000000001s", "2026-02-02 16:00:00.000000001"}, // one nanosecond more
		{"2026-02-02 13:59:59.999999999", "1ns", "2026-02-02 14:00:00"},              // the last nanosecond
		{"2026-02-02 14:00:00", "1ns", "2026-02-02 16:00:00.000000001"},              // a span does not hold its end
		{"2026-02-06 18:00:00", "1h", "2026-02-09 09:30:00"},                         // over a weekend
		{"2026-04-02 18:00:00", "1h", "2026-04-06 09:30:00"},                         // over Good Friday
		{"2026-02-02 09:00:00", "37h30m", "2026-02-06 18:30:00"},                     // a whole week
		{"2026-12-18 18:30:00", "3h", "2026-12-21 10:00:00"},                         // an open Saturday
		{"2026-12-24 11:00:00", "2h", "2026-12-28 10:00:00"},                         // half of Christmas Eve
		{"2026-12-30 18:00:00", "1h", "2027-01-04 09:30:00"},                         // a day closed for once
		{"2026-10-12 09:30:00", "1h", "2026-10-13 09:30:00"},                         // open on a holiday
		{"2026-02-07 12:00:00", "0s", "2026-02-07 12:00:00"},                         // nothing to wait for
		{"2026-02-07 12:00:00", "-1h", "2026-02-07 12:00:00"},
	} {
		d, err := time.ParseDuration(tt.add)
		if err != nil {
			t.Fatal(err)
		}
		got := c.Add(at(t, madrid, tt.from), d)
		if got.Format(stamp) != tt.want {
			t.Errorf("%s + %s is %s, want %s", tt.from, tt.add, got.Format(stamp), tt.want)
		}
		if between := c.Between(at(t, madrid, tt.from), got); between != max(d, 0) {
			t.Errorf("between %s and %s is %v, want %v", tt.from, tt.want, between, d)
		}
	}
}

func TestNextAndOpen(t *testing.T) {
	c := office(t)
	for _, tt := range []struct{ from, want string }{
		{"2026-02-02 09:00:00", "2026-02-02 09:00:00"},
		{"2026-02-02 13:59:59.999999999", "2026-02-02 13:59:59.999999999"},
		{"2026-02-02 14:00:00", "2026-02-02 16:00:00"},
		{"2026-02-06 18:30:00", "2026-02-09 09:00:00"},
		{"2026-12-24 12:00:00", "2026-12-28 09:00:00"},
	} {
		from := at(t, madrid, tt.from)
		if got := c.Next(from).Format(stamp); got != tt.want {
			t.Errorf("after %s the next is %s, want %s", tt.from, got, tt.want)
		}
		if got := c.Open(from); got != (tt.from == tt.want) {
			t.Errorf("open at %s is %v", tt.from, got)
		}
	}
}

func TestAddDays(t *testing.T) {
	offices := office(t)
	always := made(t, calendar.Options{Zone: madrid, Always: true})
	for _, tt := range []struct {
		calendar calendar.Calendar
		from     string
		n        int
		want     string
	}{
		{offices, "2026-02-06 17:00:00", 3, "2026-02-11 17:00:00"}, // Friday
		{offices, "2026-02-06 18:30:00", 3, "2026-02-12 09:00:00"}, // Friday, after hours: Monday and three
		{offices, "2026-02-07 10:00:00", 3, "2026-02-12 09:00:00"}, // Saturday
		{offices, "2026-04-01 10:00:00", 2, "2026-04-06 10:00:00"}, // over Good Friday
		{offices, "2026-12-23 17:00:00", 1, "2026-12-24 17:00:00"}, // a short day is a day
		{offices, "2026-02-07 10:00:00", 0, "2026-02-09 09:00:00"},
		{offices, "2026-02-07 10:00:00", -4, "2026-02-09 09:00:00"},
		{always, "2026-02-06 17:00:00", 3, "2026-02-09 17:00:00"},
		{always, "2026-03-28 02:30:00", 1, "2026-03-29 03:00:00"}, // 02:30 does not come that day
		{always, "2026-03-28 12:00:00", 1, "2026-03-29 12:00:00"}, // 23 hours later
		{always, "2026-10-24 12:00:00", 1, "2026-10-25 12:00:00"}, // 25 hours later
		{always, "2024-02-28 12:00:00", 2, "2024-03-01 12:00:00"},
	} {
		if got := tt.calendar.AddDays(at(t, madrid, tt.from), tt.n).Format(stamp); got != tt.want {
			t.Errorf("%s and %d days is %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

// A time of day that comes twice is the first of the two.
func TestAddDaysToRepeatedHour(t *testing.T) {
	c := made(t, calendar.Options{Zone: madrid, Always: true})
	got := c.AddDays(at(t, madrid, "2026-10-24 02:30:00"), 1)
	if want := time.Date(2026, time.October, 25, 0, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestZeroValueCountsAlways(t *testing.T) {
	var c calendar.Calendar
	from := at(t, madrid, "2026-03-28 12:00:00")
	if got := c.Add(from, 24*time.Hour); got.Sub(from) != 24*time.Hour || got.Location() != time.UTC {
		t.Errorf("a day later is %v", got)
	}
	if got := c.Between(from, from.Add(90*time.Minute)); got != 90*time.Minute {
		t.Errorf("between is %v", got)
	}
	if !c.Open(from) || !c.Next(from).Equal(from) || !c.AddDays(from, 2).Equal(from.Add(48*time.Hour)) {
		t.Error("the zero calendar is not always open")
	}
}

func TestHorizon(t *testing.T) {
	c := made(t, calendar.Options{Zone: bogota, Week: map[time.Weekday][]calendar.Span{time.Monday: spans(t, "09:00-09:01")}})
	from := at(t, bogota, "2026-01-01 00:00:00")
	limit := from.Add(calendar.Horizon)
	if got := c.Add(from, 1<<63-1); !got.Equal(limit) {
		t.Errorf("a length that never passes ends at %v", got)
	}
	if got := c.AddDays(from, 1<<62); !got.Equal(limit) {
		t.Errorf("days that never pass end at %v", got)
	}
	if got := c.Between(time.Time{}, from); got <= 0 || got > 100*366*time.Minute {
		t.Errorf("from the year 1 until today %v were counted", got)
	}
	if got := c.Between(from, time.Time{}); got >= 0 {
		t.Errorf("backwards %v were counted", got)
	}
}
