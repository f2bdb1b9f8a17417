package mailflow

import (
	"maps"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

// A signature read as the last blank narrows nothing.
func TestSought(t *testing.T) {
	d := newTestDesk(t, "dgt")
	d.Priorities = []string{"ALTA", "BAJA"}
	d.Names = map[ticket.Address]string{"sipot@dgt.example": "Alicia Mora"}
	d.Policy.Queues = []ticket.Queue{{Name: "Soporte SIPOT", Agents: []ticket.Address{"otro@dgt.example"}}}
	for _, c := range []struct {
		query      Query
		read, want ticket.Values
	}{
		{QueryList, ticket.Values{"state": "", "queue": "Clara Nava"}, ticket.Values{}},
		{QueryMonitor, ticket.Values{"state": "abiertas", "priority": "Alta", "late": "Clara Nava"}, ticket.Values{"state": "abiertas", "priority": "Alta"}},
		{QueryMonitor, ticket.Values{"queue": "soporte", "person": "mora", "late": "sí"}, ticket.Values{"queue": "soporte", "person": "mora", "late": "sí"}},
		{QueryMonitor, ticket.Values{"person": "otro@dgt.example", "priority": "enorme"}, ticket.Values{"person": "otro@dgt.example"}},
		{QueryJournal, ticket.Values{"sender": "ana"}, ticket.Values{"sender": "ana"}},
	} {
		if got := d.sought(c.query, c.read); !maps.Equal(got, c.want) {
			t.Errorf("%s %v: %v", c.query, c.read, got)
		}
	}
}
