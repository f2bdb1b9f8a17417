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
			before, events := d.ticket, len(d.events)
			_, err := d.try(r)
			holdInvariants(rt, d, before, events, r, err)
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

func holdInvariants(rt *rapid.T, d *desk, before Ticket, events int, r Request, err error) {
	if err != nil {
		if refusal := (*Refusal)(nil); !errors.As(err, &refusal) {
			rt.Fatalf("error is not a refusal: %v", err)
		}
		if !reflect.DeepEqual(before, d.ticket) || len(d.events) != events {
			rt.Fatalf("refused %s changed the ticket", r.Action)
		}
		return
	}
	line, _ := r.Action.Transition()
	if len(line.From) > 0 && !slices.Contains(line.From, before.State) {
		rt.Fatalf("%s taken in state %s", r.Action, before.State)
	}
	if before.State == StateClosed && d.ticket.State != StateClosed {
		rt.Fatalf("%s led out of a closed ticket", r.Action)
	}
	if r.Action == Validate && r.Actor.Address.Equal(before.Resolver) {
		rt.Fatal("who resolved validated")
	}
	if err := Verify(d.events); err != nil {
		rt.Fatal(err)
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
