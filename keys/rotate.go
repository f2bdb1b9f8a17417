package keys

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// ErrRotating says that another process is rotating the same file right now.
var ErrRotating = errors.New("another rotation of this key file is under way")

// Rotate puts a new secret in force. What was in force until now is honoured
// for the overlap, from 0 to ten years; what came before, until its own time
// or the end of the overlap, whichever is first: an overlap of 0 ends all that
// came before, as after a theft. The file must be there. A daemon that runs
// goes on with the old secret until it reads the file again, and loses nothing
// by it within the overlap.
func Rotate(path string, now time.Time, overlap time.Duration) (Ring, error) {
	if overlap < 0 || overlap > maxOverlap {
		return Ring{}, fmt.Errorf("an overlap of %v: it can be from 0 to %v", overlap, maxOverlap)
	}
	unlock, err := lock(filepath.Dir(path))
	if err != nil {
		return Ring{}, err
	}
	defer unlock()
	old, err := Read(path)
	if err != nil {
		return Ring{}, err
	}
	ring, err := old.rotated(now, overlap)
	if err != nil {
		return Ring{}, err
	}
	if err := replace(path, ring.bytes()); err != nil {
		return Ring{}, fmt.Errorf("writing the key file: %w", err)
	}
	return ring, nil
}

// rotated is the ring with a new secret. Times are kept to the second.
func (r Ring) rotated(now time.Time, overlap time.Duration) (Ring, error) {
	secret, err := newSecret()
	if err != nil {
		return Ring{}, err
	}
	end := now.Add(overlap).UTC().Truncate(time.Second)
	next := Ring{secret: secret}
	for _, e := range append([]lapsing{{r.secret, end}}, r.earlier...) {
		if end.Before(e.until) {
			e.until = end
		}
		if now.Before(e.until) {
			next.earlier = append(next.earlier, e)
		}
	}
	if len(next.earlier) > maxEarlier {
		return Ring{}, fmt.Errorf("%d earlier secrets are still honoured, which is all there may be: wait for one to lapse, or rotate with a shorter overlap", maxEarlier)
	}
	return next, nil
}

// lock keeps other rotations off the files of a folder. It holds the folder
// itself, so that nothing is left lying about, and ends with the process.
func lock(dir string) (unlock func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = d.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrRotating
		}
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	return func() { _ = d.Close() }, nil
}
