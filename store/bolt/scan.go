package bolt

import (
	"bytes"
	"iter"
	"slices"

	"go.etcd.io/bbolt"
)

// A span is the keys from one up to, not including, another; no bound if nil.
type span struct{ from, to []byte }

// under is the span of the keys that begin with a prefix.
func under(prefix []byte) span {
	return span{prefix, successor(prefix)}
}

// successor is the first key after all that begin with the prefix; nil if
// there can be none.
func successor(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xff {
			next := bytes.Clone(prefix[:i+1])
			next[i]++
			return next
		}
	}
	return nil
}

func (s span) holds(key []byte) bool {
	return bytes.Compare(key, s.from) >= 0 && (s.to == nil || bytes.Compare(key, s.to) < 0)
}

// pair is a key with its value.
type pair struct{ key, value []byte }

// ascend yields what is in the span, lowest key first, as it is when the
// iteration begins: what is written during it does not show.
func (k *keys) ascend(b bucket, s span) iter.Seq2[pair, error] { return k.scan(b, s, 1) }

// descend is ascend from the highest key to the lowest.
func (k *keys) descend(b bucket, s span) iter.Seq2[pair, error] { return k.scan(b, s, -1) }

// scan merges the changes with what is under them, in the direction 1 or -1.
func (k *keys) scan(b bucket, s span, direction int) iter.Seq2[pair, error] {
	return func(yield func(pair, error) bool) {
		if k.over {
			yield(pair{}, errOver)
			return
		}
		cursor := &cursor{bolt: k.bolt.Bucket([]byte(b)).Cursor(), span: s, direction: direction}
		for p := range merge(sorted(k.writes[b], s, direction), cursor, direction) {
			if !yield(p, nil) {
				return
			}
			if k.over {
				yield(pair{}, errOver)
				return
			}
		}
	}
}

// merge yields the changes and what is under them in one order. A change
// stands for the pair of the same key under it.
func merge(over []keyChange, under *cursor, direction int) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		p := under.first()
		for len(over) > 0 || p.key != nil {
			next, deleted := p, false
			if len(over) > 0 && (p.key == nil || bytes.Compare(over[0].key, p.key)*direction <= 0) {
				next, deleted = pair{over[0].key, over[0].value}, over[0].deleted
				over = over[1:]
			}
			if bytes.Equal(next.key, p.key) {
				p = under.next()
			}
			if !deleted && !yield(next) {
				return
			}
		}
	}
}

// keyChange is a change with its key.
type keyChange struct {
	key []byte
	change
}

// sorted lists the changes in a span, in the direction 1 or -1.
func sorted(changed map[string]change, s span, direction int) []keyChange {
	var list []keyChange
	for key, c := range changed {
		if s.holds([]byte(key)) {
			list = append(list, keyChange{[]byte(key), c})
		}
	}
	slices.SortFunc(list, func(a, b keyChange) int { return bytes.Compare(a.key, b.key) * direction })
	return list
}

// cursor goes over a span of a bucket in the direction 1 or -1. It returns the
// zero pair at the end.
type cursor struct {
	bolt      *bbolt.Cursor
	span      span
	direction int
}

func (c *cursor) first() pair {
	if c.direction > 0 {
		return c.within(c.bolt.Seek(c.span.from))
	}
	if c.span.to == nil {
		return c.within(c.bolt.Last())
	}
	if key, _ := c.bolt.Seek(c.span.to); key == nil {
		return c.within(c.bolt.Last())
	}
	return c.within(c.bolt.Prev())
}

func (c *cursor) next() pair {
	if c.direction > 0 {
		return c.within(c.bolt.Next())
	}
	return c.within(c.bolt.Prev())
}

func (c *cursor) within(key, value []byte) pair {
	if key == nil || !c.span.holds(key) {
		return pair{}
	}
	return pair{key, value}
}
