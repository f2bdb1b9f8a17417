package parser

import (
	"strings"
	"time"
)

// Message is a mail as it was understood. Strings are valid UTF-8 in NFC;
// those of one line hold no CR, LF or NUL. Attachments may share memory with
// the bytes given to Parse.
type Message struct {
	MessageID             string    // without < >
	InReplyTo, References []string  // without < >
	Date                  time.Time // zero when absent or unreadable
	Subject               string    // decoded, unfolded
	From, Sender, ReplyTo []Address
	To, Cc                []Address
	ReturnPath            *string // nil when absent, "" for <>
	Text                  string  // what is displayed, LF line ends; made from HTML where there is no plain text
	HTML                  string  // what is displayed as HTML, "" when none
	ReplyText             string  // the sender's own words; everything when nothing would be left
	Echo                  bool    // nothing would have been left: ReplyText is a quotation
	Signature, Quoted     string  // what was cut from Text as signature, and as quotation
	Attachments           []Attachment
	Parts                 []Part // the whole tree, depth first
	Kind                  Kind
	Bounce                *BounceInfo // nil unless Kind is Bounce
	AutoReply, Bulk       bool
	FeedbackReport        bool
	SuppressReply         bool     // no automatic answer may go out
	AutoReasons           []string // why this is machine mail, or must not be answered
	Defects               []string // what is malformed or ambiguous, as stable keywords

	root    *node
	fields  header
	hint    string // charset of the mail, for raw 8-bit header text
	defects defects
	wrapped shown // what a TNEF stream displays
	budget  int   // bytes that TNEF streams may still make
}

// Part is one node of the MIME tree. Path counts from 1 ("" is the mail
// itself, "2.1" the first part of its second). Start and End are offsets of
// header and body in the bytes given to Parse, or -1 within a part that had to
// be decoded first. Size is the length of the decoded content, -1 for containers.
type Part struct {
	Path, ContentType, Charset, Filename string
	Size, Start, Body, End               int
	data                                 []byte
}

// Parse reads a mail. It never fails; what is wrong is listed in Defects.
func Parse(raw []byte) *Message {
	m := &Message{Kind: Person, budget: maxExpanded}
	m.root = walk(raw, &m.defects)
	m.fields = m.root.header
	m.hint = m.root.media.params["charset"]
	m.readHeader()
	m.readBody()
	m.listParts(m.root)
	m.classify()
	m.cut()
	m.Defects = m.defects.found
	return m
}

func (m *Message) readHeader() {
	if len(m.fields) == 0 {
		m.defects.add("no_header")
	}
	value, _ := m.fields.first("message-id")
	m.MessageID = firstID(value)
	m.InReplyTo = allIDs(m.Header("in-reply-to"))
	m.References = allIDs(m.Header("references"))
	m.Subject = m.text("subject")
	m.From, m.Sender, m.ReplyTo = m.addresses("from"), m.addresses("sender"), m.addresses("reply-to")
	m.To, m.Cc = m.addresses("to"), m.addresses("cc")
	m.ReturnPath = m.returnPath()
	m.Date = m.date()
}

func (m *Message) text(name string) string {
	value, _ := m.fields.first(name)
	return oneLine(decodeWords(value, m.hint))
}

func (m *Message) addresses(name string) []Address {
	var list []Address
	for _, value := range m.fields.all(name) {
		list = append(list, parseAddresses(value, m.hint)...)
		if name == "from" || name == "sender" || len(list) >= maxAddresses {
			break // a second From is an attack on the reader, not an author
		}
	}
	return list
}

func (m *Message) returnPath() *string {
	value, ok := m.fields.first("return-path")
	if !ok {
		return nil
	}
	path := cleanAddress(value)
	return &path
}

func (m *Message) date() time.Time {
	value, ok := m.fields.first("date")
	if !ok {
		return time.Time{}
	}
	t, ok := parseDate(value)
	if !ok {
		m.defects.add("bad_date")
	}
	return t
}

func (m *Message) readBody() {
	s := m.show(m.root, m.attach)
	if blank(s.text) && len(m.wrapped.text) > 0 {
		s = m.wrapped
	}
	m.Text = joinTexts(s.text)
	m.HTML = strings.Join(s.html, "\n")
}

// attach lists a part that is not displayed. A TNEF stream gives its files
// instead, and a detached signature is no file for people; both are in Parts.
func (m *Message) attach(n *node) {
	if n.detachedSignature() || n.wrapped(&m.defects) && m.unwrap(n) {
		return
	}
	m.Attachments = append(m.Attachments, n.attachment(&m.defects))
}

// Header returns the decoded values of the fields of that name, in order. The
// name is compared without regard to case; what Parse left out because of its
// bounds is not there.
func (m *Message) Header(name string) []string {
	var values []string
	for _, value := range m.fields.all(strings.ToLower(name)) {
		values = append(values, oneLine(decodeWords(value, m.hint)))
	}
	return values
}

// Machine says that no person wrote this mail: no order is taken from it and
// nothing is answered.
func (m *Message) Machine() bool { return m.Kind != Person }

// listParts fills Parts, attached messages' parts too.
func (m *Message) listParts(n *node) {
	p := Part{Path: n.path, ContentType: n.media.kind, Charset: n.media.params["charset"], Filename: n.originalName(), Size: -1, Start: n.start, Body: n.body, End: n.end}
	if n.decoded {
		p.Start, p.Body, p.End = -1, -1, -1
	}
	if len(n.children) == 0 {
		p.data = n.content(&m.defects)
		p.Size = len(p.data)
	}
	m.Parts = append(m.Parts, p)
	for _, child := range n.children {
		m.listParts(child)
	}
	if n.message != nil {
		m.listParts(n.message)
	}
}
