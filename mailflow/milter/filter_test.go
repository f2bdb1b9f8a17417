package milter

import (
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	protocol "github.com/emersion/go-milter"
)

// filterServer is a mail filter of go-milter's making. What it does is in the
// Subject of the mail; see does.
type filterServer struct {
	mu   sync.Mutex
	told []string
}

func (s *filterServer) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, fmt.Sprintf(format, args...))
}

func (s *filterServer) taken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := strings.Join(s.told, "\n")
	s.told = nil
	return told
}

// serveFilter starts it on a unix socket, and returns its address.
func serveFilter(t *testing.T, skip protocol.OptProtocol) (*filterServer, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "milter")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &filterServer{}
	server := &protocol.Server{
		NewMilter: func() protocol.Milter { return &session{server: s} },
		Actions:   offered,
		Protocol:  skip,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close()
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("milter: %v", err)
		}
	})
	return s, "unix:" + path
}

// session is a connection to the filterServer.
type session struct {
	server  *filterServer
	subject string
	size    int
}

func (s *session) Connect(host, family string, _ uint16, addr net.IP, m *protocol.Modifier) (protocol.Response, error) {
	s.server.note("connect %s %s %v j=%s", host, family, addr, m.Macros["j"])
	return s.does("connect")
}

func (s *session) Helo(name string, _ *protocol.Modifier) (protocol.Response, error) {
	s.server.note("helo %s", name)
	return s.does("helo")
}

func (s *session) MailFrom(from string, m *protocol.Modifier) (protocol.Response, error) {
	s.server.note("from <%s> i=%s", from, m.Macros["i"])
	return s.does("from")
}

func (s *session) RcptTo(to string, m *protocol.Modifier) (protocol.Response, error) {
	s.server.note("to <%s> %s", to, m.Macros["{rcpt_addr}"])
	if strings.HasPrefix(to, "nadie@") {
		return reply("550 5.1.1 nobody"), nil
	}
	return s.does("to")
}

func (s *session) Header(name, value string, _ *protocol.Modifier) (protocol.Response, error) {
	s.server.note("field %s|%s", name, value)
	if name == "Subject" {
		s.subject = value
	}
	return s.does("field")
}

func (s *session) Headers(textproto.MIMEHeader, *protocol.Modifier) (protocol.Response, error) {
	return s.does("header")
}

func (s *session) BodyChunk(chunk []byte, _ *protocol.Modifier) (protocol.Response, error) {
	s.size += len(chunk)
	return s.does("body")
}

func (s *session) Body(m *protocol.Modifier) (protocol.Response, error) {
	s.server.note("body of %d", s.size)
	return s.does("end", m)
}

func (s *session) Abort(*protocol.Modifier) error { return nil }

func reply(text string) protocol.Response { return protocol.NewResponseStr('y', text) }

var errVanish = errors.New("vanishes")

// does is what it does at a step: the Subject is "step what".
func (s *session) does(step string, m ...*protocol.Modifier) (protocol.Response, error) {
	at, what, _ := strings.Cut(s.subject, " ")
	if at != step {
		return protocol.RespContinue, nil
	}
	switch what {
	case "accept":
		return protocol.RespAccept, nil
	case "reject":
		return protocol.RespReject, nil
	case "tempfail":
		return protocol.RespTempFail, nil
	case "discard":
		return protocol.RespDiscard, nil
	case "vanish":
		return nil, errVanish
	case "babble":
		return protocol.NewResponse('z', nil), nil
	case "quarantine":
		return protocol.RespContinue, m[0].Quarantine("looks\r\nodd")
	case "mark":
		return protocol.RespAccept, errors.Join(m[0].AddHeader("X-Spam", "yes"), m[0].InsertHeader(0, "X-Score", "7\r\n\tof 10"),
			m[0].AddHeader("X-Bad: Name", "x"), m[0].AddHeader("X-Empty", ""))
	case "change":
		return protocol.RespAccept, errors.Join(m[0].ChangeHeader(1, "X-Spam", ""), m[0].ChangeHeader(1, "Subject", "[SPAM] mira"))
	}
	return reply(what), nil
}
