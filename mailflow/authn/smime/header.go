package smime

import (
	"bytes"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// maxHeader is how much of a signed part is taken for its header.
const maxHeader = 128 << 10

// cutHeader takes the header off a part.
func cutHeader(part []byte) (header, body []byte) {
	head := part[:min(len(part), maxHeader)]
	end := len(head)
	for _, blank := range []string{"\n\n", "\n\r\n"} {
		if i := bytes.Index(head, []byte(blank)); i >= 0 && i+len(blank) < end {
			end = i + len(blank)
		}
	}
	return part[:end], part[end:]
}

// mail says whether what is signed is a part of a mail (RFC 8551 section 3.1):
// its header says what it is, and is nothing but header. Anything else is a
// document, which its signer may have given to anybody; put into a mail, it
// must not make the mail the signer's.
func mail(text []byte) bool {
	head, _ := cutHeader(text)
	m := parser.Parse(head)
	return len(m.Header("Content-Type")) == 1 && !slices.Contains(m.Defects, "bad_header_line") && field(head)
}

// field says whether text begins with a header field.
func field(text []byte) bool {
	colon := bytes.IndexByte(text, ':')
	return colon > 0 && !bytes.ContainsFunc(text[:colon], func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// compareHeaders compares the header of the mail with the one in the signed
// part, if it has one: either as fields of its own (RFC 9788 section 2.1) or as
// those of a mail it wraps (RFC 8551 section 3.1). It tells whether the subject
// is there. From and Subject are what counts; servers change others at will.
func compareHeaders(text []byte, m *parser.Message) (subject bool, err error) {
	head, body := cutHeader(text)
	inner := parser.Parse(head)
	if kind := inner.Parts[0].ContentType; kind == "message/rfc822" || kind == "message/global" {
		head, _ = cutHeader(body)
		inner = parser.Parse(head)
	}
	if len(inner.Header("From")) > 0 && !sameAuthor(inner.From, m.From) {
		return false, HeadersDiffer
	}
	subject = len(inner.Header("Subject")) > 0
	if subject && !sameSubject(inner.Subject, m.Subject) {
		return false, HeadersDiffer
	}
	return subject, nil
}

func sameAuthor(inner, outer []parser.Address) bool {
	return len(inner) == 1 && len(outer) == 1 && strings.EqualFold(inner[0].Address, outer[0].Address)
}

// sameSubject compares subjects, but for tags like [EXTERNO] that gateways put
// before the outer one.
func sameSubject(inner, outer string) bool {
	inner, outer = ticket.Clean(inner), ticket.Clean(outer)
	for outer != inner {
		tag := strings.IndexByte(outer, ']')
		if tag < 0 || outer[0] != '[' {
			return false
		}
		outer = strings.TrimSpace(outer[tag+1:])
	}
	return true
}
