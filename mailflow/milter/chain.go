package milter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// OnError says what becomes of a mail when a milter is dead.
type OnError string

// The ways to go on without a milter.
const (
	OnErrorTempFail OnError = "tempfail" // 451 4.7.1: it comes again
	OnErrorAccept   OnError = "accept"   // as if the milter had accepted it
)

// Milter is a mail filter and how to ask it.
type Milter struct {
	Address string        // "unix:/path" or "inet:host:port"
	OnError OnError       // "" is OnErrorTempFail
	Timeout time.Duration // for all it has to say of one mail; 0: 10 s
}

// Options are the milters, in the order in which they are asked, and the name
// we give them for ours: "localhost" if it is "".
type Options struct {
	Hostname string
	Milters  []Milter
}

// Mail is what milters are told. All of it, Raw too, is the caller's to bound;
// nothing is sent that is not in it.
type Mail struct {
	ID     string     // by which milters can name it in their logs; may be ""
	Remote netip.Addr // the zero Addr for a unix socket
	Hello  string     // of the peer; "" is not told
	From   string     // the reverse-path, "" for <>
	To     []string   // the recipients, at least one
	Raw    []byte     // header and body; not changed
}

// Chain asks milters in order. It is made by New; Check may be called
// concurrently.
type Chain struct {
	hostname string
	milters  []filter
}

// filter is a Milter that is checked and complete.
type filter struct {
	Milter
	target target
}

// New checks the options. The error names the milter whose address or OnError
// cannot be read.
func New(opt Options) (*Chain, error) {
	c := &Chain{hostname: cmp.Or(opt.Hostname, "localhost")}
	for _, m := range opt.Milters {
		m.OnError = cmp.Or(m.OnError, OnErrorTempFail)
		m.Timeout = cmp.Or(m.Timeout, 10*time.Second)
		where, err := parseAddress(m.Address)
		if err == nil && m.OnError != OnErrorTempFail && m.OnError != OnErrorAccept {
			err = fmt.Errorf("milter %q: on error %q; want tempfail or accept", m.Address, m.OnError)
		}
		if err != nil {
			return nil, err
		}
		c.milters = append(c.milters, filter{m, where})
	}
	return c, nil
}

// Check asks each milter about a mail until one refuses or discards it; later
// ones see the header as earlier ones left it. A milter that accepts speaks for
// itself only, one that refuses a single recipient refuses the mail: by then
// all were promised delivery.
//
// A header of more than 5,000 fields or 1 MiB is refused without asking: a
// sender could make any milter fail with it, where failing lets mail pass.
//
// The Verdict is to be obeyed even beside an error. That tells, joined, which
// milters were dead and why; their OnError is in the Verdict already. When ctx
// ends before all were asked, the Verdict is TempFail whatever OnError says.
func (c *Chain) Check(ctx context.Context, mail Mail) (Verdict, error) {
	fields, body := split(mail.Raw)
	if len(c.milters) > 0 && tooLarge(fields) {
		return headerTooLarge, nil
	}
	var sum Verdict
	var dead []error
	for _, m := range c.milters {
		v, err := c.ask(ctx, m, message{Mail: mail, fields: sum.apply(fields), body: body})
		if err != nil {
			dead = append(dead, fmt.Errorf("milter %s: %w", m.Address, err))
		}
		v.By = m.Address
		if sum.join(v); sum.final() {
			break
		}
	}
	return sum, errors.Join(dead...)
}

// ask makes of an error what the milter's OnError makes of it.
func (c *Chain) ask(ctx context.Context, m filter, about message) (Verdict, error) {
	own, cancel := context.WithTimeout(ctx, m.Timeout)
	defer cancel()
	v, err := c.talk(own, m.target, about)
	switch {
	case err == nil:
		return v, nil
	case m.OnError == OnErrorAccept && ctx.Err() == nil:
		return Verdict{}, err
	}
	return tempFail("a mail filter does not answer, try again later"), err
}
