package milter

import (
	"context"
	"fmt"
	"net"

	protocol "github.com/emersion/go-milter"
)

// message is a mail as a milter is told it.
type message struct {
	Mail
	fields []Field
	body   []byte
}

const (
	// offered are the changes a milter may ask for.
	offered = protocol.OptAddHeader | protocol.OptChangeHeader | protocol.OptQuarantine
	// skippable are the steps a milter may ask to be spared: those of version 2,
	// which all know.
	skippable = protocol.OptNoConnect | protocol.OptNoHelo | protocol.OptNoMailFrom | protocol.OptNoRcptTo |
		protocol.OptNoBody | protocol.OptNoHeaders | protocol.OptNoEOH
)

// dialogue is what is said to one milter about one mail.
type dialogue struct {
	*protocol.ClientSession
	hostname string
	about    message
}

// talk asks one milter. It does not return before the connection is closed.
func (c *Chain) talk(ctx context.Context, to target, about message) (Verdict, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, to.network, to.address)
	if err != nil {
		return Verdict{}, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	opt := protocol.ClientOptions{Dialer: dialled{conn}, ActionMask: offered, ProtocolMask: skippable}
	session, err := protocol.NewClientWithOptions(to.network, to.address, opt).Session()
	if err != nil {
		return Verdict{}, late(ctx, err)
	}
	d := &dialogue{session, c.hostname, about}
	v, err := d.run()
	_ = session.Close() // says goodbye
	return v, late(ctx, err)
}

// late gives the reason why a connection was closed, where it was us.
func late(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// dialled is the protocol.Dialer for a connection that is there already.
type dialled struct{ net.Conn }

// Dial implements protocol.Dialer.
func (d dialled) Dial(string, string) (net.Conn, error) { return d.Conn, nil }

// run goes through the steps until the milter has made up its mind.
func (d *dialogue) run() (Verdict, error) {
	for _, step := range []func() (*protocol.Action, error){d.connect, d.hello, d.from, d.to, d.header, d.text} {
		action, err := step()
		if err != nil {
			return Verdict{}, err
		}
		if action.Code != protocol.ActContinue {
			return verdictOf(action)
		}
	}
	if err := d.Macros(protocol.CodeEOB, "i", clean([]byte(d.about.ID))); err != nil {
		return Verdict{}, err
	}
	changes, action, err := d.End()
	if err != nil {
		return Verdict{}, err
	}
	v, err := verdictOf(action)
	if v.Decision == Accept && err == nil {
		v.modify(changes)
	}
	return v, err
}

func (d *dialogue) connect() (*protocol.Action, error) {
	if err := d.Macros(protocol.CodeConn, "j", d.hostname, "{daemon_name}", "cauce"); err != nil {
		return nil, err
	}
	switch remote := d.about.Remote; {
	case remote.Is4():
		return d.Conn("["+remote.String()+"]", protocol.FamilyInet, 0, remote.String())
	case remote.Is6():
		return d.Conn("[IPv6:"+remote.String()+"]", protocol.FamilyInet6, 0, remote.String())
	}
	return d.Conn("localhost", protocol.FamilyUnknown, 0, "")
}

func (d *dialogue) hello() (*protocol.Action, error) {
	if d.about.Hello == "" {
		return goOn, nil
	}
	return d.Helo(clean([]byte(d.about.Hello)))
}

func (d *dialogue) from() (*protocol.Action, error) {
	from := clean([]byte(d.about.From))
	if err := d.Macros(protocol.CodeMail, "i", clean([]byte(d.about.ID)), "{mail_addr}", from); err != nil {
		return nil, err
	}
	return d.Mail(from, nil)
}

func (d *dialogue) to() (*protocol.Action, error) {
	for _, to := range d.about.To {
		to = clean([]byte(to))
		if err := d.Macros(protocol.CodeRcpt, "{rcpt_addr}", to); err != nil {
			return nil, err
		}
		if action, err := d.Rcpt(to, nil); err != nil || action.Code != protocol.ActContinue {
			return action, err
		}
	}
	return goOn, nil
}

func (d *dialogue) header() (*protocol.Action, error) {
	for _, f := range d.about.fields {
		if action, err := d.HeaderField(f.Name, f.Value[:min(len(f.Value), maxSent)]); err != nil || action.Code != protocol.ActContinue {
			return action, err
		}
	}
	return d.HeaderEnd()
}

// text sends the body as it came.
func (d *dialogue) text() (*protocol.Action, error) {
	for rest := d.about.body; len(rest) > 0; {
		n := min(len(rest), protocol.MaxBodyChunk)
		if action, err := d.BodyChunk(rest[:n]); err != nil || action.Code != protocol.ActContinue {
			return action, err
		}
		rest = rest[n:]
	}
	return goOn, nil
}

// goOn is the answer where nothing need be asked.
var goOn = &protocol.Action{Code: protocol.ActContinue}
