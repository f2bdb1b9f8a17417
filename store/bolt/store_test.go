package bolt

import (
	"log/slog"
	"testing"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) store.Store {
		s, err := Open(Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// opened opens a store that logs to the test. It is closed at the end of the
// test unless it was before.
func opened(t testing.TB, o Options) *Store {
	t.Helper()
	o.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
