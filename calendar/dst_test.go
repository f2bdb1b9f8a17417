package calendar_test

import (
	"testing"
	"time"

	"github.com/cauce-desk/cauce/calendar"
)

// What one date, always a Sunday, counts on the days when a zone moves its clocks.
func TestDaysOfOddLength(t *testing.T) {
	for _, tt := range []struct {
		name, date, span string
		zone             *time.Location
		want             time.Duration
	}{
		{"spring, whole day", "2026-03-29", "00:00-24:00", madrid, 23 * time.Hour},
		{"autumn, whole day", "2026-10-25", "00:00-24:00", madrid, 25 * time.Hour},
		{"an ordinary day", "2026-11-01", "00:00-24:00", madrid, 24 * time.Hour},
		{"span within the skipped hour", "2026-03-29", "02:00-03:00", madrid, 0},
		{"span across the skipped hour", "2026-03-29", "01:30-03:30", madrid, time.Hour},
		{"span within the repeated hour", "2026-10-25", "02:15-02:45", madrid, time.Hour},
		{"span that ends in the repeated hour", "2026-10-25", "01:00-02:30", madrid, 2 * time.Hour},
		{"span across the repeated hour", "2026-10-25", "01:00-04:00", madrid, 4 * time.Hour},
		{"office hours", "2026-03-29", "09:00-14:00", madrid, 5 * time.Hour},
		{"Mexico City, spring 2022", "2022-04-03", "00:00-24:00", mexico, 23 * time.Hour},
		{"Mexico City, autumn 2022", "2022-10-30", "00:00-24:00", mexico, 25 * time.Hour},
		{"Mexico City changes no more", "2023-04-02", "00:00-24:00", mexico, 24 * time.Hour},
		{"Ciudad Juarez, spring", "2026-03-08", "00:00-24:00", juarez, 23 * time.Hour},
		{"Ciudad Juarez, autumn", "2026-11-01", "00:00-24:00", juarez, 25 * time.Hour},
		{"Bogota never", "2026-03-29", "00:00-24:00", bogota, 24 * time.Hour},
		{"Havana, midnight skipped", "2026-03-08", "00:00-24:00", havana, 23 * time.Hour},
		{"Havana, midnight twice", "2026-11-01", "00:00-24:00", havana, 25 * time.Hour},
		{"Havana, span in the skipped midnight", "2026-03-08", "00:00-01:00", havana, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sundays := map[time.Weekday][]calendar.Span{time.Sunday: spans(t, tt.span)}
			c := made(t, calendar.Options{Zone: tt.zone, Week: sundays})
			noon := at(t, tt.zone, tt.date+" 12:00:00")
			if got := c.Between(noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1)); got != tt.want {
				t.Errorf("%s counts %v of %s, want %v", tt.date, got, tt.span, tt.want)
			}
		})
	}
}

// The zones' tables end in 2037; from there on, their rules are worked out.
func TestAllDayCountsAllTimeForACentury(t *testing.T) {
	for _, z := range []*time.Location{madrid, mexico, juarez, bogota, havana, nil} {
		c := made(t, calendar.Options{Zone: z, Week: everyDay(t, "00:00-24:00")})
		from := time.Date(2026, time.January, 1, 12, 0, 0, 1, time.UTC)
		if got := c.Between(from, from.Add(calendar.Horizon)); got != calendar.Horizon {
			t.Errorf("%v: %v of %v were counted", c.Zone(), got, time.Duration(calendar.Horizon))
		}
	}
}

func TestLeapYearsLastDay(t *testing.T) {
	c := made(t, calendar.Options{Zone: madrid, Week: everyDay(t, "09:00-17:00")})
	from := at(t, madrid, "2040-12-30 16:00:00")
	if got := c.Add(from, 10*time.Hour).Format(stamp); got != "2041-01-01 10:00:00" {
		t.Errorf("ten hours later is %s", got)
	}
	if got := c.AddDays(from, 1).Format(stamp); got != "2040-12-31 16:00:00" {
		t.Errorf("a day later is %s", got)
	}
}

func TestAddOverOddDays(t *testing.T) {
	c := made(t, calendar.Options{Zone: madrid, Week: everyDay(t, "00:00-24:00")})
	for _, tt := range []struct{ from, want string }{
		{"2026-03-28 12:00:00", "2026-03-29 13:00:00"},
		{"2026-10-24 12:00:00", "2026-10-25 11:00:00"},
		{"2026-06-01 12:00:00", "2026-06-02 12:00:00"},
	} {
		if got := c.Add(at(t, madrid, tt.from), 24*time.Hour).Format(stamp); got != tt.want {
			t.Errorf("24 h after %s is %s, want %s", tt.from, got, tt.want)
		}
	}
}
