package bolt

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// TestKeys does random things to keys in groups of members, some of which
// fail, and compares every look at them with a map.
func TestKeys(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	rapid.Check(t, func(r *rapid.T) {
		bolt, err := s.db.Begin(true)
		if err != nil {
			r.Fatal(err)
		}
		defer func() { _ = bolt.Rollback() }()
		want := map[string]string{}
		for range rapid.IntRange(1, 5).Draw(r, "members") {
			k := &keys{bolt: bolt, writes: changes{}}
			changed := maps.Clone(want)
			for range rapid.IntRange(0, 12).Draw(r, "steps") {
				stepKeys(r, k, changed)
				compareKeys(r, k, changed)
			}
			if rapid.Bool().Draw(r, "fails") {
				continue
			}
			if _, err := k.writes.apply(bolt); err != nil {
				r.Fatal(err)
			}
			want = changed
			compareKeys(r, &keys{bolt: bolt}, want)
		}
	})
}

// aKey draws from few keys, among them such as lie at the edges of spans.
func aKey(r *rapid.T) []byte {
	return []byte(rapid.StringOfN(rapid.SampledFrom([]rune{'a', 0, 0x10ffff}), 1, 3, -1).Draw(r, "key"))
}

func stepKeys(r *rapid.T, k *keys, want map[string]string) {
	key, err := aKey(r), error(nil)
	if rapid.IntRange(0, 2).Draw(r, "remove") == 0 {
		err = k.remove(journalBucket, key)
		delete(want, string(key))
	} else {
		value := rapid.SampledFrom([]string{"", "x", "y"}).Draw(r, "value")
		err = k.put(journalBucket, key, []byte(value))
		want[string(key)] = value
	}
	if err != nil {
		r.Fatal(err)
	}
}

func compareKeys(r *rapid.T, k *keys, want map[string]string) {
	s := span{from: aKey(r), to: aKey(r)}
	if rapid.Bool().Draw(r, "under") {
		s = under(s.from)
	}
	if rapid.Bool().Draw(r, "unbounded") {
		s.to = nil
	}
	var up []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		compareKey(r, k, key, want)
		if s.holds([]byte(key)) {
			up = append(up, fmt.Sprintf("%q=%q", key, want[key]))
		}
	}
	compareKey(r, k, string(aKey(r)), want)
	down := slices.Clone(up)
	slices.Reverse(down)
	for direction, want := range map[int][]string{1: up, -1: down} {
		var got []string
		for p, err := range k.scan(journalBucket, s, direction) {
			if err != nil {
				r.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%q=%q", p.key, p.value))
		}
		if !slices.Equal(got, want) {
			r.Fatalf("%q in direction %d:\n got %q\nwant %q", s, direction, got, want)
		}
	}
}

func compareKey(r *rapid.T, k *keys, key string, want map[string]string) {
	value, found, err := k.get(journalBucket, []byte(key))
	if wanted, there := want[key]; err != nil || found != there || found && string(value) != wanted {
		r.Fatalf("%q: %q %v %v, want %q %v", key, value, found, err, wanted, there)
	}
}

func TestSuccessor(t *testing.T) {
	for prefix, want := range map[string]string{"a": "b", "a\x00": "a\x01", "a\xff": "b", "\x01\xff\xff": "\x02"} {
		if got := successor([]byte(prefix)); string(got) != want {
			t.Errorf("after %q: %q, want %q", prefix, got, want)
		}
	}
	if got := successor([]byte("\xff\xff")); got != nil {
		t.Errorf("after the last: %q, want nil", got)
	}
}

// TestInstant: times sort as they are written in keys.
func TestInstant(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func() time.Time {
			return time.Unix(rapid.Int64Range(-1<<36, 1<<36).Draw(r, "seconds"), rapid.Int64Range(0, 1e9-1).Draw(r, "nanoseconds"))
		}
		a, b := draw(), draw()
		if got := bytes.Compare([]byte(instant(a)), []byte(instant(b))); got != a.Compare(b) {
			r.Fatalf("%v and %v compare as %d", a, b, got)
		}
	})
}

