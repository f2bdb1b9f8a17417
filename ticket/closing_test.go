package ticket_test

import (
	"slices"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

// TestClosingByItself has a clock that closes three days after the news of the
// solution arrived, one that closes whatever is said, and one that does not close.
func TestClosingByItself(t *testing.T) {
	p := ticket.Policy{Zone: bogota, Actions: ticket.LinesOf(ticket.Open, ticket.Resolve, ticket.Close, ticket.Escalate, ticket.Comment), Clocks: []ticket.Clock{
		{Name: "silence", Calendar: always(t, bogota), Starts: []ticket.Trigger{{Action: ticket.Resolve, Delivered: true}},
			Stops: []ticket.Action{ticket.Comment}, Within: map[string]ticket.Span{"": days(3)}, Then: ticket.Close},
		{Name: "deaf", Calendar: always(t, bogota), Starts: on(ticket.Open), Within: map[string]ticket.Span{"": days(30)}, Then: ticket.Close},
		{Name: "work", Calendar: always(t, bogota), Starts: on(ticket.Open), Within: map[string]ticket.Span{"": days(9)}, Then: ticket.Escalate},
	}}
	const delivered = "2026-05-04 10:00 deliver resolved notice=resolve.requester"
	for name, tt := range map[string]struct {
		then    []string // after the solution
		want    []string
		closing bool
	}{
		"on its way": {nil, nil, true},
		"told":       {[]string{delivered}, []string{"silence: 2026-05-04 10:00 > 2026-05-07 10:00"}, true},
		"written":    {[]string{delivered, "2026-05-05 10:00 hear resolved"}, []string{"silence: 2026-05-04 10:00 > 2026-05-07 10:00, 2026-05-05 10:00 dropped"}, false},
		"returned":   {[]string{delivered, "2026-05-05 10:00 bounce resolved notice=resolve.requester"}, []string{"silence: 2026-05-04 10:00 > 2026-05-07 10:00, 2026-05-05 10:00 dropped"}, true},
		"another returned": {[]string{delivered, "2026-05-05 10:00 bounce resolved notice=open.requester"},
			[]string{"silence: 2026-05-04 10:00 > 2026-05-07 10:00"}, true},
		"sent again": {[]string{delivered, "2026-05-05 10:00 bounce resolved notice=resolve.requester", "2026-05-06 10:00 deliver resolved notice=resolve.requester"},
			[]string{"silence: 2026-05-04 10:00 > 2026-05-07 10:00, 2026-05-05 10:00 dropped", "silence: 2026-05-06 10:00 > 2026-05-09 10:00"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			events := history(t, bogota, append([]string{"2026-05-04 08:00 open new", "2026-05-04 09:00 resolve resolved"}, tt.then...)...)
			got := told(p.Runs(events), bogota)
			want := append([]string{"deaf: 2026-05-04 08:00 > 2026-06-03 08:00", "work: 2026-05-04 08:00 > 2026-05-13 08:00"}, tt.want...)
			if !slices.Equal(got, want) {
				t.Errorf("runs\n%q, want\n%q", got, want)
			}
			if p.Closing(events) != tt.closing {
				t.Errorf("closing: %v", !tt.closing)
			}
		})
	}
}

// TestPriorityThatIsNoMore checks that a ticket of a priority which the desk has
// no longer keeps a deadline, and that one which the desk left out has none.
func TestPriorityThatIsNoMore(t *testing.T) {
	p := cartagena(t)
	p.Clocks, p.Priorities = p.Clocks[:1], []string{"Alta", "Media", "Baja"}
	for priority, want := range map[string]string{
		"Media":   "resolve Media: 2026-05-04 09:00 > 2026-05-06 09:00",
		"Baja":    "resolve Baja: 2026-05-04 09:00",
		"Urgente": "resolve Urgente: 2026-05-04 09:00 > 2026-05-04 15:00",
	} {
		runs := p.Runs(history(t, bogota, "2026-05-04 09:00 classify new priority="+priority))
		if got := told(runs, bogota); !slices.Equal(got, []string{want}) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
