package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/mailflow"
)

func newServeCommand(src *source) *cobra.Command {
	var testClock string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the desk: take mail, keep tickets, answer",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SilenceUsage = true
			return serve(cmd.Context(), src, testClock, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	src.addServeFlags(cmd.Flags())
	cmd.Flags().StringVar(&testClock, "test-clock", "", "run at this `TIME` (RFC 3339), which stands still until \"cauce clock advance\" moves it")
	return cmd
}

func serve(ctx context.Context, src *source, testClock string, out, errs io.Writer) error {
	c, err := src.load()
	if err != nil {
		return err
	}
	clock, err := parseTestClock(testClock)
	if err != nil {
		return err
	}
	logger := newLogger(c.Log, errs)
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP) // before anybody can know of us: unheeded, it ends a process
	defer signal.Stop(hangup)
	d, err := daemon.New(daemon.Options{Config: c, Load: src.load, TestClock: clock, Logger: logger})
	if err != nil {
		return err
	}
	go reloadOn(ctx, hangup, d, logger)
	fmt.Fprint(out, greeting(c, d, src))
	return d.Run(ctx)
}

// reloadOn reads the configuration again on every SIGHUP until ctx is done. A
// bad one is refused whole and the one in force stays.
func reloadOn(ctx context.Context, hangup <-chan os.Signal, d *daemon.Daemon, logger *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			if err := d.Reload(); err != nil {
				logger.Error("configuration refused; the one in force stays", "error", err)
			} else {
				logger.Info("configuration read again")
			}
		}
	}
}

func parseTestClock(text string) (*mailflow.TestClock, error) {
	if text == "" {
		return nil, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, fmt.Errorf("--test-clock: %w", err)
	}
	return mailflow.NewTestClock(at), nil
}

func newLogger(l config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if l.Format == config.LogJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// greeting says in plain words what runs and how to try it.
func greeting(c *config.Config, d *daemon.Daemon, src *source) string {
	var b strings.Builder
	fmt.Fprintf(&b, "cauce runs on %s. Data: %s\n", src.name(), c.Data)
	for _, a := range d.SMTP() {
		fmt.Fprintf(&b, "  SMTP at %s\n", a)
	}
	for _, a := range d.LMTP() {
		fmt.Fprintf(&b, "  LMTP at %s\n", a)
	}
	switch c.Delivery.Via {
	case config.ViaMaildir:
		fmt.Fprintf(&b, "  outgoing mail: the Maildir %s\n", c.Delivery.Maildir)
	case config.ViaMX:
		b.WriteString("  outgoing mail: straight to the servers of its addressees\n")
	default:
		fmt.Fprintf(&b, "  outgoing mail: by %s\n", c.Delivery.Relay.Address)
	}
	for _, desk := range c.Desks {
		if desk.Intake.Equal(desk.Correspondence) {
			fmt.Fprintf(&b, "Desk %s: open incidents at %s, and everything else too\n", desk.ID, desk.Intake)
			continue
		}
		fmt.Fprintf(&b, "Desk %s: open incidents at %s; everything else at %s\n", desk.ID, desk.Intake, desk.Correspondence)
	}
	if len(d.SMTP()) > 0 {
		b.WriteString(firstIncident(c.Desks[0], src, d.SMTP()[0].String()))
	}
	return b.String()
}

// firstIncident is the command that opens one.
func firstIncident(desk config.Desk, src *source, server string) string {
	who, err := openerAt(desk)
	if err != nil {
		return fmt.Sprintf("No first incident to send: %v.\nStop with Ctrl-C.\n", err)
	}
	flags := src.flags() + " --server " + server
	return fmt.Sprintf("Send a first incident:\n  cauce send%s        (or: go run ./cmd/cauce send%s)\n"+
		"or with swaks:\n  swaks --server %s --from %s --to %s \\\n    --header %q \\\n    --body %q\nStop with Ctrl-C.\n",
		flags, flags, server, who, desk.Intake, "Subject: "+desk.Opening.Subject, exampleBody(desk, time.Now()))
}
