package parser

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/mail"
	"strconv"
	"strings"
)

// mail writes the stream as a mail, so that a message attached in Outlook can
// be opened by any program: subject, sender where the stream has an address,
// text, page, and files. It is false when the bytes the whole mail may make are
// used up.
func (t *tnef) mail() ([]byte, bool) {
	s := t.body()
	files := t.attachments()
	size := len(joinTexts(s.text)) + len(strings.Join(s.html, "\n"))
	for _, f := range files {
		size += len(f.Data) + 2*maxFilename
	}
	if size = size/2*3 + 2*maxSubject; size > *t.budget {
		return nil, false
	}
	*t.budget -= size
	w := mailWriter{boundary: "=_tnef_" + strconv.Itoa(t.depth)}
	w.out.Grow(size)
	w.header(t)
	w.text("text/plain", joinTexts(s.text))
	if len(s.html) > 0 {
		w.text("text/html", strings.Join(s.html, "\n"))
	}
	for _, f := range files {
		w.file(f)
	}
	w.line("--" + w.boundary + "--")
	return w.out.Bytes(), true
}

// mailWriter writes the parts of a multipart/mixed. All is base64, in which no
// line begins like a boundary; mails within have a boundary of their own.
type mailWriter struct {
	out      bytes.Buffer
	boundary string
}

func (w *mailWriter) line(s string) {
	w.out.WriteString(s)
	w.out.WriteString("\r\n")
}

func (w *mailWriter) header(t *tnef) {
	if address := oneLine(t.address); strings.Count(address, "@") == 1 && len(address) < 255 {
		from := mail.Address{Name: headerText(t.sender), Address: address}
		w.line("From: " + from.String())
	}
	w.line("Subject: " + mime.QEncoding.Encode("utf-8", headerText(t.subject)))
	w.line("MIME-Version: 1.0")
	w.line(`Content-Type: multipart/mixed; boundary="` + w.boundary + `"`)
	w.line("")
}

// headerText is one line, cut to what a subject may have.
func headerText(s string) string {
	s = oneLine(s)
	return strings.ToValidUTF8(s[:min(len(s), maxSubject)], "")
}

func (w *mailWriter) text(kind, text string) {
	w.line("--" + w.boundary)
	w.line("Content-Type: " + kind + "; charset=utf-8")
	w.base64([]byte(text))
}

// file writes an attachment. A mail stands as it is, since RFC 2046 section
// 5.2.1 forbids to encode it; one that would end the part it stands in is
// written as any other file.
func (w *mailWriter) file(a Attachment) {
	plain := a.ContentType == "message/rfc822" && !bytes.Contains(a.Data, []byte("--"+w.boundary))
	if !plain && strings.HasPrefix(a.ContentType, "message/") {
		a.ContentType = "application/octet-stream"
	}
	w.line("--" + w.boundary)
	w.line("Content-Type: " + a.ContentType)
	w.line("Content-Disposition: " + mime.FormatMediaType(a.Disposition, map[string]string{"filename": a.Filename}))
	if a.ContentID != "" {
		w.line("Content-ID: <" + strings.Map(printable, a.ContentID) + ">")
	}
	if plain {
		w.line("")
		w.out.Write(a.Data)
		w.line("")
		return
	}
	w.base64(a.Data)
}

// printable drops what may not stand in an identifier.
func printable(r rune) rune {
	if r <= ' ' || r > '~' || r == '<' || r == '>' {
		return -1
	}
	return r
}

func (w *mailWriter) base64(data []byte) {
	w.line("Content-Transfer-Encoding: base64")
	w.line("")
	for len(data) > 0 {
		n := min(len(data), 57) // 76 characters, RFC 2045 section 6.8
		w.out.Write(base64.StdEncoding.AppendEncode(w.out.AvailableBuffer(), data[:n]))
		w.line("")
		data = data[n:]
	}
}
