package config

import (
	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// Calendar says when time counts for clocks.
type Calendar struct {
	Name string `yaml:"name" need:"yes" max:"60" eg:"oficina" doc:"Its name, by which clocks name it."`

	Always bool `yaml:"always" eg:"true" doc:"Whether all time counts, day and night; then it has none of the following."`

	Week []Hours `yaml:"week" doc:"The hours that count, by days of the week. A day that is in none is closed."`

	Country Country `yaml:"country" eg:"es" doc:"Whose national holidays are closed."`

	Holidays []calendar.Rule `yaml:"holidays" eg:"[12-26, easter -2, first monday of february, 2026-11-09]" doc:"More days that are closed: 12-25 is that day of every year, 2026-11-02 that one day; first (second, third, fourth, last) monday of february; easter, easter -2, easter +39. Behind it may stand what changes it: to monday (kept on the Monday after), if sunday to monday, if saturday to previous friday, for 7 days, from 2006, until 2018, every 6 years from 2024."`

	Exceptions []Exception `yaml:"exceptions" doc:"Single days with hours of their own, holidays or not."`
}

// Hours are what counts on some days of the week.
type Hours struct {
	Days Days `yaml:"days" need:"yes" eg:"[mon-thu, sat]" doc:"Days of the week, mon, tue, wed, thu, fri, sat, sun, or from one to another, mon-fri. One needs no list."`

	Hours []calendar.Span `yaml:"hours" need:"yes" eg:"[\"08:00-14:00\", \"16:00-18:00\"]" doc:"The hours, as 08:00-14:00; a day ends at 24:00."`
}

// Exception is a day with hours of its own.
type Exception struct {
	Date calendar.Date `yaml:"date" need:"yes" eg:"2026-12-24" doc:"The day."`

	Hours []calendar.Span `yaml:"hours" eg:"[\"09:00-12:00\"]" doc:"Its hours. Without them it is closed."`
}

// Clock is a deadline.
type Clock struct {
	Name string `yaml:"name" need:"yes" max:"32" eg:"resolve" doc:"Short name under which it is kept: lower-case letters, digits and _, starting with a letter. Never change it once there are tickets."`

	Label string `yaml:"label" need:"yes" max:"100" eg:"Corrección" doc:"Its name, as mails show it."`

	Starts []Start `yaml:"starts" need:"yes" eg:"[classify]" doc:"What starts it: an action; an action's notice reaching the requester, as \"delivered resolve\"; or \"began\", the time at which the failure is said to have begun, by the opening or, as \"began classify\", by another action. It is not started again while it runs; once stopped it may be."`

	Stops []ticket.Action `yaml:"stops" eg:"[resolve]" doc:"The actions that stop it, by their names or, for all of a kind, by that. The end of the ticket does in any case."`

	Within Within `yaml:"within" eg:"8h" doc:"How long it runs: one time for all tickets, or a list by priority. \"90m\", \"8h\" are time of its calendar; \"3d\" is the same time of day on the third day that its calendar opens, so that within working hours 1d and 24h differ. Where a list names neither a ticket's priority nor has a time without one, its clock is measured all the same and never runs out: no warning, no escalation, nothing it would do. cauce check hints at priorities that are left out."`

	AtAgreed bool `yaml:"at_agreed" eg:"true" doc:"Whether it runs out at the ticket's agreed date, in place of within."`

	Calendar string `yaml:"calendar" max:"60" eg:"oficina" doc:"The calendar by which it runs. Without it, all time counts."`

	Paused []ticket.State `yaml:"paused" doc:"States in which it stands still; [] for none."`

	Warn []int `yaml:"warn" eg:"[50, 80]" doc:"Percentages of its length at which it warns, from 1 to 99, the smallest first."`

	Warned []ticket.Audience `yaml:"warned" eg:"[staff, lead]" doc:"Who is warned; audiences as those of tell."`

	Escalate []ticket.Span `yaml:"escalate" eg:"[0m, 2h]" doc:"How long after it ran out each level of superiors is called, the first first. 0m is at once; the others are time of the clock's calendar too. The desk needs the action escalate for it, and somebody above every ticket: superiors, or a lead."`

	Then ticket.Action `yaml:"then" eg:"close" doc:"The action the clock takes when it has run out; it must be one that the clock may take."`
}

// Length is how long a clock runs for a priority.
type Length struct {
	Priority string `yaml:"priority" max:"100" eg:"Alta" doc:"For which priority. Without it, for every other."`

	Time ticket.Span `yaml:"time" short:"yes" need:"yes" eg:"8h" doc:"How long: as 90m or 8h, or whole days, as 3d."`
}
