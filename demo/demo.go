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
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/presets"
)

// begin is when the story plays: a Monday morning in Madrid.
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
	clock := mailflow.NewTestClock(begin)
	d, err := daemon.New(daemon.Options{Config: c, TestClock: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &stage{
		out: out, clock: clock, daemon: d, desk: c.Desks[0], data: data, maildir: c.Delivery.Maildir,
		client: &mailclient.Client{Server: d.SMTP()[0].String(), Now: clock.Now},
		seen:   map[string]bool{}, latest: map[string]mailclient.Mail{},
	}, nil
}

// send sends a mail, shows it, and shows what comes of it.
func (s *stage) send(ctx context.Context, d mailclient.Draft) error {
	showDraft(s.out, s.clock.Now().In(zone), d)
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

// quiet waits until everything the desk has to say is said.
func (s *stage) quiet(ctx context.Context) error {
	door, err := control.Dial(s.data)
	if err != nil {
		return err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		waiting, err := door.Queue(ctx, false)
		if err != nil || len(waiting) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

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
		showHistory(s.out, t, events)
	}
	return nil
}
