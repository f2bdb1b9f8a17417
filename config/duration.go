package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Duration is a stretch of time, written as Go writes it ("30s", "1h30m") with
// days beside ("3d", "1d12h"). A day is 24 hours.
type Duration time.Duration

// Day is 24 hours.
const Day = Duration(24 * time.Hour)

var (
	days       = regexp.MustCompile(`^(\d{1,5})d(.*)$`)
	bareNumber = regexp.MustCompile(`^\d+$`)
)

// UnmarshalText reads a duration. A number without a unit is refused.
func (d *Duration) UnmarshalText(text []byte) error {
	s := string(text)
	if bareNumber.MatchString(s) {
		return fmt.Errorf(`%s has no unit: write "%[1]ss", "%[1]sm", "%[1]sh" or "%[1]sd" (seconds, minutes, hours, days)`, s)
	}
	var whole Duration
	if m := days.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1]) // at most five digits
		whole, s = Duration(n)*Day, m[2]
	}
	if s == "" && whole > 0 {
		*d = whole
		return nil
	}
	rest, err := time.ParseDuration(s)
	if err != nil || rest < 0 || whole+Duration(rest) < whole {
		return fmt.Errorf(`%q is not a duration: write it as "30s", "5m", "1h30m" or "3d"`, text)
	}
	*d = whole + Duration(rest)
	return nil
}

// String writes the duration so that UnmarshalText reads it, in the fewest
// units: "5m", "1d12h".
func (d Duration) String() string {
	whole, rest := d/Day, time.Duration(d%Day)
	s := ""
	if whole > 0 {
		s = fmt.Sprintf("%dd", whole)
	}
	if rest == 0 && s != "" {
		return s
	}
	t := rest.String()
	if strings.HasSuffix(t, "m0s") {
		t = strings.TrimSuffix(t, "0s")
	}
	if strings.HasSuffix(t, "h0m") {
		t = strings.TrimSuffix(t, "0m")
	}
	return s + t
}
