package deliver

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mailServer is a real SMTP server on a port of this machine.
type mailServer struct {
	address    string
	roots      *x509.CertPool // that know its certificate
	mechanisms []string       // for AUTH; the password is "secret"

	mu      sync.Mutex
	refusal error // to RCPT
	taken   []taken
}

type taken struct {
	from, to, user, hello string
	tls                   bool
	raw                   string
}

func serve(t *testing.T, mechanisms ...string) *mailServer {
	t.Helper()
	certificate := newCertificate(t)
	m := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{certificate}}, mechanisms...)
	m.roots.AddCert(certificate.Leaf)
	return m
}

// serveTLS offers no TLS without a configuration.
func serveTLS(t *testing.T, config *tls.Config, mechanisms ...string) *mailServer {
	t.Helper()
	m := &mailServer{mechanisms: mechanisms, roots: x509.NewCertPool()}
	s := smtp.NewServer(m)
	s.Domain = "relay.example"
	s.AllowInsecureAuth = true
	s.EnableSMTPUTF8 = true
	s.TLSConfig = config
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	m.address = listener.Addr().String()
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	t.Cleanup(func() {
		s.Close()
		<-ended
	})
	return m
}

// newCertificate is valid for 127.0.0.1 and known to nobody.
func newCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))(t)
	leaf := must(x509.ParseCertificate(der))(t)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// options of a relay that trusts the server.
func (m *mailServer) options(security StartTLS) RelayOptions {
	return RelayOptions{
		Address: m.address, Hello: "desk.example", StartTLS: security,
		TLSConfig: &tls.Config{RootCAs: m.roots},
	}
}

func (m *mailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	return &mailSession{server: m, got: taken{tls: secure, hello: c.Hostname()}}, nil
}

func (m *mailServer) all() []taken {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.taken)
}

type mailSession struct {
	server *mailServer
	got    taken
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error { s.got.from = from; return nil }
func (s *mailSession) Reset()                                      {}
func (s *mailSession) Logout() error                               { return nil }
func (s *mailSession) AuthMechanisms() []string                    { return s.server.mechanisms }

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.got.to = to
	return s.server.refusal
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.got.raw = string(raw)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.taken = append(s.server.taken, s.got)
	return err
}

func (s *mailSession) Auth(mechanism string) (sasl.Server, error) {
	if mechanism == "LOGIN" {
		return &loginServer{session: s}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.login(user, password) }), nil
}

func (s *mailSession) login(user, password string) error {
	if password != "secret" {
		return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
	}
	s.got.user = user
	return nil
}

// loginServer asks for one word after the other.
type loginServer struct {
	session *mailSession
	words   []string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		l.words = append(l.words, string(response))
	}
	if len(l.words) == 2 {
		return nil, true, l.session.login(l.words[0], l.words[1])
	}
	return []byte([]string{"Username:", "Password:"}[len(l.words)]), false, nil
}

func envelope() Envelope {
	return Envelope{From: "b+7@desk.example", To: "ana@ayto.example", Raw: []byte(testMail)}
}

func TestRelayToServer(t *testing.T) {
	for _, test := range []struct {
		name       string
		security   StartTLS
		mechanisms []string
		change     func(*RelayOptions)
		want       string
		tls        bool
		user       string
	}{
		{"in clear", TLSNone, nil, nil, "delivered relay.example 250 2.0.0", false, ""},
		{"required", TLSRequired, nil, nil, "delivered", true, ""},
		{"required, unknown certificate", TLSRequired, nil, strange, "temporary", true, ""},
		{"opportunistic, unknown certificate", TLSOpportunistic, nil, strange, "delivered", true, ""},
		{"password, unknown certificate", TLSOpportunistic, []string{"PLAIN"}, both(strange, withPassword), "temporary", true, ""},
		{"plain", TLSRequired, []string{"LOGIN", "PLAIN"}, withPassword, "delivered", true, "desk"},
		{"login", TLSRequired, []string{"LOGIN"}, withPassword, "delivered", true, "desk"},
		{"in clear on this machine", TLSNone, []string{"PLAIN"}, withPassword, "delivered", false, "desk"},
		{"wrong password", TLSRequired, []string{"PLAIN"}, wrongPassword, "temporary 535 5.7.8 no", true, ""},
		{"no login offered", TLSRequired, nil, withPassword, "temporary server offers no login", true, ""},
		{"no login we know", TLSRequired, []string{"CRAM-MD5"}, withPassword, "temporary server offers no login", true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, test.mechanisms...)
			options := server.options(test.security)
			if test.change != nil {
				test.change(&options)
			}
			if got := send(t, options, envelope()); !strings.HasPrefix(got, test.want) {
				t.Fatalf("got %s, want %s", got, test.want)
			}
			want := taken{"b+7@desk.example", "ana@ayto.example", test.user, "desk.example", test.tls, testMail}
			got := server.all()
			if delivered := strings.HasPrefix(test.want, "delivered"); delivered && !slices.Equal(got, []taken{want}) || !delivered && len(got) > 0 {
				t.Errorf("server has %+v, want %+v", got, want)
			}
		})
	}
}

