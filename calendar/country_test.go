package calendar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/calendar"
)

// What the countries' gazettes and calendars announced, or will.
var announced = []struct{ code, days string }{
	{"es", "2017: 01-01 01-06 04-14 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
	{"es", "2024: 01-01 01-06 03-29 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
	{"es", "2025: 01-01 01-06 04-18 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
	{"es", "2026: 01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
	{"es", "2027: 01-01 01-06 03-26 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
	{"mx", "2017: 01-01 02-06 03-20 05-01 09-16 11-20 12-25"},
	{"mx", "2018: 01-01 02-05 03-19 05-01 09-16 11-19 12-01 12-25"},
	{"mx", "2024: 01-01 02-05 03-18 05-01 09-16 10-01 11-18 12-25"},
	{"mx", "2025: 01-01 02-03 03-17 05-01 09-16 11-17 12-25"},
	{"mx", "2026: 01-01 02-02 03-16 05-01 09-16 11-16 12-25"},
	{"mx", "2027: 01-01 02-01 03-15 05-01 09-16 11-15 12-25"},
	{"mx", "2030: 01-01 02-04 03-18 05-01 09-16 10-01 11-18 12-25"},
	{"co", "2017: 01-01 01-09 03-20 04-13 04-14 05-01 05-29 06-19 06-26 07-03 07-20 08-07 08-21 10-16 11-06 11-13 12-08 12-25"},
	{"co", "2024: 01-01 01-08 03-25 03-28 03-29 05-01 05-13 06-03 06-10 07-01 07-20 08-07 08-19 10-14 11-04 11-11 12-08 12-25"},
	{"co", "2025: 01-01 01-06 03-24 04-17 04-18 05-01 06-02 06-23 06-30 07-20 08-07 08-18 10-13 11-03 11-17 12-08 12-25"},
	{"co", "2026: 01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25"},
	{"co", "2027: 01-01 01-11 03-22 03-25 03-26 05-01 05-10 05-31 06-07 07-05 07-20 08-07 08-16 10-18 11-01 11-15 12-08 12-25"},
}

func TestCountries(t *testing.T) {
	for _, tt := range announced {
		t.Run(tt.code+" "+tt.days[:4], func(t *testing.T) {
			year, want, _ := strings.Cut(tt.days, ": ")
			if got := daysOf(t, country(t, tt.code), year); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// daysOf lists the days of a year that rules close, as "01-01 01-06 …".
func daysOf(t *testing.T, rules []calendar.Rule, year string) string {
	t.Helper()
	first, err := calendar.ParseDate(year + "-01-01")
	if err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, rule := range rules {
		for _, date := range rule.In(first.Year) {
			days = append(days, strings.TrimPrefix(date.String(), year+"-"))
		}
	}
	slices.Sort(days)
	return strings.Join(slices.Compact(days), " ")
}

func TestEveryHolidayHasNameAndSource(t *testing.T) {
	for _, code := range calendar.Countries() {
		for _, rule := range country(t, strings.ToUpper(code)) {
			if rule.Name == "" || rule.Source == "" {
				t.Errorf("%s: %v has no name or no source", code, rule)
			}
		}
	}
	if got := strings.Join(calendar.Countries(), " "); got != "co es mx" {
		t.Errorf("countries are %s", got)
	}
}

func TestUnknownCountry(t *testing.T) {
	for _, code := range []string{"fr", "", "../es", "es.txt"} {
		if _, err := calendar.Country(code); err == nil || !strings.Contains(err.Error(), "co, es, mx") {
			t.Errorf("country %q: %v", code, err)
		}
	}
}
