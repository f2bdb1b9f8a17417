package smtpd

import (
	"cmp"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/emersion/go-smtp"
)

// Envelope is one mail as the peer gave it.
type Envelope struct {
	Remote   netip.Addr // the peer's address, by the word of Options.Proxies or Fronts if it comes by them; the zero Addr for a unix socket
	Hello    string     // the name given to EHLO, HELO or LHLO, cleaned and cut; it proves nothing
	TLS      bool
	Protocol string   // the "with" keyword of a Received field: "ESMTPS", "LMTP" … (RFC 3848, RFC 6531 section 4.3)
	From     string   // the reverse-path, "" for <>
	To       []string // the recipients taken, in order; one given twice stands twice
	Content  Content
}

// Handler is what the server asks. Both methods may be called concurrently,
// and must return soon after ctx is done. An error becomes a reply by the rule
// of Refused.
type Handler interface {
	// Recipient says whether mail for the address to is taken. A bare
	// <Postmaster> arrives as Postmaster@Options.Hostname and should be taken
	// (RFC 5321 section 4.5.1).
	Recipient(ctx context.Context, from, to string) error
	// Deliver acts on the whole mail. Without an error the peer reads 250: the
	// mail is done and kept. It returns one text per recipient, in the order
	// of env.To, and SMTP joins the distinct ones with ", ". LMTP asks once
	// for each recipient and answers each by itself. The Envelope's Content
	// is gone once the last recipient is answered.
	Deliver(ctx context.Context, env *Envelope) ([]string, error)
}

// Options are the bounds and names of a Server. Zero means the default given.
type Options struct {
	Hostname string      // what we call ourselves; "localhost"
	LMTP     bool        // speak LMTP instead of SMTP
	TLS      *tls.Config // for STARTTLS; nil: not offered. See CertReloader
	UTF8     bool        // offer SMTPUTF8 (RFC 6531)

	MaxMessageBytes int64 // per mail, 50 MiB; above: 552 5.3.4
	MaxRecipients   int   // per mail, 100 (RFC 5321 section 4.5.3.1.8); above: 452 4.5.3
	MaxConnections  int   // in all, 200; above: 421 4.3.2 instead of the greeting
	MaxPerNetwork   int   // per IPv4 address or IPv6 /64, 20; above: 421 4.7.0 instead of the greeting
	MaxLineLength   int   // of a mail's lines, in bytes, 128 KiB; above: 500 5.6.0
	ErrorBudget     int   // refusals and mistakes per connection, 20; then 421 4.7.0

	IdleTimeout   time.Duration // for a command or the next bytes of a mail, 5 min (RFC 5321 section 4.5.3.2.7)
	DataTimeout   time.Duration // for receiving one mail, 15 min
	Lifetime      time.Duration // after which no further command is waited for, 1 h; then 421 4.4.2
	HandleTimeout time.Duration // for each call of the Handler, 20 s
	Grace         time.Duration // for mails in progress when Serve is told to stop, 30 s

	TempDir     string // for large mails; "" is os.TempDir()
	InlineBytes int    // mails up to this size stay in memory, 64 KiB

	// Rates bound what one network may do within an hour; see there.
	Rates Rates
	// Now is the clock of Rates; nil: time.Now.
	Now func() time.Time
	// Exempt says which peers MaxPerNetwork, Rates and Blocklists do not apply
	// to, such as loopback; nil: none. A unix socket always is, and so are
	// Proxies and Fronts while they speak for themselves.
	Exempt func(netip.Addr) bool

	// Proxies are the networks of load balancers whose connections must begin
	// with a header of the PROXY protocol, version 1 or 2, or end with 421
	// 4.7.0. The address in it is the peer's from then on. A proxy can claim
	// any address, trusted ones too; what it sends as its own ("LOCAL",
	// "UNKNOWN") counts as such, so a proxy should not itself be trusted.
	Proxies      []netip.Prefix
	ProxyTimeout time.Duration // for the header, 10 s
	// Fronts are the networks of mail servers that may say by XCLIENT (NAME,
	// ADDR, PROTO, HELO) whose mail they bring. The address is the peer's from
	// then on, as with Proxies.
	Fronts []netip.Prefix

	// Blocklists are DNS zones that list the addresses of spammers (RFC 5782),
	// such as "zen.spamhaus.example". A recipient named by a peer that one of
	// them lists reads 550 5.7.1, except postmaster. A list that gives no
	// answer lists nobody.
	Blocklists       []string
	Resolver         Resolver      // for Blocklists; nil: net.DefaultResolver
	BlocklistTimeout time.Duration // for all of them together, 5 s

	// Refused is told, once for each, the recipients and mails refused before
	// Handler.Deliver was asked: by a bound of ours, as no address, by
	// Handler.Recipient, or because the mail broke off. What Deliver refuses
	// it knows itself; a command without an address is nobody's mail. It is
	// called after the reply, in the connection's goroutine, so several may
	// call at once, and the peer waits while it runs: it must return soon.
	// ErrorBudget bounds how often, except for recipients above
	// MaxRecipients. nil: nobody is told.
	Refused func(Refusal)
	Logger  *slog.Logger // nil: slog.Default()
}

