// Package daemon puts the parts together: from a configuration it opens the
// store and the keys, makes the desks, and runs the servers, the courier and
// the operator's door until it is told to stop. Nothing is decided here.
//
// A part that fails at the start stops the start; a part that fails later
// stops the daemon, and whoever runs it starts it again: nothing that was
// answered 250 is lost by that.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/keys"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/mailflow/deliver"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/store/bolt"
)

// Options are what a daemon runs on.
type Options struct {
	Config *config.Config
	// Load reads the configuration again, for Reload; nil where there is
	// nothing to read again.
	Load      func() (*config.Config, error)
	TestClock *mailflow.TestClock // nil: the machine's clock
	Logger    *slog.Logger
}

// Daemon is a running desk office, or one about to run. New opens it, Run runs
// it once, and when Run returns everything is closed.
type Daemon struct {
	opt         Options
	clock       mailflow.Clock
	store       *bolt.Store
	room        *mailflow.Mailroom
	courier     *deliver.Courier
	certificate *smtpd.CertReloader // nil: no STARTTLS
	smtp, lmtp  []net.Listener
	door        *control.Server
	desks       atomic.Pointer[[]string] // which there are, by ID
}

// New opens the data folder and the listening sockets.
func New(opt Options) (*Daemon, error) {
	d := &Daemon{opt: opt, clock: mailflow.SystemClock{}}
	if opt.TestClock != nil {
		d.clock = opt.TestClock
	}
	if err := d.open(); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// privateDir is the mode of the data folder: people's mail is in it.
const privateDir = 0o700

func (d *Daemon) open() (err error) {
	c := d.opt.Config
	if err := nameHost(c); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, privateDir); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if d.store, err = bolt.Open(bolt.Options{Dir: c.Data, Logger: d.opt.Logger}); err != nil {
		return err
	}
	if err := d.openKeys(keyFile(c)); err != nil {
		return err
	}
	transport, err := d.newTransport()
	if err != nil {
		return err
	}
	d.room = mailflow.New(mailflow.Options{
		Store: d.store, Clock: d.clock, Logger: d.opt.Logger, Lease: d.lease(), Wake: func() { d.courier.Wake() },
	})
	if d.courier, err = d.newCourier(transport); err != nil {
		return err
	}
	site, err := d.site(c)
	if err != nil {
		return err
	}
	d.room.Reload(site)
	d.name(site)
	if err := d.listen(); err != nil {
		return err
	}
	d.door, err = control.Listen(c.Data)
	return err
}

// openKeys opens the key file. Where it is new although there are tickets, as
// after a restore that forgot it, the operator should know.
func (d *Daemon) openKeys(path string) (err error) {
	_, missing := os.Stat(path)
	if _, err = keys.Open(path); err != nil || missing == nil {
		return err
	}
	return d.store.View(context.Background(), func(tx store.Tx) error {
		for t, err := range tx.Tickets("") {
			if err == nil {
				d.opt.Logger.Error("the key file was missing and is new: no link in a mail sent before works any more; put the old file back if there is one",
					"file", path, "newest_ticket", t.Number)
			}
			return err
		}
		return nil
	})
}

// nameHost gives a configuration without a host name the machine's.
func nameHost(c *config.Config) (err error) {
	if c.Hostname == "" {
		if c.Hostname, err = os.Hostname(); err != nil {
			return fmt.Errorf("no hostname is configured, and the machine has none: %w", err)
		}
	}
	return nil
}

// lease is for ever where the clock is moved by hand, which may leap over any;
// a notice whose courier died is found again by the next start.
func (d *Daemon) lease() time.Duration {
	if d.opt.TestClock != nil {
		return 100 * 365 * 24 * time.Hour
	}
	return mailflow.DefaultLease
}

// sendTimeout bounds one attempt to send a mail, well within the lease a
// notice is claimed for.
const sendTimeout = 10 * time.Minute

func (d *Daemon) newCourier(transport deliver.Transport) (*deliver.Courier, error) {
	c := d.opt.Config.Delivery
	return deliver.New(deliver.Options{
		Queue: d.room, Composer: d.room, Transport: transport, Clock: d.clock, Workers: c.Workers,
		GiveUp: time.Duration(c.GiveUp), SendTimeout: sendTimeout, Logger: d.opt.Logger,
	})
}

// Run takes and sends mail until ctx is done, then ends gracefully: mails in
// hand are finished and answered. It returns when everything is closed.
func (d *Daemon) Run(ctx context.Context) error {
	if err := d.room.Recover(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(err, d.close())
	}
	parts, ctx := errgroup.WithContext(ctx)
	serve := d.servers()
	for _, l := range d.smtp {
		parts.Go(func() error { return serve.smtp.Serve(ctx, l) })
	}
	for _, l := range d.lmtp {
		parts.Go(func() error { return serve.lmtp.Serve(ctx, l) })
	}
	parts.Go(func() error { return d.courier.Run(ctx) })
	parts.Go(func() error { return d.room.Keep(ctx) })
	parts.Go(func() error { return d.door.Run(ctx, d.operations(), d.opt.Logger) })
	d.courier.Wake()
	return errors.Join(parts.Wait(), d.close())
}

// operations are what the operator's commands may ask of a running daemon.
func (d *Daemon) operations() control.Operations {
	ops := control.Local{Store: d.store, Desks: func() []string { return *d.desks.Load() }, Wake: d.courier.Wake, Now: d.clock.Now}
	if clock := d.opt.TestClock; clock != nil {
		ops.AdvanceClock = func(by time.Duration) (time.Time, error) {
			now := clock.Advance(by)
			_, err := d.room.CatchUp(context.Background())
			return now, err
		}
	}
	return ops
}

func (d *Daemon) close() error {
	var err error
	for _, l := range append(d.smtp, d.lmtp...) {
		if closing := l.Close(); !errors.Is(closing, net.ErrClosed) {
			err = errors.Join(err, closing)
		}
	}
	if d.store != nil {
		err = errors.Join(err, d.store.Close())
	}
	return err
}
