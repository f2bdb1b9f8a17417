package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// oversigned fields are signed once more than they occur, so that one added on
// the way breaks the signature (RFC 6376 section 8.15): a second From, a
// Reply-To that draws the answers elsewhere, a Content-Type that shows other
// words.
var oversigned = []string{
	"From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
}

// signedIfPresent are signed as often as they occur. A mailing list that passes
// our mail on may add its own.
var signedIfPresent = []string{
	"Sender", "List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe", "List-Post", "List-Owner", "List-Archive",
}

// signed is what of a mail every one of its signatures covers.
type signed struct {
	names    []string // of the fields, in the order they are hashed
	hashed   string   // those fields
	bodyHash string
	date     time.Time // zero: the mail has none that can be read
}

// readSigned takes a mail apart.
func readSigned(raw []byte) (*signed, error) {
	if bytes.Count(raw, []byte("\r")) != bytes.Count(raw, []byte("\r\n")) || bytes.Count(raw, []byte("\n")) != bytes.Count(raw, []byte("\r\n")) {
		return nil, invalid("mail to sign", "a line that does not end in CRLF")
	}
	head, body, whole := bytes.Cut(raw, []byte("\r\n\r\n"))
	fields := splitFields(string(head) + "\r\n")
	if !whole || len(valuesOf(fields, "from")) == 0 {
		return nil, invalid("mail to sign", "no header, or no From in it")
	}
	m := &signed{bodyHash: hashBody(body)}
	if dates := valuesOf(fields, "date"); len(dates) == 1 {
		// Nothing depends on it but the time the signature shows.
		m.date, _ = mail.ParseDate(dates[0])
	}
	m.pick(fields)
	return m, nil
}

// pick lists the fields to sign, and those there are with their values, the
// last of a name first (RFC 6376 section 5.4.2).
func (m *signed) pick(fields []string) {
	for _, name := range slices.Concat(oversigned, signedIfPresent) {
		for _, field := range slices.Backward(fields) {
			if isNamed(field, name) {
				m.names = append(m.names, name)
				m.hashed += relaxField(field)
			}
		}
		if slices.Contains(oversigned, name) {
			m.names = append(m.names, name)
		}
	}
}

// fieldList is the h= tag. White space may stand around its colons.
func (m *signed) fieldList() []string {
	tokens := []string{"h="}
	for i, name := range m.names {
		if i < len(m.names)-1 {
			name += ":"
		} else {
			name += ";"
		}
		if last := len(tokens) - 1; len(tokens[last])+len(name) < lineWidth {
			tokens[last] += name
		} else {
			tokens = append(tokens, name)
		}
	}
	return tokens
}

// splitFields cuts a header into its fields, each with its line ends.
func splitFields(head string) []string {
	var fields []string
	for line := range strings.Lines(head) {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			if last := len(fields) - 1; last >= 0 {
				fields[last] += line
			}
			continue
		}
		fields = append(fields, line)
	}
	return fields
}

func isNamed(field, name string) bool {
	found, _, ok := strings.Cut(field, ":")
	return ok && strings.EqualFold(strings.TrimRight(found, " \t"), name)
}

func valuesOf(fields []string, name string) []string {
	var values []string
	for _, field := range fields {
		if isNamed(field, name) {
			_, value, _ := strings.Cut(relaxField(field), ":")
			values = append(values, strings.TrimSuffix(value, "\r\n"))
		}
	}
	return values
}

// relaxField is the relaxed form of a field (RFC 6376 section 3.4.2).
func relaxField(field string) string {
	name, value, _ := strings.Cut(strings.ReplaceAll(field, "\r\n", ""), ":")
	return strings.ToLower(strings.TrimRight(name, " \t")) + ":" + strings.Trim(oneSpace(value), " ") + "\r\n"
}

// hashBody is the hash of the relaxed form of a body (RFC 6376 section 3.4.4):
// no white space at the ends of lines, no empty lines at the end, and nothing
// at all of a body without lines.
func hashBody(body []byte) string {
	hash := sha256.New()
	empty := 0
	for line := range bytes.Lines(body) {
		relaxed := strings.TrimRight(oneSpace(strings.TrimSuffix(string(line), "\r\n")), " ")
		if relaxed == "" {
			empty++
			continue
		}
		hash.Write([]byte(strings.Repeat("\r\n", empty) + relaxed + "\r\n"))
		empty = 0
	}
	return base64.StdEncoding.EncodeToString(hash.Sum(nil))
}

// oneSpace makes every run of spaces and tabs one space.
func oneSpace(s string) string {
	if !strings.Contains(s, "  ") && !strings.Contains(s, "\t") {
		return s
	}
	var b strings.Builder
	space := false
	for i := range len(s) {
		blank := s[i] == ' ' || s[i] == '\t'
		switch {
		case !blank:
			b.WriteByte(s[i])
		case !space:
			b.WriteByte(' ')
		}
		space = blank
	}
	return b.String()
}