// TestFolded: addresses are kept under one key exactly if they are equal.
func TestFolded(t *testing.T) {
	letters := []rune{'a', 'A', 'ñ', 'Ñ', 's', 'S', 'ſ', 'k', 'K', '\u212a', 'σ', 'ς', 'Σ', 'i', 'I', 'ı', 'İ', 'ß', 'ẞ', '@', '_', '0'}
	rapid.Check(t, func(r *rapid.T) {
		draw := func() ticket.Address {
			return ticket.Address(rapid.StringOfN(rapid.SampledFrom(letters), 0, 2, -1).Draw(r, "address"))
		}
		a, b := draw(), draw()
		if got, want := folded(a) == folded(b), a.Equal(b); got != want {
			r.Fatalf("%q and %q have one key: %v, want %v", a, b, got, want)
		}
	})
}

// TestLimits: what the database cannot take is refused where it is written,
// so that it cannot spoil the group.
func TestLimits(t *testing.T) {
	k := &keys{writes: changes{}}
	for _, key := range [][]byte{nil, make([]byte, bbolt.MaxKeySize+1)} {
		if err := k.put(journalBucket, key, nil); err == nil {
			t.Errorf("a key of %d bytes was taken", len(key))
		}
	}
	for _, part := range []string{"", "a\x00b"} {
		if err := checkParts("a", part); err == nil {
			t.Errorf("%q was taken as part of a key", part)
		}
	}
}

// TestNames: what cannot be part of a key is refused and not kept under
// another's.
func TestNames(t *testing.T) {
	s := opened(t, Options{Dir: t.TempDir()})
	const odd = "a\x00b"
	for name, fn := range map[string]func(store.Tx) error{
		"an entry": func(tx store.Tx) error { return tx.Record(store.Entry{ID: odd}, store.Blob{}) },
		"no entry": func(tx store.Tx) error { return tx.Record(store.Entry{}, store.Blob{}) },
		"an act": func(tx store.Tx) error {
			return tx.Record(store.Entry{ID: "1", Acts: []store.Act{{Ticket: odd}}}, store.Blob{})
		},
		"a notice":    func(tx store.Tx) error { return tx.Enqueue(store.Notice{ID: odd}) },
		"no notice":   func(tx store.Tx) error { return tx.Enqueue(store.Notice{}) },
		"a ticket":    func(tx store.Tx) error { d := openingOf(odd); return tx.Append(d.Ticket, d.Events) },
		"a subject's": func(tx store.Tx) error { return tx.AddSubject("dgt", odd, "alta") },
		"a sequence":  func(tx store.Tx) error { _, err := tx.NextSequence(odd, ""); return err },
		"no sequence": func(tx store.Tx) error { _, err := tx.NextSequence("", ""); return err },
		"a task":      func(tx store.Tx) error { return tx.Remind(store.Reminder{Desk: "dgt", Name: odd, At: when}) },
		"a desk's task": func(tx store.Tx) error {
			return tx.Remind(store.Reminder{Desk: odd, Name: "digest", At: when})
		},
		"a ticket's task": func(tx store.Tx) error {
			return tx.Remind(store.Reminder{Desk: "dgt", Ticket: odd, Name: "digest", At: when})
		},
		"a correspondent": func(tx store.Tx) error {
			return tx.SaveCorrespondent("dgt", store.Correspondent{Address: odd, Guesses: 1})
		},
		"a desk's correspondent": func(tx store.Tx) error {
			return tx.SaveCorrespondent(odd, store.Correspondent{Address: "ana@empresa.example", Guesses: 1})
		},
		"an endless key": func(tx store.Tx) error {
			return tx.Record(store.Entry{ID: "1", Key: strings.Repeat("k", 1<<16)}, store.Blob{})
		},
	} {
		if err := s.Update(t.Context(), fn); err == nil {
			t.Errorf("%s of that name was kept", name)
		}
	}
}
