package bolt

import (
	"errors"
	"iter"
	"strings"
	"unicode"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Correspondent implements store.Tx.
func (t *tx) Correspondent(desk string, a ticket.Address) (store.Correspondent, error) {
	c, err := load[store.Correspondent](&t.keys, correspondentsBucket, correspondentKey(desk, a))
	if errors.Is(err, store.ErrNotFound) {
		return store.Correspondent{Address: a}, nil
	}
	return c, about(err, "correspondent %q of %s", a, desk)
}

// SaveCorrespondent implements store.Tx.
func (t *tx) SaveCorrespondent(desk string, c store.Correspondent) error {
	return about(t.saveCorrespondent(desk, c), "save correspondent %q of %s", c.Address, desk)
}

func (t *tx) saveCorrespondent(desk string, c store.Correspondent) error {
	if err := checkParts(desk, string(c.Address)); err != nil {
		return err
	}
	if c.Blank() {
		return t.remove(correspondentsBucket, correspondentKey(desk, c.Address))
	}
	return keep(&t.keys, correspondentsBucket, correspondentKey(desk, c.Address), c)
}

// Correspondents implements store.Tx.
func (t *tx) Correspondents(desk string) iter.Seq2[store.Correspondent, error] {
	return func(yield func(store.Correspondent, error) bool) {
		for p, err := range t.ascend(correspondentsBucket, under(prefix(desk))) {
			var c store.Correspondent
			if err == nil {
				c, err = decode[store.Correspondent](p.value)
			}
			if !yield(c, about(err, "correspondents of %s", desk)) || err != nil {
				return
			}
		}
	}
}

func correspondentKey(desk string, a ticket.Address) []byte { return key(desk, folded(a)) }

// folded is the same for two addresses exactly if they are Equal.
func folded(a ticket.Address) string { return strings.Map(leastCase, string(a)) }

// leastCase is the lowest of the letters that differ from this one in nothing
// but case: a capital, mostly.
func leastCase(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return least
}
