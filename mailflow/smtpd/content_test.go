package smtpd

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
)

// hoarder is a Handler that looks at the content while it may, and keeps it.
type hoarder struct {
	desk
	dir     string
	names   int // files with a name in the folder of temporary files
	content Content
	bytes   []byte
}

func (h *hoarder) Deliver(_ context.Context, env *Envelope) (texts []string, err error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return nil, err
	}
	h.names, h.content = len(entries), env.Content
	h.bytes, err = env.Content.Bytes()
	return nil, err
}

// Small mails stay in memory and large ones go to a file without a name;
// either is gone when the handler is done.
func TestContent(t *testing.T) {
	line := strings.Repeat("x", 98) + "\r\n"
	for _, size := range []int{0, 500, 600, 100_000} {
		h := &hoarder{dir: t.TempDir()}
		want := strings.Repeat(line, size/100)
		synctest.Test(t, func(t *testing.T) {
			l := newMemory()
			stop := serve(t, Options{InlineBytes: 500, TempDir: h.dir}, h, l)
			p := l.dial(t, from4)
			p.open("soporte@dgt.example")
			p.say("DATA", "354 *", want+".", "250 2.0.0 done")
			stop()
		})
		if h.names != 0 || h.content.Size() != int64(size) || !bytes.Equal(h.bytes, []byte(want)) {
			t.Errorf("size %d: %d files, Size %d, %d bytes", size, h.names, h.content.Size(), len(h.bytes))
		}
		if _, err := h.content.Bytes(); !errors.Is(err, errGone) {
			t.Errorf("size %d: content after the handler is done: %v", size, err)
		}
	}
}

// Where no file can be made the mail stays with the sender.
func TestNoRoomForContent(t *testing.T) {
	opt := Options{InlineBytes: 10, TempDir: "/nowhere/at/all"}
	inBubble(t, opt, func(t *testing.T, _ *desk, l *memory) {
		p := l.dial(t, from4)
		p.open("soporte@dgt.example")
		p.say("DATA", "354 *", strings.Repeat("hola\r\n", 10_000)+".", "451 4.3.0 cannot take this mail now, try again later")
		p.envelope("soporte@dgt.example")
		p.send("BDAT 50000 LAST\r\n" + strings.Repeat("hola\n", 10_000))
		p.expect("451 4.3.0 *")
		p.say("NOOP", "250 *")
	})
}

func TestInline(t *testing.T) {
	content, err := Content(Inline("hola")).Bytes()
	if err != nil || string(content) != "hola" || Inline("hola").Size() != 4 {
		t.Errorf("Inline holds %q, error %v", content, err)
	}
}
