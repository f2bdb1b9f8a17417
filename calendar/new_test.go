package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/calendar"
)

func TestRefusedOptions(t *testing.T) {
	monday := func(spans ...calendar.Span) calendar.Options {
		return calendar.Options{Week: map[time.Weekday][]calendar.Span{time.Monday: spans}}
	}
	hours := func(from, to float64) calendar.Span {
		return calendar.Span{From: time.Duration(from * float64(time.Hour)), To: time.Duration(to * float64(time.Hour))}
	}
	allYear := monday(hours(9, 10))
	for _, rule := range []string{"01-01 for 100 days", "04-01 for 100 days", "07-01 for 100 days", "10-01 for 92 days"} {
		allYear.Holidays = append(allYear.Holidays, parsed(t, rule+" from 2030"))
	}
	for _, tt := range []struct {
		name    string
		options calendar.Options
		want    string
	}{
		{"nothing", calendar.Options{}, "no span"},
		{"closed days only", monday(), "no span"},
		{"overlap", monday(hours(9, 14), hours(13, 15)), "Monday: spans 09:00-14:00 and 13:00-15:00 overlap"},
		{"overlap, unordered", monday(hours(13, 15), hours(9, 14)), "overlap"},
		{"same twice", monday(hours(9, 14), hours(9, 14)), "overlap"},
		{"across midnight", monday(hours(22, 6)), "one across midnight is two"},
		{"empty span", monday(hours(9, 9)), "ends before it has begun"},
		{"past midnight", monday(hours(22, 26)), "not within 00:00-24:00"},
		{"before midnight", monday(hours(-1, 2)), "not within 00:00-24:00"},
		{"seconds", monday(hours(9, 9.001)), "whole minutes"},
		{"lost minute", monday(calendar.Span{To: 23*time.Hour + 59*time.Minute}), "write 24:00"},
		{"eighth day", calendar.Options{Week: map[time.Weekday][]calendar.Span{7: {hours(9, 10)}}}, "no such day"},
		{"always and a week", calendar.Options{Always: true, Week: monday(hours(9, 10)).Week}, "counts always"},
		{"always and holidays", calendar.Options{Always: true, Holidays: country(t, "es")}, "counts always"},
		{"this machine's zone", calendar.Options{Always: true, Zone: time.Local}, "Europe/Madrid"},
		{"no rule", calendar.Options{Week: week(t, "09:00-10:00"), Holidays: []calendar.Rule{{Name: "fiesta"}}}, `"fiesta"`},
		{"a whole year", allYear, "every working day of 2030"},
		{"bad exception", exception(t, 2026, 5, 2, hours(9, 11), hours(10, 12)), "exception 2026-05-02: spans"},
		{"no such date", exception(t, 2026, 2, 30), "exception 2026-02-30: there is no such date"},
	} {
		if _, err := calendar.New(tt.options); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func exception(t *testing.T, year int, month time.Month, day int, spans ...calendar.Span) calendar.Options {
	t.Helper()
	date := calendar.Date{Year: year, Month: month, Day: day}
	return calendar.Options{Week: week(t, "09:00-10:00"), Exceptions: map[calendar.Date][]calendar.Span{date: spans}}
}

// A calendar does not change with the options it was made from.
func TestNewKeepsNothing(t *testing.T) {
	o := calendar.Options{Zone: madrid, Week: week(t, "09:00-10:00")}
	c := made(t, o)
	o.Week[time.Monday][0].To = 20 * time.Hour
	if c.Open(at(t, madrid, "2026-02-02 12:00:00")) {
		t.Error("the calendar has changed")
	}
}

func TestSpanText(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"09:00-14:00", "09:00-14:00"}, {"9:00 - 14:30", "09:00-14:30"}, {"00:00-24:00", "00:00-24:00"},
		{"14:00-09:00", ""}, {"09:00", ""}, {"9-14", ""}, {"09:60-10:00", ""}, {"09:00-24:01", ""}, {"22:00-25:00", ""},
		{"09:00-14:00-15:00", ""}, {"00:00-23:59", ""}, {"-1:00-02:00", ""}, {"09:0-10:00", ""}, {"", ""},
	} {
		var span calendar.Span
		err := span.UnmarshalText([]byte(tt.text))
		if text, _ := span.MarshalText(); (err == nil) != (tt.want != "") || err == nil && string(text) != tt.want {
			t.Errorf("%q: got %s, %v; want %q", tt.text, text, err, tt.want)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, seed := range []string{"09:00-14:00", "0:00-24:00", "23:00-23:59", "+9:00-10:00", "24:00-24:00", " 9:05 - 9:06 "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		span, err := calendar.ParseSpan(text)
		if err != nil {
			return
		}
		if again, err := calendar.ParseSpan(span.String()); err != nil || again != span {
			t.Fatalf("%q is written %q, which is read as %v, %v", text, span, again, err)
		}
		options := calendar.Options{Week: map[time.Weekday][]calendar.Span{time.Monday: {span}}}
		if _, err := calendar.New(options); err != nil {
			t.Fatalf("%q was read, and refused: %v", text, err)
		}
	})
}

func TestDateText(t *testing.T) {
	for _, tt := range []struct {
		text string
		good bool
	}{{"2026-11-02", true}, {"2024-02-29", true}, {"2026-02-29", false}, {"2026-11-2", false}, {"02/11/2026", false}, {"", false}} {
		var date calendar.Date
		err := date.UnmarshalText([]byte(tt.text))
		if text, _ := date.MarshalText(); (err == nil) != tt.good || tt.good && string(text) != tt.text {
			t.Errorf("%q: got %s, %v", tt.text, text, err)
		}
	}
}
