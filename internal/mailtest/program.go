// Package mailtest plays the mail programs people use, for tests: what each
// makes of a link and of what its user wrote, and the bytes it sends. It adds
// to the one small mail program of mailclient, which is no program in
// particular. No code that is shipped imports it.
//
// A Program never fails to write a mail; a link it cannot follow and a server
// it cannot reach are errors, what the server refuses is an Answer.
package mailtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
)

// Program is one of the mail programs people use: how it understands a link,
// and what it makes of what its user wrote. What each does was seen in mails
// it sent, or in what its makers and other people's readers of mail document.
type Program struct {
	Name string

	webForm bool // reads a link like a web form, where "+" is a space
	oneLine bool // loses the line breaks of a link's body
	reply   string
	id      func(l letter) string
	subject func(text string) string // as it stands in the header
	write   func(l letter) part
	header  []string // further fields that give it away
}

// Programs are those there are.
var Programs = []Program{thunderbird, outlook, gmailPhone, claws, mutt}

// ProgramNamed finds a program by its name.
func ProgramNamed(name string) (Program, error) {
	i := slices.IndexFunc(Programs, func(p Program) bool { return p.Name == name })
	if i < 0 {
		return Program{}, fmt.Errorf("there is no mail program %q", name)
	}
	return Programs[i], nil
}

// Click is the draft the program opens when its user clicks a link, with the
// blanks named in values filled in.
func (p Program) Click(l mailclient.Link, from string, values map[string]string) (mailclient.Draft, error) {
	if p.webForm {
		var err error
		if l, err = mailclient.ParseLink(l.Name, strings.ReplaceAll(l.URL, "+", "%20")); err != nil {
			return mailclient.Draft{}, err
		}
	}
	if p.oneLine {
		l.Body = strings.Join(strings.Fields(l.Body), " ")
	}
	draft := mailclient.Follow(l, from)
	var err error
	draft.Body, err = mailclient.Fill(l.Body, values)
	return draft, err
}

// Reply is the draft of an answer to a mail. The program adds the quotation
// when it sends it.
func (p Program) Reply(m mailclient.Mail, text string) mailclient.Draft {
	return mailclient.Draft{From: m.For, To: m.From[0].Address, Subject: p.reply + m.Subject, InReplyTo: &m, Body: text}
}

// letter is a draft with what the program knows beyond it.
type letter struct {
	mailclient.Draft
	date  time.Time
	count int64
}

// signature is what the people of this office have under their mails. It
// holds a word that is a label's, too.
func (l letter) signature() string { return l.author() + "\nServicio de Informática" }

func (l letter) author() string {
	if l.FromName != "" {
		return l.FromName
	}
	local, _, _ := strings.Cut(l.From, "@")
	return local
}

// Bytes is the draft as the program sends it; the count makes its Message-ID
// its own.
func (p Program) Bytes(d mailclient.Draft, date time.Time, count int64) []byte {
	l := letter{Draft: d, date: date, count: count}
	head := []string{
		"From: " + mailbox(p.subject(l.author()), d.From), "To: " + d.To, "Subject: " + p.subject(d.Subject),
		"Date: " + date.Format(time.RFC1123Z), "Message-ID: <" + p.id(l) + ">", "MIME-Version: 1.0",
	}
	if m := d.InReplyTo; m != nil {
		ids := append(slices.Clone(m.References), m.MessageID)
		head = append(head, "In-Reply-To: <"+m.MessageID+">", "References: <"+strings.Join(ids, ">\n <")+">")
	}
	body := p.write(l)
	if len(d.Files) > 0 {
		body = together("mixed", body, files(d.Files)...)
	}
	body.head = slices.Concat(head, p.header, body.head)
	return []byte(strings.ReplaceAll(body.String(), "\n", "\r\n"))
}

func mailbox(name, address string) string { return name + " <" + address + ">" }

// domain is the part of an address after the @.
func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// quote marks every line of a text as quoted.
func quote(text string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		out.WriteString(strings.TrimRight("> "+line, " ") + "\n")
	}
	return out.String()
}

// sender is who wrote the mail a letter answers.
func (l letter) sender() (name, address string) {
	from := l.InReplyTo.From[0]
	return from.Name, from.Address
}

// written is when the mail a letter answers was written, on its author's clock.
func (l letter) written() time.Time { return l.InReplyTo.Date }
