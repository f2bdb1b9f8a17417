package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/ticket"
)

// deadline is a clock as a row of a table tells it.
type deadline struct {
	Label    string
	Starts   []trigger
	Stops    []string // links
	Lengths  []string // for each of Priorities, or one for all
	Length   string   // the same, each once
	Calendar string
	Paused   string
	Warn     []int
	Warned   string
	Levels   []string // how long after its end each level is called
	Then     string   // the link of what it does at its end
}

// trigger is what starts a clock.
type trigger struct {
	Link             string
	Delivered, Began bool
}

// Priorities are the names of the desk's priorities, highest first.
func (g guide) Priorities() []string { return g.Desk.Priorities }

// Clocks are the desk's deadlines.
func (g guide) Clocks() []deadline {
	var list []deadline
	for i, c := range g.Desk.Policy.Clocks {
		d := deadline{
			Label: g.Config.Clocks[i].Label, Calendar: g.Config.Clocks[i].Calendar, Paused: g.names(c.Paused),
			Warn: c.Warn, Warned: strings.Join(named(g.say.Audiences, c.Warned), ", "),
		}
		for _, t := range c.Starts {
			d.Starts = append(d.Starts, trigger{g.Link(t.Action), t.Delivered, t.Began})
		}
		for _, a := range c.Stops {
			d.Stops = append(d.Stops, g.meant(a)...)
		}
		for _, span := range c.Escalate {
			d.Levels = append(d.Levels, g.level(span))
		}
		if c.Then != "" {
			d.Then = g.Link(c.Then)
		}
		d.Lengths = g.lengths(c)
		d.Length = strings.Join(slices.Compact(slices.Clone(d.Lengths)), ", ")
		list = append(list, d)
	}
	return list
}

// meant are the links of the actions that a clock's stop means: the action of
// that name, and all of that kind.
func (g guide) meant(a ticket.Action) []string {
	var list []string
	for _, name := range g.Desk.Policy.Order {
		if name == a || g.Desk.Policy.Actions[name].Is() == a {
			list = append(list, g.Link(name))
		}
	}
	return list
}

// lengths are how long a clock runs, for each priority.
func (g guide) lengths(c ticket.Clock) []string {
	priorities := g.Priorities()
	if len(priorities) == 0 {
		priorities = []string{""}
	}
	var list []string
	for _, p := range priorities {
		span, bound := c.Within[p]
		if !bound {
			span = c.Within[""]
		}
		switch {
		case c.AtAgreed:
			list = append(list, g.say.Words["agreed"])
		case span.IsZero():
			list = append(list, g.say.Words["no_end"])
		default:
			list = append(list, g.span(span))
		}
	}
	return list
}

// span is a length of time in words.
func (g guide) span(s ticket.Span) string {
	var parts []string
	add := func(n int, unit string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, g.say.Words[unit]))
		}
	}
	if s.Days == 1 {
		add(1, "day")
	} else {
		add(s.Days, "days")
	}
	add(int(s.Time/time.Hour), "hours")
	add(int(s.Time%time.Hour/time.Minute), "minutes")
	return strings.Join(parts, " ")
}

// level is when a level is called, counted from the end of a clock.
func (g guide) level(s ticket.Span) string {
	if s.IsZero() {
		return g.say.Words["at_once"]
	}
	return g.span(s) + " " + g.say.Words["later"]
}

// hours are a calendar of the desk as a page tells it.
type hours struct {
	Name     string
	Always   bool
	Week     []string
	Country  string
	Holidays []string
}

// Calendars are the desk's that clocks run by.
func (g guide) Calendars() []hours {
	var list []hours
	for _, c := range g.Config.Calendars {
		used := slices.ContainsFunc(g.Config.Clocks, func(clock config.Clock) bool { return clock.Calendar == c.Name })
		if !used {
			continue
		}
		h := hours{Name: c.Name, Always: c.Always, Country: g.say.Countries[string(c.Country)]}
		for _, week := range c.Week {
			h.Week = append(h.Week, g.week(week))
		}
		for _, rule := range c.Holidays {
			h.Holidays = append(h.Holidays, rule.String())
		}
		list = append(list, h)
	}
	return list
}

// week is a line of a calendar: days and hours.
func (g guide) week(h config.Hours) string {
	var days, spans []string
	for _, r := range h.Days {
		first, last, ranged := strings.Cut(string(r), "-")
		text := g.say.Days[first]
		if ranged {
			text += " " + g.say.Words["from_to"] + " " + g.say.Days[last]
		}
		days = append(days, text)
	}
	for _, s := range h.Hours {
		spans = append(spans, s.String())
	}
	and := " " + g.say.Words["and"] + " "
	return strings.Join(days, ", ") + ": " + strings.Join(spans, and)
}
