package deliver

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// message is an Envelope whose addresses have been checked and written.
type message struct {
	from, to path
	raw      []byte
}

func newMessage(e Envelope) (message, error) {
	m := message{from: nullPath, raw: e.Raw}
	var err error
	if e.From != "" {
		if m.from, err = newPath(e.From, "5.1.7"); err != nil {
			return message{}, err
		}
	}
	if m.to, err = newPath(e.To, "5.1.3"); err != nil {
		return message{}, err
	}
	return m, nil
}

func (m message) utf8() bool { return m.from.utf8 || m.to.utf8 }

// transact sends one mail to one recipient (RFC 5321 section 3.3).
func (d *dialogue) transact(m message) (Receipt, error) {
	mail, err := d.mailCommand(m)
	if err != nil {
		return Receipt{}, err
	}
	if err := d.command(2, mail); err != nil {
		return Receipt{}, authFirst(err)
	}
	if err := d.command(2, "RCPT TO:"+m.to.text); err != nil {
		return Receipt{}, authFirst(err)
	}
	if err := d.command(3, "DATA"); err != nil {
		return Receipt{}, authFirst(err)
	}
	got, err := d.data(m.raw)
	if err != nil {
		return Receipt{}, fmt.Errorf("mail data: %w", err)
	}
	if got.code/100 != 2 {
		return Receipt{}, got.failure()
	}
	receipt := Receipt{Host: d.host, Reply: got.String()}
	if d.secure != nil {
		receipt.TLS = tls.VersionName(d.secure.Version)
		receipt.Verified = certified(*d.secure, d.options.TLSConfig)
	}
	return receipt, nil
}

// mailCommand asks for SMTPUTF8 only if an address needs it: servers exist
// that announce it and refuse the mail. Our mails are 7-bit, so BODY is never
// said.
func (d *dialogue) mailCommand(m message) (string, error) {
	command := "MAIL FROM:" + m.from.text
	if d.offers("SIZE") { // RFC 1870
		limit, _ := strconv.ParseInt(strings.TrimSpace(d.keywords["SIZE"]), 10, 64)
		if limit > 0 && int64(len(m.raw)) > limit {
			return "", &Failure{Permanent: true, Enhanced: "5.3.4", Text: fmt.Sprintf("mail of %d octets, server takes %d", len(m.raw), limit)}
		}
		command += fmt.Sprintf(" SIZE=%d", len(m.raw))
	}
	switch {
	case !m.utf8():
		return command, nil
	case d.offers("SMTPUTF8"): // RFC 6531 section 3.4
		return command + " SMTPUTF8", nil
	}
	return "", &Failure{Permanent: true, Enhanced: "5.6.7", Text: "address needs SMTPUTF8, which the server does not offer"}
}

// authFirst takes 530 for what it is (RFC 4954 section 6, RFC 3207 section 4):
// the relay wants a login or TLS, and has not looked at the mail.
func authFirst(err error) error {
	if asFailure(err).Code == 530 {
		return temporary(err)
	}
	return err
}

// afterBreak is how long a relay that breaks off in the middle of a mail may
// take to say why.
const afterBreak = 5 * time.Second

// errUncertain: the whole mail was sent and never answered, so that nobody can
// know whether it was taken (RFC 1047).
var errUncertain = errors.New("no answer to the end of the mail")

// data sends the mail and reads the reply to its end.
func (d *dialogue) data(raw []byte) (reply, error) {
	if err := writeMail(blockWriter{d}, raw); err != nil {
		if got, broken := d.reply(afterBreak); broken == nil && got.code >= 400 {
			return got, nil
		}
		return reply{}, err
	}
	got, err := d.reply(d.options.DataTimeout)
	if err != nil {
		return reply{}, fmt.Errorf("%w: %w", errUncertain, err)
	}
	return got, nil
}

// blockWriter gives each block of a mail a deadline of its own.
type blockWriter struct{ *dialogue }

func (w blockWriter) Write(block []byte) (int, error) {
	if err := w.deadline(w.options.CommandTimeout); err != nil {
		return 0, err
	}
	return w.conn.Write(block)
}

const blockSize = 32 << 10

// writeMail writes a mail as it follows DATA: every line end is CRLF, also
// where it was a bare CR or LF, so that no server can see the end of the mail
// elsewhere than we do; dots are doubled and the end is marked (RFC 5321
// section 4.5.2).
func writeMail(w io.Writer, raw []byte) error {
	blocks := bufio.NewWriterSize(w, blockSize)
	for len(raw) > 0 {
		line, rest := cutLine(raw)
		if bytes.HasPrefix(line, []byte(".")) {
			blocks.WriteByte('.')
		}
		blocks.Write(line)
		blocks.WriteString("\r\n")
		raw = rest
	}
	blocks.WriteString(".\r\n")
	return blocks.Flush() // gives the first error of all the writes
}

// cutLine returns the first line without its end, and what follows that.
func cutLine(raw []byte) (line, rest []byte) {
	end := bytes.IndexAny(raw, "\r\n")
	switch {
	case end < 0:
		return raw, nil
	case bytes.HasPrefix(raw[end:], []byte("\r\n")):
		return raw[:end], raw[end+2:]
	}
	return raw[:end], raw[end+1:]
}
