package smtpd

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
)

// desk is the Handler of the tests. What it does with a mail is in the local
// part of its first recipient, so that a conversation explains itself:
//
//	nadie@     is not known (at RCPT)
//	disco@     fails with our own words (at RCPT)
//	politica@  is refused for good, lleno@ fails, lento@ waits for its context,
//	panico@    panics, ocupado@ ends the connection, mudo@ says nothing
//
// Everything else is taken, with a number for each recipient.
type desk struct {
	mu      sync.Mutex
	mails   []string // see String of mail
	numbers map[string]int
}

func (d *desk) Recipient(_ context.Context, _, to string) error {
	switch local(to) {
	case "nadie":
		return fmt.Errorf("looking up: %w", &Refused{Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such desk"})
	case "disco":
		return errors.New("open /var/lib/secret: input/output error")
	}
	return nil
}

func (d *desk) Deliver(ctx context.Context, env *Envelope) ([]string, error) {
	switch local(env.To[0]) {
	case "politica":
		return nil, fmt.Errorf("deciding: %w", &Refused{Code: 554, Enhanced: [3]int{5, 7, 1}, Text: "not\r\n250 allowed", Cause: errors.New("secret")})
	case "ocupado":
		return nil, &Refused{Code: 421, Enhanced: [3]int{4, 3, 2}, Text: "busy"}
	case "lleno":
		return nil, fmt.Errorf("writing: %w", errors.New("disk full on /var/lib/secret"))
	case "lento":
		<-ctx.Done()
		return nil, ctx.Err()
	case "panico":
		panic("secret")
	case "mudo":
		return nil, nil
	}
	return d.keep(env)
}

// keep records the mail and numbers each recipient, the same one alike.
func (d *desk) keep(env *Envelope) (texts []string, err error) {
	content, err := env.Content.Bytes()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mails = append(d.mails, fmt.Sprintf("%s <%s> %s %q", env.Protocol, env.From, strings.Join(env.To, " "), content))
	for _, to := range env.To {
		if d.numbers == nil {
			d.numbers = map[string]int{}
		}
		if d.numbers[to] == 0 {
			d.numbers[to] = len(d.numbers) + 1
		}
		texts = append(texts, fmt.Sprintf("I171009_%06d", d.numbers[to]))
	}
	return texts, nil
}

// taken returns the mails kept since the last call.
func (d *desk) taken() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	mails := d.mails
	d.mails = nil
	return mails
}

func local(address string) string {
	return address[:strings.LastIndexByte(address, '@')]
}

// from4 and from6 are peers; the networks are those of RFC 5737 and RFC 3849.
var (
	from4 = netip.MustParseAddr("192.0.2.7")
	from6 = netip.MustParseAddr("2001:db8:1:2::7")
)
