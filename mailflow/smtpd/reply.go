package smtpd

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-smtp"
)

// Replies the guard gives itself. Enhanced codes are those of RFC 3463.
const (
	replyBusy        = "421 4.3.2 too many connections, try again later"
	replyBusyNetwork = "421 4.7.0 too many connections from your network, try again later"
	replyStopping    = "421 4.3.2 going down, try again later"
	replyIdle        = "421 4.4.2 waited too long, closing"
	replyLifetime    = "421 4.4.2 connection open too long, connect again"
	replyTooManyBad  = "421 4.7.0 too many errors, closing"
	replyLineTooLong = "500 5.5.2 command line too long, closing"
	replyControls    = "500 5.5.2 control characters in a command"
	replyUnknown     = "500 5.5.2 command not known"
	replyNotOffered  = "502 5.5.1 command not offered"
	replyHelp        = "214 2.0.0 RFC 5321; a person answers mail to postmaster"
	replyVerify      = "252 2.5.2 cannot verify, but will take the mail and try to deliver it"
	replyNoHello     = "503 5.5.1 EHLO comes first"
	replyBadChunk    = "501 5.5.4 BDAT takes a size and perhaps LAST, closing"
	replyChunkTooBig = "552 5.3.4 message too big, closing"
	replyChunkAbort  = "421 4.5.0 transfer given up, connect again"
	replyChunkCut    = "451 4.4.2 the rest of the mail did not come"
	replyNoProxy     = "421 4.7.0 a header of the PROXY protocol with the client's address is needed"
	replyManyUnknown = "421 4.7.0 too many recipients of your network were refused, try again later"
	replyManyBad     = "421 4.7.0 too many bad commands from your network, try again later"
	replyMailOpen    = "503 5.5.1 a mail is open; RSET first"
	replyBadClient   = "501 5.5.4 XCLIENT takes NAME, ADDR, PROTO, HELO with values"
	replyTLSReady    = "220 2.0.0 ready for TLS"
	replyTLSTwice    = "503 5.5.1 TLS is on already"
	replyTLSArgument = "501 5.5.4 STARTTLS takes no argument"
	replyTLSInjected = "421 4.5.0 nothing may follow STARTTLS, closing"
)

// Errors a read inside a mail can end with, and those of the session.
// go-smtp compares types without unwrapping, so they are its own.
var (
	errMailCut    = failure(451, smtp.EnhancedCode{4, 4, 2}, "the rest of the mail did not come in time")
	errEndMissed  = failure(451, smtp.EnhancedCode{4, 6, 0}, "CR CR LF before the end of the mail; lines end in CR LF")
	errTooBig     = failure(552, smtp.EnhancedCode{5, 3, 4}, "message too big")
	errManyMails  = failure(450, smtp.EnhancedCode{4, 7, 1}, "too many mails from your network, try again later")
	errManyBytes  = failure(450, smtp.EnhancedCode{4, 7, 1}, "too many bytes from your network, try again later")
	errWideLine   = failure(500, smtp.EnhancedCode{5, 6, 0}, "a line of the mail is too long")
	errTemporary  = failure(451, smtp.EnhancedCode{4, 3, 0}, "cannot take this mail now, try again later")
	errNested     = failure(503, smtp.EnhancedCode{5, 5, 1}, "a mail is open already; RSET first")
	errNoMail     = failure(503, smtp.EnhancedCode{5, 5, 1}, "no recipient yet")
	errBadSender  = failure(501, smtp.EnhancedCode{5, 1, 7}, "sender is not a mail address")
	errBadMailbox = failure(501, smtp.EnhancedCode{5, 1, 3}, "recipient is not a mail address")
	errNotASCII   = failure(553, smtp.EnhancedCode{5, 6, 7}, "address is not ASCII and SMTPUTF8 was not asked for") // RFC 6531 section 3.5
)

func failure(code int, enhanced smtp.EnhancedCode, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// Refused is an error with the reply a peer may see: return &Refused. It is
// found in wrapped errors too. Every other error is answered with a fixed 451.
type Refused struct {
	Code     int    // 4yz or 5yz; 421 also ends the connection. Anything else is answered as a temporary failure
	Enhanced [3]int // RFC 3463; if its class is not that of Code, class.0.0 is sent
	Text     string // for the peer: made one line of printable ASCII, cut at 400 bytes
	Cause    error  // for the log only; may be nil
}

// Error gives the reply and the cause, for logs.
func (r *Refused) Error() string {
	text := fmt.Sprintf("%d %s", r.Code, r.Text)
	if r.Cause != nil {
		text += ": " + r.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (r *Refused) Unwrap() error { return r.Cause }

// toSMTP is the one place where an error becomes a reply. No text of ours
// reaches a peer but that of a Refused, and nothing is permanent but by its
// code: a wrapped or unknown error left to go-smtp would be a 554 with our
// inner words, and a full disk would bounce mail for good.
func toSMTP(err error) *smtp.SMTPError {
	if refused, ok := errors.AsType[*Refused](err); ok {
		class := refused.Code / 100
		if class != 4 && class != 5 {
			return errTemporary
		}
		enhanced := smtp.EnhancedCode(refused.Enhanced)
		if enhanced[0] != class {
			enhanced = smtp.EnhancedCode{class, 0, 0}
		}
		return failure(refused.Code, enhanced, replyText(refused.Text))
	}
	if own, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return own
	}
	return errTemporary
}

// accepted is the reply "250 2.0.0 text". go-smtp answers a nil error with a
// fixed text of its own; but it writes whatever code an *SMTPError carries
// (dataErrorToStatus in its conn.go), 250 included, so success with a text is
// an "error" too.
func accepted(text string) *smtp.SMTPError {
	if text == "" {
		text = "done"
	}
	return failure(250, smtp.EnhancedCode{2, 0, 0}, replyText(text))
}

// merge joins what was said about each recipient for SMTP, which has one
// reply for all: each text once, in order.
func merge(texts []string) string {
	var distinct []string
	for _, text := range texts {
		if text != "" && !slices.Contains(distinct, text) {
			distinct = append(distinct, text)
		}
	}
	return strings.Join(distinct, ", ")
}

// replyText makes one line of printable ASCII that leaves room for the codes:
// a reply line has at most 512 bytes (RFC 5321 section 4.5.3.1.5).
func replyText(text string) string {
	const most = 400
	text = strings.Join(strings.Fields(strings.Map(printable, text)), " ")
	return text[:min(len(text), most)]
}

func printable(r rune) rune {
	switch {
	case r < ' ' || r == 0x7f:
		return ' '
	case r > '~':
		return '?'
	}
	return r
}

// replyCode is the number a reply begins with, 0 if there is none.
func replyCode(reply string) int {
	code, err := strconv.Atoi(reply[:min(len(reply), 3)])
	if err != nil {
		return 0
	}
	return code
}
