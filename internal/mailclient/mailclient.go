// Package mailclient is a mail program in small: it reads what arrived for a
// person, follows the links in it, answers, and sends over SMTP. The
// demonstration and the tests play people with it, and "cauce send" sends. It is
// no program in particular: those that people use are in mailtest. It keeps
// nothing, and what fails is an error to whoever called.
package mailclient

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/mailflow/deliver"
	"github.com/cauce-desk/cauce/parser"
)

// Mail is a mail in somebody's mailbox.
type Mail struct {
	*parser.Message
	Raw   []byte
	For   string // the mailbox: Delivered-To
	Links []Link
}

// Read reads a mail.
func Read(raw []byte) Mail {
	m := Mail{Message: parser.Parse(raw), Raw: raw}
	m.Links = links(m.Text)
	if to := m.Header("Delivered-To"); len(to) > 0 {
		m.For = strings.Trim(to[0], "<>")
	}
	return m
}

// Link finds a link of the mail by its name.
func (m Mail) Link(name string) (Link, bool) {
	i := slices.IndexFunc(m.Links, func(l Link) bool { return l.Name == name })
	if i < 0 {
		return Link{}, false
	}
	return m.Links[i], true
}

// Maildir reads the mails in a Maildir, oldest first.
func Maildir(dir string) ([]Mail, error) { return new(Folder).Maildir(dir) }

// Folder reads a Maildir that mails are added to again and again: each is read
// once. It is not for concurrent use.
type Folder struct{ known map[string]Mail }

// Maildir returns the mails of a Maildir, oldest first.
func (f *Folder) Maildir(dir string) ([]Mail, error) {
	files, err := os.ReadDir(filepath.Join(dir, "new")) // sorted by name, which begins with the time
	if err != nil {
		return nil, err
	}
	if f.known == nil {
		f.known = map[string]Mail{}
	}
	mails := make([]Mail, len(files))
	for i, file := range files {
		if mails[i], err = f.read(filepath.Join(dir, "new", file.Name())); err != nil {
			return nil, err
		}
	}
	return mails, nil
}

func (f *Folder) read(name string) (Mail, error) {
	if mail, known := f.known[name]; known {
		return mail, nil
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return Mail{}, err
	}
	f.known[name] = Read(raw)
	return f.known[name], nil
}

// Client sends mail to a server.
type Client struct {
	Server string           // host:port of an SMTP server
	Now    func() time.Time // the Date of what it sends
	count  atomic.Int64
}

// Draft is a mail about to be sent.
type Draft struct {
	From, FromName, To string
	Subject, Body      string
	InReplyTo          *Mail // nil: not a reply
	Files              []compose.Attachment
}

// Follow is the draft a mail program opens when a link is clicked: not a
// reply (no program says so), everything as the link has it.
func Follow(l Link, from string) Draft {
	return Draft{From: from, To: l.Address, Subject: l.Subject, Body: l.Body}
}

// Reply is the draft of an answer to a mail, quoting it below.
func Reply(m Mail, text string) Draft {
	quoted := "> " + strings.ReplaceAll(strings.TrimRight(m.Text, "\n"), "\n", "\n> ")
	return Draft{From: m.For, To: m.From[0].Address, Subject: "Re: " + m.Subject, InReplyTo: &m,
		Body: text + "\n\nEl 9/10/17 a las 8:23, " + m.From[0].Name + " escribió:\n" + quoted + "\n"}
}

// Send sends a draft and returns the words of the server's 250.
func (c *Client) Send(ctx context.Context, d Draft) (string, error) {
	raw, err := c.Bytes(d)
	if err != nil {
		return "", err
	}
	return c.Deliver(ctx, d.From, d.To, raw)
}

// Bytes is the draft as it goes out, with a Message-ID of its own.
func (c *Client) Bytes(d Draft) ([]byte, error) {
	now := c.Now()
	m := compose.Mail{
		From: compose.Address{Name: d.FromName, Address: d.From}, To: compose.Address{Address: d.To},
		Subject: d.Subject, Date: now, Text: d.Body, Attachments: d.Files,
		MessageID: fmt.Sprintf("%d.%d.%d@%s", now.UnixNano(), os.Getpid(), c.count.Add(1), d.From[strings.LastIndexByte(d.From, '@')+1:]),
	}
	if d.InReplyTo != nil {
		m.InReplyTo = d.InReplyTo.MessageID
		m.References = append(slices.Clone(d.InReplyTo.References), d.InReplyTo.MessageID)
	}
	return m.Bytes()
}

// Deliver hands bytes to the server and returns the words of its 250.
func (c *Client) Deliver(ctx context.Context, from, to string, raw []byte) (string, error) {
	relay, err := deliver.NewRelay(deliver.RelayOptions{Address: c.Server, Hello: "localhost", StartTLS: deliver.TLSNone})
	if err != nil {
		return "", err
	}
	receipt, err := relay.Send(ctx, deliver.Envelope{From: from, To: to, Raw: raw})
	return receipt.Reply, err
}
