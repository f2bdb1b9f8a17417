package calendar_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/calendar"
)

// model is a calendar told minute by minute: a minute counts if its local date
// is not a holiday and one of the date's spans holds it.
type model struct {
	zone       *time.Location
	week       map[time.Weekday][]calendar.Span
	holidays   []calendar.Date
	exceptions map[calendar.Date][]calendar.Span
}

func (m model) calendar(t *rapid.T) calendar.Calendar {
	o := calendar.Options{Zone: m.zone, Week: m.week, Exceptions: m.exceptions}
	for _, date := range m.holidays {
		rule, err := calendar.ParseRule(date.String())
		if err != nil {
			t.Fatal(err)
		}
		o.Holidays = append(o.Holidays, rule)
	}
	c, err := calendar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (m model) open(instant time.Time) bool {
	local := instant.In(m.zone)
	minutes := time.Duration(local.Hour()*60+local.Minute()) * time.Minute
	return slices.ContainsFunc(m.spansOn(dateOf(local)), func(s calendar.Span) bool { return s.From <= minutes && minutes < s.To })
}

func (m model) spansOn(date calendar.Date) []calendar.Span {
	if spans, special := m.exceptions[date]; special {
		return spans
	}
	if slices.Contains(m.holidays, date) {
		return nil
	}
	return m.week[date.Weekday()]
}

// between adds up the minutes that count; the first and the last in part.
func (m model) between(from, to time.Time) (total time.Duration) {
	for minute := from.Truncate(time.Minute); minute.Before(to); minute = minute.Add(time.Minute) {
		if !m.open(minute) {
			continue
		}
		start, end := minute, minute.Add(time.Minute)
		if start.Before(from) {
			start = from
		}
		if end.After(to) {
			end = to
		}
		total += end.Sub(start)
	}
	return total
}

// changes are days near which zones move their clocks, months and years turn.
var changes = []calendar.Date{
	{Year: 2017, Month: time.October, Day: 29}, {Year: 2022, Month: time.April, Day: 3}, {Year: 2022, Month: time.October, Day: 30},
	{Year: 2024, Month: time.February, Day: 29}, {Year: 2026, Month: time.March, Day: 8}, {Year: 2026, Month: time.March, Day: 29},
	{Year: 2026, Month: time.October, Day: 25}, {Year: 2026, Month: time.November, Day: 1}, {Year: 2026, Month: time.December, Day: 31},
	{Year: 2040, Month: time.October, Day: 28}, {Year: 2040, Month: time.December, Day: 31}, // past the tables of the zones, in a leap year
}

func drawDate(t *rapid.T, label string) calendar.Date {
	near := rapid.SampledFrom(changes).Draw(t, label)
	return near.AddDays(rapid.IntRange(-4, 4).Draw(t, label+" days"))
}

// drawInstant gives one to the nanosecond, near a change, in any zone.
func drawInstant(t *rapid.T, label string) time.Time {
	date := drawDate(t, label)
	instant := time.Date(date.Year, date.Month, date.Day, 0, rapid.IntRange(0, 24*60).Draw(t, label+" minute"), 0, 0, time.UTC)
	if rapid.Bool().Draw(t, label+" odd") {
		instant = instant.Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)-1).Draw(t, label+" nanoseconds")))
	}
	return instant.In(drawZone(t, label+" shown in"))
}

func drawZone(t *rapid.T, label string) *time.Location {
	return zone(rapid.SampledFrom([]string{"Europe/Madrid", "America/Mexico_City", "America/Ciudad_Juarez",
		"America/Bogota", "America/Havana", "Australia/Lord_Howe", "UTC"}).Draw(t, label))
}

// drawSpans gives up to three spans of a day; half hours are likelier.
func drawSpans(t *rapid.T, label string, least int) (spans []calendar.Span) {
	halfHour := rapid.Map(rapid.IntRange(0, 48), func(n int) int { return 30 * n })
	usable := rapid.OneOf(halfHour, rapid.IntRange(0, 24*60)).Filter(func(n int) bool { return n != 24*60-1 })
	edges := rapid.SliceOfNDistinct(usable, 2*least, 6, rapid.ID).Draw(t, label)
	slices.Sort(edges)
	for pair := range slices.Chunk(edges[:len(edges)/2*2], 2) {
		spans = append(spans, calendar.Span{From: time.Duration(pair[0]) * time.Minute, To: time.Duration(pair[1]) * time.Minute})
	}
	return spans
}

