package calendar_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/calendar"
)

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		rule string
		year int
		want string
	}{
		{"12-25", 2026, "2026-12-25"},
		{"02-29", 2024, "2024-02-29"},
		{"02-29", 2026, ""},
		{"2026-11-02", 2026, "2026-11-02"},
		{"2026-11-02", 2027, ""},
		{"2026-11-02", 2025, ""},
		{"first monday of february", 2026, "2026-02-02"},
		{"second tuesday of june", 2026, "2026-06-09"},
		{"fourth thursday of november", 2026, "2026-11-26"},
		{"Last Friday of November", 2026, "2026-11-27"},
		{"last monday of december", 2029, "2029-12-31"},
		{"first sunday of november", 2026, "2026-11-01"},
		{"easter", 2026, "2026-04-05"},
		{"easter-2", 2026, "2026-04-03"},
		{"easter +1", 2026, "2026-04-06"},
		{"easter+60", 2026, "2026-06-04"},
		{"01-06 to monday", 2026, "2026-01-12"}, // a Tuesday
		{"01-06 to monday", 2025, "2025-01-06"}, // a Monday
		{"01-06 to previous monday", 2026, "2026-01-05"},
		{"11-01 if sunday to monday", 2026, "2026-11-02"},
		{"11-01 if sunday to next monday", 2027, "2027-11-01"},
		{"01-01 if saturday to previous friday if sunday to monday", 2022, "2021-12-31"},
		{"01-01 if saturday to previous friday if sunday to monday", 2023, "2023-01-02"},
		{"01-01 if saturday to previous friday if sunday to monday", 2024, "2024-01-01"},
		{"12-30 for 3 days", 2026, "2026-12-30 2026-12-31 2027-01-01"},
		{"easter -6 for 3 days", 2026, "2026-03-30 2026-03-31 2026-04-01"},
		{"10-01 every 6 years from 2024", 2030, "2030-10-01"},
		{"10-01 from 2024 every 6 years", 2029, ""},
		{"10-01 every 6 years from 2024", 2018, ""},
		{"10-09 from 2000 until 2010", 2010, "2010-10-09"},
		{"10-09 from 2000 until 2010", 2011, ""},
		{"10-09 from 2000 until 2010", 1999, ""},
	} {
		rule := parsed(t, tt.rule)
		var days []string
		for _, date := range rule.In(tt.year) {
			days = append(days, date.String())
		}
		if got := strings.Join(days, " "); got != tt.want {
			t.Errorf("%s in %d: got %q, want %q", tt.rule, tt.year, got, tt.want)
		}
		var again calendar.Rule
		text, _ := rule.MarshalText()
		if err := again.UnmarshalText(text); err != nil || !reflect.DeepEqual(again, rule) {
			t.Errorf("%q is written %q, which is another rule: %v", tt.rule, text, err)
		}
	}
}

func parsed(t *testing.T, text string) calendar.Rule {
	t.Helper()
	rule, err := calendar.ParseRule(text)
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

func TestRefusedRules(t *testing.T) {
	for _, tt := range []struct{ rule, want string }{
		{"", "begins no holiday"},
		{"25-12", `"25-12" begins no holiday`},
		{"02-30", "begins no holiday"},
		{"2026-02-29", "begins no holiday"},
		{"0000-01-01", "begins no holiday"},
		{"fifth monday of may", "begins no holiday"},
		{"first lunes of may", `"lunes" is not a day of the week`},
		{"first monday in may", `"of" is wanted, not "in"`},
		{"first monday of mayo", `"mayo" is not a month`},
		{"easter -201", "from -200 to +200"},
		{"easter2", "not a number of days from Easter"},
		{"easter 2", `"2" is none of to, if, for`},
		{"12-25 to", `"" is not a day of the week`},
		{"12-25 to monday to tuesday", "moved twice"},
		{"12-25 if sunday to monday if sunday to tuesday", "moved twice"},
		{"12-25 if sunday monday", `"to" is wanted`},
		{"12-25 for 0 days", "from 1 to 100"},
		{"12-25 for 101 days", "from 1 to 100"},
		{"12-25 for 2", `"days" is wanted`},
		{"12-25 for 2 days for 3 days", "once is enough"},
		{"2026-12-25 from 2027", "takes no other"},
		{"2026-12-25 every 2 years", "takes no other"},
		{"12-25 from 2010 until 2000", "begins in 2010 and ends in 2000"},
		{"12-25 every 6 years", "needs the first"},
		{"12-25 from 1066", "from 1583 to 9999"},
		{"12-25 " + strings.Repeat(" ", 400), "more than 400"},
	} {
		if _, err := calendar.ParseRule(tt.rule); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.rule, err, tt.want)
		}
	}
}

func TestEaster(t *testing.T) {
	for _, want := range strings.Fields(`1818-03-22 1886-04-25 1943-04-25 1954-04-18 1961-04-02 1981-04-19 2000-04-23
		2008-03-23 2011-04-24 2016-03-27 2017-04-16 2019-04-21 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16
		2038-04-25 2049-04-18 2076-04-19 2100-03-28 2200-04-06 2285-03-22`) {
		date, err := calendar.ParseDate(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.Easter(date.Year); got != date {
			t.Errorf("Easter is %v, want %v", got, want)
		}
	}
}

func FuzzParseRule(f *testing.F) {
	for _, seed := range []string{
		"12-25", "02-29 from 2027 until 2027", "2026-11-02 to monday", "last friday of november for 2 days",
		"easter -2", "easter +39 to monday", "10-01 every 6 years from 2024 until 2030",
		"01-01 if saturday to previous friday if sunday to next monday", "easter-", "9999-12-31 for 100 days",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rule, err := calendar.ParseRule(text)
		if err != nil {
			return
		}
		again, err := calendar.ParseRule(rule.String())
		if err != nil || !reflect.DeepEqual(again, rule) {
			t.Fatalf("%q is written %q, which is read as %v, %v", text, rule, again, err)
		}
		for _, year := range []int{-1, 0, 1583, 2026, 9999} {
			if n := len(rule.In(year)); n > 100 {
				t.Fatalf("%q closes %d days of %d", text, n, year)
			}
		}
	})
}
