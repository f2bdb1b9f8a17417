package parser

import (
	"bytes"
	"strconv"
	"strings"
)

// node is one part of the MIME tree.
type node struct {
	path     string
	header   header
	media    media
	encoding string
	src      []byte // what the offsets count in
	start    int    // first byte of the header
	body     int    // first byte of the body
	end      int    // end of the body
	decoded  bool   // src is not the mail itself but something decoded from it
	children []*node
	message  *node // the mail inside a message/rfc822
	parent   *node
	data     []byte // decoded body of a leaf
	cut      bool   // shown in part only, and attached whole
}

func (n *node) multipart() bool { return strings.HasPrefix(n.media.kind, "multipart/") }
func (n *node) leaf() bool      { return len(n.children) == 0 && n.message == nil }

// walker builds the tree in one pass: every line is looked at once, against
// the boundaries of all multiparts that are open, so that a missing end of an
// inner part does not swallow the outer ones.
type walker struct {
	src     []byte
	cur     cursor
	open    []string // boundaries, outermost first, with their leading "--"
	parts   *int
	decoded bool
	sealed  int // S/MIME containers around this
	defects *defects
}

// hit is the boundary line that ended a body.
type hit struct {
	level   int // in walker.open; -1 at the end of the mail
	closing bool
	start   int // where the line starts
}

// walk reads a whole mail.
func walk(src []byte, d *defects) *node {
	parts := 0
	w := &walker{src: src, cur: newCursor(src), parts: &parts, defects: d}
	w.skipLead()
	root, _ := w.entity("", 0, "text/plain")
	return root
}

// skipLead passes what mailboxes and pipes leave before the first field: a
// byte order mark, and empty lines if fields follow.
func (w *walker) skipLead() {
	if bytes.HasPrefix(w.src, []byte("\xef\xbb\xbf")) {
		w.cur.pos = 3
	}
	saved := w.cur.pos
	for {
		line, ok := w.cur.peek()
		if ok && len(line) == 0 {
			w.cur.next()
			continue
		}
		colon := fieldColon(line)
		if colon < 0 || !essential[strings.ToLower(string(line[:colon]))] && !bytes.EqualFold(line[:colon], []byte("received")) {
			w.cur.pos = saved
		}
		return
	}
}

// entity reads one part, header and body, up to the boundary that ends it.
func (w *walker) entity(path string, depth int, fallback string) (*node, hit) {
	*w.parts++
	n := &node{path: path, src: w.src, start: w.cur.pos, decoded: w.decoded}
	limit := maxPartHeader
	if depth == 0 || fallback == "" {
		limit = maxHeader
	}
	n.header = w.readHeader(limit)
	n.body = w.cur.pos
	n.describe(fallback, w.defects)
	end := w.bodyOf(n, depth)
	n.end = max(w.cur.before(end.start, n.body), n.body)
	w.rescue(n, depth)
	return n, end
}

func (w *walker) bodyOf(n *node, depth int) hit {
	deep := depth >= maxDepth
	switch {
	case deep && (n.multipart() || n.media.message()):
		w.defects.add("too_deep")
	case n.multipart():
		return w.multipart(n, depth)
	case n.media.message() && plainEncoding(n.encoding):
		var end hit
		n.message, end = w.entity(join(n.path, 1), depth+1, "")
		n.message.parent = n
		return end
	}
	return w.skip()
}

// multipart reads the children of a multipart.
func (w *walker) multipart(n *node, depth int) hit {
	boundary := n.media.params["boundary"]
	if boundary == "" {
		w.defects.add("missing_boundary")
		if boundary = w.guessBoundary(); boundary == "" {
			return w.skip()
		}
	}
	w.open = append(w.open, "--"+boundary)
	level := len(w.open) - 1
	end := w.skip()
	for end.level == level {
		if end.closing {
			// Parts after the closing line are read as well: some programs
			// close too early, and a part lost is worse than one too many.
			end = w.skip()
			continue
		}
		end = w.child(n, depth)
	}
	w.open = w.open[:level]
	return end
}

