package templates

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// clocks says until when what is due.
func (b *builder) clocks() shown {
	out := shown{Kind: "facts"}
	if b.view.Brief {
		return out
	}
	for _, c := range b.view.Clocks {
		out.Facts = b.fact(out.Facts, b.set.clockLabel(c), b.set.due(c, b.view.Desk.Zone))
	}
	return out
}

func (s *Set) clockLabel(c Clock) string { return firstOf(c.Label, s.Clock(c.Name)) }

// due is a clock's time and how it stands.
func (s *Set) due(c Clock, zone *time.Location) string {
	words := []string{stamp(c.Due, zone)}
	if c.Late {
		words = append(words, s.word("overdue"))
	}
	if c.Standing {
		words = append(words, s.word("standing"))
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// tardy is how much later than it should a clock's alarm must come for the mail
// to say so.
const tardy = 10 * time.Minute

// alarm adds what of a clock the event is.
func (s *Set) alarm(d values, v View) values {
	a := v.Event.Content.Alarm
	if a == nil {
		return d
	}
	clock := Clock{Name: a.Clock, Label: v.Alarmed}
	if i := slices.IndexFunc(v.Clocks, func(c Clock) bool { return c.Name == a.Clock }); i >= 0 {
		clock = v.Clocks[i]
	}
	d.Clock, d.Percent, d.Deadline = cleanLine(s.clockLabel(clock), maxName), a.Percent, stamp(a.Due, v.Desk.Zone)
	d.Overdue = !a.Due.IsZero() && !v.Event.At.Before(a.Due)
	if late := v.Event.At.Sub(a.At); !a.At.IsZero() && late > tardy {
		d.LateBy = s.word("late") + " " + s.length(late)
	}
	return d
}

// length is a length of time, its two largest units: "1 d 2 h", "35 min".
func (s *Set) length(of time.Duration) string {
	minutes := int(of / time.Minute)
	units := []struct {
		word   string
		number int
	}{{"days", minutes / (24 * 60)}, {"hours", minutes / 60 % 24}, {"minutes", minutes % 60}}
	var parts []string
	for _, unit := range units {
		if unit.number > 0 {
			parts = append(parts, fmt.Sprint(unit.number)+" "+s.word(unit.word))
		}
	}
	return strings.Join(parts[:min(len(parts), 2)], " ")
}

// contact is what the desk knew of the requester when the ticket was opened,
// under the labels of the form that registers people.
func (b *builder) contact() shown {
	return b.fields(b.set.Action(ticket.Register).Form, b.view.Ticket.Contact)
}
