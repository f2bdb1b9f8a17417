package test

import (
	"bytes"
	"fmt"
	"net/mail"
	"path/filepath"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/keys"
	"github.com/cauce-desk/cauce/mailflow/compose"
)

// sign DOMAIN [by=OTHER] has all mail from a domain signed from now on, by the
// domain itself or by another, with a key that is published; ! sign DOMAIN ends
// that.
func (s *scene) sign(c call) error {
	domain, by := c.words[0], c.words[0]
	if other, ok := c.options["by"]; ok {
		by = other
	}
	if c.not {
		delete(s.signers, domain)
		return nil
	}
	selector := fmt.Sprintf("s%d", len(s.office.zone.records))
	key, err := keys.CreateDKIM(s.MkAbs("signers"), by, selector, keys.RSA)
	if err != nil {
		return err
	}
	text, err := key.TXT()
	if err != nil {
		return err
	}
	// A string of a TXT record holds 255 octets (RFC 1035 section 3.3).
	if err := s.office.zone.publish(fmt.Sprintf("%s. TXT %q %q", key.Name(), text[:200], text[200:])); err != nil {
		return err
	}
	signer, err := compose.NewSigner([]compose.Key{compose.Key(key)})
	if s.signers == nil {
		s.signers = map[string]signature{}
	}
	s.signers[domain] = signature{signer, by}
	return err
}

// signature is how a domain's mail is signed.
type signature struct {
	signer *compose.Signer
	by     string
}

// signed is a mail with the signature of the domain that its From names, if
// that signs.
func (s *scene) signed(raw []byte) ([]byte, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return raw, nil // no program would sign it
	}
	_, domain, _ := strings.Cut(addrSpec.FindString(m.Header.Get("From")), "@")
	with, signs := s.signers[domain]
	if !signs {
		return raw, nil
	}
	return with.signer.Sign(crlf(raw), with.by)
}

func crlf(raw []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// path is the return path of a mail that went out.
func path(m mailclient.Mail) (string, error) {
	values := m.Header("Return-Path")
	if len(values) == 0 {
		return "", fmt.Errorf("%q has no return path", m.Subject)
	}
	return strings.Trim(values[0], "<>"), nil
}

// bounce WHO STATUS [action=WORD] [recipient=ADDRESS] has the server of whom the
// open mail was for send a bounce of it (RFC 3464), to its return path or to
// another address. It comes from a null sender.
func (s *scene) bounce(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	to, err := path(m)
	if other, ok := c.options["recipient"]; ok {
		to = other
	}
	action := "failed"
	if word, ok := c.options["action"]; ok {
		action = word
	}
	raw := fmt.Sprintf(bounceForm, m.For[strings.IndexByte(m.For, '@')+1:], to, s.serial(), m.For, action, c.words[1], m.MessageID, m.Subject)
	if err != nil {
		return err
	}
	return s.send(outgoing{to: []string{to}, raw: []byte(raw)}, 1)
}

const bounceForm = `From: Mail Delivery System <mailer-daemon@%[1]s>
To: %[2]s
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce%[3]d@%[1]s>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r
Content-Type: text/plain; charset=utf-8

What you sent to %[4]s is not there yet, or will not be.
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.%[1]s

Final-Recipient: rfc822; %[4]s
Action: %[5]s
Status: %[6]s
Diagnostic-Code: smtp; 550 %[6]s not delivered
--r
Content-Type: text/rfc822-headers; charset=utf-8

Message-ID: <%[7]s>
Subject: %[8]s
--r--
`

// absence WHO TEXT [recipient=ADDRESS] [thread=no] has the mail program of WHO
// answer the open mail by itself: to its return path, as RFC 3834 section 4 wants
// it, or to another address.
func (s *scene) absence(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	to, err := path(m)
	if err != nil {
		return err
	}
	if other, ok := c.options["recipient"]; ok {
		to = other
	}
	answer := compose.Mail{
		From: compose.Address{Address: m.For}, To: compose.Address{Address: to}, Subject: "Respuesta automática: " + m.Subject,
		Date: s.office.clock.Now(), Text: c.words[1], AutoSubmitted: "auto-replied",
		MessageID: fmt.Sprintf("absence%d@%s", s.serial(), m.For[strings.IndexByte(m.For, '@')+1:]),
	}
	if c.options["thread"] != "no" {
		answer.InReplyTo = m.MessageID
	}
	raw, err := answer.Bytes()
	if err != nil {
		return err
	}
	return s.send(outgoing{to: []string{to}, raw: raw}, 1)
}

func (s *scene) serial() int64 {
	s.typed++
	return s.typed
}

// robot WHO FILE MAX has WHO answer every mail that comes, as a robot would that
// does not say it is one, until no more come: at most MAX times.
func (s *scene) robot(c call) error {
	text := strings.TrimSpace(s.ReadFile(c.words[1]))
	var limit int
	if _, err := fmt.Sscan(c.words[2], &limit); err != nil {
		return err
	}
	for answered := s.looked[c.words[0]] - 1; ; answered++ {
		mails, err := s.office.mailbox(c.words[0])
		if err != nil {
			return err
		}
		if answered == len(mails) {
			s.looked[c.words[0]] = answered
			s.Logf("  the robot answered %d mails in all", answered)
			return nil
		}
		if answered > limit {
			return fmt.Errorf("the robot has answered %d mails and still gets more", answered)
		}
		if err := s.post(call{}, mailclient.Reply(mails[answered], fmt.Sprintf("%s %d", text, answered))); err != nil {
			return err
		}
	}
}

// rotate [OVERLAP] has the administrator put a new secret in force and the
// daemon read it.
func (s *scene) rotate(c call) error {
	overlap := keys.DefaultOverlap
	if len(c.words) > 0 {
		var err error
		if overlap, err = time.ParseDuration(c.words[0]); err != nil {
			return err
		}
	}
	if _, err := keys.Rotate(filepath.Join(s.office.config.Data, "keys"), s.office.clock.Now(), overlap); err != nil {
		return err
	}
	return s.office.daemon.Reload()
}