// A receipt says under what the mail went.
func TestRelayTellsTLS(t *testing.T) {
	server := serve(t)
	for security, want := range map[StartTLS]Receipt{
		TLSNone:          {},
		TLSOpportunistic: {TLS: "TLS 1.3", Verified: true},
		TLSRequired:      {TLS: "TLS 1.3", Verified: true},
	} {
		got := must(must(NewRelay(server.options(security)))(t).Send(t.Context(), envelope()))(t)
		if got.TLS != want.TLS || got.Verified != want.Verified {
			t.Errorf("%s: %+v", security, got)
		}
	}
	options := server.options(TLSOpportunistic)
	strange(&options)
	if got := must(must(NewRelay(options))(t).Send(t.Context(), envelope()))(t); got.TLS == "" || got.Verified {
		t.Errorf("unknown certificate: %+v", got)
	}
}

func strange(o *RelayOptions)       { o.TLSConfig = nil }
func withPassword(o *RelayOptions)  { o.Username, o.Password = "desk", "secret" }
func wrongPassword(o *RelayOptions) { o.Username, o.Password = "desk", "guess" }

func both(first, second func(*RelayOptions)) func(*RelayOptions) {
	return func(o *RelayOptions) { first(o); second(o) }
}

func TestManyMailsAtOnce(t *testing.T) {
	server := serve(t)
	relay := must(NewRelay(server.options(TLSRequired)))(t)
	var senders sync.WaitGroup
	for i := range 40 {
		senders.Go(func() {
			e := envelope()
			e.To = fmt.Sprintf("ana%d@ayto.example", i)
			if _, err := relay.Send(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
	if got := len(server.all()); got != 40 {
		t.Errorf("server has %d mails", got)
	}
}

// A cancelled context ends the sending at once, wherever it is.
func TestCancelledSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		defer server.Close()
		relay := must(NewRelay(RelayOptions{
			Address: "relay.example:25", Hello: "desk.example",
			Dial: func(context.Context, string, string) (net.Conn, error) { return client, nil },
		}))(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := relay.Send(ctx, envelope())
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

func TestUnreachableIsTemporary(t *testing.T) {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	address := listener.Addr().String()
	listener.Close()
	got := send(t, RelayOptions{Address: address, Hello: "desk.example"}, envelope())
	if !strings.HasPrefix(got, "temporary relay "+address) {
		t.Error(got)
	}
}

func TestRelayOptionsRefused(t *testing.T) {
	for name, change := range map[string]func(*RelayOptions){
		"no address":          func(o *RelayOptions) { o.Address = "" },
		"no port":             func(o *RelayOptions) { o.Address = "relay.example" },
		"no hello":            func(o *RelayOptions) { o.Hello = "" },
		"hello of two lines":  func(o *RelayOptions) { o.Hello = "a\r\nMAIL" },
		"unknown starttls":    func(o *RelayOptions) { o.StartTLS = "maybe" },
		"user but no secret":  func(o *RelayOptions) { o.Username = "desk" },
		"secret but no user":  func(o *RelayOptions) { o.Password = "secret" },
		"hello with accents":  func(o *RelayOptions) { o.Hello = "logroño.example" },
		"address without any": func(o *RelayOptions) { o.Address = ":25" },
	} {
		o := RelayOptions{Address: "relay.example:25", Hello: "desk.example"}
		change(&o)
		if _, err := NewRelay(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
