package test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/store"
)

// office is a daemon at work on a folder of its own, and the post in and out.
type office struct {
	config *config.Config
	clock  *mailflow.TestClock
	client *mailclient.Client
	ask    *control.Client
	daemon *daemon.Daemon
	zone   *zone
	inbox  mailclient.Folder
	log    *os.File
	file   string // of which the daemon reads its configuration again; "": config as it is

	stop  context.CancelFunc
	ended chan error
}

// patience is how long anything may take that is waited for.
const patience = 30 * time.Second

// loadDesk reads a configuration: a file, or a preset by its name.
func loadDesk(file string) (*config.Config, error) {
	if strings.HasSuffix(file, ".yaml") {
		return config.Load([]string{file}, config.Options{})
	}
	return config.Load([]string{filepath.Join("..", "presets", file+".yaml")}, config.Options{})
}

// openOffice starts a daemon on the configuration: SMTP on a free port, data
// and outgoing mail in dir, the clock standing at the given time.
func openOffice(c *config.Config, dir string, at time.Time) (*office, error) {
	o := &office{config: house(c, dir), clock: mailflow.NewTestClock(at), ended: make(chan error, 1)}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var err error
	if o.zone, err = openZone(); err != nil {
		return nil, err
	}
	c.Resolver = o.zone.address
	if o.log, err = os.Create(filepath.Join(dir, "log")); err != nil {
		return nil, err
	}
	o.daemon, err = daemon.New(daemon.Options{Config: c, TestClock: o.clock, Logger: slog.New(slog.NewTextHandler(o.log, nil)),
		Load: o.read})
	if err != nil {
		return nil, err
	}
	o.client = &mailclient.Client{Server: o.daemon.SMTP()[0].String(), Now: func() time.Time { return o.clock.Now().Local() }}
	return o, o.run()
}

// house puts a configuration where the office is.
func house(c *config.Config, dir string) *config.Config {
	c.Data, c.Listen, c.LMTP = dir, []config.HostPort{"127.0.0.1:0"}, nil
	c.Delivery.Via, c.Delivery.Maildir = config.ViaMaildir, filepath.Join(dir, "outgoing")
	return c
}

// read reads the configuration again, as the daemon asks for it.
func (o *office) read() (*config.Config, error) {
	if o.file == "" {
		return o.config, nil
	}
	c, err := loadDesk(o.file)
	if err != nil {
		return nil, err
	}
	return house(c, o.config.Data), nil
}

// reload has the administrator put another file in place and the daemon read
// it. One that is refused is taken away again.
func (o *office) reload(file string) error {
	o.file = file
	err := o.daemon.Reload()
	if err == nil {
		o.config, err = o.read()
	}
	o.file = ""
	return err
}

func (o *office) run() error {
	ctx, stop := context.WithCancel(context.Background())
	o.stop = stop
	go func() { o.ended <- o.daemon.Run(ctx) }()
	return await("the daemon", func() (bool, error) {
		var err error
		o.ask, err = control.Dial(o.config.Data)
		if errors.Is(err, control.ErrNoDaemon) {
			return false, nil
		}
		return err == nil, err
	})
}

// close stops the daemon, which must end well and in time.
func (o *office) close() error {
	o.stop()
	select {
	case err := <-o.ended:
		return errors.Join(err, o.zone.close(), o.log.Close())
	case <-time.After(patience):
		return errors.New("the daemon does not stop")
	}
}

// await asks until something is so.
func await(what string, so func() (bool, error)) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		if is, err := so(); is || err != nil {
			return err
		}
		select {
		case <-deadline:
			return fmt.Errorf("%s: waited %s in vain", what, patience)
		case <-tick.C:
		}
	}
}

// settle waits until all mail that is due has gone out.
func (o *office) settle() error {
	return await("the outbox", func() (bool, error) {
		queue, err := o.ask.Queue(context.Background(), false)
		waiting := slices.ContainsFunc(queue, func(n store.Notice) bool {
			return n.Status == store.NoticeSending || n.Status == store.NoticeQueued && !n.Next.After(o.clock.Now())
		})
		return !waiting, err
	})
}

// mails are those that went out so far, in the order in which they were queued.
func (o *office) mails() ([]mailclient.Mail, error) {
	if err := o.settle(); err != nil {
		return nil, err
	}
	mails, err := o.inbox.Maildir(o.config.Delivery.Maildir)
	if err != nil {
		return nil, err
	}
	queue, err := o.ask.Queue(context.Background(), true) // newest first
	place := map[string]int{}
	for i, n := range queue {
		place[n.MessageID] = -i
	}
	slices.SortStableFunc(mails, func(a, b mailclient.Mail) int { return cmp.Compare(place[a.MessageID], place[b.MessageID]) })
	return mails, err
}

// mailbox holds the mails of one person: an address, or what is before its @.
func (o *office) mailbox(who string) ([]mailclient.Mail, error) {
	mails, err := o.mails()
	return slices.DeleteFunc(mails, func(m mailclient.Mail) bool { return !is(m.For, who) }), err
}

func is(address, who string) bool {
	local, _, _ := strings.Cut(address, "@")
	return strings.EqualFold(address, who) || strings.EqualFold(local, who)
}

// addressed is how many entries of the journal a mail makes: one of each desk
// among its recipients, or one of whoever else takes it.
func (o *office) addressed(to []string) int {
	desks := 0
	for _, d := range o.config.Desks {
		if slices.ContainsFunc(to, func(a string) bool { return is(a, string(d.Intake)) || is(a, string(d.Correspondence)) }) {
			desks++
		}
	}
	return max(desks, 1)
}

// trust has the administrator change whom the daemon trusts, and reload.
func (o *office) trust(networks ...netip.Prefix) error {
	changed := *o.config
	changed.Trusted = networks
	o.config = &changed
	return o.daemon.Reload()
}
