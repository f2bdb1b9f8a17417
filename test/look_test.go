package test

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/parser"
)

// inbox WHO N waits until all is delivered: N mails have come since WHO last
// looked. The newest is the one WHO has before them now.
func (s *scene) inbox(c call) error {
	mails, err := s.office.mailbox(c.words[0])
	if err != nil {
		return err
	}
	fresh := mails[s.looked[c.words[0]]:]
	s.looked[c.words[0]] = len(mails)
	delete(s.picked, c.words[0])
	if strconv.Itoa(len(fresh)) == c.words[1] {
		return nil
	}
	return fmt.Errorf("%s got %d new mails, not %s: %q", c.words[0], len(fresh), c.words[1], subjects(fresh))
}

func subjects(mails []mailclient.Mail) []string {
	var list []string
	for _, m := range mails {
		list = append(list, m.Subject)
	}
	return list
}

// silence says that there is no mail anybody has not looked at.
func (s *scene) silence(call) error {
	mails, err := s.office.mails()
	if err != nil {
		return err
	}
	unread := map[string]int{}
	for _, m := range mails {
		unread[m.For]++
	}
	for who, n := range s.looked {
		for address := range unread {
			if is(address, who) {
				unread[address] -= n
			}
		}
	}
	for who, n := range unread {
		if n != 0 {
			return fmt.Errorf("%s got %d mails nobody expected", who, n)
		}
	}
	return nil
}

// finds WHO SUBJECT takes up the newest mail of that subject again.
func (s *scene) finds(c call) error {
	mails, err := s.office.mailbox(c.words[0])
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(mails) {
		if m.Subject == c.words[1] {
			s.picked[c.words[0]] = m.MessageID
			return nil
		}
	}
	return fmt.Errorf("%s has no mail %q, only %q", c.words[0], c.words[1], subjects(mails))
}

// before is the mail somebody has before them: the newest, or the one found.
func (s *scene) before(who string) (mailclient.Mail, error) {
	mails, err := s.office.mailbox(who)
	if err != nil {
		return mailclient.Mail{}, err
	}
	if len(mails) == 0 {
		return mailclient.Mail{}, fmt.Errorf("%s has no mail", who)
	}
	for _, m := range mails {
		if m.MessageID == s.picked[who] {
			return m, nil
		}
	}
	return mails[len(mails)-1], nil
}

// subject WHO TEXT is the whole subject.
func (s *scene) subject(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	return mismatch("subject", c.words[1], m.Subject)
}

// says WHO TEXT… looks for texts, however their lines are broken: text and
// HTML must both have them, or with ! neither.
func (s *scene) says(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	page := parser.Parse([]byte("MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + m.HTML)).Text
	for _, text := range c.words[1:] {
		for name, part := range map[string]string{"text": m.Text, "HTML": page} {
			if oneLine(part, text) == c.not {
				return fmt.Errorf("the %s of %q:\n%s", name, m.Subject, part)
			}
		}
	}
	return nil
}

func oneLine(text, part string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(part), " "))
}

// offers WHO LINK… lists all links of the mail, in order.
func (s *scene) offers(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	var names []string
	for _, link := range m.Links {
		names = append(names, link.Name)
	}
	return mismatch("links", c.words[1:], names)
}

// prefills WHO LINK TEXT… looks into the body a link opens with.
func (s *scene) prefills(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	link, ok := m.Link(c.words[1])
	if !ok {
		return fmt.Errorf("there is no link %q", c.words[1])
	}
	for _, text := range c.words[2:] {
		if oneLine(link.Body, text) == c.not {
			return fmt.Errorf("the body of %s is %q", c.words[1], link.Body)
		}
	}
	return nil
}

// attached WHO NAME [FILE] says that the mail carries a file of that name, byte
// for byte; ! attached WHO that it carries none.
func (s *scene) attached(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	if len(c.words) == 1 {
		if c.not == (len(m.Attachments) == 0) {
			return nil
		}
		return fmt.Errorf("there are %d files", len(m.Attachments))
	}
	if c.not {
		return errors.New("! attached takes no name")
	}
	name, file := c.words[1], c.words[len(c.words)-1]
	want, err := os.ReadFile(s.MkAbs(file))
	if err != nil {
		return err
	}
	var names []string
	for _, a := range m.Attachments {
		if names = append(names, a.Filename); a.Filename == name && bytes.Equal(a.Data, want) {
			return nil
		}
	}
	return fmt.Errorf("none of the files %q is %s with those %d bytes", names, name, len(want))
}

// encloses WHO TEXT… says that the open mail carries one file, a mail that holds
// the texts, however its lines are folded.
func (s *scene) encloses(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	if len(m.Attachments) != 1 {
		return fmt.Errorf("there are %d files", len(m.Attachments))
	}
	for _, text := range c.words[1:] {
		if !oneLine(string(m.Attachments[0].Data), text) {
			return fmt.Errorf("what is enclosed is\n%s", m.Attachments[0].Data)
		}
	}
	return nil
}

// header WHO NAME [TEXT…] says that the open mail has one header field of that
// name and that it holds the texts, as written or decoded; ! header WHO NAME that
// it has none of that name, and with texts that no such field holds one.
func (s *scene) header(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	values := m.Header(c.words[1])
	if !c.not && len(values) != 1 || c.not && len(c.words) == 2 && len(values) > 0 {
		return fmt.Errorf("%s is %q", c.words[1], values)
	}
	for _, text := range c.words[2:] {
		if strings.Contains(strings.Join(values, "\n"), text) == c.not {
			return fmt.Errorf("%s is %q", c.words[1], values)
		}
	}
	return nil
}

var shown = regexp.MustCompile(`<img [^>]*src="cid:([^"]+)"`)

// pictures WHO N says how many pictures the mail shows, each of which it
// carries under its Content-ID (RFC 2392).
func (s *scene) pictures(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	list := shown.FindAllStringSubmatch(m.HTML, -1)
	for _, picture := range list {
		if !bytes.Contains(m.Raw, []byte("<"+html.UnescapeString(picture[1])+">")) {
			return fmt.Errorf("the mail does not carry the picture %s", picture[1])
		}
	}
	return mismatch("pictures", c.words[1], len(list))
}
