package parser

import (
	"regexp"
	"strings"
)

// bounceWords are what mail servers say when they could not deliver, in lower case.
var bounceWords = regexp.MustCompile(`(?i)could not be delivered|couldn't be delivered|could not deliver|cannot be delivered|can't be delivered|was not delivered|not delivered to|undeliverable|unable to deliver|delivery (?:to the following|failed|has failed|failure|error|status notification)|` +
	`permanent(?:ly)? (?:fatal )?(?:error|failure)|fatal errors|user (?:is )?unknown|unknown user|no such (?:user|address|recipient|mailbox|account)|mailbox (?:is )?(?:full|unavailable|not found|disabled)|over(?: the)? quota|quota exceeded|recipient (?:address )?(?:rejected|unknown|not found)|` +
	`address(?:es)? (?:was|were|is|had) (?:not|invalid|unknown|rejected|permanent)|does(?:n't| not) (?:exist|have an? .{0,20}account)|returned to (?:the )?sender|transcript of session|failed recipient|delivery attempts|still being retried|not yet been delivered|has been delayed|` +
	`no se (?:ha podido|pudo|puede|pudieron) entregar|no ha sido posible entregar|usuario desconocido|buz[oó]n (?:lleno|inexistente)|destinatario (?:desconocido|rechazado)|konnte nicht zugestellt|n'a pas pu [eê]tre|non remis|non-delivery report|non [eè] stato possibile|n[aã]o foi poss[ií]vel entregar`)

func bounceBody(text string) bool { return bounceWords.MatchString(text[:min(len(text), 20000)]) }

// bounceText is what the server says: the text of the mail without the copy of
// the original below it.
func (m *Message) bounceText() string {
	text := m.Text[:min(len(m.Text), 60000)]
	if strings.TrimSpace(text) == "" && len(m.Attachments) > 0 {
		data := m.Attachments[0].Data
		text, _ = decodeCharset(data[:min(len(data), 60000)], "")
	}
	if at := copyStart.FindStringIndex(text); at != nil && strings.Contains(text[:at[0]], "@") {
		text = text[:at[0]]
	}
	return text
}

// copyStart matches the line above the returned mail.
var copyStart = regexp.MustCompile(`(?im)^[ \t>-]*(?:(?:this|below this line|here) is a copy of (?:the|your)|below this line|returned (?:mail|message) follows|original message (?:follows|text|header)|the original message|-+ ?(?:original|returned|unsent|undelivered) (?:message|mail)|message (?:header|text|contents) (?:follows|of)|` +
	`copia del mensaje|mensaje original|your message (?:was|follows|reads)|\*+ ?original message|the (?:header|text) of (?:the|your)|received: (?:from|by)|return-path:).*$`)

// ownAddresses are those that cannot be a failed recipient: the bounce's own
// sender and the one it was sent to.
func (m *Message) ownAddresses() map[string]bool {
	own := map[string]bool{}
	for _, list := range [][]Address{m.From, m.Sender, m.To, m.ReplyTo} {
		for _, a := range list {
			own[strings.ToLower(a.Address)] = true
		}
	}
	return own
}

var (
	angled  = regexp.MustCompile(`<([^\s<>"]+@[^\s<>"]+)>`)
	anyMail = regexp.MustCompile(`[A-Za-z0-9._%+/&'!~#$*?^{|}-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
)

// textRecipients finds the failed addresses in the words of a bounce, with the
// status that stands near each. Lines that speak of a failure count first;
// without any, every address but the bounce's own counts.
func textRecipients(text string, own map[string]bool) []Recipient {
	lines := strings.Split(text, "\n")
	var near, all []Recipient
	for i, line := range lines {
		for _, address := range lineAddresses(line) {
			if own[strings.ToLower(address)] || noRecipient.MatchString(line) {
				continue
			}
			around := strings.Join(lines[max(0, i-3):min(len(lines), i+4)], "\n")
			r := Recipient{Address: address, Action: "failed", Status: statusCode.FindString(around), Diagnostic: oneLine(line)}
			all = append(all, r)
			if angled.MatchString(line) || strings.TrimSpace(line) == address || bounceWords.MatchString(around) {
				near = append(near, r)
			}
		}
		if len(all) >= maxTextRecipients {
			break
		}
	}
	if len(near) > 0 {
		return near
	}
	return all
}

// maxTextRecipients bounds what is taken from the words of a bounce.
const maxTextRecipients = 200

func lineAddresses(line string) []string {
	if len(line) > 2000 {
		line = line[:2000]
	}
	var found []string
	for _, a := range anyMail.FindAllString(strings.ReplaceAll(line, "mailto:", " "), 20) {
		found = append(found, strings.Trim(a, ".'="))
	}
	return found
}

// noRecipient matches lines whose address is not one that failed: a contact, a
// sender, a message identifier.
var noRecipient = regexp.MustCompile(`(?i)^\s*(?:from|sender|reply-to|message-id|in-reply-to|references|x-[a-z-]+|return-path|received|errors-to|cc|subject)\s*:|contact|postmaster@|mailer-daemon@|help@|support@|abuse@|mail from:|accepting (?:e?-?mail|messages) from|questions|assistance`)
