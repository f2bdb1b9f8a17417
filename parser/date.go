package parser

import (
	"strconv"
	"strings"
	"time"
)

// parseDate reads a Date field (RFC 5322 section 3.3 and the obsolete forms of
// 4.3): two-digit years, named zones, missing seconds or zone, names of days
// and months in any language that starts like English, comments. ok is false
// when no day can be made of it.
func parseDate(value string) (t time.Time, ok bool) {
	var d dateParts
	for _, token := range dateTokens(stripComments(value)) {
		d.take(token)
	}
	return d.time()
}

type dateParts struct {
	year, month, day  int
	hour, minute, sec int
	clock             bool
	zone              *time.Location
	pm, am            bool
}

func dateTokens(s string) []string {
	s = strings.Map(func(r rune) rune {
		if r == ',' || r == '\t' {
			return ' '
		}
		return r
	}, s)
	tokens := strings.Fields(s)
	var out []string
	for _, t := range tokens {
		out = append(out, splitToken(t)...)
	}
	return out[:min(len(out), 20)]
}

// splitToken takes 12-Oct-2017, 2017-10-12 and 2017-10-12T10:23:58Z apart.
func splitToken(t string) []string {
	if len(t) < 6 || t[0] == '+' || t[0] == '-' {
		return []string{t}
	}
	if day, clock, ok := strings.Cut(t, "T"); ok && strings.Contains(clock, ":") && digits(day[:min(4, len(day))]) {
		return append(splitToken(day), splitClock(clock)...)
	}
	if strings.Contains(t, ":") {
		return splitClock(t)
	}
	if strings.Count(t, "-") == 2 {
		parts := strings.Split(t, "-")
		if len(parts[0]) == 4 {
			parts[0], parts[2] = parts[2], parts[0]
		}
		if m, err := strconv.Atoi(parts[1]); err == nil && m >= 1 && m <= 12 {
			parts[1] = time.Month(m).String()
		}
		return parts
	}
	return []string{t}
}

// splitClock takes the zone off 10:23:58+0200, 10:23:58Z and 10:23:58GMT.
func splitClock(t string) []string {
	i := strings.LastIndexAny(t, "+-")
	if i < 0 {
		i = strings.IndexAny(t, "GUZ")
	}
	if i > 0 {
		return []string{t[:i], t[i:]}
	}
	return []string{t}
}

func (d *dateParts) take(t string) {
	switch {
	case t == "":
	case strings.Contains(t, ":") && t[0] >= '0' && t[0] <= '9':
		d.takeClock(t)
	case t[0] == '+' || t[0] == '-':
		d.takeOffset(t)
	case digits(t):
		d.takeNumber(t)
	case d.month == 0 && monthOf(t) > 0:
		d.month = monthOf(t)
	case strings.EqualFold(t, "pm"):
		d.pm = true
	case strings.EqualFold(t, "am"):
		d.am = true
	case d.clock && d.zone == nil:
		d.zone = namedZone(t)
	}
}

func (d *dateParts) takeClock(t string) {
	parts := strings.Split(t, ":")
	d.clock = true
	d.hour, _ = strconv.Atoi(parts[0])
	d.minute, _ = strconv.Atoi(parts[1])
	if len(parts) > 2 {
		whole, _, _ := strings.Cut(parts[2], ".")
		d.sec, _ = strconv.Atoi(whole)
	}
}

func (d *dateParts) takeOffset(t string) {
	number := strings.ReplaceAll(t[1:], ":", "")
	n, err := strconv.Atoi(number)
	if err != nil || len(number) > 4 || d.zone != nil && !d.clock {
		return
	}
	if len(number) <= 2 {
		n *= 100
	}
	seconds := (n/100)*3600 + (n%100)*60
	if t[0] == '-' {
		seconds = -seconds
	}
	d.zone = time.FixedZone("", seconds)
}

func (d *dateParts) takeNumber(t string) {
	n, err := strconv.Atoi(t)
	switch {
	case err != nil:
	case d.day == 0 && n <= 31 && len(t) <= 2:
		d.day = n
	case d.year == 0 && len(t) == 4:
		d.year = n
	case d.year == 0 && len(t) == 3:
		d.year = 1900 + n // RFC 5322 section 4.3: 117 is 2017
	case d.year == 0 && d.month != 0 && n < 50:
		d.year = 2000 + n
	case d.year == 0 && d.month != 0 && n < 100:
		d.year = 1900 + n
	}
}

func (d *dateParts) time() (time.Time, bool) {
	if d.pm && d.hour < 12 {
		d.hour += 12
	}
	if d.am && d.hour == 12 {
		d.hour = 0
	}
	if d.day == 0 || d.month == 0 || d.year < 1970 || d.hour > 24 || d.minute > 59 || d.sec > 60 {
		return time.Time{}, false
	}
	if d.zone == nil {
		d.zone = time.UTC
	}
	return time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.sec, 0, d.zone), true
}

func digits(t string) bool {
	return t != "" && strings.Trim(t, "0123456789") == ""
}

// monthOf knows the English names and the Spanish ones that differ.
func monthOf(t string) int {
	t = strings.ToLower(t)
	if len(t) < 3 {
		return 0
	}
	for i, names := range [...]string{"jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic"} {
		if strings.Contains(names, t[:3]) && t[:3] != " " {
			return i + 1
		}
	}
	return 0
}

// namedZone knows the zones of RFC 5322 section 4.3 and those of Spain; any
// other name is UTC, as that section says.
func namedZone(t string) *time.Location {
	hours := map[string]int{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
		"CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "WEST": 1, "BST": 1, "EET": 2, "EEST": 3, "JST": 9}
	return time.FixedZone("", hours[strings.ToUpper(strings.Trim(t, "()"))]*3600)
}
