package parser

import (
	"fmt"
	"maps"
	"math"
	"runtime"
	"runtime/metrics"
	"slices"
	"testing"
	"time"
)

// BenchmarkSizes reads hostile mail of growing size. Time per byte stays flat,
// or falls where a bound ends the work, and memory stays under 16 MiB and four
// times the mail, the mail included; the worst share of that bound is reported.
// The collector bends the time: three times as long is no longer linear.
func BenchmarkSizes(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				grow(b, hostile[name])
			}
			b.ReportMetric(0, "ns/op") // of all sizes together, which says nothing
		})
	}
}

// grow takes the best of some rounds over the sizes, for on a busy machine
// neighbours in time are slow together.
func grow(b *testing.B, build func(n int) string) {
	sizes := []int{1, 2, 4, 8}
	best, worst := []float64{math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1)}, 0.0
	for range 5 {
		for i, size := range sizes {
			raw := []byte(build(size << 20))
			took, peak := cost(raw)
			best[i] = min(best[i], float64(took)/float64(len(raw)))
			worst = max(worst, float64(peak)/float64(16<<20+4*len(raw)))
		}
	}
	for i, size := range sizes {
		b.ReportMetric(best[i], fmt.Sprintf("ns/B@%dMiB", size))
	}
	b.ReportMetric(worst, "memory/bound")
	if slices.Max(best) > 3*max(best[0], 10) || worst > 1 {
		b.Errorf("ns/B for sizes %v: %.1f; memory is %.2f of what it may be", sizes, best, worst)
	}
}

// cost is how long a mail takes to read, and how much memory lay on the heap
// meanwhile at most, garbage included.
func cost(raw []byte) (took time.Duration, peak uint64) {
	runtime.GC()
	done, highest := make(chan struct{}), make(chan uint64)
	go func() { highest <- watchHeap(done) }()
	start := time.Now()
	Parse(raw).ReadForm(opening)
	took = time.Since(start)
	close(done)
	return took, <-highest
}

// watchHeap says how full the heap was at most until done.
func watchHeap(done <-chan struct{}) (highest uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	tick := time.NewTicker(200 * time.Microsecond)
	defer tick.Stop()
	for {
		metrics.Read(sample)
		highest = max(highest, sample[0].Value.Uint64())
		select {
		case <-done:
			return highest
		case <-tick.C:
		}
	}
}
