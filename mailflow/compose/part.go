package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime/quotedprintable"
	"slices"
	"strings"
)

// part is a node of the mail's tree: a leaf with a body, or a multipart with
// children.
type part struct {
	header   header // its Content-… lines
	body     func(*bytes.Buffer)
	boundary string
	children []*part
}

// root is the whole mail as a tree (RFC 2046 section 5.1):
//
//	mixed { alternative { text, related { html, inline images } }, files }
//
// where a multipart that would hold a single part is left out.
func (m Mail) root() *part {
	inline, files := m.attachments()
	shown := textPart("text/plain", m.Text)
	if m.HTML != "" {
		html := m.multipart("related", textPart("text/html", m.HTML), inline...)
		shown = m.multipart("alternative", shown, html)
	}
	return m.multipart("mixed", shown, files...)
}

func (m Mail) multipart(subtype string, first *part, others ...*part) *part {
	if len(others) == 0 {
		return first
	}
	p := &part{boundary: m.boundary(subtype), children: append([]*part{first}, others...)}
	params := []string{"boundary=" + quoted(p.boundary)}
	if subtype == "related" {
		params = append(params, `type="text/html"`) // RFC 2387 section 3.1
	}
	p.header.put("Content-Type", parameters("multipart/"+subtype, params...)...)
	return p
}

// boundaryMark begins every boundary. Neither quoted-printable nor base64 can
// produce it, and plain text that holds it is sent as quoted-printable: so no
// boundary of ours occurs within a part.
const boundaryMark = "=_"

func (m Mail) boundary(subtype string) string {
	sum := sha256.Sum256([]byte(m.MessageID + " " + subtype))
	return boundaryMark + hex.EncodeToString(sum[:12])
}

// write appends header, empty line and content.
func (p *part) write(out *bytes.Buffer) {
	out.Write(p.header.Bytes())
	out.WriteString("\r\n")
	if p.children == nil {
		p.body(out)
		return
	}
	for _, child := range p.children {
		out.WriteString("--" + p.boundary + "\r\n")
		child.write(out)
		// This line end belongs to the boundary (RFC 2046 section 5.1.1);
		// the content has its own.
		out.WriteString("\r\n")
	}
	out.WriteString("--" + p.boundary + "--\r\n")
}

func textPart(mediaType, text string) *part {
	text = lines(text)
	p := &part{}
	p.header.put("Content-Type", parameters(mediaType, "charset=utf-8")...)
	if travelsAsIs(text) {
		p.header.put("Content-Transfer-Encoding", "7bit")
		p.body = func(out *bytes.Buffer) { out.WriteString(text) }
	} else {
		p.header.put("Content-Transfer-Encoding", "quoted-printable")
		p.body = func(out *bytes.Buffer) { writeQuotedPrintable(out, text) }
	}
	return p
}

// lines brings text to CRLF line ends, exactly one at the end, without other
// control characters than the tab.
func lines(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return noControl(r)
	}, text)
	return strings.ReplaceAll(strings.TrimRight(text, "\n")+"\n", "\n", "\r\n")
}

// travelsAsIs tells whether text needs no encoding: ASCII, no line over 76, no
// white space at a line's end, which some servers strip, and no boundary.
func travelsAsIs(text string) bool {
	if !isASCII(text) || strings.Contains(text, boundaryMark) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(text, "\r\n"), func(line string) bool {
		return len(line) > lineWidth || strings.TrimRight(line, " \t") != line
	})
}

// writeQuotedPrintable is RFC 2045 section 6.7. Writing to a buffer cannot fail.
func writeQuotedPrintable(out *bytes.Buffer, text string) {
	w := quotedprintable.NewWriter(out)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
}

// base64Line is how many octets make a line of 76 (RFC 2045 section 6.8).
const base64Line = 57

func writeBase64(out *bytes.Buffer, data []byte) {
	for line := range slices.Chunk(data, base64Line) {
		out.Write(base64.StdEncoding.AppendEncode(out.AvailableBuffer(), line))
		out.WriteString("\r\n")
	}
}
