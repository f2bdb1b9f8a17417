package smtpd

import (
	"context"
	"io"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// testGuard is a guard with no library behind it and a peer that only listens.
func testGuard(t *testing.T) *guard {
	l := newMemory()
	s := New(Options{Logger: slog.New(slog.DiscardHandler)}, &desk{})
	d := newDoor(s, l, context.Background())
	client, server := net.Pipe()
	t.Cleanup(func() { _ = client.Close() })
	go func() { _, _ = io.Copy(io.Discard, client) }()
	return newGuard(d, server, peerAddr(server), nil)
}

// Should the library ever answer in the middle of a mail, or refuse a chunk
// after others, what is left of the mail is not for it to read.
func TestEarlyReplyEndsAll(t *testing.T) {
	for _, test := range []struct {
		verb    string
		replies []string
	}{
		{"DATA", []string{"354 go\r\n", "250 2.0.0 early\r\n"}},
		{"BDAT", []string{"250 2.0.0 more\r\n", "451 4.3.0 no\r\n"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			began, g := time.Now(), testGuard(t)
			g.command = command{verb: test.verb}
			for _, reply := range test.replies {
				_, _ = io.WriteString(g, reply)
			}
			n, err := g.Read(make([]byte, 10))
			if n != 0 || err != io.EOF || time.Since(began) > 0 {
				t.Errorf("%s: read %d bytes, error %v, after %v; want the end at once", test.verb, n, err, time.Since(began))
			}
		})
	}
}

// Whoever waits at the door waits for the mails inside, and then it is shut.
func TestDoorWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := testGuard(t).door
		if !d.enter() {
			t.Error("the door is shut from the beginning")
		}
		began := time.Now()
		time.AfterFunc(time.Second, d.leave)
		d.wait()
		if waited := time.Since(began); waited != time.Second || d.enter() {
			t.Errorf("waited %v, or the door is open", waited)
		}
	})
}

// A connection accepted in the moment the server stops is not left open.
func TestAcceptedWhileStopping(t *testing.T) {
	d := testGuard(t).door
	d.drain()
	_, server := net.Pipe()
	go func() { d.Listener.(*memory).conns <- server }()
	conn, err := d.Accept()
	if err != nil || conn.(*guard).turnAway != replyStopping {
		t.Errorf("accepted with %q, error %v", conn.(*guard).turnAway, err)
	}
}

func TestWholeReply(t *testing.T) {
	for reply, want := range map[string]bool{
		"":                              false,
		"250":                           false,
		"\n":                            false,
		"250 ok":                        false,
		"250 ok\r\n":                    true,
		"250-a\r\n":                     false,
		"250-a\r\n250 b\r\n":            true,
		"250-a b c\r\n250-x y\r\n":      false,
		"250-a\r\n250-b\r\n250 c d\r\n": true,
	} {
		if wholeReply([]byte(reply)) != want {
			t.Errorf("wholeReply(%q) is not %v", reply, want)
		}
	}
}
