package smtpd

import (
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestDialogs plays the conversations in testdata/dialogs. Each line begins
// with who speaks:
//
//	O: options of the server, by name: see dialogOptions
//	C: a line the client sends
//	R: the same, as a quoted Go string and without a line end of its own
//	S: a reply, or the last line of one; lines with "-" after the code before it
//	   make it the whole reply; a final * stands for any rest
//	T: time that passes; everything else must happen at once
//	TLS: STARTTLS and the handshake
//	H: a mail the handler has taken: protocol, <sender>, recipients, "content"
//	END: the server closes the connection
//
// At the end no mail may be left that no H: line showed.
func TestDialogs(t *testing.T) {
	files, err := filepath.Glob("testdata/dialogs/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogs found: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { play(t, string(script)) })
		})
	}
}

// dialogOptions are the servers a dialog can be held with.
func dialogOptions(t *testing.T, names string) Options {
	opt := Options{Lifetime: 24 * time.Hour}
	for _, name := range strings.Fields(names) {
		switch name {
		case "lmtp":
			opt.LMTP = true
		case "utf8":
			opt.UTF8 = true
		case "tls":
			opt.TLS = &tls.Config{Certificates: []tls.Certificate{selfSigned(t, host)}}
		case "small":
			opt.MaxMessageBytes, opt.MaxRecipients, opt.MaxLineLength = 100, 2, 40
		case "strict":
			opt.ErrorBudget = 3
		case "short-lived":
			opt.Lifetime = 10 * time.Minute
		default:
			t.Fatalf("unknown option %q", name)
		}
	}
	return opt
}

func play(t *testing.T, script string) {
	d, l := &desk{}, newMemory()
	names, _, _ := strings.Cut(strings.TrimPrefix(script, "O:"), "\n")
	if !strings.HasPrefix(script, "O:") {
		names = ""
	}
	opt := dialogOptions(t, names)
	opt.Logger = slog.New(library{slog.DiscardHandler, t})
	stop := serve(t, opt, d, l)
	defer stop()
	s := &stage{peer: l.dial(t, from4), desk: d}
	defer func() { _ = s.conn.Close() }()
	s.now = time.Now()
	for line := range strings.Lines(script) {
		s.line(strings.TrimSuffix(line, "\n"))
		if late := time.Since(s.now); late > 0 {
			t.Fatalf("%q took %v", line, late)
		}
	}
	s.left()
}

// library is a log handler that fails the test when go-smtp has to speak: no
// dialog may lead it into a panic or an error of its own.
type library struct {
	slog.Handler
	t *testing.T
}

func (library) Enabled(context.Context, slog.Level) bool { return true }

func (l library) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "go-smtp" {
		r.Attrs(func(a slog.Attr) bool { l.t.Errorf("go-smtp says %v", a.Value); return true })
	}
	return nil
}

// stage is a dialog being played.
type stage struct {
	*peer
	desk  *desk
	whole []string // the "250-" lines of a reply before its last
	mails []string
	now   time.Time // as the dialog has it
}

func (s *stage) line(line string) {
	s.t.Helper()
	who, text, _ := strings.Cut(line, ":")
	text = strings.TrimPrefix(text, " ")
	switch who {
	case "C":
		s.send(text + "\r\n")
	case "R":
		s.send(unquote(s.t, text))
	case "S":
		s.reply(text)
	case "T":
		s.pass(text)
	case "TLS":
		s.startTLS()
	case "H":
		s.mail(text)
	case "END":
		s.expectEnd()
	case "O", "":
	default:
		if !strings.HasPrefix(line, "#") {
			s.t.Fatalf("cannot read %q", line)
		}
	}
}

func (s *stage) reply(text string) {
	s.t.Helper()
	s.whole = append(s.whole, text)
	if len(text) > 3 && text[3] == '-' {
		return
	}
	s.expect(strings.Join(s.whole, "\n"))
	s.whole = nil
}

func (s *stage) pass(text string) {
	length, err := time.ParseDuration(text)
	if err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(length) // in the bubble: no one waits
	s.now = s.now.Add(length)
}

func (s *stage) mail(want string) {
	s.t.Helper()
	s.mails = append(s.mails, s.desk.taken()...)
	i := slices.Index(s.mails, want)
	if i < 0 {
		s.t.Fatalf("mails taken are\n%s\nwant\n%s", strings.Join(s.mails, "\n"), want)
	}
	s.mails = slices.Delete(s.mails, i, i+1)
}

func (s *stage) left() {
	if left := append(s.mails, s.desk.taken()...); len(left) > 0 {
		s.t.Errorf("mails taken that nobody expected:\n%s", strings.Join(left, "\n"))
	}
}

func unquote(t *testing.T, text string) string {
	t.Helper()
	raw, err := strconv.Unquote(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return raw
}
