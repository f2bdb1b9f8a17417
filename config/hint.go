package config

import (
	"fmt"
	"slices"
	"strings"
)

// Hints are what is right and may yet be a slip, one a line: of the desk as
// Load returned it. None is a reason to refuse the desk.
func (d Desk) Hints() []string {
	var hints []string
	for _, c := range d.Clocks {
		if left := d.timeless(c); len(left) > 0 {
			hints = append(hints, fmt.Sprintf("clock %s has no time for priority %s: it is measured there and never runs out", c.Name, strings.Join(left, ", ")))
		}
	}
	return hints
}

// timeless are the priorities for which a clock that has times by priority has
// none.
func (d Desk) timeless(c Clock) []string {
	given := names(c.Within, func(l Length) string { return l.Priority })
	if len(given) == 0 || slices.Contains(given, "") {
		return nil
	}
	return slices.DeleteFunc(d.priorityNames(), func(name string) bool { return slices.Contains(given, name) })
}
