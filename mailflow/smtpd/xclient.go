package smtpd

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
)

// introduction is what a front said of its client with XCLIENT, an extension of
// Postfix (its XCLIENT_README). A later one adds to it.
type introduction struct {
	addr  netip.Addr // zero: not said
	hello string
	proto string // "SMTP", "ESMTP" or ""
}

// xclientOffer is what EHLO tells a front.
const xclientOffer = "250-XCLIENT NAME ADDR PROTO HELO\r\n"

// isFront is decided by who connected, whomever they introduce.
func (g *guard) isFront() bool { return within(g.door.server.opt.Fronts, g.origin) }

// introduce makes the connection that of the client the front names. The
// conversation begins again with the greeting, as if it were new, but TLS
// stays; go-smtp is told to forget by a RSET whose reply nobody reads.
func (g *guard) introduce() []byte {
	switch {
	case !g.isFront():
		return g.refuse(replyUnknown)
	case g.chunked || g.mail() != nil:
		return g.refuse(replyMailOpen)
	}
	said, err := parseIntroduction(g.command.args, g.client)
	if err != nil {
		return g.refuse(replyBadClient)
	}
	if said.addr != g.client.addr {
		if refusal := g.takeIn(said.addr); refusal != "" {
			g.hangUp(refusal)
			return nil
		}
	}
	g.client = said
	g.hello, g.extended = said.hello, said.proto == "ESMTP"
	_ = g.answer("220 " + g.door.server.opt.Hostname + " service ready")
	g.silent = true
	return command{verb: "RSET"}.line()
}

// takeIn is for a client as for a peer that connects.
func (g *guard) takeIn(addr netip.Addr) (refusal string) {
	g.mistakes = 0
	if refusal = g.adopt(addr); refusal != "" {
		return refusal
	}
	return g.overdrawn()
}

var errBadClient = errors.New("bad attribute of XCLIENT")

// parseIntroduction reads the arguments of XCLIENT, and adds them to what was
// said before.
func parseIntroduction(args string, said introduction) (introduction, error) {
	attributes := strings.Fields(args)
	if len(attributes) == 0 {
		return said, errBadClient
	}
	for _, attribute := range attributes {
		name, coded, _ := strings.Cut(attribute, "=")
		value, ok := decodeXtext(coded)
		if !ok || !said.set(strings.ToUpper(name), value) {
			return said, errBadClient
		}
	}
	return said, nil
}

// set takes in one attribute. The client's NAME is not kept: who needs it looks
// it up. A front that does not know the client's ADDR is refused, or its client
// would count as the front itself.
func (i *introduction) set(name, value string) bool {
	unknown := strings.EqualFold(value, "[UNAVAILABLE]") || strings.EqualFold(value, "[TEMPUNAVAIL]")
	switch {
	case name == "ADDR":
		return i.setAddr(value)
	case name == "HELO" && unknown:
		i.hello = ""
	case name == "HELO":
		i.hello = helloName(value)
	case name == "PROTO" && !unknown:
		i.proto = strings.ToUpper(value)
		return i.proto == "SMTP" || i.proto == "ESMTP"
	default:
		return name == "NAME" || name == "PROTO"
	}
	return true
}

func (i *introduction) setAddr(value string) bool {
	const mark = "IPV6:"
	if len(value) > len(mark) && strings.EqualFold(value[:len(mark)], mark) {
		value = value[len(mark):]
	}
	addr, err := netip.ParseAddr(value)
	i.addr = addr.Unmap()
	return err == nil && addr.Zone() == "" && !addr.IsUnspecified() && !addr.IsMulticast()
}

// decodeXtext undoes the coding of RFC 3461 section 4, in which "+2B" is a
// plus. The text must be printable ASCII without spaces, and not empty.
func decodeXtext(coded string) (text string, ok bool) {
	var b strings.Builder
	for coded != "" {
		plain, rest, escaped := strings.Cut(coded, "+")
		b.WriteString(plain)
		if !escaped {
			break
		}
		if len(rest) < 2 {
			return "", false
		}
		char, err := hex.DecodeString(rest[:2])
		if err != nil {
			return "", false
		}
		b.Write(char)
		coded = rest[2:]
	}
	text = b.String()
	return text, text != "" && !strings.ContainsFunc(text, notPrintable)
}

func notPrintable(r rune) bool { return r <= ' ' || r > '~' }
