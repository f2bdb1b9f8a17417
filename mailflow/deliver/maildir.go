package deliver

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Maildir is a Transport that keeps the mails in a folder: dir/new holds what
// nobody has looked at, one file per mail with LF line ends, as mail programs
// on this machine expect it. Each begins with Return-Path and Delivered-To,
// which show the envelope. A mail is taken only when file and folder are on
// disk. One that has an ID is named for it, so that a second attempt replaces
// what the first left there, unless somebody has looked at it meanwhile. The folder is for its owner alone, as it holds other people's mail.
type Maildir struct{ dir, host string }

// NewMaildir makes dir and its folders tmp, new and cur where they are missing.
func NewMaildir(dir string) (*Maildir, error) {
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("maildir: %w", err)
		}
	}
	if err := errors.Join(syncDir(dir), syncDir(filepath.Dir(dir))); err != nil {
		return nil, fmt.Errorf("maildir: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	// The two characters that a name in a Maildir must not hold.
	return &Maildir{dir: dir, host: strings.NewReplacer("/", `\057`, ":", `\072`).Replace(host)}, nil
}

// Send writes the mail as one new file. Receipt.Reply is its name.
func (m *Maildir) Send(ctx context.Context, e Envelope) (Receipt, error) {
	checked, err := newMessage(e)
	if err != nil {
		return Receipt{}, err
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, fmt.Errorf("maildir: %w", err)
	}
	unique := m.name(time.Now())
	name := unique
	if namable.MatchString(e.ID) {
		name = e.ID + "." + m.host
	}
	if err := m.keep(unique, name, fileOf(checked)); err != nil {
		return Receipt{}, fmt.Errorf("maildir: %w", err)
	}
	return Receipt{Host: "maildir", Reply: name}, nil
}

var namable = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)

// name sorts by time and is never given twice, whoever else writes here.
func (m *Maildir) name(now time.Time) string {
	unique := make([]byte, 8)
	rand.Read(unique) // never fails
	return fmt.Sprintf("%d.M%06dP%dR%x.%s", now.Unix(), now.Nanosecond()/1000, os.Getpid(), unique, m.host)
}

func fileOf(m message) []byte {
	var file bytes.Buffer
	fmt.Fprintf(&file, "Return-Path: %s\nDelivered-To: %s\n", m.from.text, strings.Trim(m.to.text, "<>"))
	for raw := m.raw; len(raw) > 0; {
		line, rest := cutLine(raw)
		file.Write(line)
		file.WriteByte('\n')
		raw = rest
	}
	return file.Bytes()
}

// keep writes the file in tmp and moves it to new, each step on disk before
// the next.
func (m *Maildir) keep(unique, name string, content []byte) error {
	tmp, final := filepath.Join(m.dir, "tmp", unique), filepath.Join(m.dir, "new", name)
	if err := writeSynced(tmp, content); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := os.Rename(tmp, final); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return syncDir(filepath.Dir(final))
}

func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
