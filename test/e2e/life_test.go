//go:build e2e

package e2e

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/test/e2e/process"
)

// life plays what happens at the five desks of presets/all.yaml, a ticket at a
// time, by the links that people get. Time stands still but for wait.
type life struct {
	*office
	lmtp   string // a socket where nobody is known to be who they say
	number string // of the ticket in hand
	read   map[string]bool
	mails  []mailclient.Mail // all that went out so far, oldest first
}

// liveThrough plays a life at each desk, with all its turns.
func liveThrough(t *testing.T) *life {
	t.Helper()
	l := &life{lmtp: filepath.Join(t.TempDir(), "lmtp"), read: map[string]bool{}}
	l.office = &office{t: t, mailbox: l.mailbox, Daemon: process.Start(t, process.Options{
		Program: program, Data: t.TempDir(), Env: []string{"CAUCE_LMTP=unix:" + l.lmtp},
		Flags: []string{"--config", "../../presets/all.yaml", "--test-clock", "2017-10-09T08:23:58Z"}})}
	for _, desk := range []func(){l.dgt, l.gob, l.pnt, l.cartagena, l.uach} {
		desk()
	}
	return l
}

// settle waits until everything has gone out, and reads it.
func (l *life) settle() {
	l.t.Helper()
	await(l.t, "the outbox to be empty", func() ([]store.Notice, bool) {
		var waiting []store.Notice
		l.Ask(&waiting, "queue list")
		return waiting, len(waiting) == 0
	})
	folder := filepath.Join(l.Data, "outgoing", "new")
	files, err := os.ReadDir(folder)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, f := range files {
		if !l.read[f.Name()] {
			l.read[f.Name()] = true
			l.mails = append(l.mails, readMail(l.t, filepath.Join(folder, f.Name())))
		}
	}
}

func readMail(t *testing.T, path string) mailclient.Mail {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return mailclient.Read(raw)
}

func (l *life) mailbox(address string) (own []mailclient.Mail) {
	for _, m := range l.mails {
		if m.For == address {
			own = append(own, m)
		}
	}
	return own
}

// latest is the newest mail to somebody of which a test holds.
func (l *life) latest(to, what string, is func(mailclient.Mail) bool) mailclient.Mail {
	l.t.Helper()
	box := l.mailbox(to)
	for i := len(box) - 1; i >= 0; i-- {
		if is(box[i]) {
			return box[i]
		}
	}
	l.t.Fatalf("%s has no mail with %s", to, what)
	return mailclient.Mail{}
}

// post sends a draft, waits for what comes of it, and takes the ticket it is
// about in hand.
func (l *life) post(d mailclient.Draft) {
	l.t.Helper()
	l.took(l.send(d))
}

// took reads the answer to a mail: the number of a ticket, or "recorded …".
func (l *life) took(reply string) {
	l.t.Helper()
	words := strings.Fields(reply)
	if last := words[len(words)-1]; len(last) < len("01J00000000000000000000000") {
		l.number = last
	}
	l.settle()
}

// write sends a mail with a subject of one's own.
func (l *life) write(from, to, subject, body string, files ...compose.Attachment) {
	l.t.Helper()
	l.post(mailclient.Draft{From: from, To: to, Subject: subject, Body: body, Files: files})
}

// copied is write with somebody in Cc.
func (l *life) copied(from, to, cc, subject, body string) {
	l.t.Helper()
	client := &mailclient.Client{Server: l.Server, Now: time.Now}
	raw, err := client.Bytes(mailclient.Draft{From: from, FromName: "Ana Pérez", To: to, Subject: subject, Body: body})
	if err != nil {
		l.t.Fatal(err)
	}
	reply, err := client.Deliver(l.t.Context(), from, to, append([]byte("Cc: <"+cc+">\r\n"), raw...))
	if err != nil {
		l.t.Fatal(err)
	}
	l.took(reply)
}

// click follows the newest link of a name somebody has, about the ticket in
// hand if it is about any, with blanks filled in as "Label=value".
func (l *life) click(who, link string, blanks ...string) {
	l.t.Helper()
	mail := l.latest(who, "the link "+link+" of "+l.number, func(m mailclient.Mail) bool {
		found, ok := m.Link(link)
		return ok && (strings.TrimSpace(found.Subject) == link || strings.Contains(found.Subject, l.number))
	})
	values := map[string]string{}
	for _, blank := range blanks {
		label, value, _ := strings.Cut(blank, "=")
		values[label] = value
	}
	l.post(l.draft(mail, link, values))
}

// reply answers the newest mail on the ticket in hand.
func (l *life) reply(who, text string) {
	l.t.Helper()
	l.post(mailclient.Reply(l.latest(who, "the number "+l.number, func(m mailclient.Mail) bool {
		return strings.Contains(m.Subject, l.number)
	}), text))
}

// wait moves the clock on.
func (l *life) wait(by string) {
	l.t.Helper()
	cmd := exec.CommandContext(l.t.Context(), program, "clock", "advance", by, "--data", l.Data)
	if out, err := cmd.CombinedOutput(); err != nil {
		l.t.Fatalf("clock advance: %v\n%s", err, out)
	}
	l.settle()
}

// picture is a file as people attach them.
func picture() compose.Attachment {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48))) // a buffer takes everything
	return compose.Attachment{Filename: "captura-error.png", ContentType: "image/png", Data: b.Bytes()}
}
