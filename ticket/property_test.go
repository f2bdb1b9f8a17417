package ticket

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAnySequenceOfActions plays random requests by random people, with good,
// missing and wrong proofs, and holds the invariants after each.
func TestAnySequenceOfActions(t *testing.T) {
	people := []Address{ana, agent1, agent2, lead, "x@y.example"}
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		d.open()
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			line := rapid.SampledFrom(Table).Draw(rt, "action")
			r := d.request(rapid.SampledFrom(people).Draw(rt, "who"), line.Action, drawValues(rt))
			r.Token = rapid.SampledFrom([]string{r.Token, "", "WRONGWRONGWRONGW"}).Draw(rt, "token")
			r.Assurance.Authenticated = rapid.Bool().Draw(rt, "authenticated")
			b := before{json: asJSON(rt, d.ticket), ticket: d.ticket, events: len(d.events), right: d.policy.Token(d.ticket, r.Action, r.Actor.Address)}
			if _, err := d.try(r); err != nil {
				b.holdRefused(rt, d, r, err)
			} else {
				b.holdGranted(rt, d, r)
			}
		}
	})
}

func drawValues(rt *rapid.T) Values {
	words := rapid.SampledFrom([]string{"", "palabras", "agente2@dgt.example", "not\xffUTF-8"})
	v := Values{}
	for _, id := range []string{"service", "description", "agent", "question", "solution", "reason"} {
		v[id] = words.Draw(rt, id)
	}
	return v
}

// before is how things stood when a request was made.
type before struct {
	json   string // of the ticket, which shares nothing with what may have changed since
	ticket Ticket
	events int
	right  string // the token that would have been the right one
}

// holdRefused holds that a refusal is one, and changes nothing.
func (b before) holdRefused(rt *rapid.T, d *desk, r Request, err error) {
	if refusal := (*Refusal)(nil); !errors.As(err, &refusal) {
		rt.Fatalf("error is not a refusal: %v", err)
	}
	if asJSON(rt, d.ticket) != b.json || asJSON(rt, b.ticket) != b.json || len(d.events) != b.events {
		rt.Fatalf("refused %s changed the ticket", r.Action)
	}
}

// holdGranted holds that what was granted was permitted, proven and possible,
// and that the ticket is the replay of its events.
func (b before) holdGranted(rt *rapid.T, d *desk, r Request) {
	line, event := d.policy.Actions[r.Action], d.events[len(d.events)-1]
	switch {
	case len(line.From) > 0 && !slices.Contains(line.From, b.ticket.State):
		rt.Fatalf("%s taken in state %s", r.Action, b.ticket.State)
	case !slices.Contains(line.By, event.Role) || !slices.Contains(d.policy.Roles(b.ticket, r.Actor.Address), event.Role):
		rt.Fatalf("%s taken as %q by %s", r.Action, event.Role, r.Actor.Address)
	case !event.Assurance.Meets(line.Demand):
		rt.Fatalf("%s taken with %+v", r.Action, event.Assurance)
	case !line.Reply && len(line.From) > 0 && r.Token != b.right:
		rt.Fatalf("%s taken with the token %q, not %q", r.Action, r.Token, b.right)
	case b.ticket.State == StateClosed && d.ticket.State != StateClosed:
		rt.Fatalf("%s led out of a closed ticket", r.Action)
	case r.Action == Validate && r.Actor.Address.Equal(b.ticket.Resolver):
		rt.Fatal("who resolved validated")
	}
	if err := Verify(d.events); err != nil {
		rt.Fatal(err)
	}
	if asJSON(rt, b.ticket) != b.json {
		rt.Fatalf("%s changed the ticket it was given", r.Action)
	}
	if got := Replay(d.events); !reflect.DeepEqual(got, d.ticket) {
		rt.Fatalf("replay gives %+v, have %+v", got, d.ticket)
	}
	if got := Replay(reread(rt, d.events)); asJSON(rt, got) != asJSON(rt, d.ticket) {
		rt.Fatal("replay of events read back from JSON differs")
	}
}

func reread(rt *rapid.T, events []Event) []Event {
	var out []Event
	if err := json.Unmarshal([]byte(asJSON(rt, events)), &out); err != nil {
		rt.Fatal(err)
	}
	if err := Verify(out); err != nil {
		rt.Fatal(err)
	}
	return out
}

func asJSON(rt *rapid.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		rt.Fatal(err)
	}
	return string(b)
}

// TestFoldIsIdempotent holds that what compares equal once does so for ever.
func TestFoldIsIdempotent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.String().Draw(rt, "s")
		if once := Fold(s); Fold(once) != once {
			rt.Fatalf("Fold(%q) = %q, folded again %q", s, once, Fold(once))
		}
	})
}

func TestTokensDiffer(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := Key(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "key"))
		a := rapid.SliceOf(rapid.String()).Draw(rt, "a")
		b := rapid.SliceOf(rapid.String()).Draw(rt, "b")
		if same := reflect.DeepEqual(a, b) || len(a)+len(b) == 0; same != k.Signed(k.Sign(a...), b...) {
			rt.Fatalf("%q and %q: same %v", a, b, same)
		}
	})
}
