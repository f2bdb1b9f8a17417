package authn

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"strings"
)

// relaxedField is a field in relaxed form (RFC 6376 section 3.4.2), with its
// CRLF.
func relaxedField(raw string) string {
	name, value, _ := strings.Cut(raw, ":")
	words := strings.FieldsFunc(strings.ReplaceAll(value, "\r\n", ""), isWSP)
	return strings.ToLower(strings.TrimRight(name, " \t")) + ":" + strings.Join(words, " ") + "\r\n"
}

func isWSP(r rune) bool { return r == ' ' || r == '\t' }

// bodyHash is the SHA-256 of the body in simple or relaxed form (RFC 6376
// sections 3.4.3 and 3.4.4). Bare line feeds count as CRLF.
func bodyHash(body []byte, relaxed bool) []byte {
	h := bodyHasher{hash: sha256.New(), relaxed: relaxed}
	for len(body) > 0 {
		var line []byte
		line, body = cutLine(body)
		h.line(line)
	}
	if !h.written && !relaxed {
		h.hash.Write(crlf) // an empty body is one CRLF
	}
	return h.hash.Sum(nil)
}

// cutLine takes the first line off a text. A carriage return is part of the
// line end only before a line feed.
func cutLine(text []byte) (line, rest []byte) {
	line, rest, ended := bytes.Cut(text, []byte("\n"))
	if ended {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	return line, rest
}

var crlf = []byte("\r\n")

type bodyHasher struct {
	hash    hash.Hash
	relaxed bool
	written bool
	empty   int // lines that count only if something follows
	buffer  []byte
}

func (h *bodyHasher) line(line []byte) {
	if h.relaxed {
		line = h.collapse(line)
	}
	if len(line) == 0 {
		h.empty++
		return
	}
	for ; h.empty > 0; h.empty-- {
		h.hash.Write(crlf)
	}
	h.hash.Write(line)
	h.hash.Write(crlf)
	h.written = true
}

// collapse makes runs of white space one space, and none at the end.
func (h *bodyHasher) collapse(line []byte) []byte {
	line = bytes.TrimRight(line, " \t")
	if !bytes.ContainsAny(line, "\t") && !bytes.Contains(line, []byte("  ")) {
		return line
	}
	h.buffer = h.buffer[:0]
	for i, c := range line {
		if c != ' ' && c != '\t' {
			h.buffer = append(h.buffer, c)
		} else if i == 0 || line[i-1] != ' ' && line[i-1] != '\t' {
			h.buffer = append(h.buffer, ' ')
		}
	}
	return h.buffer
}
