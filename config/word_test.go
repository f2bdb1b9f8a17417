package config

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// Every state there is can be named, and no other.
func TestStatesAreThoseOfTickets(t *testing.T) {
	if got, want := keyNames(reflect.TypeFor[States]()), words(ticket.States...); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Each attribute says by which kinds of field it is set.
func TestEveryAttributeIsSettable(t *testing.T) {
	for _, a := range ticket.Attributes {
		if len(settableBy[a]) == 0 {
			t.Errorf("no field can set %s", a)
		}
	}
}

func TestDayRange(t *testing.T) {
	for text, want := range map[string][]time.Weekday{
		"mon": {time.Monday}, "fri-mon": {time.Friday, time.Saturday, time.Sunday, time.Monday}, "tue-tue": {time.Tuesday},
	} {
		var r DayRange
		if err := r.UnmarshalText([]byte(text)); err != nil || !slices.Equal(r.Weekdays(), want) {
			t.Errorf("%s is %v, %v", text, r.Weekdays(), err)
		}
	}
	for _, text := range []string{"", "Mon", "lunes", "mon-", "-fri", "mon-tue-wed"} {
		var r DayRange
		if err := r.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestStart(t *testing.T) {
	for text, want := range map[string]ticket.Trigger{
		"classify":             {Action: ticket.Classify},
		" delivered  resolve ": {Action: ticket.Resolve, Delivered: true},
		"began":                {Action: ticket.Open, Began: true},
		"began classify":       {Action: ticket.Classify, Began: true},
	} {
		var s Start
		if err := s.UnmarshalText([]byte(text)); err != nil || s.Trigger() != want {
			t.Errorf("%q is %+v, %v", text, s.Trigger(), err)
		}
	}
	for _, text := range []string{"", "delivered", "resolve delivered", "a b c"} {
		var s Start
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[string]ticket.Span{
		"3d": {Days: 3}, "90m": {Time: 90 * time.Minute}, "1h30m": {Time: 90 * time.Minute}, "0m": {}, "24h": {Time: 24 * time.Hour},
	} {
		var s ticket.Span
		if err := parseSpan(text, &s); err != nil || s != want {
			t.Errorf("%s is %+v, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "3", "1d12h", "d", "-1h", "3661d", "99999h", "3 days"} {
		var s ticket.Span
		if err := parseSpan(text, &s); err == nil {
			t.Errorf("%q was read as %+v", text, s)
		}
	}
}
