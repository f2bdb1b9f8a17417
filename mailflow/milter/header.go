package milter

import (
	"bytes"
	"strings"
)

// split takes a mail apart as milters want it: fields as they came, folded, and
// everything after the empty line. Lines that are no field are left out where
// fields go on after them, as package parser does; a filter must see the
// attachments that we see.
func split(raw []byte) (fields []Field, body []byte) {
	rest := raw
	for len(rest) > 0 {
		line, after := cutLine(rest)
		if len(line) == 0 {
			return fields, after
		}
		name, value, isField := parseField(line)
		switch {
		case line[0] == ' ' || line[0] == '\t':
			fields = fold(fields, line)
		case isField:
			fields = append(fields, Field{name, value})
		case !noise(line, after):
			return fields, rest
		}
		rest = after
	}
	return fields, nil
}

// cutLine returns the first line, without its end, and what comes after it.
func cutLine(text []byte) (line, after []byte) {
	line, after, _ = bytes.Cut(text, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), after
}

// parseField reads the first line of a field. Its name may have characters that
// RFC 5322 section 2.2 does not know.
func parseField(line []byte) (name, value string, ok bool) {
	before, after, found := bytes.Cut(line, []byte(":"))
	name = strings.TrimRight(string(before), " \t")
	wrong := len(before) > 200 || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f })
	return name, clean(bytes.TrimPrefix(after, []byte(" "))), found && name != "" && !wrong
}

// fold adds a line to the last field. Milters expect a bare LF between them.
func fold(fields []Field, line []byte) []Field {
	if len(fields) > 0 {
		fields[len(fields)-1].Value += "\n" + clean(line)
		return fields
	}
	if name, value, ok := parseField(bytes.TrimLeft(line, " \t")); ok { // some gateways indent the first
		return []Field{{name, value}}
	}
	return nil
}

// noise says whether a line that is no field stands between two: otherwise the
// body begins with it.
func noise(line, after []byte) bool {
	if bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")) {
		return true // an mbox separator
	}
	next, _ := cutLine(after)
	_, _, ok := parseField(next)
	return ok
}

// clean takes out NUL, which would end a string of the protocol.
func clean(value []byte) string { return strings.ReplaceAll(string(value), "\x00", " ") }

const (
	maxHeader       = 1 << 20 // bytes
	maxHeaderFields = 5000
	maxSent         = 60_000 // bytes of a field: libmilter hangs up above 65,535
)

var headerTooLarge = Verdict{Decision: Reject, Code: 554, Enhanced: [3]int{5, 6, 0}, Text: "header too large for the mail filters"}

func tooLarge(fields []Field) bool {
	size := 0
	for _, f := range fields {
		size += len(f.Name) + len(f.Value)
	}
	return size > maxHeader || len(fields) > maxHeaderFields
}
