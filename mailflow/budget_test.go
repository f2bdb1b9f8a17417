package mailflow

import (
	"fmt"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

func TestBudget(t *testing.T) {
	b := newBudget(time.Hour)
	now := time.Date(2017, 10, 9, 8, 0, 0, 0, time.UTC)
	steps := []struct {
		who   ticket.Address
		after time.Duration
		want  bool
	}{
		{ana, 0, true}, {ana, 0, true}, {"ANA@ayuntamiento.example", 30 * time.Minute, true},
		{ana, 0, false}, {ana, 29 * time.Minute, false}, {eva, 0, true},
		{ana, time.Minute, true}, {ana, 0, true}, {ana, 0, false},
	}
	for i, s := range steps {
		now = now.Add(s.after)
		if got := b.spend(s.who, now, 3); got != s.want {
			t.Errorf("step %d: %v", i, got)
		}
	}
}

func TestBudgetIsBounded(t *testing.T) {
	b := newBudget(time.Hour)
	for i := range 2 * maxSpenders {
		if !b.spend(ticket.Address(fmt.Sprintf("u%d@x.example", i)), time.Unix(0, 0), 1) {
			t.Fatalf("the first of %d refused", i)
		}
	}
	if len(b.spent) > maxSpenders {
		t.Errorf("%d addresses are kept", len(b.spent))
	}
}
