package parser

import (
	"regexp"
	"slices"
	"strings"
)

// Kind says what sort of sender wrote a mail.
type Kind string

// The kinds of mail. Anything but Person is machine mail.
const (
	Person         Kind = "person"
	AutoReply      Kind = "auto_reply"      // vacation, "we have received your mail" (RFC 3834)
	Generated      Kind = "auto_generated"  // a program wrote it on its own account (RFC 3834)
	Bounce         Kind = "bounce"          // delivery failed or is late
	Receipt        Kind = "receipt"         // delivered or read (RFC 8098)
	List           Kind = "list"            // mailing list or other bulk mail
	FeedbackReport Kind = "feedback_report" // a complaint about mail (RFC 5965)
	Calendar       Kind = "calendar"        // the answer to an invitation (RFC 5546)
)

// classify finds out whether a machine wrote the mail. Bounces come first: many
// carry Auto-Submitted: auto-replied as well.
func (m *Message) classify() {
	c := classifier{m: m, from: m.author(), subject: machineSubject(m.Subject)}
	m.Kind = c.kind()
	m.AutoReply = m.AutoReply || m.Kind == AutoReply || m.Kind == Generated
	m.FeedbackReport = m.Kind == FeedbackReport
	m.Bulk = m.Bulk || m.Kind == List
	if m.Kind == Bounce {
		m.Bounce = m.readBounce()
	}
	c.mayAnswer()
	m.AutoReasons = c.reasons
}

// classifier weighs the signs of one mail and remembers which it saw.
type classifier struct {
	m       *Message
	from    string // local part of the author, in lower case
	subject string // folded, prefixes kept: "Re: Undeliverable" is a person's
	reasons []string
}

func (c *classifier) because(reason string) bool {
	if !slices.Contains(c.reasons, reason) {
		c.reasons = append(c.reasons, reason)
	}
	return true
}

func (c *classifier) kind() Kind {
	switch {
	case c.feedback():
		return FeedbackReport
	case c.receipt():
		return Receipt
	case c.bounce():
		return Bounce
	case c.calendar():
		return Calendar
	}
	reply, generated := c.autoReply(), c.generated()
	c.m.Bulk = c.bulk()
	switch {
	case reply:
		return AutoReply
	case c.m.Bulk:
		return List
	case generated:
		return Generated
	}
	return Person
}

// author is the local part of From, in lower case.
func (m *Message) author() string {
	if len(m.From) == 0 {
		return ""
	}
	local, _, _ := strings.Cut(strings.ToLower(m.From[0].Address), "@")
	return local
}

func machineSubject(subject string) string {
	return fold(subject[:min(len(subject), maxSubject)])
}

func (m *Message) value(name string) string {
	value, _ := m.fields.first(name)
	return strings.ToLower(oneLine(decodeRaw(value, "")))
}

// reportType is the report-type of a multipart/report (RFC 6522).
func (m *Message) reportType() string {
	if m.root.media.kind != "multipart/report" {
		return ""
	}
	return strings.ToLower(m.root.media.params["report-type"])
}

func (c *classifier) feedback() bool {
	return (c.m.reportType() == "feedback-report" || c.m.hasPart("message/feedback-report")) && c.because("feedback-report")
}

func (c *classifier) receipt() bool {
	if c.m.reportType() == "disposition-notification" || c.m.hasPart("message/disposition-notification") {
		return !c.rejection() && c.because("disposition-notification")
	}
	return receiptSubject.MatchString(c.subject) && len(c.m.References)+len(c.m.InReplyTo) > 0 && len(c.m.Text) < 2000 && c.because("receipt-subject")
}

// rejection is a refusal that a mail store sends in the form of a receipt.
func (c *classifier) rejection() bool {
	for _, n := range c.m.leaves() {
		if n.media.kind == "message/disposition-notification" {
			fields := strings.ToLower(string(n.content(&c.m.defects)))
			return strings.Contains(fields, "automatic-action/") && strings.Contains(fields, "deleted") && rejected.MatchString(c.subject)
		}
	}
	return false
}

var rejected = regexp.MustCompile(`reject|rechaz|failed|undeliver`)

var receiptSubject = regexp.MustCompile(`^(?:leido|no leido|entregado|retransmitido|read|not read|llegit|lido|lu|gelesen|letto|eliminado sin leer)\s?:`)

// calendar is the answer of a calendar program: accepted, declined.
func (c *classifier) calendar() bool {
	for _, n := range c.m.leaves() {
		if n.media.kind == "text/calendar" && strings.EqualFold(n.media.params["method"], "reply") {
			return c.because("calendar-reply")
		}
	}
	return false
}

func (m *Message) hasPart(kind string) bool {
	return slices.ContainsFunc(m.leaves(), func(n *node) bool { return n.media.kind == kind })
}

