package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// weekdays are the days of the week as the file writes them, by time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Weekday is a day of the week: "mon".
type Weekday string

// UnmarshalText reads a day of the week.
func (w *Weekday) UnmarshalText(text []byte) error {
	if _, err := weekday(string(text)); err != nil {
		return err
	}
	*w = Weekday(text)
	return nil
}

// Day is the day as package time has it.
func (w Weekday) Day() time.Weekday {
	day, _ := weekday(string(w))
	return day
}

func weekday(word string) (time.Weekday, error) {
	if i := slices.Index(weekdays, word); i >= 0 {
		return time.Weekday(i), nil
	}
	return 0, fmt.Errorf("%q is not a day of the week: write mon, tue, wed, thu, fri, sat or sun", word)
}

// Days are some days of the week.
type Days []DayRange

// DayRange is a day of the week, or those from one to another: "mon-fri".
type DayRange string

// UnmarshalText reads a range of days.
func (r *DayRange) UnmarshalText(text []byte) error {
	first, last, ranged := strings.Cut(string(text), "-")
	if _, err := weekday(first); err != nil {
		return err
	}
	if _, err := weekday(last); err != nil && ranged {
		return err
	}
	*r = DayRange(text)
	return nil
}

// Weekdays lists the days of the range; it may go over the end of the week.
func (r DayRange) Weekdays() []time.Weekday {
	from, to, ranged := strings.Cut(string(r), "-")
	first, _ := weekday(from)
	list := []time.Weekday{first}
	for last, _ := weekday(to); ranged && list[len(list)-1] != last; {
		list = append(list, (list[len(list)-1]+1)%7)
	}
	return list
}

// TimeOfDay is a time of the day on the wall: "08:00".
type TimeOfDay string

// UnmarshalText reads a time of day.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	if _, err := time.Parse("15:04", string(text)); err != nil || len(text) != len("15:04") {
		return fmt.Errorf(`%q is not a time of day: write one like "08:00"`, text)
	}
	*t = TimeOfDay(text)
	return nil
}

// clock is the time as hours and minutes.
func (t TimeOfDay) clock() (hours, minutes int) {
	at, _ := time.Parse("15:04", string(t))
	return at.Hour(), at.Minute()
}

// Start is what starts a clock: "classify", "delivered resolve", "began",
// "began classify".
type Start string

// delivered and began are the words of a Start that are no action.
const (
	delivered = "delivered"
	began     = "began"
)

// UnmarshalText reads what starts a clock.
func (s *Start) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	n := len(words)
	if n == 0 || n > 2 || n == 2 && words[0] != delivered && words[0] != began || n == 1 && words[0] == delivered {
		return fmt.Errorf(`%q starts no clock: write an action, such as "classify", "delivered" and an action, or "began"`, text)
	}
	*s = Start(strings.Join(words, " "))
	return nil
}

// Trigger is the start as package ticket has it.
func (s Start) Trigger() ticket.Trigger {
	how, action, both := strings.Cut(string(s), " ")
	switch {
	case s == began:
		return ticket.Trigger{Action: ticket.Open, Began: true}
	case !both:
		return ticket.Trigger{Action: ticket.Action(s)}
	}
	return ticket.Trigger{Action: ticket.Action(action), Delivered: how == delivered, Began: how == began}
}

// Within is how long a clock runs.
type Within []Length

var wholeDays = regexp.MustCompile(`^(\d{1,4})d$`)

// maxSpan bounds the length of clocks.
const maxSpan = 3660

// parseSpan reads a length of a clock: whole days, "3d", or time, "90m". They
// do not mix, for within working hours a day is no number of hours.
func parseSpan(text string, p *ticket.Span) error {
	var d Duration
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return err
	}
	switch {
	case d > maxSpan*Day:
		return fmt.Errorf("%s is longer than %dd", text, maxSpan)
	case wholeDays.MatchString(text):
		*p = ticket.Span{Days: int(d / Day)}
	case strings.Contains(text, "d"):
		return fmt.Errorf("%q mixes days and hours: write only hours, or only days", text)
	default:
		*p = ticket.Span{Time: time.Duration(d)}
	}
	return nil
}
