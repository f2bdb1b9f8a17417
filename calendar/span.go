package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Span is a stretch of a day during which time counts, as the wall clock shows
// it: from From, up to and without To, both counted from 00:00 in whole
// minutes. To is at most 24 h.
type Span struct{ From, To time.Duration }

var wholeDay = []Span{{0, day}}

// ParseSpan reads "09:00-14:00". A day ends at 24:00.
func ParseSpan(text string) (Span, error) {
	from, to, found := strings.Cut(text, "-")
	start, err1 := parseClock(from)
	end, err2 := parseClock(to)
	if !found || err1 != nil || err2 != nil {
		return Span{}, fmt.Errorf("%q is not a span of a day; write one like 09:00-14:00", text)
	}
	span := Span{start, end}
	return span, span.check()
}

func parseClock(text string) (time.Duration, error) {
	hours, minutes, _ := strings.Cut(strings.TrimSpace(text), ":")
	h, err1 := strconv.ParseUint(hours, 10, 8)
	m, err2 := strconv.ParseUint(minutes, 10, 8)
	if err1 != nil || err2 != nil || h > 24 || m > 59 || len(hours) > 2 || len(minutes) != 2 {
		return 0, fmt.Errorf("%q is not a time of day", text)
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, nil
}

// String writes the span as ParseSpan reads it.
func (s Span) String() string { return clockText(s.From) + "-" + clockText(s.To) }

func clockText(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// MarshalText is String.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText is ParseSpan.
func (s *Span) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSpan(string(text))
	return err
}

func (s Span) check() error {
	switch {
	case s.From < 0 || s.To > day:
		return fmt.Errorf("span %v is not within 00:00-24:00", s)
	case s.From%time.Minute != 0 || s.To%time.Minute != 0:
		return fmt.Errorf("span %v is not in whole minutes", s)
	case s.From >= s.To:
		return fmt.Errorf("span %v ends before it has begun; one across midnight is two: to 24:00, and from 00:00 the next day", s)
	case s.To == day-time.Minute:
		return fmt.Errorf("span %v loses the last minute of the day; write 24:00", s)
	}
	return nil
}

// arrange checks the spans of one day and gives them back in order; spans that
// touch are one after the other, spans that overlap are an error.
func arrange(spans []Span) ([]Span, error) {
	var errs []error
	for _, span := range spans {
		errs = append(errs, span.check())
	}
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].From < sorted[i-1].To {
			errs = append(errs, fmt.Errorf("spans %v and %v overlap", sorted[i-1], sorted[i]))
		}
	}
	return sorted, errors.Join(errs...)
}
