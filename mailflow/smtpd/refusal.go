package smtpd

import (
	"bytes"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Refusal is a recipient, or a whole mail, that was refused before
// Handler.Deliver was asked. Addresses, like Hello, are what the peer claims.
type Refusal struct {
	Remote   netip.Addr // as in Envelope, like Hello and Protocol
	Hello    string     // "" if the peer has not said it yet
	Protocol string
	From     string   // the reverse-path, "" for <>; as it was given, and cut, if MAIL itself was refused
	To       []string // the recipient refused, as it was given, and cut; of a refused mail those taken so far
	Size     int64    // in bytes: what was announced with MAIL (RFC 1870), or was received if that is more; 0 if unknown
	Reply    string   // code, enhanced code and text, as the peer read it if it was still there; by LMTP the first of several
}

// report is told every reply the peer reads, and hands on those that refuse a
// recipient or a mail. It stands where replies leave because some are not
// ours: go-smtp counts recipients and reads the parameters of MAIL itself.
func (g *guard) report(reply []byte) {
	if g.door.server.opt.Refused == nil || replyCode(string(reply)) < 400 {
		return
	}
	refusal, ok := g.refused()
	if !ok {
		return
	}
	refusal.Remote, refusal.Hello = g.remote, g.hello
	refusal.Reply = string(bytes.TrimSpace(reply))
	g.door.server.opt.Refused(refusal)
}

// refused is what a refusal of the command refuses, if anything; of a mail it
// says so once, though by LMTP each recipient reads a reply.
func (g *guard) refused() (Refusal, bool) {
	mail := g.mail()
	address, given := path(g.command.args)
	switch verb := g.command.verb; {
	case verb == "MAIL" && given:
		return Refusal{Protocol: g.protocol(false), From: address, Size: announced(g.command.args)}, true
	case verb == "RCPT" && address != "" && mail != nil:
		return Refusal{Protocol: g.protocol(mail.utf8), From: mail.from, To: []string{address}, Size: mail.size}, true
	case (verb == "BDAT" || g.command.begun) && mail != nil && len(mail.to) > 0 && !mail.settled:
		mail.settled = true
		return Refusal{Protocol: g.protocol(mail.utf8), From: mail.from, To: slices.Clone(mail.to), Size: mail.size}, true
	}
	return Refusal{}, false
}

// mail is the one that is open, nil if none is.
func (g *guard) mail() *transaction {
	if g.session == nil {
		return nil
	}
	return g.session.current()
}

var pathArgument = regexp.MustCompile(`(?i)^(?:FROM|TO):\s*(?:<([^>]*)>|(\S+@\S+))`)

// path finds the address in the arguments of MAIL or RCPT: in brackets it may
// be anything, without them it must look like one. It is cut to what an
// address may have, and its domain is in lower case.
func path(args string) (address string, given bool) {
	found := pathArgument.FindStringSubmatch(args)
	if found == nil {
		return "", false
	}
	address = found[1] + found[2]
	at := strings.LastIndexByte(address, '@') + 1
	address = address[:at] + strings.ToLower(address[at:])
	return strings.ToValidUTF8(address[:min(len(address), pathLimit)], "?"), true
}

var sizeArgument = regexp.MustCompile(`(?i)\sSIZE=(\d{1,18})(?:\s|$)`)

// announced is the size given with MAIL, 0 if there is none.
func announced(args string) int64 {
	found := sizeArgument.FindStringSubmatch(args)
	if found == nil {
		return 0
	}
	size, _ := strconv.ParseInt(found[1], 10, 64) // 18 digits fit
	return size
}
