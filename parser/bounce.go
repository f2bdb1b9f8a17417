package parser

import (
	"regexp"
	"slices"
	"strings"
)

// BounceInfo is what a bounce says about the mail that bounced.
type BounceInfo struct {
	Recipients        []Recipient `json:"recipients"`
	OriginalMessageID string      `json:"original_message_id,omitempty"` // without < >
}

// Recipient is one address a bounce speaks of. Action is failed, delayed,
// delivered, relayed, expanded or "" (RFC 3464 section 2.3.3); Status is an
// enhanced status code (RFC 3463) or "".
type Recipient struct {
	Address    string `json:"address"`
	Action     string `json:"action,omitempty"`
	Status     string `json:"status"`
	Diagnostic string `json:"diagnostic,omitempty"`
}

// daemon matches the senders of bounces.
var daemon = regexp.MustCompile(`^(?:mailer-daemon|mailer_daemon|mail-daemon|maildaemon|mailerdaemon|postmaster|post_?office|mdaemon|mmdf|uucp|microsoftexchange329e71ec88ae4615bbc36ab6ce41109e)$`)

// bounceSubject matches the subjects of bounces in many languages, folded, at
// the start.
var bounceSubject = regexp.MustCompile(`^(?:\[?(?:sp|no)am\]? )?(?:no se (?:puede|ha podido|pudo) entregar|no entregado|no entregable|mensaje no entregado|correo no entregado|entrega fallida|error en la entrega|fallo en la entrega|` +
	`devuelto|mensaje devuelto|correo devuelto|aviso de no entrega|notificacion (?:de estado de )?(?:de )?entrega|mensaje retrasado|` +
	`undeliverable|undelivered|undelivrable|undeliverd|non[- ]?delivery|nondeliverable|delivery (?:status )?notification|delivery (?:failure|failed|has failed|report|error|problems?|unsuccessful|delayed)|failure (?:notice|delivery)|failed delivery|failed mail|` +
	`mail (?:delivery|system error|failure|could not|undeliverable|returned|rejected)|mailsystem|message (?:delivery|not delivered|could not|undeliverable|status|delayed)|returned (?:mail|to sender|message)|warning: (?:message|could not|mail)|could not (?:send|deliver)|` +
	`e-?mail (?:delivery|error|returned|not delivered)|error sending|unzustellbar|nicht zustellbar|unzustellbarkeit|mail konnte nicht|non remis|echec de|message non|mancata consegna|impossibile|falha na entrega|nao entregue|onbestelbaar|недоставлен|rejected mail|` +
	`address (?:not found|error|change)|user unknown|unknown user|bounce|mdaemon (?:warning|notification|error)|system (?:anti-?virus )?(?:administrator|error)|permanent (?:delivery )?failure|no se entrego|nao foi possivel|status of|delivery temporarily|unable to deliver|problem delivering)`)

func (c *classifier) bounce() bool {
	m := c.m
	if m.reportType() == "delivery-status" || m.hasPart("message/delivery-status") || m.hasPart("message/global-delivery-status") {
		return c.because("delivery-status")
	}
	if c.rejection() {
		return c.because("rejection")
	}
	if m.value("x-failed-recipients") != "" {
		return c.because("x-failed-recipients")
	}
	return (c.fromDaemon() || c.soundsLikeBounce()) && c.because("bounce-text")
}

