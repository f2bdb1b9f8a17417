package deliver

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// reply is what a server answers to one command (RFC 5321 section 4.2): a code
// from 200 to 599 and the text of each line, without control characters.
type reply struct {
	code  int
	lines []string
}

// The bounds of a reply, for servers that never stop. RFC 5321 section
// 4.5.3.1.5 has lines of 512 octets; real ones are longer.
const (
	maxReplyLine  = 4096
	maxReplyLines = 128
)

var (
	errLongReply = errors.New("reply longer than any server needs")
	errNoReply   = errors.New("not an SMTP reply")
)

// newReplyReader makes the reader that readReply needs: its buffer is the
// longest line.
func newReplyReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, maxReplyLine) }

// readReply reads one reply of one or more lines. An error means that nothing
// more can be understood on this connection.
func readReply(r *bufio.Reader) (reply, error) {
	var got reply
	for len(got.lines) < maxReplyLines {
		line, err := readLine(r)
		if err != nil {
			return reply{}, err
		}
		code, text, last, err := parseReplyLine(line)
		if err == nil && got.code != 0 && code != got.code {
			err = errNoReply // RFC 5321 section 4.2.1: every line has the same code
		}
		if err != nil {
			return reply{}, fmt.Errorf("%w: %.80q", err, line)
		}
		got.code, got.lines = code, append(got.lines, text)
		if last {
			return got, nil
		}
	}
	return reply{}, errLongReply
}

// readLine takes a bare LF for a line end, as servers exist that send it.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", errLongReply
	case err == io.EOF:
		return "", io.ErrUnexpectedEOF
	case err != nil:
		return "", err
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

var replyLine = regexp.MustCompile(`^([2-5])([0-9])([0-9])([ -]?)(.*)$`)

func parseReplyLine(line string) (code int, text string, last bool, err error) {
	m := replyLine.FindStringSubmatch(line)
	if m == nil || m[4] == "" && m[5] != "" {
		return 0, "", false, errNoReply
	}
	for _, digit := range m[1:4] {
		code = 10*code + int(digit[0]-'0')
	}
	return code, oneLine(m[5]), m[4] != "-", nil
}

// String is the reply on one line: code, enhanced code, text.
func (r reply) String() string { return r.failure().Error() }

var enhancedCode = regexp.MustCompile(`^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: +|$)`)

// failure is the reply as a Failure, permanent for 5yz (RFC 5321 section
// 4.2.1). An enhanced code of another class than the reply's is ignored.
func (r reply) failure() *Failure {
	f := &Failure{Permanent: r.code >= 500, Code: r.code}
	var texts []string
	for _, line := range r.lines {
		if m := enhancedCode.FindStringSubmatch(line); m != nil && int(m[1][0]-'0') == r.code/100 {
			f.Enhanced = m[1] // RFC 2034 section 4: on every line, the same
			line = line[len(m[0]):]
		}
		texts = append(texts, line)
	}
	f.Text = oneLine(strings.Join(texts, " "))
	return f
}
