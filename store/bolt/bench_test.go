package bolt

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/cauce-desk/cauce/store"
)

// BenchmarkCommit has so many callers at once keep 4 KB each, every one after
// its last is on disk: by our group commit, by bbolt's Update and by bbolt's
// Batch, one after the other in the same run. It reports what each does in a
// second, and how many times as much that is for ours as for the others;
// ratios are what to compare, for disks differ.
func BenchmarkCommit(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			ours := perSecond(b, callers, ourCommit(b))
			update := perSecond(b, callers, bboltCommit(b, (*bbolt.DB).Update))
			batch := perSecond(b, callers, bboltCommit(b, (*bbolt.DB).Batch))
			b.ReportMetric(0, "ns/op") // of the three together, which says nothing
			b.ReportMetric(ours, "ours/s")
			b.ReportMetric(update, "update/s")
			b.ReportMetric(batch, "batch/s")
			b.ReportMetric(ours/update, "ours/update")
			b.ReportMetric(ours/batch, "ours/batch")
		})
	}
}

// perSecond calls keep b.N times for each caller and says how many calls were
// done in a second.
func perSecond(b *testing.B, callers int, keep func(key string) error) float64 {
	var n atomic.Int64
	var done sync.WaitGroup
	start := time.Now()
	for range callers {
		done.Go(func() {
			for range b.N {
				if err := keep(fmt.Sprintf("%012d", n.Add(1))); err != nil {
					b.Error(err)
				}
			}
		})
	}
	done.Wait()
	return float64(callers*b.N) / time.Since(start).Seconds()
}

var value = make([]byte, 4<<10)

func ourCommit(b *testing.B) func(string) error {
	s := opened(b, Options{Dir: b.TempDir()})
	return func(key string) error {
		return s.Update(b.Context(), func(t store.Tx) error {
			return t.(*tx).put(rawBucket, []byte(key), value)
		})
	}
}

func bboltCommit(b *testing.B, commit func(*bbolt.DB, func(*bbolt.Tx) error) error) func(string) error {
	db, err := openDatabase(Options{Dir: b.TempDir()}.withDefaults())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := migrate(db, migrations, time.Now()); err != nil {
		b.Fatal(err)
	}
	return func(key string) error {
		return commit(db, func(t *bbolt.Tx) error {
			return t.Bucket([]byte(rawBucket)).Put([]byte(key), value)
		})
	}
}

// BenchmarkReceive keeps what comes of one mail of 3 KB (entry, mail, ticket
// event, two notices), by so many callers at once.
func BenchmarkReceive(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := opened(b, Options{Dir: b.TempDir()})
			raw := value[:3<<10]
			keep := func(key string) error {
				blob, err := s.Stage(b.Context(), raw)
				if err != nil {
					return err
				}
				return s.Update(b.Context(), func(t store.Tx) error { return receive(t, key, blob) })
			}
			b.ReportMetric(perSecond(b, callers, keep), "mails/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}