// fromDaemon says whether a mail server wrote: MAILER-DAEMON writes nothing
// else; a postmaster, or the null address, does when the words agree.
func (c *classifier) fromDaemon() bool {
	from := strings.TrimRight(c.from, `\`)
	if from == "" {
		from, _, _ = strings.Cut(strings.Trim(c.m.value("from"), "\"<> "), " ")
	}
	if strings.Contains(from, "mailer-daemon") || strings.Contains(from, "maildaemon") {
		return true
	}
	null := c.m.ReturnPath != nil && *c.m.ReturnPath == ""
	subject := bounceSubject.MatchString(c.subject)
	return null && subject || daemon.MatchString(from) && (subject || bounceBody(c.m.Text))
}

// soundsLikeBounce is for servers that write under a common name. People
// report such mails in almost the same words, so the mail must answer nothing,
// its subject be a server's, and the mail come back whole or the first line be
// a server's too.
func (c *classifier) soundsLikeBounce() bool {
	if len(c.m.References)+len(c.m.InReplyTo) > 0 || !bounceSubject.MatchString(c.subject) && !bounceBody(c.subject) {
		return false
	}
	if c.m.hasPart("message/rfc822") && bounceBody(c.m.Text) {
		return true
	}
	for line := range strings.SplitSeq(c.m.Text[:min(len(c.m.Text), 2000)], "\n") {
		if line = strings.Trim(line, " \t*=_#"); line != "" {
			return serverLine.MatchString(line) || bounceBody(line)
		}
	}
	return false
}

// serverLine matches how servers begin.
var serverLine = regexp.MustCompile(`(?i)^(?:---|your (?:e-?mail|message|mail) (?:with|to|was|has|could)|this (?:message|e-?mail|is an?) .{0,30}automatic|este (?:mensaje|correo) .{0,40}autom[aá]tic)`)

// readBounce collects what a bounce says: from its delivery-status parts, or
// where there are none, from its words.
func (m *Message) readBounce() *BounceInfo {
	info := &BounceInfo{OriginalMessageID: m.originalID()}
	for _, p := range m.Parts { // those of attached mails too: some gateways wrap a bounce
		if strings.HasSuffix(p.ContentType, "delivery-status") {
			info.add(statusRecipients(p.data)...)
		}
	}
	if len(info.Recipients) == 0 {
		value, _ := m.fields.first("x-failed-recipients")
		for _, a := range parseAddresses(value, "") {
			info.add(Recipient{Address: a.Address, Action: "failed"})
		}
	}
	if len(info.Recipients) == 0 {
		info.add(textRecipients(m.bounceText(), m.ownAddresses())...)
	}
	return info
}

func (b *BounceInfo) add(list ...Recipient) {
	for _, r := range list {
		known := slices.ContainsFunc(b.Recipients, func(k Recipient) bool { return strings.EqualFold(k.Address, r.Address) })
		if !known && len(b.Recipients) < maxRecipients {
			b.Recipients = append(b.Recipients, r)
		}
	}
}

// originalID is the Message-ID of the mail that bounced: from the copy or the
// header that came back, or from the text.
func (m *Message) originalID() string {
	for _, n := range m.leaves() {
		var fields header
		switch {
		case n.message != nil:
			fields = n.message.header
		case n.media.kind == "text/rfc822-headers" || n.media.kind == "message/rfc822-headers":
			fields = walk(n.content(&m.defects), &defects{}).header
		}
		if value, ok := fields.first("message-id"); ok {
			return firstID(value)
		}
	}
	if at := originalIDLine.FindStringSubmatch(m.Text); at != nil {
		return firstID(at[1])
	}
	if len(m.InReplyTo) > 0 {
		return m.InReplyTo[0]
	}
	return ""
}

var originalIDLine = regexp.MustCompile(`(?im)^[>\s]*message-id:\s*(<[^>\n]{1,500}>)`)

// statusRecipients reads a message/delivery-status part: groups of fields
// parted by empty lines, the first about the mail, each other about one
// recipient (RFC 3464 section 2.1).
func statusRecipients(body []byte) []Recipient {
	var list []Recipient
	cur := newCursor(body)
	w := &walker{src: body, cur: cur, parts: new(int), defects: &defects{}}
	for w.cur.pos < len(body) && len(list) < maxRecipients {
		before := w.cur.pos
		fields := w.readHeader(maxPartHeader)
		if r, ok := recipientOf(fields); ok {
			list = append(list, r)
		}
		if w.cur.pos == before {
			w.cur.next()
		}
	}
	return list
}

// recipientOf reads the fields about one recipient. The original address is the
// one the mail was sent to; the final one is where aliases led.
func recipientOf(fields header) (Recipient, bool) {
	final, _ := fields.first("final-recipient")
	original, _ := fields.first("original-recipient")
	if final == "" && original == "" {
		return Recipient{}, false
	}
	action, _ := fields.first("action")
	status, _ := fields.first("status")
	diagnostic, _ := fields.first("diagnostic-code")
	r := Recipient{
		Address: typedAddress(original), Action: firstWord(strings.ToLower(action)),
		Status: statusCode.FindString(status), Diagnostic: oneLine(decodeWords(diagnostic, "")),
	}
	if r.Address == "" {
		r.Address = typedAddress(final)
	}
	if r.Status == "" {
		r.Status = statusCode.FindString(r.Diagnostic)
	}
	return r, r.Address != ""
}

var statusCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)

// typedAddress reads "rfc822; ana@a.example" (RFC 3464 section 2.3.1).
func typedAddress(value string) string {
	if kind, address, ok := strings.Cut(value, ";"); ok && !strings.Contains(kind, "@") {
		value = address
	}
	if list := parseAddresses(value, ""); len(list) > 0 {
		return list[0].Address
	}
	return ""
}
