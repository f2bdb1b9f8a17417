package mailflow

import (
	"testing"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// unreached is a transaction in which no mail reaches anybody.
type unreached struct {
	store.Tx
	saved []store.Correspondent
}

func (u *unreached) Correspondent(_ string, a ticket.Address) (store.Correspondent, error) {
	return store.Correspondent{Address: a, Undeliverable: time.Unix(1, 0), Reason: "5.1.1"}, nil
}

func (u *unreached) SaveCorrespondent(_ string, c store.Correspondent) error {
	u.saved = append(u.saved, c)
	return nil
}

func (u *unreached) Ticket(string, ticket.Number) (ticket.Ticket, error) {
	return ticket.Ticket{}, store.ErrNotFound
}

// That mail does not reach somebody is forgotten when there is mail of theirs,
// and not because somebody wrote their address.
func TestOnlyProvenMailShowsThatSomebodyIsReached(t *testing.T) {
	room := newTestRoom(t, nil)
	for _, proven := range []bool{false, true} {
		tx := &unreached{}
		h := newHearing(room, tx, ana, room.clock.Now())
		h.mail.verdict.Authenticated = proven
		if off, err := h.standing(); off || err != nil {
			t.Fatal(off, err)
		}
		if forgotten := len(tx.saved) == 1 && tx.saved[0].Undeliverable.IsZero(); forgotten != proven {
			t.Errorf("proven %v: kept %+v", proven, tx.saved)
		}
	}
}
