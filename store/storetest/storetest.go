// Package storetest holds what every implementation of store.Store must pass.
// An implementation calls Run in a test of its own. A failure names the
// sentence of the contract that was broken; nothing is kept between tests.
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/cauce-desk/cauce/store"
)

// Run tests an implementation against the contract. open opens the store in a
// folder, the same store for the same folder; Run closes it. A store that has a method
// Check(context.Context) error, which returns what is wrong with all it keeps,
// is asked at the end of every test.
func Run(t *testing.T, open func(t *testing.T, dir string) store.Store) {
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"transactions", transactions},
		{"journal", journal},
		{"mails", mails},
		{"tickets", tickets},
		{"outbox", outbox},
		{"reminders", reminders},
		{"correspondents", correspondents},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, one := range group.tests {
				t.Run(one.name, func(t *testing.T) { one.run(newBox(t, open)) })
			}
		})
	}
	t.Run("history", func(t *testing.T) { history(t, open) })
}

// test is one sentence of the contract.
type test struct {
	name string
	run  func(*box)
}

// box is a store under test.
type box struct {
	*testing.T
	store.Store
	open func(t *testing.T, dir string) store.Store
	dir  string
}

func newBox(t *testing.T, open func(*testing.T, string) store.Store) *box {
	b := &box{T: t, open: open, dir: t.TempDir()}
	b.Store = open(t, b.dir)
	t.Cleanup(b.end)
	return b
}

// end checks the store, once more after opening it again, and closes it.
func (b *box) end() {
	b.check()
	b.reopen()
	b.check()
	if err := b.Close(); err != nil {
		b.Errorf("close: %v", err)
	}
}

func (b *box) check() {
	b.Helper()
	if err := check(b.Store); err != nil {
		b.Errorf("check: %v", err)
	}
}

func check(s store.Store) error {
	if checker, ok := s.(interface{ Check(context.Context) error }); ok {
		return checker.Check(context.Background())
	}
	return nil
}

func (b *box) reopen() {
	b.Helper()
	if err := b.Close(); err != nil {
		b.Errorf("close: %v", err)
	}
	b.Store = b.open(b.T, b.dir)
}

// update is Update that must succeed.
func (b *box) update(fn func(store.Tx) error) {
	b.Helper()
	if err := b.Update(b.Context(), fn); err != nil {
		b.Errorf("update: %v", err)
	}
}

// view is View that must succeed.
func (b *box) view(fn func(store.Tx) error) {
	b.Helper()
	if err := b.View(b.Context(), fn); err != nil {
		b.Errorf("view: %v", err)
	}
}

// refused is Update that must fail.
func (b *box) refused(what string, fn func(store.Tx) error) {
	b.Helper()
	if err := b.Update(b.Context(), fn); err == nil {
		b.Errorf("%s was not refused", what)
	}
}

// missing checks that an error is store.ErrNotFound.
func (b *box) missing(what string, err error) {
	b.Helper()
	if !errors.Is(err, store.ErrNotFound) {
		b.Errorf("%s: %v, want store.ErrNotFound", what, err)
	}
}

// same compares two values by their JSON, which is all that is kept of them.
func (b *box) same(what string, got, want any) {
	b.Helper()
	if g, w := text(got), text(want); g != w {
		b.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(out)
}
