package calendar

import (
	"fmt"
	"strings"
)

// String writes the rule as ParseRule reads it; "" for the zero Rule. Name and
// Source are no part of it.
func (r Rule) String() string {
	if r.kind == none {
		return ""
	}
	text := r.baseText()
	if r.every != 0 {
		text += fmt.Sprintf(" every %d years", r.every)
	}
	if !r.dated() {
		text += r.yearsText()
	}
	for _, m := range r.moves {
		text += m.text()
	}
	if r.length != 0 {
		text += fmt.Sprintf(" for %d days", r.length)
	}
	return strings.ToLower(text)
}

// dated is true of a rule for one day of one year.
func (r Rule) dated() bool {
	return r.kind == fixed && r.every == 0 && r.first != 0 && r.first == r.last &&
		Date{r.first, r.month, r.day}.exists()
}

func (r Rule) baseText() string {
	switch {
	case r.kind == nth:
		return fmt.Sprintf("%s %v of %v", ordinals[r.nth], r.weekday, r.month)
	case r.kind == easter && r.offset == 0:
		return "easter"
	case r.kind == easter:
		return fmt.Sprintf("easter %+d", r.offset)
	case r.dated():
		return Date{r.first, r.month, r.day}.String()
	}
	return fmt.Sprintf("%02d-%02d", r.month, r.day)
}

func (r Rule) yearsText() (text string) {
	if r.first != 0 {
		text = fmt.Sprintf(" from %d", r.first)
	}
	if r.last != 0 {
		text += fmt.Sprintf(" until %d", r.last)
	}
	return text
}

func (m move) text() string {
	direction := ""
	if m.back {
		direction = "previous "
	}
	if m.from == everyDay {
		return fmt.Sprintf(" to %s%v", direction, m.to)
	}
	return fmt.Sprintf(" if %v to %s%v", m.from, direction, m.to)
}

// MarshalText is String.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText is ParseRule.
func (r *Rule) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRule(string(text))
	return err
}
