package bolt

import (
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

var (
	errOver     = errors.New("the transaction is over")
	errReadOnly = errors.New("this transaction only reads")
)

// keys is a transaction in terms of keys and values: the database as it is in
// bolt, with the changes made so far laid over it. Slices it returns are valid
// until the transaction is over and must not be altered.
type keys struct {
	bolt   *bbolt.Tx
	writes changes // nil: reading only
	over   bool
}

// get returns the value of a key, and whether there is one.
func (k *keys) get(b bucket, key []byte) ([]byte, bool, error) {
	if k.over {
		return nil, false, errOver
	}
	if c, changed := k.writes[b][string(key)]; changed {
		return c.value, !c.deleted, nil
	}
	value := k.bolt.Bucket([]byte(b)).Get(key)
	return value, value != nil, nil
}

// put sets the value of a key. The value is the transaction's from now on.
func (k *keys) put(b bucket, key, value []byte) error {
	if len(key) == 0 || len(key) > bbolt.MaxKeySize || len(value) > bbolt.MaxValueSize {
		return fmt.Errorf("%s: a key of %d bytes with a value of %d cannot be kept", b, len(key), len(value))
	}
	return k.change(b, key, change{value: value})
}

// remove takes a key out; one that is not there is no error.
func (k *keys) remove(b bucket, key []byte) error {
	return k.change(b, key, change{deleted: true})
}

func (k *keys) change(b bucket, key []byte, c change) error {
	switch {
	case k.over:
		return errOver
	case k.writes == nil:
		return errReadOnly
	case k.writes[b] == nil:
		k.writes[b] = map[string]change{}
	}
	k.writes[b][string(key)] = c
	return nil
}

// changes are what a transaction wrote, by bucket and key.
type changes map[bucket]map[string]change

type change struct {
	value   []byte
	deleted bool
}

// growing buckets get keys mostly in order, so that their pages can be filled.
var growing = []bucket{journalBucket, rawBucket, outboxBucket}

// apply makes the changes in a write transaction and says how much it wrote.
func (c changes) apply(bolt *bbolt.Tx) (written int, err error) {
	for name, changed := range c {
		b := bolt.Bucket([]byte(name))
		if slices.Contains(growing, name) {
			b.FillPercent = 0.9
		}
		for key, ch := range changed {
			if err := ch.apply(b, []byte(key)); err != nil {
				return written, fmt.Errorf("write to %s: %w", name, err)
			}
			written += len(key) + len(ch.value)
		}
	}
	return written, nil
}

func (c change) apply(b *bbolt.Bucket, key []byte) error {
	if c.deleted {
		return b.Delete(key)
	}
	return b.Put(key, c.value)
}
