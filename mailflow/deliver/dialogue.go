package deliver

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

var (
	errHandshake = errors.New("tls handshake failed")
	errInjected  = errors.New("server sent more than its reply to starttls")
)

// dialogue is one connection to a relay. Every read and write has a deadline.
type dialogue struct {
	options  RelayOptions
	conn     net.Conn
	replies  *bufio.Reader
	host     string               // the relay's own name, from its greeting
	keywords map[string]string    // what EHLO announced, in upper case, with its parameters
	secure   *tls.ConnectionState // nil in clear
}

func newDialogue(conn net.Conn, o RelayOptions) *dialogue {
	return &dialogue{options: o, conn: conn, replies: newReplyReader(conn)}
}

// give sends one mail over a new connection.
func (d *dialogue) give(m message, security StartTLS) (Receipt, error) {
	if err := d.open(security); err != nil {
		return Receipt{}, temporary(err)
	}
	return d.transact(m)
}

// open goes as far as the relay being ready for a mail.
func (d *dialogue) open(security StartTLS) error {
	if err := d.greeting(); err != nil {
		return err
	}
	if err := d.hello(); err != nil {
		return err
	}
	if err := d.startTLS(security); err != nil {
		return err
	}
	return d.login()
}

func (d *dialogue) greeting() error {
	got, err := d.reply(d.options.CommandTimeout)
	if err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	if got.code != 220 {
		return got.failure()
	}
	d.host, _, _ = strings.Cut(got.lines[0], " ")
	return nil
}

// hello says EHLO, and HELO to a server that does not know it (RFC 5321
// section 3.2).
func (d *dialogue) hello() error {
	got, err := d.ask("EHLO " + d.options.Hello)
	if err != nil {
		return err
	}
	d.keywords = map[string]string{}
	if got.code/100 == 5 {
		return d.command(2, "HELO "+d.options.Hello)
	}
	if got.code/100 != 2 {
		return got.failure()
	}
	for _, line := range got.lines[1:] {
		// QUIRK: "AUTH=LOGIN" is how servers announced it before RFC 2554.
		keyword, parameters, _ := strings.Cut(strings.Replace(line, "=", " ", 1), " ")
		d.keywords[strings.ToUpper(keyword)] += " " + strings.ToUpper(parameters)
	}
	return nil
}

func (d *dialogue) offers(keyword string) bool {
	_, offered := d.keywords[keyword]
	return offered
}

// startTLS is RFC 3207. All that the relay said before is forgotten.
func (d *dialogue) startTLS(security StartTLS) error {
	switch {
	case security == TLSNone:
		return nil
	case !d.offers("STARTTLS") && security == TLSRequired:
		return &Failure{Text: "server does not offer the starttls we require"}
	case !d.offers("STARTTLS"):
		return nil
	}
	err := d.command(2, "STARTTLS")
	var refused *Failure
	if errors.As(err, &refused) && refused.Code != 421 && security == TLSOpportunistic {
		return nil
	}
	if err != nil {
		return err
	}
	if d.replies.Buffered() > 0 {
		// Sent in clear by whoever sits between, to be read as if under TLS.
		return errInjected
	}
	return d.handshake()
}

func (d *dialogue) handshake() error {
	secured := tls.Client(d.conn, d.options.TLSConfig)
	if err := d.deadline(d.options.CommandTimeout); err != nil {
		return err
	}
	if err := secured.Handshake(); err != nil {
		return fmt.Errorf("%w: %w", errHandshake, err)
	}
	state := secured.ConnectionState()
	d.conn, d.replies, d.secure = secured, newReplyReader(secured), &state
	return d.hello()
}

// certified says whether the certificate is valid for the host, also where
// nobody insisted on it.
func certified(state tls.ConnectionState, config *tls.Config) bool {
	if len(state.VerifiedChains) > 0 || len(state.PeerCertificates) == 0 {
		return len(state.VerifiedChains) > 0
	}
	intermediates := x509.NewCertPool()
	for _, certificate := range state.PeerCertificates[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{
		Roots: config.RootCAs, DNSName: config.ServerName, Intermediates: intermediates,
	})
	return err == nil
}

// login is RFC 4954 with the mechanisms every relay has one of.
func (d *dialogue) login() error {
	user, password := d.options.Username, d.options.Password
	if user == "" {
		return nil
	}
	mechanisms := strings.Fields(d.keywords["AUTH"])
	switch {
	case d.secure == nil && !isLoopback(d.conn.RemoteAddr()):
		return &Failure{Text: "password not sent without tls"}
	case slices.Contains(mechanisms, "PLAIN"): // RFC 4616
		return d.command(2, "AUTH PLAIN "+encode("\x00"+user+"\x00"+password))
	case slices.Contains(mechanisms, "LOGIN"):
		return d.loginInSteps(user, password)
	}
	return &Failure{Text: "server offers no login we know"}
}

func (d *dialogue) loginInSteps(user, password string) error {
	if err := d.command(3, "AUTH LOGIN"); err != nil {
		return err
	}
	if err := d.command(3, encode(user)); err != nil {
		return err
	}
	return d.command(2, encode(password))
}

// command sends a line and fails unless the reply is of the given class.
func (d *dialogue) command(class int, line string) error {
	got, err := d.ask(line)
	if err != nil {
		return err
	}
	if got.code/100 != class {
		return got.failure()
	}
	return nil
}

// ask sends a line and reads the reply, whatever it is.
func (d *dialogue) ask(line string) (reply, error) {
	verb, _, _ := strings.Cut(line, " ")
	if strings.ContainsAny(line, "\r\n\x00") {
		return reply{}, fmt.Errorf("%.10q: command of two lines", verb)
	}
	if err := d.deadline(d.options.CommandTimeout); err != nil {
		return reply{}, err
	}
	if _, err := d.conn.Write([]byte(line + "\r\n")); err != nil {
		return reply{}, fmt.Errorf("send command: %w", err)
	}
	return d.reply(d.options.CommandTimeout)
}

// reply reads one reply, which must be there whole within the timeout.
func (d *dialogue) reply(timeout time.Duration) (reply, error) {
	if err := d.deadline(timeout); err != nil {
		return reply{}, err
	}
	got, err := readReply(d.replies)
	if err != nil {
		return reply{}, fmt.Errorf("read reply: %w", err)
	}
	return got, nil
}

func (d *dialogue) deadline(timeout time.Duration) error {
	return d.conn.SetDeadline(time.Now().Add(timeout))
}

// quitTimeout is short: the mail may be the relay's by now, and until that is
// recorded a crash would send it twice.
const quitTimeout = 2 * time.Second

// quit is a courtesy (RFC 5321 section 4.1.1.10) to a relay that is still
// there: one that took the mail, or refused it without hanging up.
func (d *dialogue) quit(err error) {
	var refused *Failure
	if err != nil && (!errors.As(err, &refused) || refused.Code == 421) || d.deadline(quitTimeout) != nil {
		return
	}
	if _, err := d.conn.Write([]byte("QUIT\r\n")); err == nil {
		_, _ = readReply(d.replies)
	}
}

func isLoopback(address net.Addr) bool {
	peer, err := netip.ParseAddrPort(address.String())
	return err == nil && peer.Addr().Unmap().IsLoopback()
}

func encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
