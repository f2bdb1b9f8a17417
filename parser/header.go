package parser

import (
	"bytes"
	"strings"
)

// field is one header field as it stands in the mail: the name in lower case,
// the value still folded and encoded.
type field struct {
	name string
	raw  []byte
}

// header is the fields of one part, in order.
type header []field

// essential fields are kept even beyond the bounds of a header: a thousand
// trace fields in front must not hide who wrote.
var essential = map[string]bool{
	"from": true, "to": true, "cc": true, "subject": true, "date": true, "message-id": true, "in-reply-to": true,
	"references": true, "content-type": true, "content-transfer-encoding": true, "auto-submitted": true, "return-path": true,
}

// single fields may stand once only (RFC 5322 section 3.6); twice is ambiguous
// and sometimes an attack, so it is a defect. The first one counts.
var single = []string{
	"from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id", "in-reply-to", "references",
	"content-type", "content-transfer-encoding", "content-disposition", "mime-version",
}

// first returns the unfolded value of the first field of that name.
func (h header) first(name string) (string, bool) {
	for _, f := range h {
		if f.name == name {
			return unfold(f.raw), true
		}
	}
	return "", false
}

// all returns the unfolded values of every field of that name.
func (h header) all(name string) []string {
	var values []string
	for _, f := range h {
		if f.name == name {
			values = append(values, unfold(f.raw))
		}
	}
	return values
}

// duplicates notes the fields that stand more than once but should not.
func (h header) duplicates(d *defects) {
	count := map[string]int{}
	for _, f := range h {
		count[f.name]++
	}
	for _, name := range single {
		if count[name] > 1 {
			d.add("duplicate_" + strings.ReplaceAll(name, "-", "_"))
		}
	}
}

// unfold joins the lines of a field: each line end before white space goes, the
// white space stays (RFC 5322 section 2.2.3). NUL and stray CR become spaces.
func unfold(raw []byte) string {
	if !bytes.ContainsAny(raw, "\r\n\x00") {
		return string(bytes.TrimSpace(raw))
	}
	out := make([]byte, 0, len(raw))
	for i, b := range raw {
		switch {
		case b == '\n', b == '\r' && i+1 < len(raw) && (raw[i+1] == '\n' || raw[i+1] == '\r'):
		case b == '\r' || b == 0:
			out = append(out, ' ')
		default:
			out = append(out, b)
		}
	}
	return string(bytes.TrimSpace(out))
}

// headerReader reads the header of one part off the cursor.
type headerReader struct {
	w      *walker
	limit  int
	fields header
	used   int
	folds  int
	start  int // where the field being read starts; -1 before the first
	colon  int // where its value starts
	end    int
	keep   bool
}

// readHeader reads fields up to the empty line, which it consumes, or up to a
// line that can only be a boundary or the body, which it leaves.
func (w *walker) readHeader(limit int) header {
	r := &headerReader{w: w, limit: limit, start: -1}
	for r.line() {
	}
	r.flush()
	return r.fields
}

// line reads one line; it returns false when the header is over.
func (r *headerReader) line() bool {
	c := &r.w.cur
	at := c.pos
	line, ok := c.next()
	switch {
	case !ok:
		return false
	case len(bytes.TrimRight(line, " \t")) == 0:
		// A line of blanks inside a header is an old fold, not its end, when
		// fields go on after it (RFC 5322 section 4.2).
		return len(line) > 0 && r.goesOn()
	case line[0] == ' ' || line[0] == '\t':
		r.fold(at, line)
		return true
	}
	if _, is := r.w.match(line); is {
		c.pos = at
		r.w.defects.add("header_without_end")
		return false
	}
	colon := fieldColon(line)
	if colon < 0 {
		return r.junk(at, line)
	}
	r.flush()
	r.begin(at, line, colon)
	return true
}

func (r *headerReader) goesOn() bool {
	next, ok := r.w.cur.peek()
	return ok && len(next) > 0 && (fieldColon(next) > 0)
}

// junk decides what a line without a field name is: noise between two fields,
// or the first line of a body whose empty line is missing.
func (r *headerReader) junk(at int, line []byte) bool {
	if bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")) {
		return true // an mbox separator
	}
	next, ok := r.w.cur.peek()
	r.w.defects.add("bad_header_line")
	if ok && fieldColon(next) > 0 {
		r.flush()
		return true
	}
	r.w.cur.pos = at
	return false
}

func (r *headerReader) begin(at int, line []byte, colon int) {
	name := strings.ToLower(string(bytes.TrimRight(line[:colon], " \t")))
	r.start, r.colon, r.end, r.folds = at, at+colon+1, at+len(line), 0
	over := r.used > r.limit || len(r.fields) >= maxFields
	_, known := r.fields.first(name)
	r.keep = !over || essential[name] && !known
	if over {
		r.w.defects.add("header_too_large")
	}
	if r.keep {
		r.fields = append(r.fields, field{name: name})
	}
}

func (r *headerReader) fold(at int, line []byte) {
	if r.start < 0 {
		// White space before the first field: some gateways indent it.
		if colon := fieldColon(bytes.TrimLeft(line, " \t")); colon > 0 {
			indent := len(line) - len(bytes.TrimLeft(line, " \t"))
			r.begin(at+indent, line[indent:], colon)
		}
		r.w.defects.add("bad_header_line")
		return
	}
	r.folds++
	if r.folds <= maxFolds {
		r.end = at + len(line)
	} else {
		r.w.defects.add("field_too_long")
	}
}

// flush stores the value of the field that has just ended.
func (r *headerReader) flush() {
	if r.start < 0 {
		return
	}
	r.used += r.end - r.start
	if r.keep {
		value := r.w.src[r.colon:r.end]
		if len(value) > maxField {
			value = value[:maxField]
			r.w.defects.add("field_too_long")
		}
		r.fields[len(r.fields)-1].raw = value
	}
	r.start = -1
}

// fieldColon returns the offset of the colon that ends a field name, or -1.
// Names are printable ASCII (RFC 5322 section 2.2); bytes above it are let
// through so that a damaged name does not end the header.
func fieldColon(line []byte) int {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 || colon > 200 {
		return -1
	}
	name := bytes.TrimRight(line[:colon], " \t")
	for _, b := range name {
		if b <= ' ' || b == 0x7f {
			return -1
		}
	}
	if len(name) == 0 {
		return -1
	}
	return colon
}
