package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseSpan reads a length of time that is more than none: what Go writes
// ("1h30m"), with days before it if need be ("3d", "2d12h"), at most 100 years.
func parseSpan(text string) (time.Duration, error) {
	const day, maxDays = 24 * time.Hour, 36_500
	rest, days := text, uint64(0)
	if before, after, found := strings.Cut(text, "d"); found {
		var err error
		if days, err = strconv.ParseUint(before, 10, 64); err != nil || days > maxDays {
			return 0, notASpan(text)
		}
		rest = after
	}
	span := time.Duration(days) * day
	if rest != "" {
		more, err := time.ParseDuration(rest)
		if err != nil || more < 0 || more > maxDays*day {
			return 0, notASpan(text)
		}
		span += more
	}
	if span <= 0 || span > maxDays*day {
		return 0, notASpan(text)
	}
	return span, nil
}

func notASpan(text string) error {
	return fmt.Errorf("%q is not a length of time such as 90m, 12h, 3d or 2d12h", text)
}

// parseSince reads a point in time: a date where now is told, with a time if
// need be, what RFC 3339 writes, or how long before now. It is the zero time
// for "".
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", time.DateTime, "2006-01-02 15:04:05Z07:00", time.RFC3339} {
		if at, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return at, nil
		}
	}
	span, err := parseSpan(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a time such as %q nor a length of time such as 12h or 3d", text, "2017-10-09 10:00")
	}
	return now.Add(-span), nil
}