// leaves are the parts of the mail itself, not those of mails within it.
func (m *Message) leaves() []*node {
	var leaves []*node
	var visit func(*node)
	visit = func(n *node) {
		if len(n.children) == 0 {
			leaves = append(leaves, n)
		}
		for _, child := range n.children {
			visit(child)
		}
	}
	visit(m.root)
	return leaves
}

// autoReplyFields are set by programs that answer by themselves; the values
// that mean the opposite are listed in harmless.
var autoReplyFields = []string{"x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-auto-reply", "x-auto-response", "x-autogenerated", "x-fc-machinegenerated"}

var harmless = []string{"", "no", "false", "0", "none"}

func (c *classifier) autoReply() bool {
	found := false
	// Auto-Submitted may have parameters and comments after its keyword (RFC 3834 section 5).
	if firstWord(c.m.value("auto-submitted")) == "auto-replied" {
		found = c.because("auto-submitted")
	}
	for _, name := range autoReplyFields {
		if !slices.Contains(harmless, c.m.value(name)) {
			found = c.because(name)
		}
	}
	if firstWord(c.m.value("precedence")) == "auto_reply" {
		found = c.because("precedence")
	}
	if c.m.value("delivered-to") == "autoresponder" || strings.Contains(c.m.value("x-post-messageclass"), "autoresponder") {
		found = c.because("autoresponder")
	}
	if autoSubject.MatchString(c.subject) {
		found = c.because("subject")
	}
	return found
}

// autoSubject matches what vacation programs put before the subject. It is
// anchored, so that people may write about absences.
var autoSubject = regexp.MustCompile(`^(?:respuesta automatica|contestacion automatica|resposta automatica|resposta automàtica|erantzun automatikoa|automatic reply|automatische antwort|automatisch antwoord|reponse automatique|risposta automatica|` +
	`autosvar|automatiskt svar|automaattinen vastaus|autoreply|auto-reply|auto reply|auto response|autoresponse|autorespuesta|auto-respuesta|abwesenheitsnotiz|abwesend|abwesenheit|out of office|out of the office|out-of-office|fuera de (?:la )?oficina|vacation reply|automatyczna odpowiedz|автоответ)(?:\s*[:(\[-]|$| (?:autoreply|message|reply)|\s+re:)`)

func (c *classifier) generated() bool {
	found := false
	switch firstWord(c.m.value("auto-submitted")) {
	case "", "no", "auto-replied":
	default:
		found = c.because("auto-submitted")
	}
	if c.m.value("x-ms-exchange-generated-message-source") != "" {
		found = c.because("x-ms-exchange-generated-message-source")
	}
	if c.m.value("x-auto-response-suppress") != "" && c.m.value("x-ms-exchange-inbox-rules-loop") != "" {
		found = c.because("x-ms-exchange-inbox-rules-loop")
	}
	return found
}

// listFields mark mail that went through a list or to many.
var listFields = []string{"list-id", "list-unsubscribe", "list-post", "list-help", "list-subscribe", "list-owner", "list-archive", "mailing-list", "x-mailing-list", "x-beenthere", "x-list", "x-mailman-version"}

func (c *classifier) bulk() bool {
	found := false
	for _, name := range listFields {
		if c.m.value(name) != "" {
			found = c.because(name)
		}
	}
	switch firstWord(c.m.value("precedence")) {
	case "bulk", "list", "junk":
		found = c.because("precedence")
	}
	return found
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), ";")
	if i := strings.IndexAny(word, " \t("); i >= 0 {
		word = word[:i]
	}
	return word
}

// roleSender matches local parts nobody reads.
var roleSender = regexp.MustCompile(`^(?:mailer-daemon|postmaster|no-?_?reply.*|do-?not-?reply|donotreply.*|noresponder|no-responder|bounces?|bounce[+-].*|.*-bounces?|.*-request|owner-.*|.*-owner|listserv|majordomo|mailman|root|daemon|microsoftexchange329e71ec88ae4615bbc36ab6ce41109e)$`)

// mayAnswer decides whether an automatic answer may go out: to no machine, to
// nobody who asks not to be answered, and to no address that is nobody's (RFC 3834
// section 2). The request X-Auto-Response-Suppress does not make a machine.
func (c *classifier) mayAnswer() {
	m := c.m
	m.SuppressReply = m.Machine()
	if m.ReturnPath != nil && *m.ReturnPath == "" {
		m.SuppressReply = c.because("null-return-path")
	}
	for wish := range strings.SplitSeq(m.value("x-auto-response-suppress"), ",") {
		switch strings.TrimSpace(wish) {
		case "all", "autoreply", "oof":
			m.SuppressReply = c.because("x-auto-response-suppress")
		}
	}
	if roleSender.MatchString(c.from) {
		m.SuppressReply = c.because("sender")
	}
	if len(m.From) == 0 {
		m.SuppressReply = c.because("no-author")
	}
	if m.value("x-loop") != "" {
		m.SuppressReply = c.because("x-loop")
	}
}
