package bolt

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/cauce-desk/cauce/store"
)

const (
	sweepEvery = 6 * time.Hour
	// unclaimedFor is how long a mail that was staged may wait to be
	// recorded. Both happen within the same seconds, or never.
	unclaimedFor = 24 * time.Hour
)

// sweepNowAndThen removes large mails nobody refers to, at once and every few
// hours, until its context is done.
func (s *Store) sweepNowAndThen(ctx context.Context) {
	every := time.NewTicker(sweepEvery)
	defer every.Stop()
	for {
		removed, err := s.sweep(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("sweep of staged mails", "error", err)
		}
		if removed > 0 {
			s.log.Info("removed mails that were staged and never recorded", "mails", removed)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// sweep removes the large mails that were staged long ago and never recorded.
// A file older than the database was not staged by it and is left alone: it
// may be all that is left of a store whose database was lost.
func (s *Store) sweep(ctx context.Context) (removed int, err error) {
	err = filepath.WalkDir(s.mails.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !s.unclaimed(path) {
			return errors.Join(err, ctx.Err())
		}
		gone, err := s.removeOrphan(ctx, path)
		if gone {
			removed++
		}
		return err
	})
	return removed, err
}

// unclaimed tells whether a file was staged by this store and long ago.
func (s *Store) unclaimed(path string) bool {
	info, err := os.Stat(path)
	return err == nil && hashForm.MatchString(filepath.Base(path)) &&
		info.ModTime().After(s.created) && s.now().Sub(info.ModTime()) > unclaimedFor
}

// removeOrphan removes a file if no entry refers to it. It first looks on the
// side, for most files are referred to, and then decides as an update, so that
// no entry can come to refer to the file meanwhile.
func (s *Store) removeOrphan(ctx context.Context, path string) (removed bool, err error) {
	hash := filepath.Base(path)
	orphan := false
	err = s.View(ctx, func(t store.Tx) (err error) {
		orphan, err = t.(*tx).orphan(hash)
		return err
	})
	if err != nil || !orphan {
		return false, err
	}
	err = s.Update(ctx, func(t store.Tx) error {
		orphan, err := t.(*tx).orphan(hash)
		if err != nil || !orphan {
			return err
		}
		removed, err = s.removeUnclaimed(path)
		return err
	})
	return removed, err
}

// orphan tells whether no entry refers to a large mail.
func (t *tx) orphan(hash string) (bool, error) {
	for _, err := range t.ascend(filesBucket, under(prefix(hash))) {
		return false, err
	}
	return true, nil
}

// removeUnclaimed removes a file unless it was staged again just now.
func (s *Store) removeUnclaimed(path string) (removed bool, err error) {
	s.mails.removing.Lock()
	defer s.mails.removing.Unlock()
	if !s.unclaimed(path) {
		return false, nil
	}
	if err := os.Remove(path); err != nil {
		return false, err
	}
	return true, nil
}
