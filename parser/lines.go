package parser

import "bytes"

// cursor reads a mail line by line. A line ends at LF, and the CRs before it
// belong to the line end (CR CR LF occurs). A mail without a single LF is read
// as one whose lines end at CR, which old Macs wrote.
type cursor struct {
	src []byte
	pos int
	eol byte
}

func newCursor(src []byte) cursor {
	if bytes.IndexByte(src, '\n') < 0 && bytes.IndexByte(src, '\r') >= 0 {
		return cursor{src: src, eol: '\r'}
	}
	return cursor{src: src, eol: '\n'}
}

// next returns the next line without its end; ok is false after the last.
func (c *cursor) next() (line []byte, ok bool) {
	if c.pos >= len(c.src) {
		return nil, false
	}
	line = c.src[c.pos:]
	if i := bytes.IndexByte(line, c.eol); i >= 0 {
		line = line[:i]
		c.pos++
	}
	c.pos += len(line)
	return bytes.TrimRight(line, "\r"), true
}

// peek returns the next line without moving.
func (c *cursor) peek() (line []byte, ok bool) {
	saved := c.pos
	line, ok = c.next()
	c.pos = saved
	return line, ok
}

// seekDashes moves to the next line that begins with "--", or to the end.
func (c *cursor) seekDashes() {
	if bytes.HasPrefix(c.src[c.pos:], []byte("--")) {
		return
	}
	i := bytes.Index(c.src[c.pos:], []byte{c.eol, '-', '-'})
	if i < 0 {
		c.pos = len(c.src)
		return
	}
	c.pos += i + 1
}

// before returns the offset of the end of the line that precedes the line
// starting at start: the line end before a boundary belongs to the boundary
// (RFC 2046 section 5.1.1).
func (c *cursor) before(start, floor int) int {
	if start > floor && c.src[start-1] == c.eol {
		start--
		if start > floor && c.src[start-1] == '\r' {
			start--
		}
	}
	return start
}
