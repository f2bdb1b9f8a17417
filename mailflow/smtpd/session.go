package smtpd

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/emersion/go-smtp"
)

// session is one peer's conversation as go-smtp knows it: what has been said
// about the mail to come.
type session struct {
	door *door
	peer *guard

	mu   sync.Mutex // Data of a BDAT transfer runs in a goroutine of its own
	mail *transaction
}

// transaction is an open mail: MAIL was accepted, and RCPT for each of to.
type transaction struct {
	from  string
	utf8  bool
	to    []string
	given []string // the same recipients as go-smtp spells them, for LMTP

	size    int64 // the larger of what was announced and what was received
	settled bool  // the Handler was asked about it, or its refusal reported
}

// Reset implements smtp.Session. go-smtp holds its lock: no calls back.
func (s *session) Reset() { s.set(nil) }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }

// Mail implements smtp.Session. go-smtp would take a second MAIL and keep the
// first one's recipients; RFC 5321 section 4.1.4 calls it a bad sequence.
func (s *session) Mail(from string, opts *smtp.MailOptions) error {
	switch {
	case s.current() != nil:
		return errNested
	case opts.Size > s.door.server.opt.MaxMessageBytes: // RFC 1870 section 6.1
		return errTooBig
	}
	if err := s.peer.beginWithin(); err != nil {
		return err
	}
	mail := &transaction{utf8: opts.UTF8, size: opts.Size}
	if from != "" {
		address, err := canonical(from, opts.UTF8, errBadSender)
		if err != nil {
			return err
		}
		mail.from = address
	}
	s.set(mail)
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	mail := s.current()
	if mail == nil {
		return errNoMail
	}
	address, bad := canonical(to, mail.utf8, errBadMailbox)
	if bad != nil {
		return bad
	}
	err := s.listed(address)
	if err == nil {
		err = s.ask(func(ctx context.Context) error {
			return s.door.server.handler.Recipient(ctx, mail.from, address)
		})
	}
	if err != nil {
		s.door.server.log.recipientRefused(s.peer.remote, mail.from, address, err)
		return toSMTP(err)
	}
	mail.to = append(mail.to, address)
	mail.given = append(mail.given, to)
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	var texts []string
	err := s.receive(r, func(mail *transaction, content *spool) (err error) {
		texts, err = s.deliver(mail, mail.to, content)
		return err
	})
	if err != nil {
		return toSMTP(err)
	}
	return accepted(merge(texts))
}

// LMTPData implements smtp.LMTPSession: each recipient is handled by itself
// and has a reply of its own (RFC 2033 section 4.2). An error is every
// recipient's reply.
func (s *session) LMTPData(r io.Reader, status smtp.StatusCollector) error {
	err := s.receive(r, func(mail *transaction, content *spool) error {
		for i, given := range mail.given {
			texts, err := s.deliver(mail, mail.to[i:i+1], content)
			if err != nil {
				status.SetStatus(given, toSMTP(err))
			} else {
				status.SetStatus(given, accepted(texts[0]))
			}
		}
		return nil
	})
	if err != nil {
		return toSMTP(err)
	}
	return nil
}

// receive takes in the whole mail and has it handled.
func (s *session) receive(r io.Reader, handle func(*transaction, *spool) error) error {
	mail := s.current()
	if mail == nil || len(mail.to) == 0 {
		return errNoMail
	}
	if !s.door.enter() {
		return errTemporary
	}
	defer s.door.leave()
	content := newSpool(&s.door.server.opt)
	defer content.discard()
	err := content.fill(r)
	s.peer.spent(mailBytes, content.Size())
	if err != nil {
		mail.size = max(mail.size, content.Size())
		s.door.server.log.mailRefused(s.peer.remote, mail.from, mail.to, err)
		return err
	}
	mail.settled = true
	return handle(mail, content)
}

// deliver asks the Handler about the mail for some of its recipients. It
// returns a text for each.
func (s *session) deliver(mail *transaction, to []string, content *spool) (texts []string, err error) {
	env := &Envelope{
		Remote:   s.peer.remote,
		Hello:    s.peer.hello,
		TLS:      s.peer.isTLS(),
		Protocol: s.peer.protocol(mail.utf8),
		From:     mail.from,
		To:       slices.Clone(to),
		Content:  content,
	}
	err = s.ask(func(ctx context.Context) (err error) {
		texts, err = s.door.server.handler.Deliver(ctx, env)
		return err
	})
	if err != nil {
		s.door.server.log.mailRefused(s.peer.remote, mail.from, to, err)
		return nil, err
	}
	s.door.server.log.mailAccepted(s.peer.remote, mail.from, to, content.Size(), texts)
	// The mail is kept: a missing text must not make it come again.
	return slices.Concat(texts, make([]string, len(to)))[:len(to)], nil
}

// ask calls the Handler: within its time, and with a panic as an error.
func (s *session) ask(call func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(s.door.handling, s.door.server.opt.HandleTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			s.door.server.log.panicked(s.peer.remote, cause, debug.Stack())
			err = fmt.Errorf("handler panicked: %v", cause)
		}
	}()
	return call(ctx)
}

func (s *session) current() *transaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mail
}

func (s *session) set(mail *transaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mail = mail
}
