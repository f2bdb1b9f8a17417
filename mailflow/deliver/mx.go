package deliver

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// MXOptions of an MX. Hello and Resolver must be given; the rest has defaults,
// used where the field is zero.
type MXOptions struct {
	Hello    string // the name we give in EHLO: ours in the DNS, or "[192.0.2.1]"
	Resolver Resolver

	// Names and Addresses are what others know us by in the DNS, beside Hello
	// and the addresses of this machine: an MX that is us is not dialled.
	Names     []string
	Addresses []netip.Addr
	// Loopback lets mail go to this machine's own addresses, for trying
	// things out. Names and Addresses stay ours.
	Loopback bool

	Port         int            // 25
	Roots        *x509.CertPool // that certificates must lead to; the system's
	PolicyFolder string         // where MTA-STS policies outlive the process; nowhere

	PerDomain int           // mails on their way to one domain at a time; 2
	Wait      time.Duration // real time, for one of these to arrive before the next is deferred; 30 s
	Hold      time.Duration // for which a domain is left alone after none of its hosts answered; 50 s

	Timeout        time.Duration // for one mail, whatever happens; 15 min
	DialTimeout    time.Duration // for one address; 30 s
	CommandTimeout time.Duration // for a command and its whole reply, and for each block of a mail; 5 min
	DataTimeout    time.Duration // for the reply to the end of the mail; 10 min

	Clock   Clock                                                                // the machine's; says when holds and policies end
	Shuffle func(n int, swap func(i, j int))                                     // order among equals; by chance
	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // TCP; address is "ip:port", to policy hosts too
	Logger  *slog.Logger                                                         // none
}

// MX is a Transport: it brings every mail to the hosts that the recipient's
// domain names in the DNS (RFC 5321 section 5.1), at most five of them and four
// addresses of each, in their order, until one takes the mail or refuses it
// with a 5xx reply to MAIL, RCPT, DATA or the end of the mail. All else makes
// it go on to the next; when none is left, the failure is temporary. But where
// a mail was sent whole and not answered it does not go on, as the mail may
// have been taken.
//
// TLS is used where the host has it, whoever it is (RFC 7435), and where that
// fails the mail goes in clear; unless the domain has an MTA-STS policy (RFC
// 8461) that says otherwise. DANE (RFC 7672) is not looked at: it needs a
// resolver that validates.
//
// What is permanent without a host's word: a domain that does not exist
// (5.1.2) or takes no mail (5.1.10), and one whose nearest MX is us (5.4.6).
type MX struct {
	options      MXOptions
	router       *router
	policies     *policies
	destinations *destinations
}

const (
	defaultMXTimeout = 15 * time.Minute // less than Options.SendTimeout
	// defaultHold is shorter than the wait before the second attempt, so that
	// this one is made and not held.
	defaultHold = 50 * time.Second
)

// NewMX checks the options, makes PolicyFolder where it is missing and reads
// the policies in it. It does not connect.
func NewMX(o MXOptions) (*MX, error) {
	if o.Resolver == nil {
		return nil, errors.New("mx delivery needs a resolver")
	}
	if _, ok := asciiDomain(o.Hello); !ok || !isASCII(o.Hello) {
		return nil, fmt.Errorf("mx hello %q is not a host name", o.Hello)
	}
	if o.Port < 0 || o.Port > 65535 {
		return nil, fmt.Errorf("mx port %d is none", o.Port)
	}
	o = o.complete()
	policies, err := newPolicies(o)
	if err != nil {
		return nil, err
	}
	return &MX{
		options:  o,
		policies: policies,
		router: &router{resolver: o.Resolver, shuffle: o.Shuffle, self: self{
			names: canonical(append([]string{o.Hello}, o.Names...)), addresses: o.Addresses,
			loopback: o.Loopback, machine: net.InterfaceAddrs,
		}},
		destinations: &destinations{limit: o.PerDomain, wait: o.Wait, hold: o.Hold, clock: o.Clock, gates: map[string]*gate{}},
	}, nil
}

