package config_test

import (
	"slices"
	"strings"
	"testing"
)

// A clock that leaves priorities out is right, and said; one that has a time
// for the rest leaves none out.
func TestHints(t *testing.T) {
	const desk = `desks:
  - id: uno
    name: Mesa
    time_zone: Europe/Madrid
    intake: abrir@uno.example
    number: "T{seq:6}"
    administrators: [admin@uno.example]
    services: [{name: EEFF, lead: jefatura@uno.example}]
    priorities: [Alta, Media, Baja]
    clocks: [{name: uno, label: Uno, starts: [open], within: WITHIN}]
    opening: {subject: Alta, service_field: service, fields: [{id: service, label: Servicio, kind: choice, required: true}]}
`
	for within, want := range map[string][]string{
		"1h":                               nil,
		"[{priority: Alta, time: 1h}, 8h]": nil,
		"[{priority: Alta, time: 1h}]":     {"clock uno has no time for priority Media, Baja: it is measured there and never runs out"},
	} {
		c := parse(t, []byte(strings.Replace(desk, "WITHIN", within, 1)), spanish)
		if got := c.Desks[0].Hints(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", within, got)
		}
	}
}