func (o Options) withDefaults() Options {
	o.Hostname = cmp.Or(o.Hostname, "localhost")
	o.MaxMessageBytes = cmp.Or(o.MaxMessageBytes, 50<<20)
	o.MaxRecipients = cmp.Or(o.MaxRecipients, 100)
	o.MaxConnections = cmp.Or(o.MaxConnections, 200)
	o.MaxPerNetwork = cmp.Or(o.MaxPerNetwork, 20)
	o.MaxLineLength = cmp.Or(o.MaxLineLength, 128<<10)
	o.ErrorBudget = cmp.Or(o.ErrorBudget, 20)
	o.IdleTimeout = cmp.Or(o.IdleTimeout, 5*time.Minute)
	o.DataTimeout = cmp.Or(o.DataTimeout, 15*time.Minute)
	o.Lifetime = cmp.Or(o.Lifetime, time.Hour)
	o.HandleTimeout = cmp.Or(o.HandleTimeout, 20*time.Second)
	o.Grace = cmp.Or(o.Grace, 30*time.Second)
	o.InlineBytes = cmp.Or(o.InlineBytes, 64<<10)
	o.ProxyTimeout = cmp.Or(o.ProxyTimeout, 10*time.Second)
	o.BlocklistTimeout = cmp.Or(o.BlocklistTimeout, 5*time.Second)
	if o.Exempt == nil {
		o.Exempt = func(netip.Addr) bool { return false }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	o.Logger = cmp.Or(o.Logger, slog.Default())
	return o
}

// Server takes mail on any number of listeners; the connection limits hold for
// all of them together. It is made by New.
type Server struct {
	opt     Options
	handler Handler
	slots   *slots
	rates   *rates
	log     eventLog
}

// New makes a server that asks h about every mail.
func New(opt Options, h Handler) *Server {
	opt = opt.withDefaults()
	return &Server{
		opt:     opt,
		handler: h,
		slots:   newSlots(opt.MaxConnections, opt.MaxPerNetwork, opt.stranger),
		rates:   newRates(opt.Rates),
		log:     eventLog{opt.Logger},
	}
}

// Serve takes mail on l, which must not speak TLS itself, until ctx is done or
// l fails. Then l is closed and no new mail is taken: idle connections read
// 421 4.3.2, mails being received or handled are finished and answered (a BDAT
// transfer between two chunks is idle: its sender keeps the mail). After
// Options.Grace what is left is cut off and the Handler's contexts end. Serve
// returns when every connection and every call of the Handler has ended; nil
// if ctx was done, otherwise the listener's error.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	handling, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	d := newDoor(s, l, handling)
	library := s.library(d)
	failed := make(chan error, 1)
	go func() { failed <- library.Serve(d) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		_ = d.Close()
		<-failed
	}
	d.drain()
	grace := time.AfterFunc(s.opt.Grace, func() { d.cut(); cancel() })
	defer grace.Stop()
	_ = library.Shutdown(context.Background()) // closes l again, then waits for the connections
	d.wait()
	return err
}

// library is go-smtp with everything off that guard and session do: it sees no
// TLS and has no time, size or line limits of its own.
func (s *Server) library(d *door) *smtp.Server {
	library := smtp.NewServer(d)
	library.Domain = s.opt.Hostname
	library.LMTP = s.opt.LMTP
	library.MaxMessageBytes = 0 // it would give up a mail half-way
	library.MaxRecipients = s.opt.MaxRecipients
	library.MaxLineLength = 0
	library.EnableSMTPUTF8 = s.opt.UTF8
	library.ErrorLog = s.log
	return library
}
