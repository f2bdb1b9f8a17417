package smtpd

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// patient is a Handler that takes its time, or, without an end, all there is.
type patient struct {
	desk
	length time.Duration
}

func (h *patient) Deliver(ctx context.Context, env *Envelope) ([]string, error) {
	select {
	case <-time.After(h.length):
		return h.keep(env)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stopping runs test with a server; stop tells it to go down, and ended is
// closed when Serve has returned.
func stopping(t *testing.T, opt Options, test func(t *testing.T, l *memory, stop func(), ended chan struct{})) {
	synctest.Test(t, func(t *testing.T) {
		opt.Hostname, opt.Logger, opt.TempDir = host, slog.New(slog.DiscardHandler), t.TempDir()
		h, l, ended := &patient{length: 10 * time.Second}, newMemory(), make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			defer close(ended)
			if err := New(opt, h).Serve(ctx, l); err != nil {
				t.Errorf("Serve: %v", err)
			}
		}()
		test(t, l, stop, ended)
		<-ended
	})
}

func TestStopEndsIdleConnections(t *testing.T) {
	stopping(t, withTLS(t), func(t *testing.T, l *memory, stop func(), ended chan struct{}) {
		began := time.Now()
		plain, secure, halfway := l.dial(t, from4), l.dial(t, from4), l.dial(t, from4)
		plain.open("soporte@dgt.example")
		secure.expect("220 *")
		secure.startTLS()
		halfway.open("soporte@dgt.example")
		halfway.send("BDAT 4\r\nholaBDA")
		halfway.expect("250 *")
		synctest.Wait()
		stop()
		for _, p := range []*peer{plain, secure, halfway} {
			p.expect("421 4.3.2 going down, try again later")
			p.expectEnd()
		}
		<-ended
		if waited := time.Since(began); waited > 0 {
			t.Errorf("stopped after %v, want at once", waited)
		}
	})
}

func TestStopFinishesMails(t *testing.T) {
	stopping(t, Options{}, func(t *testing.T, l *memory, stop func(), _ chan struct{}) {
		handled, received := l.dial(t, from4), l.dial(t, from4)
		handled.open("soporte@dgt.example")
		handled.say("DATA", "354 *")
		handled.send("hola\r\n.\r\nMAIL FROM:<otra@correo.example>\r\n")
		received.open("soporte@dgt.example")
		received.say("DATA", "354 *")
		synctest.Wait()
		stop()
		time.Sleep(5 * time.Second)
		received.send("hola\r\n.\r\n")
		for _, p := range []*peer{handled, received} {
			p.expect("250 2.0.0 I171009_000001")
			p.expect("421 4.3.2 *")
			p.expectEnd()
		}
	})
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	opt := Options{Grace: 3 * time.Second}
	stopping(t, opt, func(t *testing.T, l *memory, stop func(), ended chan struct{}) {
		handled, chunked, received := l.dial(t, from4), l.dial(t, from4), l.dial(t, from4)
		handled.open("soporte@dgt.example")
		handled.say("DATA", "354 *")
		handled.send(".\r\n")
		chunked.open("soporte@dgt.example")
		chunked.send("BDAT 0 LAST\r\n")
		received.open("soporte@dgt.example")
		received.say("DATA", "354 *")
		synctest.Wait()
		began := time.Now()
		stop()
		<-ended
		if waited := time.Since(began); waited != opt.Grace {
			t.Errorf("stopped after %v, want %v", waited, opt.Grace)
		}
		for _, p := range []*peer{handled, chunked, received} {
			p.expectEnd()
		}
	})
}

// A listener that breaks ends Serve with its error.
func TestBrokenListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newMemory()
		_ = l.Close()
		if err := New(Options{Logger: slog.New(slog.DiscardHandler)}, &desk{}).Serve(t.Context(), l); err == nil {
			t.Error("Serve returned nil, want the listener's error")
		}
	})
}
