package mailtest

import (
	"context"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"
)

// Answer is what a server said to a mail: at its end, or at the command that
// it refused.
type Answer struct {
	Code int
	Text string
}

func (a Answer) String() string { return fmt.Sprintf("%d %s", a.Code, a.Text) }

// patience bounds a whole dialogue.
const patience = time.Minute

// Submit hands a mail to the SMTP server at host:port for several recipients at once; line ends
// become CRLF. A mail or recipient that is refused is no error but an answer;
// where one recipient is refused nobody gets the mail.
func Submit(ctx context.Context, server, from string, to []string, raw []byte) (Answer, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", server)
	if err != nil {
		return Answer{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return Answer{}, err
	}
	s := session{textproto.NewConn(conn)}
	// RFC 1870 section 5: a client that knows the size says it.
	commands := []string{"", "EHLO localhost", fmt.Sprintf("MAIL FROM:<%s> SIZE=%d", from, len(raw))}
	for _, recipient := range to {
		commands = append(commands, "RCPT TO:<"+recipient+">")
	}
	for _, command := range append(commands, "DATA") {
		if answer, err := s.say(command); err != nil || answer.Code >= 400 {
			return answer, err
		}
	}
	return s.content(raw)
}

type session struct{ *textproto.Conn }

// say sends a command, none if it is empty, and reads the answer.
func (s session) say(command string) (Answer, error) {
	if command != "" {
		if err := s.PrintfLine("%s", command); err != nil {
			return Answer{}, err
		}
	}
	code, text, err := s.ReadResponse(0)
	return Answer{Code: code, Text: strings.ReplaceAll(text, "\n", " ")}, err
}

func (s session) content(raw []byte) (Answer, error) {
	w := s.DotWriter()
	if _, err := w.Write(raw); err != nil {
		return Answer{}, err
	}
	if err := w.Close(); err != nil {
		return Answer{}, err
	}
	answer, err := s.say("")
	if err == nil {
		_, err = s.say("QUIT")
	}
	return answer, err
}
