package authn

import (
	"bytes"
	"errors"
	"strings"
)

// field is one header field as it came, with its line ends made CRLF.
type field struct {
	name string // lower case
	raw  string // with name, and the final CRLF
	from int    // where it begins in the mail
	to   int    // where the next one does
}

// value is what follows the colon.
func (f field) value() string { return f.raw[strings.IndexByte(f.raw, ':')+1:] }

// The header of a mail that is checked may be this large. Real ones have some
// hundred fields and some ten KiB.
const (
	maxHeaderBytes  = 512 << 10
	maxHeaderFields = 2000
)

var errHeaderTooLarge = errors.New("the header is too large")

// splitHeader parts a mail into its header fields and its body. A line that is
// no field is left out. It takes time in proportion to the header.
func splitHeader(raw []byte) ([]field, []byte, error) {
	var fields []field
	at := 0
	for at < len(raw) {
		end := fieldEnd(raw, at)
		if blankLine(raw[at:end]) {
			return fields, raw[end:], nil
		}
		if end > maxHeaderBytes || len(fields) == maxHeaderFields {
			return nil, nil, errHeaderTooLarge
		}
		if name := fieldName(raw[at:end]); name != "" {
			fields = append(fields, field{name, withCRLF(raw[at:end]), at, end})
		}
		at = end
	}
	return fields, nil, nil
}

// blankLine tells whether a line is the one between header and body.
func blankLine(line []byte) bool { return string(line) == "\r\n" || string(line) == "\n" }

// fieldEnd is where the field that begins at a place ends: before the first
// line that does not begin with white space (RFC 5322 section 2.2.3). A blank
// line is alone.
func fieldEnd(raw []byte, at int) int {
	for first := at; at < len(raw); {
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 {
			return len(raw)
		}
		at += end + 1
		if at == len(raw) || raw[at] != ' ' && raw[at] != '\t' || blankLine(raw[first:at]) {
			break
		}
	}
	return at
}

// fieldName is the name before the colon in lower case, "" if the line is no
// field. Space before the colon is obsolete and allowed (RFC 5322 section 4.5).
func fieldName(line []byte) string {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 {
		return ""
	}
	name := strings.TrimRight(string(line[:colon]), " \t")
	for i := range len(name) {
		if name[i] <= ' ' || name[i] >= 0x7f {
			return ""
		}
	}
	return strings.ToLower(name)
}

// withCRLF makes bare line feeds CRLF and ends the text with one.
func withCRLF(b []byte) string {
	var out strings.Builder
	out.Grow(len(b) + 2)
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		out.Write(line)
		out.Write(crlf)
	}
	return out.String()
}
