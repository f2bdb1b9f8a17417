package deliver

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A dialogue in testdata/dialogues is what a relay does and what the client
// must say, line by line:
//
//	options: starttls=required user=desk size=200000
//	to: ana@ayto.example
//	connect           a connection is made; the first one needs no such line
//	S: text           the relay sends a line; neighbours go out at once
//	C: text           the client must send exactly this line
//	mail              the client must send the mail and its end
//	bytes             the client must send something, such as a TLS greeting
//	silence           the relay reads and sends nothing more, and stays
//	flood: text       the relay sends the text for ever
//	drip: text        the relay sends one octet of the text a minute
//	close             the relay closes the connection
//	within: 5m        how long the whole may take, of the clock in the bubble
//	want: words       "delivered", "temporary" or "permanent", and the remote's words
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/dialogues/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d dialogues, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { play(t, parseDialogue(t, string(text))) })
		})
	}
}

const testMail = "Subject: Alta\r\n\r\n.dot\r\nend\r\n"

// scene is one dialogue file.
type scene struct {
	options     RelayOptions
	envelope    Envelope
	connections [][]string // the steps of each
	within      time.Duration
	want        string
}

func parseDialogue(t *testing.T, text string) *scene {
	t.Helper()
	s := &scene{
		options:     RelayOptions{Address: "relay.example:25", Hello: "desk.example", StartTLS: TLSNone},
		envelope:    Envelope{From: "b+7@desk.example", To: "ana@ayto.example", Raw: []byte(testMail)},
		connections: make([][]string, 1),
		within:      time.Hour,
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		key, value, _ := strings.Cut(line, ": ")
		switch last := len(s.connections) - 1; key {
		case "options":
			s.setOptions(t, value)
		case "to":
			s.envelope.To = value
		case "from":
			s.envelope.From = strings.Trim(value, "<>")
		case "within":
			s.within = must(time.ParseDuration(value))(t)
		case "want":
			s.want = value
		case "connect":
			s.connections = append(s.connections, nil)
		default:
			if line != "" && line[0] != '#' {
				s.connections[last] = append(s.connections[last], line)
			}
		}
	}
	return s
}

func (s *scene) setOptions(t *testing.T, options string) {
	t.Helper()
	for option := range strings.FieldsSeq(options) {
		switch key, value, _ := strings.Cut(option, "="); key {
		case "starttls":
			s.options.StartTLS = StartTLS(value)
		case "user":
			s.options.Username, s.options.Password = value, "secret"
		case "size":
			var size int
			fmt.Sscan(value, &size)
			s.envelope.Raw = []byte(testMail + strings.Repeat("x\r\n", size/3))
		default:
			t.Fatalf("option %s", option)
		}
	}
}

func play(t *testing.T, s *scene) {
	var peers []*peer
	over := make(chan struct{})
	s.options.Dial = func(context.Context, string, string) (net.Conn, error) {
		if len(peers) == len(s.connections) {
			return nil, fmt.Errorf("connection %d is not in the dialogue", len(peers)+1)
		}
		client, server := net.Pipe()
		p := &peer{
			conn: server, lines: bufio.NewReader(server), mail: s.envelope.Raw,
			over: over, done: make(chan error, 1),
		}
		go p.run(s.connections[len(peers)])
		peers = append(peers, p)
		return client, nil
	}
	start := time.Now()
	got := send(t, s.options, s.envelope)
	close(over)
	if took := time.Since(start); took > s.within {
		t.Errorf("took %s, longer than %s", took, s.within)
	}
	for i, p := range peers {
		if err := <-p.done; err != nil {
			t.Errorf("connection %d: %v", i+1, err)
		}
	}
	if !strings.HasPrefix(got, strings.Fields(s.want)[0]) || !strings.Contains(got, s.want[strings.Index(s.want, " ")+1:]) {
		t.Errorf("got  %s\nwant %s", got, s.want)
	}
}

// send says in words what came of sending.
func send(t *testing.T, o RelayOptions, e Envelope) string {
	t.Helper()
	relay := must(NewRelay(o))(t)
	receipt, err := relay.Send(t.Context(), e)
	if err == nil {
		return "delivered " + receipt.Host + " " + receipt.Reply
	}
	failure := asFailure(err)
	return map[bool]string{true: "permanent ", false: "temporary "}[failure.Permanent] + failure.Error()
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// peer is the relay of a dialogue.
type peer struct {
	conn  net.Conn
	lines *bufio.Reader
	mail  []byte
	over  <-chan struct{} // closed when the client has finished
	done  chan error
}

func (p *peer) run(steps []string) {
	defer p.conn.Close()
	var said strings.Builder
	for _, step := range steps {
		key, text, _ := strings.Cut(step, ": ")
		if key == "S" {
			said.WriteString(text + "\r\n")
			continue
		}
		// A client that has gone away shows in what it fails to say.
		io.WriteString(p.conn, said.String())
		said.Reset()
		if err := p.step(key, text); err != nil {
			p.done <- fmt.Errorf("at %q: %w", step, err)
			return
		}
	}
	io.WriteString(p.conn, said.String())
	p.done <- nil
}

func (p *peer) step(key, text string) error {
	switch key {
	case "C":
		return p.expect(text)
	case "mail":
		return p.expectMail()
	case "bytes":
		_, err := p.lines.ReadByte()
		return err
	case "silence":
		<-p.over
		return nil
	case "flood":
		for {
			if _, err := io.WriteString(p.conn, text+"\r\n"); err != nil {
				return nil
			}
		}
	case "drip":
		for _, octet := range []byte(text) {
			time.Sleep(time.Minute) // the bubble's clock
			p.conn.Write([]byte{octet})
		}
		return nil
	case "close":
		return p.conn.Close()
	}
	return fmt.Errorf("no such step")
}

func (p *peer) expect(want string) error {
	got, err := p.lines.ReadString('\n')
	if err == nil && got != want+"\r\n" {
		err = fmt.Errorf("client says %q", got)
	}
	return err
}

func (p *peer) expectMail() error {
	for line := range strings.Lines(string(p.mail)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, ".") {
			line = "." + line
		}
		if err := p.expect(line); err != nil {
			return err
		}
	}
	return p.expect(".")
}

func TestCommandOfTwoLinesIsNeverSent(t *testing.T) {
	client, server := net.Pipe()
	defer client.Close()
	server.Close()
	d := newDialogue(client, RelayOptions{CommandTimeout: time.Second, TLSConfig: &tls.Config{}})
	if _, err := d.ask("RCPT TO:<a@b.example>\r\nDATA"); err == nil || !strings.Contains(err.Error(), "two lines") {
		t.Errorf("error %v", err)
	}
}
