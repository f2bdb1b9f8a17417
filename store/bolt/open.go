package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/bits"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/cauce-desk/cauce/store"
)

var (
	// ErrLocked is returned by Open when another process has the store open.
	ErrLocked = errors.New("the store is in use by another process")
	// ErrNewerSchema is returned by Open when the store was written by a
	// newer version of cauce. Nothing in it was touched.
	ErrNewerSchema = errors.New("the store was written by a newer version of cauce")
	// ErrClosed is returned by every method called after or during Close,
	// unless its transaction had begun.
	ErrClosed = errors.New("the store is closed")
)

const (
	databaseName = "cauce.db"
	// wholeMap is how much address space is set aside for the database. A
	// map that must grow stops every reader and writer while a backup runs.
	wholeMap = 64 << 30
)

// Options say where a Store is and how it behaves. Only Dir must be given.
type Options struct {
	Dir         string           // made if it is not there
	InlineBytes int              // the largest mail kept in the database; 0: 64 KiB; negative: none
	Timeout     time.Duration    // how long to wait for another process to let go; 0: one second
	MmapSize    int              // address space for the database; 0: 64 GiB, on 32 bits what it needs
	MaxSize     int              // bytes the database may take; a commit past it fails; 0: no limit
	Now         func() time.Time // nil: time.Now; only the age of files is told by it
	Logger      *slog.Logger     // nil: nothing is logged
}

// Store is a store.Store in a folder.
type Store struct {
	db        *bbolt.DB
	committer *committer
	mails     *mailFiles
	inline    int
	now       func() time.Time
	log       *slog.Logger
	created   time.Time // when the database was made

	stop    context.CancelFunc // ends the sweeper
	owned   sync.WaitGroup     // the committer and the sweeper
	closing sync.Once
	closed  error
}

var _ store.Store = (*Store)(nil)

// Open opens the store in a folder, or makes a new one there. A store of an
// older schema is brought up to date first. The errors it may wrap are
// ErrLocked, ErrNewerSchema and those of the file system.
func Open(o Options) (*Store, error) {
	o = o.withDefaults()
	s, err := open(o)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", o.Dir, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.owned.Go(s.committer.run)
	s.owned.Go(func() { s.sweepNowAndThen(ctx) })
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.InlineBytes == 0 {
		o.InlineBytes = 64 << 10
	}
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	if o.MmapSize == 0 && bits.UintSize == 64 {
		size := int64(wholeMap)
		o.MmapSize = int(size)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

func open(o Options) (*Store, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	db, err := openDatabase(o)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, inline: o.InlineBytes, now: o.Now, log: o.Logger}
	s.committer = newCommitter(s.begin)
	if err := s.prepare(o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func openDatabase(o Options) (*bbolt.DB, error) {
	db, err := bbolt.Open(filepath.Join(o.Dir, databaseName), 0o600, &bbolt.Options{
		Timeout:         o.Timeout,
		InitialMmapSize: o.MmapSize,
		MaxSize:         o.MaxSize,
		NoFreelistSync:  true, // found again by reading the tree: every commit writes less
		FreelistType:    bbolt.FreelistMapType,
	})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", databaseName, err)
	}
	return db, nil
}

// prepare makes an open database ready for use. The folder is synced last:
// that the database is in it must last as well.
func (s *Store) prepare(o Options) (err error) {
	if err = migrate(s.db, migrations, s.now()); err != nil {
		return err
	}
	if s.created, err = created(s.db); err != nil {
		return err
	}
	if s.mails, err = openMailFiles(filepath.Join(o.Dir, "mail")); err != nil {
		return err
	}
	return syncDir(o.Dir)
}

// Update implements store.Store.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.committer.do(ctx, fn)
}

// View implements store.Store.
func (s *Store) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return notBegun(ctx)
	}
	bolt, err := s.db.Begin(false)
	if err != nil {
		return viewError(err)
	}
	t := &tx{keys: keys{bolt: bolt}, mails: s.mails}
	defer func() {
		t.over = true
		_ = bolt.Rollback() // of a transaction that reads: cannot fail
	}()
	return fn(t)
}

// begin starts a write transaction for the committer.
func (s *Store) begin() (*group, error) {
	bolt, err := s.db.Begin(true)
	if err != nil {
		return nil, err
	}
	return &group{bolt: bolt, mails: s.mails, commit: bolt.Commit, rollback: bolt.Rollback}, nil
}

// Stage implements store.Store.
func (s *Store) Stage(ctx context.Context, raw []byte) (store.Blob, error) {
	if err := ctx.Err(); err != nil {
		return store.Blob{}, notBegun(ctx)
	}
	if s.committer.closed() {
		return store.Blob{}, ErrClosed
	}
	blob := describe(raw)
	if len(raw) <= s.inline {
		blob.Inline = append([]byte{}, raw...)
		return blob, nil
	}
	if err := s.mails.put(blob.Hash, raw); err != nil {
		return store.Blob{}, fmt.Errorf("keep a large mail: %w", err)
	}
	return blob, nil
}

// Backup implements store.Store. While it runs no page of the database is
// used again and the file grows, so w should be a file and not a slow peer.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	err := s.db.View(func(bolt *bbolt.Tx) error {
		_, err := bolt.WriteTo(&cancellable{ctx, w})
		return err
	})
	if err != nil {
		return fmt.Errorf("backup: %w", errors.Join(context.Cause(ctx), viewError(err)))
	}
	return nil
}

// cancellable is a writer that fails once its context is done.
type cancellable struct {
	ctx context.Context
	w   io.Writer
}

func (c *cancellable) Write(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.w.Write(p)
}

// Close implements store.Store. Calling it again waits as well and returns
// the same.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.stop()
		s.committer.close()
		s.owned.Wait()
		s.closed = s.db.Close() // waits for views and backups
	})
	return s.closed
}

// viewError puts bbolt's word for a closed database into ours.
func viewError(err error) error {
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

func notBegun(ctx context.Context) error {
	return fmt.Errorf("not begun: %w", context.Cause(ctx))
}