func (o MXOptions) complete() MXOptions {
	o.Port = orDefault(o.Port, 25)
	o.PerDomain = orDefault(o.PerDomain, 2)
	o.Wait = orDefault(o.Wait, 30*time.Second)
	o.Hold = orDefault(o.Hold, defaultHold)
	o.Timeout = orDefault(o.Timeout, defaultMXTimeout)
	o.DialTimeout = orDefault(o.DialTimeout, defaultDialTimeout)
	o.CommandTimeout = orDefault(o.CommandTimeout, defaultCommandTimeout)
	o.DataTimeout = orDefault(o.DataTimeout, defaultDataTimeout)
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	if o.Shuffle == nil {
		o.Shuffle = rand.Shuffle
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	return o
}

func canonical(names []string) []string {
	for i, name := range names {
		names[i] = strings.ToLower(strings.TrimSuffix(name, "."))
	}
	return names
}

// Send gives the mail to a host of the recipient's domain.
func (t *MX) Send(ctx context.Context, e Envelope) (Receipt, error) {
	m, err := newMessage(e)
	if err != nil {
		return Receipt{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, t.options.Timeout)
	defer cancel()
	leave, err := t.destinations.enter(ctx, m.to.domain)
	if err != nil {
		return Receipt{}, err
	}
	receipt, err := t.deliver(ctx, m)
	hold := ""
	if errors.Is(err, errSilence) {
		hold = err.Error()
	}
	leave(hold)
	return receipt, err
}

func (t *MX) deliver(ctx context.Context, m message) (Receipt, error) {
	exchanges, err := t.router.route(ctx, m.to.domain)
	if err != nil {
		return Receipt{}, err
	}
	p := t.policies.of(ctx, m.to.domain)
	if exchanges, err = p.admit(exchanges); err != nil {
		return Receipt{}, err
	}
	return t.tryAll(ctx, exchanges, p, m)
}

// errSilence: of all hosts, none has had anything to say about the mail.
var errSilence = errors.New("no host can be spoken to")

func (t *MX) tryAll(ctx context.Context, exchanges []exchange, p policy, m message) (Receipt, error) {
	var failures []error
	silence := true
	for _, x := range exchanges {
		receipt, err := t.tryHost(ctx, x, p, m)
		if err == nil || isFinal(err) || ctx.Err() != nil {
			return receipt, err
		}
		silence = silence && isSilence(err)
		failures = append(failures, err)
	}
	err := errors.Join(failures...)
	if silence {
		err = fmt.Errorf("%w: %w", errSilence, err)
	}
	return Receipt{}, err
}

// tryHost goes through the addresses of a host until one speaks of the mail:
// what it has said the others would say as well.
func (t *MX) tryHost(ctx context.Context, x exchange, p policy, m message) (Receipt, error) {
	var failures []error
	for name, hop := range t.hops(x, p) {
		receipt, err := hop.hand(ctx, m)
		if err == nil {
			receipt.Host, receipt.Policy = name, p.verdict(x.name, receipt)
			return receipt, nil
		}
		err = fmt.Errorf("%s: %w", name, err)
		if !isSilence(err) || isFinal(err) || ctx.Err() != nil {
			return Receipt{}, err
		}
		failures = append(failures, err)
	}
	return Receipt{}, errors.Join(failures...)
}

// hops are the addresses of a host, each as a relay, with a name for people.
func (t *MX) hops(x exchange, p policy) iter.Seq2[string, *Relay] {
	o := t.options
	security := TLSOpportunistic
	if p.mode == modeEnforce {
		security = TLSRequired // with a certificate valid for the host: RFC 8461 section 4.2
	}
	return func(yield func(string, *Relay) bool) {
		for _, address := range x.addresses {
			hop := &Relay{options: RelayOptions{
				Address: net.JoinHostPort(address.String(), strconv.Itoa(o.Port)), Hello: o.Hello, StartTLS: security,
				DialTimeout: o.DialTimeout, CommandTimeout: o.CommandTimeout, DataTimeout: o.DataTimeout, Dial: o.Dial,
				TLSConfig: &tls.Config{RootCAs: o.Roots},
			}}
			hop.options.TLSConfig = tlsConfig(hop.options, x.name)
			if !yield(fmt.Sprintf("%s [%s]", x.name, address), hop) {
				return
			}
		}
	}
}

// isFinal: the mail was refused, or may have been taken. No other host is to
// be asked.
func isFinal(err error) bool {
	return asFailure(err).Permanent || errors.Is(err, errUncertain)
}

// isSilence: no word of the mail itself. 421 is said by a host that closes,
// whatever it was asked (RFC 5321 section 3.8).
func isSilence(err error) bool {
	var said *Failure
	return !errors.Is(err, errUncertain) && (!errors.As(err, &said) || said.Code == 421)
}
