// Package demo plays the life of an incident on a throw-away desk: the real
// daemon, real SMTP, real mails in a Maildir, and people who follow the links
// in them. It prints every mail as a person would want to read it.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/presets"
	"github.com/cauce-desk/cauce/store"
)

// begin is when the story plays: a Monday morning where the desk is.
var begin = time.Date(2017, 10, 9, 8, 23, 58, 0, time.UTC)

// Run plays the story and prints it. It takes a few seconds and leaves nothing
// behind.
func Run(ctx context.Context, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "cauce-demo-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := newStage(dir, out)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.daemon.Run(ctx) }()
	err = s.play(ctx)
	stop()
	return errors.Join(err, <-ended)
}

// stage is the desk and what was seen of its mail so far.
type stage struct {
	out     io.Writer
	clock   *mailflow.TestClock
	daemon  *daemon.Daemon
	client  *mailclient.Client
	desk    config.Desk
	zone    *time.Location // of the desk
	data    string
	maildir string
	seen    map[string]bool
	latest  map[string]mailclient.Mail // by mailbox
}

func newStage(dir string, out io.Writer) (*stage, error) {
	text, err := presets.Read(presets.Default)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	c, err := config.Parse(presets.Default, text, config.Options{Overrides: config.Overrides{Data: data, Listen: []string{"127.0.0.1:0"}}})
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.Desks[0].TimeZone)
	if err != nil {
		return nil, err
	}
	clock := mailflow.NewTestClock(begin)
	d, err := daemon.New(daemon.Options{Config: c, TestClock: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &stage{
		out: out, clock: clock, daemon: d, desk: c.Desks[0], zone: zone, data: data, maildir: c.Delivery.Maildir,
		client: &mailclient.Client{Server: d.SMTP()[0].String(), Now: clock.Now},
		seen:   map[string]bool{}, latest: map[string]mailclient.Mail{},
	}, nil
}

// send sends a mail, shows it, and shows what comes of it.
func (s *stage) send(ctx context.Context, d mailclient.Draft) error {
	showDraft(s.out, s.clock.Now().In(s.zone), d)
	reply, err := s.client.Send(ctx, d)
	if err != nil {
		return fmt.Errorf("the desk did not take a mail: %w", err)
	}
	fmt.Fprintf(s.out, "    ⇒ %s\n", reply)
	if err := s.quiet(ctx); err != nil {
		return err
	}
	return s.showNew()
}

// patience bounds the wait for the mails that one mail leads to: they go to a
// folder, at once.
const patience = 30 * time.Second

// quiet waits until everything the desk has to say is said. A mail that cannot
// be delivered is an error, and so is one that takes too long.
func (s *stage) quiet(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	door, err := control.Dial(s.data)
	if err != nil {
		return err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		unsent, err := door.Queue(ctx, false)
		if err == nil {
			err = failed(unsent)
		}
		if err != nil || len(unsent) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not go out: %w", name(unsent[0]), ctx.Err())
		case <-tick.C:
		}
	}
}

// failed is an error if one of the notices will not be tried again.
func failed(unsent []store.Notice) error {
	i := slices.IndexFunc(unsent, func(n store.Notice) bool { return n.Status == store.NoticeFailed })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%s could not be delivered: %s", name(unsent[i]), unsent[i].Said)
}

func name(n store.Notice) string { return fmt.Sprintf("notice %s, %s to %s,", n.ID, n.Kind, n.To) }

// showNew shows the mails that arrived since it was last asked.
func (s *stage) showNew() error {
	mails, err := mailclient.Maildir(s.maildir)
	if err != nil {
		return err
	}
	for _, m := range mails {
		if s.seen[m.MessageID] {
			continue
		}
		s.seen[m.MessageID] = true
		s.latest[m.For] = m
		showMail(s.out, m)
	}
	return nil
}

// click follows a link of the newest mail somebody got, filling its blanks.
func (s *stage) click(ctx context.Context, who person, link string, blanks map[string]string) error {
	l, ok := s.latest[who.address].Link(link)
	if !ok {
		return fmt.Errorf("the newest mail to %s has no link %q", who.address, link)
	}
	body, err := mailclient.Fill(l.Body, blanks)
	if err != nil {
		return err
	}
	d := mailclient.Follow(l, who.address)
	d.FromName, d.Body = who.name, body
	return s.send(ctx, d)
}

// history prints what is kept of the ticket.
func (s *stage) history(ctx context.Context) error {
	door, err := control.Dial(s.data)
	if err != nil {
		return err
	}
	tickets, err := door.Tickets(ctx, s.desk.ID)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		t, events, err := door.Ticket(ctx, t.Desk, t.Number)
		if err != nil {
			return err
		}
		showHistory(s.out, s.zone, t, events)
	}
	return nil
}
