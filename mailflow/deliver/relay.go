package deliver

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"
)

// StartTLS says what a Relay demands of the connection (RFC 3207).
type StartTLS string

// With TLSRequired nothing is sent but under TLS with a certificate that is
// valid for the relay's name. With TLSOpportunistic TLS is used where the relay
// has it, whoever it is (RFC 7435): a connection that an attacker may strip of
// TLS anyway gains nothing from refusing his certificate; but where there is a
// password to keep, the certificate must be valid. TLSNone never asks for TLS.
const (
	TLSRequired      StartTLS = "required"
	TLSOpportunistic StartTLS = "opportunistic"
	TLSNone          StartTLS = "none"
)

// RelayOptions of a Relay. Address and Hello must be given; the rest has
// defaults, used where the field is zero.
type RelayOptions struct {
	Address  string   // "host:port"
	Hello    string   // the name we give in EHLO: ours in the DNS, or "[192.0.2.1]"
	StartTLS StartTLS // TLSOpportunistic

	// Username and Password are sent under TLS or to this machine only; with
	// a Username, mail is not sent without having logged in.
	Username, Password string

	TLSConfig *tls.Config // TLS 1.2 at least, the system's roots, the host of Address as ServerName

	DialTimeout    time.Duration // 30 s
	CommandTimeout time.Duration // for a command and its whole reply, and for each block of a mail; 5 min
	DataTimeout    time.Duration // for the reply to the end of the mail; 10 min

	Dial     func(ctx context.Context, network, address string) (net.Conn, error) // TCP
	Resolver *net.Resolver                                                        // the system's; not used with Dial
}

// Relay is a Transport: it hands every mail to one SMTP server, each over a
// connection of its own, one recipient per transaction.
//
// A 5xx reply is permanent only where it speaks of the mail: to MAIL, RCPT,
// DATA and the end of the mail. What a relay says against us (its greeting, TLS,
// our password, 530) would hit every mail alike and is for people to mend, so
// the mails wait.
type Relay struct{ options RelayOptions }

// The defaults are those of RFC 5321 section 4.5.3.2, the longest of each group.
const (
	defaultDialTimeout    = 30 * time.Second
	defaultCommandTimeout = 5 * time.Minute
	defaultDataTimeout    = 10 * time.Minute
)

// NewRelay checks the options; it does not connect.
func NewRelay(o RelayOptions) (*Relay, error) {
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil || host == "" || port == "" {
		return nil, fmt.Errorf("relay address %q is not host:port", o.Address)
	}
	if _, ok := asciiDomain(o.Hello); !ok || !isASCII(o.Hello) {
		return nil, fmt.Errorf("relay hello %q is not a host name", o.Hello)
	}
	o.StartTLS = cmp.Or(o.StartTLS, TLSOpportunistic)
	if !slices.Contains([]StartTLS{TLSRequired, TLSOpportunistic, TLSNone}, o.StartTLS) {
		return nil, fmt.Errorf("relay starttls %q is none of required, opportunistic, none", o.StartTLS)
	}
	if (o.Username == "") != (o.Password == "") {
		return nil, errors.New("relay needs both a username and a password, or neither")
	}
	o.DialTimeout = orDefault(o.DialTimeout, defaultDialTimeout)
	o.CommandTimeout = orDefault(o.CommandTimeout, defaultCommandTimeout)
	o.DataTimeout = orDefault(o.DataTimeout, defaultDataTimeout)
	o.TLSConfig = tlsConfig(o, host)
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Resolver: o.Resolver}).DialContext
	}
	return &Relay{options: o}, nil
}

func tlsConfig(o RelayOptions, host string) *tls.Config {
	config := &tls.Config{}
	if o.TLSConfig != nil {
		config = o.TLSConfig.Clone()
	}
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	config.ServerName = cmp.Or(config.ServerName, host)
	if o.StartTLS == TLSOpportunistic && o.Username == "" {
		config.InsecureSkipVerify = true
	}
	return config
}

// Send gives the mail to the relay. It returns when that has answered to the
// end of the mail, when something fails, or when ctx is done.
func (r *Relay) Send(ctx context.Context, e Envelope) (Receipt, error) {
	m, err := newMessage(e)
	if err != nil {
		return Receipt{}, err
	}
	receipt, err := r.hand(ctx, m)
	if err != nil {
		return Receipt{}, fmt.Errorf("relay %s: %w", r.options.Address, err)
	}
	return receipt, nil
}

// hand gives the mail over, in clear after all where TLS is broken and may be.
func (r *Relay) hand(ctx context.Context, m message) (Receipt, error) {
	receipt, err := r.try(ctx, m, r.options.StartTLS)
	if errors.Is(err, errHandshake) && r.mayFallBack() {
		receipt, err = r.try(ctx, m, TLSNone)
	}
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return receipt, err
}

// mayFallBack: broken TLS is still better than none only where something is
// to be kept from others.
func (r *Relay) mayFallBack() bool {
	return r.options.StartTLS == TLSOpportunistic && r.options.Username == ""
}

func (r *Relay) try(ctx context.Context, m message, security StartTLS) (Receipt, error) {
	conn, err := r.dial(ctx)
	if err != nil {
		return Receipt{}, err
	}
	defer conn.Close()
	// Closing is what ends a read or write that is under way.
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	d := newDialogue(conn, r.options)
	receipt, err := d.give(m, security)
	d.quit(err)
	return receipt, err
}

func (r *Relay) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, r.options.DialTimeout)
	defer cancel()
	return r.options.Dial(ctx, "tcp", r.options.Address)
}

// temporary makes a refusal that is not about the mail one to be tried again.
func temporary(err error) error {
	var failure *Failure
	if !errors.As(err, &failure) {
		return err
	}
	soft := *failure
	soft.Permanent = false
	return &soft
}
