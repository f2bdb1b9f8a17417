package compose

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // ISO-8859-1 and the like
	"pgregory.net/rapid"
)

// received is a mail as an independent reader finds it.
type received struct {
	header mail.Header
	kinds  string // the tree of media types: "mixed(plain file)"
	text   string
	html   string
	files  []file
}

type file struct{ name, kind, disposition, id, data string }

// reader is what a test and a property have in common.
type reader interface {
	Helper()
	Fatalf(format string, args ...any)
}

var (
	_ reader = (*testing.T)(nil)
	_ reader = (*rapid.T)(nil)
)

// read composes m, checks what every mail must keep to, and reads it with
// net/mail and go-message.
func read(t reader, m Mail) received {
	t.Helper()
	raw, err := m.Bytes()
	if err != nil {
		t.Fatalf("compose: %v", err)
	}
	if again, _ := m.Bytes(); !bytes.Equal(again, raw) {
		t.Fatalf("the same mail gave other bytes:\n%s\n%s", raw, again)
	}
	checkWire(t, raw)
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("net/mail: %v\n%s", err, raw)
	}
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("go-message: %v\n%s", err, raw)
	}
	r := received{header: parsed.Header}
	r.kinds = r.walk(t, entity)
	return r
}

func (r *received) walk(t reader, e *message.Entity) string {
	t.Helper()
	kind, params, err := e.Header.ContentType()
	if err != nil {
		t.Fatalf("content type: %v", err)
	}
	if parts := e.MultipartReader(); parts != nil {
		return strings.TrimPrefix(kind, "multipart/") + "(" + r.children(t, parts) + ")"
	}
	body, err := io.ReadAll(e.Body)
	if err != nil {
		t.Fatalf("body of %s: %v", kind, err)
	}
	disposition, given, _ := e.Header.ContentDisposition()
	switch {
	case disposition != "":
		id := strings.Trim(e.Header.Get("Content-Id"), "<>")
		r.files = append(r.files, file{given["filename"], kind, disposition, id, string(body)})
		if params["name"] == "" {
			t.Fatalf("%s without a name parameter", kind)
		}
		return "file"
	case kind == "text/html":
		r.html = string(body)
		return "html"
	}
	r.text = string(body)
	return "plain"
}

func (r *received) children(t reader, parts message.MultipartReader) string {
	t.Helper()
	var kinds []string
	for {
		child, err := parts.NextPart()
		if err == io.EOF {
			return strings.Join(kinds, " ")
		}
		if err != nil {
			t.Fatalf("next part: %v", err)
		}
		kinds = append(kinds, r.walk(t, child))
	}
}

var fieldName = regexp.MustCompile(`^([A-Za-z-]+):`)

// checkWire holds for every mail: CRLF and 7-bit only, short lines, one of
// each header, folded, no line of white space alone.
func checkWire(t reader, raw []byte) {
	t.Helper()
	if bytes.ContainsFunc(raw, func(r rune) bool { return r > '~' || r < ' ' && !strings.ContainsRune("\r\n\t", r) }) {
		t.Fatalf("not 7-bit text:\n%q", raw)
	}
	text, ended := strings.CutSuffix(string(raw), "\r\n")
	if !ended || strings.ContainsAny(strings.ReplaceAll(text, "\r\n", ""), "\r\n") {
		t.Fatalf("a line does not end in CRLF:\n%q", raw)
	}
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	for line := range strings.SplitSeq(body, "\r\n") {
		if len(line) > lineWidth {
			t.Fatalf("body line of %d octets: %s", len(line), line)
		}
	}
	checkHeader(t, strings.Split(head, "\r\n"))
}

func checkHeader(t reader, lines []string) {
	t.Helper()
	seen := map[string]bool{}
	for i, line := range lines {
		folded := strings.HasPrefix(line, " ")
		name := fieldName.FindStringSubmatch(line)
		switch {
		case strings.TrimSpace(line) == "" || !folded && name == nil || folded && i == 0:
			t.Fatalf("header line %q", line)
		case len(line) > 78 && strings.Contains(strings.TrimSpace(line), " "):
			t.Fatalf("header line of %d octets not folded: %s", len(line), line)
		case len(line) > 998:
			t.Fatalf("header line of %d octets", len(line))
		case !folded && seen[strings.ToLower(name[1])]:
			t.Fatalf("%s twice", name[1])
		case !folded:
			seen[strings.ToLower(name[1])] = true
		}
	}
}

// subject is the Subject as people see it.
func (r received) subject(t reader) string {
	t.Helper()
	decoded, err := new(mime.WordDecoder).DecodeHeader(r.header.Get("Subject"))
	if err != nil {
		t.Fatalf("subject: %v", err)
	}
	return decoded
}

func (r received) mailbox(t reader, field string) mail.Address {
	t.Helper()
	address, err := mail.ParseAddress(r.header.Get(field))
	if err != nil {
		t.Fatalf("%s %q: %v", field, r.header.Get(field), err)
	}
	return *address
}
