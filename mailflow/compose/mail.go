package compose

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// ErrInvalid says that a Mail breaks the rules of its fields. The error that
// wraps it names the field. Trying again gives the same error.
var ErrInvalid = errors.New("mail cannot be composed")

// Address is a mailbox: the name people see, which may be empty and may hold
// anything, and local@domain, the local part without quotes.
type Address struct{ Name, Address string }

// Attachment is one file. Filename may hold anything a stranger wrote: folders,
// control characters and what some system cannot store are taken off it.
// ContentType is as found in a mail; what is no media type, or may not travel
// in base64, becomes application/octet-stream. An attachment is shown within
// the HTML part if Inline is set and the HTML refers to it by "cid:" and its
// ContentID (without <>); otherwise it is a file like the others.
type Attachment struct {
	Filename, ContentType, ContentID string
	Inline                           bool
	Data                             []byte
}

// Mail is everything that goes into one outgoing mail.
type Mail struct {
	From, To Address
	ReplyTo  *Address // nil: answers go to From
	Subject  string   // at most 1,000 characters
	Date     time.Time

	MessageID  string   // ours, without <>; every boundary is derived from it
	InReplyTo  string   // without <>; left out when it is no id
	References []string // without <>; the first and the last 19 are written

	AutoSubmitted string // "auto-replied", "auto-generated", or "" for a person's words (RFC 3834 section 5)
	Loop          string // value of X-Loop: our instance; "" for none

	Text, HTML  string // HTML may be empty; Text always goes out
	Attachments []Attachment
	Language    string // Content-Language, such as "es"; "" for none
}

// Bytes writes the mail. It is a pure function: the same Mail gives the same
// bytes. Lines end in CRLF and are at most 998 octets (RFC 5322 section 2.1.1),
// all octets are 7-bit, header lines are folded at 76 columns unless one
// address or id is longer than that, and each header occurs once. Control
// characters in the subject are dropped (line ends and tabs become a space);
// apart from that, decoding the Subject gives it back exactly. Text and HTML
// lose their control characters and end in exactly one line end. The error
// wraps ErrInvalid.
func (m Mail) Bytes() ([]byte, error) {
	head, err := m.header()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Write(head.Bytes())
	m.root().write(&out)
	return out.Bytes(), nil
}

func (m Mail) header() (*header, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	h := &header{}
	h.put("Date", m.Date.Format(dateLayout))
	if err := m.putAddresses(h); err != nil {
		return nil, err
	}
	h.put("Subject", unstructured(m.Subject)...)
	m.putIDs(h)
	m.putMachine(h)
	h.put("MIME-Version", "1.0")
	return h, nil
}

// dateLayout is RFC 5322 section 3.3 with a numeric zone.
const dateLayout = "Mon, 02 Jan 2006 15:04:05 -0700"

const maxSubject = 1000

func (m Mail) check() error {
	switch {
	case m.Date.Year() < 1970 || m.Date.Year() > 9999:
		return invalid("date", m.Date.String())
	case utf8.RuneCountInString(m.Subject) > maxSubject:
		return invalid("subject", "too long")
	case !isOwnID(m.MessageID):
		return invalid("message id", m.MessageID)
	case !slices.Contains([]string{"", "auto-replied", "auto-generated"}, m.AutoSubmitted):
		return invalid("auto-submitted", m.AutoSubmitted)
	case m.Loop != "" && !isID(m.Loop):
		return invalid("loop", m.Loop)
	case m.Language != "" && !isLanguage(m.Language):
		return invalid("language", m.Language)
	}
	return nil
}

func (m Mail) putAddresses(h *header) error {
	from, err := mailbox(m.From)
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	to, err := recipient(m.To)
	if err != nil {
		return fmt.Errorf("to: %w", err)
	}
	h.put("From", from...)
	h.put("To", to...)
	if m.ReplyTo == nil {
		return nil
	}
	replyTo, err := mailbox(*m.ReplyTo)
	if err != nil {
		return fmt.Errorf("reply-to: %w", err)
	}
	h.put("Reply-To", replyTo...)
	return nil
}

// maxReferences bounds References: the root of the thread and its newest
// mails are what mail programs need to place this one (RFC 5322 section 3.6.4).
const maxReferences = 20

func (m Mail) putIDs(h *header) {
	h.putWhole("Message-ID", angled(m.MessageID))
	if isID(m.InReplyTo) {
		h.putWhole("In-Reply-To", angled(m.InReplyTo))
	}
	var ids []string
	for _, id := range m.References {
		if isID(id) && !slices.Contains(ids, angled(id)) {
			ids = append(ids, angled(id))
		}
	}
	if extra := len(ids) - maxReferences; extra > 0 {
		ids = slices.Delete(ids, 1, 1+extra)
	}
	if len(ids) > 0 {
		h.put("References", ids...)
	}
}

// putMachine writes the lines that other machines read, so that none of them
// answers and our own mail is known when it comes back.
func (m Mail) putMachine(h *header) {
	if m.AutoSubmitted != "" {
		h.put("Auto-Submitted", m.AutoSubmitted)
		// Not "All": that would also ask Exchange to send no report of a
		// failed delivery, and those we want.
		h.put("X-Auto-Response-Suppress", "DR,", "RN,", "NRN,", "OOF,", "AutoReply")
	}
	if m.Loop != "" {
		h.put("X-Loop", m.Loop)
	}
	if m.Language != "" {
		h.put("Content-Language", m.Language)
	}
}

func invalid(field, value string) error {
	return fmt.Errorf("%w: %s %.80q", ErrInvalid, field, value)
}