func drawModel(t *rapid.T) model {
	m := model{zone: drawZone(t, "zone"), week: map[time.Weekday][]calendar.Span{}, exceptions: map[calendar.Date][]calendar.Span{}}
	for range rapid.IntRange(1, 7).Draw(t, "weekdays") {
		weekday := time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
		m.week[weekday] = drawSpans(t, "spans", 1)
	}
	for range rapid.IntRange(0, 4).Draw(t, "holidays") {
		m.holidays = append(m.holidays, drawDate(t, "holiday"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "exceptions") {
		m.exceptions[drawDate(t, "exception")] = drawSpans(t, "exception spans", 0)
	}
	return m
}

// drawLength gives at most 40 hours: two of them fit in Horizon, be the week
// but one minute long.
func drawLength(t *rapid.T) time.Duration {
	minutes := rapid.Map(rapid.Int64Range(0, 40*60), func(n int64) int64 { return n * int64(time.Minute) })
	return time.Duration(rapid.OneOf(minutes, rapid.Int64Range(0, int64(40*time.Hour))).Draw(t, "length"))
}

func TestEqualsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		c, from := m.calendar(t), drawInstant(t, "from")
		to := from.Add(time.Duration(rapid.Int64Range(0, int64(5*24*time.Hour)).Draw(t, "apart")))
		if got, want := c.Between(from, to), m.between(from, to); got != want {
			t.Fatalf("between %v and %v: %v, the model counts %v", from, to, got, want)
		}
		if got, want := c.Open(from), m.open(from); got != want {
			t.Fatalf("open at %v: %v, the model says %v", from, got, want)
		}
		if next := c.Next(from); !m.open(next) || m.between(from, earliest(next, to)) != 0 {
			t.Fatalf("next after %v is %v: not open, or not the first", from, next)
		}
	})
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func TestAddAndBetweenAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, from, d := drawModel(t).calendar(t), drawInstant(t, "from"), drawLength(t)
		end := c.Add(from, d)
		if got := c.Between(from, end); got != d {
			t.Fatalf("%v + %v is %v, but %v lie between", from, d, end, got)
		}
		if got := c.Between(end, from); got != -d {
			t.Fatalf("backwards %v lie between", got)
		}
		if d > 0 && !c.Open(end.Add(-1)) {
			t.Fatalf("%v + %v is %v, which is not the first such instant", from, d, end)
		}
		if got := c.Add(from, c.Between(from, end)); !got.Equal(end) {
			t.Fatalf("there and back is %v, want %v", got, end)
		}
	})
}

func TestBetweenIsAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).calendar(t)
		x, y, z := drawInstant(t, "x"), drawInstant(t, "y"), drawInstant(t, "z")
		if whole, parts := c.Between(x, z), c.Between(x, y)+c.Between(y, z); whole != parts {
			t.Fatalf("%v in one, %v in two parts", whole, parts)
		}
	})
}

func TestAddIsAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, from := drawModel(t).calendar(t), drawInstant(t, "from")
		d, e := drawLength(t), drawLength(t)
		if once, twice := c.Add(from, d+e), c.Add(c.Add(from, d), e); e > 0 && !once.Equal(twice) {
			t.Fatalf("%v at once, %v in two steps", once, twice)
		}
	})
}

func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, d, n := drawModel(t).calendar(t), drawLength(t), rapid.IntRange(0, 9).Draw(t, "days")
		x, y := drawInstant(t, "x"), drawInstant(t, "y")
		if y.Before(x) {
			x, y = y, x
		}
		if c.Add(y, d).Before(c.Add(x, d)) || c.Next(y).Before(c.Next(x)) {
			t.Fatal("what came later is due earlier")
		}
		if c.Add(x, d+1).Before(c.Add(x, d)) || c.AddDays(x, n+1).Before(c.AddDays(x, n)) {
			t.Fatal("what takes longer is due earlier")
		}
	})
}

func TestZoneOfAnInstantDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, d, x, y := drawModel(t).calendar(t), drawLength(t), drawInstant(t, "x"), drawInstant(t, "y")
		other := x.In(drawZone(t, "other"))
		if c.Add(x, d) != c.Add(other, d) || c.AddDays(x, 3) != c.AddDays(other, 3) || c.Next(x) != c.Next(other) {
			t.Fatal("the same instant in another zone has other deadlines")
		}
		if c.Open(x) != c.Open(other) || c.Between(x, y) != c.Between(other, y) {
			t.Fatal("the same instant in another zone counts otherwise")
		}
	})
}

func TestAddDaysCountsDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		c, from, n := m.calendar(t), drawInstant(t, "from"), rapid.IntRange(1, 5).Draw(t, "n")
		start, end := c.Next(from), c.AddDays(from, n)
		working := 0
		first, last := start.In(m.zone), end.In(m.zone)
		for date := dateOf(first).AddDays(1); date != dateOf(last).AddDays(1); date = date.AddDays(1) {
			if len(m.spansOn(date)) > 0 {
				working++
			}
		}
		if working != n {
			t.Fatalf("from %v to %v are %d working days, want %d", start, end, working, n)
		}
	})
}

func dateOf(t time.Time) calendar.Date {
	return calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}