func (w *walker) child(n *node, depth int) hit {
	if *w.parts >= maxParts {
		w.defects.add("too_many_parts")
		return w.skip()
	}
	fallback := "text/plain"
	if n.media.kind == "multipart/digest" {
		fallback = "message/rfc822" // RFC 2046 section 5.1.5
	}
	child, end := w.entity(join(n.path, len(n.children)+1), depth+1, fallback)
	child.parent = n
	n.children = append(n.children, child)
	if end.level < 0 {
		w.defects.add("boundary_not_closed")
	}
	return end
}

// rescue reads what a plain pass could not: a multipart or a message that was
// encoded as a whole (RFC 2045 section 6.4 forbids it, programs do it), what
// lies within an S/MIME signature, and a multipart whose boundary never came,
// which is text.
func (w *walker) rescue(n *node, depth int) {
	if n.leaf() && n.smime() {
		w.unseal(n, depth)
		return
	}
	container := n.multipart() || n.media.message()
	if !container || !n.leaf() || depth >= maxDepth {
		return
	}
	if !plainEncoding(n.encoding) {
		w.defects.add("encoded_container")
		w.inside(n, decodeTransfer(n.raw(), n.encoding, w.defects), depth)
		return
	}
	if n.multipart() {
		w.defects.add("no_parts")
		n.media = media{kind: "text/plain", params: n.media.params}
		if looksHTML(n.raw()) {
			n.media.kind = "text/html"
		}
	}
}

// inside walks a body that had to be decoded first.
func (w *walker) inside(n *node, data []byte, depth int) {
	inner := &walker{src: data, cur: newCursor(data), parts: w.parts, decoded: true, sealed: w.sealed, defects: w.defects}
	n.data = data
	if n.media.message() {
		n.message, _ = inner.entity(join(n.path, 1), depth+1, "")
		n.message.parent = n
		return
	}
	n.src, n.decoded, n.start, n.body, n.end = data, true, 0, 0, len(data)
	n.encoding = ""
	inner.multipart(n, depth)
}

// skip moves behind the next boundary line of any open multipart.
func (w *walker) skip() hit {
	for len(w.open) > 0 {
		w.cur.seekDashes()
		start := w.cur.pos
		line, ok := w.cur.next()
		if !ok {
			break
		}
		if h, is := w.match(line); is {
			h.start = start
			return h
		}
	}
	w.cur.pos = len(w.src)
	return hit{level: -1, start: len(w.src)}
}

// match compares a line with the open boundaries, innermost first. White space
// after the boundary is padding (RFC 2046 section 5.1.1).
func (w *walker) match(line []byte) (hit, bool) {
	if len(w.open) == 0 || !bytes.HasPrefix(line, []byte("--")) {
		return hit{}, false
	}
	text := string(bytes.TrimRight(line, " \t"))
	for level := len(w.open) - 1; level >= 0; level-- {
		rest, is := strings.CutPrefix(text, w.open[level])
		if is && (rest == "" || rest == "--") {
			return hit{level: level, closing: rest == "--"}, true
		}
	}
	return hit{}, false
}

// guessBoundary looks for the line that must be the boundary of a multipart
// that does not name one: dashes, then a field.
func (w *walker) guessBoundary() string {
	ahead := w.cur
	for range 50 {
		line, ok := ahead.next()
		if !ok {
			return ""
		}
		name, is := bytes.CutPrefix(bytes.TrimRight(line, " \t"), []byte("--"))
		if !is || len(name) == 0 || len(name) > 200 {
			continue
		}
		if next, ok := ahead.peek(); ok && fieldColon(next) > 0 {
			return string(name)
		}
	}
	return ""
}

// raw is the body of a part as it stands in the mail.
func (n *node) raw() []byte { return n.src[n.body:n.end] }

func join(path string, i int) string {
	if path == "" {
		return strconv.Itoa(i)
	}
	return path + "." + strconv.Itoa(i)
}

func looksHTML(body []byte) bool {
	start := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 500)]))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}
