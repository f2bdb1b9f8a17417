package mailflow

import (
	"fmt"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// outboxOnly is a transaction that takes notices and knows nobody.
type outboxOnly struct {
	store.Tx
	queued []store.Notice
}

func (o *outboxOnly) Enqueue(n store.Notice) error {
	o.queued = append(o.queued, n)
	return nil
}

func (o *outboxOnly) Correspondent(_ string, a ticket.Address) (store.Correspondent, error) {
	return store.Correspondent{Address: a}, nil
}

// However many people there are, no more than so many answers go out in an hour;
// the administrators are told once.
func TestBreaker(t *testing.T) {
	tx, room, d := &outboxOnly{}, newTestRoom(t, nil), newTestDesk(t, "dgt")
	d.Policy.Members = map[ticket.Role][]ticket.Address{ticket.RoleAdministrator: {"admin@dgt.example"}}
	now := room.clock.Now()
	answerable := func(i int) bool {
		h := hearing{room: room, tx: tx, part: part{desk: d, author: ticket.Person{Address: ticket.Address(fmt.Sprintf("u%d@x.example", i))}},
			mail: &incoming{at: now}}
		return h.answerable(answer{kind: templates.KindHelp})
	}
	for i := range allAnHour + 50 {
		if got := answerable(i); got != (i < allAnHour) {
			t.Fatalf("answer %d: %v", i, got)
		}
	}
	if len(tx.queued) != 1 || tx.queued[0].Kind != templates.KindBreaker || tx.queued[0].To != "admin@dgt.example" {
		t.Errorf("told: %+v", tx.queued)
	}
	if now = now.Add(time.Hour + time.Minute); !answerable(0) {
		t.Error("it stays shut")
	}
}
