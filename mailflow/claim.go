package mailflow

import (
	"cmp"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// A notice's Message-ID and its return path carry its identity and an HMAC, so
// that what comes back under them is known to answer our mail:
//
//	<I171009_000049.01J…ID.TOKEN@dgt.example>   TOKEN over notice, ticket and addressee
//	b+01J…IDTOKEN@dgt.example                   TOKEN over the notice
//
// A Message-ID names its addressee through the HMAC: used from another From it
// proves nothing.

// claim is what a valid Message-ID of ours in a reply claims.
type claim struct {
	ticket ticket.Number // "" for a mail about no ticket
	notice string
}

func (d *Desk) messageID(n store.Notice) string {
	return cmp.Or(string(n.Ticket), noTicket) + "." + n.ID + "." + d.Policy.Key.Sign(replyParts(n.ID, n.Ticket, n.To)...) + "@" + d.Correspondence.Domain()
}

func replyParts(notice string, number ticket.Number, to ticket.Address) []string {
	return []string{"reply", notice, string(number), strings.ToLower(string(to))}
}

// threadRoot is the id under which mail programs gather all mails on a ticket.
func (d *Desk) threadRoot(n ticket.Number) string {
	return string(n) + ".ticket@" + d.Correspondence.Domain()
}

// noTicket stands where a mail is about no ticket. No number looks like it:
// they are in capital letters.
const noTicket = "mail"

var ownID = regexp.MustCompile(`^(?:mail|([A-Z0-9_-]+))\.([0-9A-Z]{26})\.([0-9A-Z]{16})@`)

// claimOf finds the first of our Message-IDs, made for this author, that the
// mail answers. In-Reply-To is asked before References, newest first.
func (d *Desk) claimOf(m *parser.Message, author ticket.Address) (claim, bool) {
	ids := append([]string(nil), m.InReplyTo...)
	for i := len(m.References) - 1; i >= 0; i-- {
		ids = append(ids, m.References[i])
	}
	for _, id := range ids[:min(len(ids), 50)] {
		part := ownID.FindStringSubmatch(id)
		if part == nil {
			continue
		}
		c := claim{ticket: ticket.Number(part[1]), notice: part[2]}
		if d.Policy.Signed(part[3], replyParts(c.notice, c.ticket, author)...) {
			return c, true
		}
	}
	return claim{}, false
}

// returnPath is the envelope sender of a notice: bounces come to it.
func (d *Desk) returnPath(notice string) string {
	return "b+" + strings.ToLower(notice+d.Policy.Key.Sign("bounce", notice)) + "@" + d.Correspondence.Domain()
}

var ownReturnPath = regexp.MustCompile(`^b\+([0-9a-z]{26})([0-9a-z]{16})@`)

// noticeOf is the notice whose return path an address is.
func (d *Desk) noticeOf(a ticket.Address) (id string, ours bool) {
	part := ownReturnPath.FindStringSubmatch(strings.ToLower(string(a)))
	if part == nil || a.Domain() != d.Correspondence.Domain() {
		return "", false
	}
	id = strings.ToUpper(part[1])
	return id, d.Policy.Signed(part[2], "bounce", id)
}

// isReturnPath tells whether an address is the return path of a notice of ours.
func (d *Desk) isReturnPath(a ticket.Address) bool {
	_, ours := d.noticeOf(a)
	return ours
}

var anyMailto = regexp.MustCompile(`(?i)<?mailto:[^\s<>"]*>?`)

// scrub takes our tokens, and the links that hold them, out of what a person
// wrote: a quoted button must not become somebody else's. Of any other link that
// writes a mail the address stays: nobody's words are a button for others.
func (d *Desk) scrub(text string) string {
	text = anyMailto.ReplaceAllStringFunc(text, func(link string) string {
		plain, err := url.PathUnescape(link)
		if err != nil {
			plain = link
		}
		for _, own := range d.addresses() {
			if strings.Contains(strings.ToLower(plain), strings.ToLower(string(own))) {
				return ""
			}
		}
		_, target, _ := strings.Cut(link, ":")
		target, _, _ = strings.Cut(target, "?")
		return "<" + strings.TrimSuffix(target, ">") + ">"
	})
	return d.Policy.Scrub(text)
}

// maxNested is how deep mails attached to mails are looked into.
const maxNested = 3

// holdsKey tells whether a file shows one of our tokens: a mail of ours that
// was attached, or its text. Handed on, it would make its reader the addressee.
func (d *Desk) holdsKey(a parser.Attachment) bool {
	return d.showsToken(a, maxNested)
}

func (d *Desk) showsToken(a parser.Attachment, depth int) bool {
	switch {
	case isText(a) && d.tells(string(a.Data)):
		return true
	case !isMail(a):
		return false
	case depth == 0:
		return true
	}
	m := parser.Parse(a.Data)
	return d.tells(m.Subject) || d.tells(m.Text) || d.tells(m.HTML) ||
		slices.ContainsFunc(m.Attachments, func(inner parser.Attachment) bool { return d.showsToken(inner, depth-1) })
}

// markup is what a page shows nothing of, and spaces are as good as one.
var (
	markup = regexp.MustCompile(`<[^<>]*>`)
	spaces = regexp.MustCompile(`[\s\p{Z}]+`)
)

// tells tells whether one of our tokens stands in a text or a page, in what it is
// written in or in what it shows.
func (d *Desk) tells(text string) bool {
	text = html.UnescapeString(strings.ReplaceAll(text, "\x00", "")) // of UTF-16, each second octet
	shown := spaces.ReplaceAllString(markup.ReplaceAllString(text, " "), " ")
	return d.Policy.Scrub(text) != text || d.Policy.Scrub(shown) != shown
}

// texts are the endings of files that anybody reads as text.
var texts = strings.Fields("txt text log csv tsv md htm html xhtml xht shtml mht mhtml xml svg json yaml yml rtf")

func isText(a parser.Attachment) bool {
	return strings.HasPrefix(a.ContentType, "text/") || endsIn(a, texts...)
}

// isMail tells whether a file is a mail, by its type or, for programs send it as
// anything, by its name.
func isMail(a parser.Attachment) bool {
	return strings.HasPrefix(a.ContentType, "message/") || endsIn(a, "eml", "mht", "mhtml")
}
