package parser

import (
	"bytes"
	"encoding/base64"
)

// plainEncoding says whether a body stands in the mail as it is.
func plainEncoding(encoding string) bool {
	switch encoding {
	case "base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue", "b", "q", "quoted-printeable", "quoted/printable":
		return false
	}
	return true
}

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 section 6). An
// encoding nobody knows leaves the bytes as they are. Plain bodies are not copied.
func decodeTransfer(body []byte, encoding string, d *defects) []byte {
	switch encoding {
	case "base64", "b":
		out, clean := decodeBase64(body)
		if !clean {
			d.add("bad_base64")
		}
		return out
	case "quoted-printable", "q", "quoted-printeable", "quoted/printable":
		out, clean := decodeQP(body)
		if !clean {
			d.add("bad_quoted_printable")
		}
		return out
	case "x-uuencode", "uuencode", "x-uue":
		if out, ok := decodeUU(body); ok {
			return out
		}
		d.add("bad_uuencode")
	case "", "7bit", "8bit", "binary":
	default:
		d.add("unknown_encoding")
	}
	return body
}

// decodeBase64 reads base64 with whatever lies between the characters left
// out. Padding ends a run, and a new run may follow (two encoders in a row);
// what follows the last padding and is text, like a footer a list put there,
// is left out. clean is false when anything but white space was left out.
func decodeBase64(body []byte) (out []byte, clean bool) {
	out = make([]byte, 0, len(body)/4*3+3)
	clean = true
	run := make([]byte, 0, 4)
	padded := false
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case c == '=':
			out = flushBase64(out, run)
			padded = padded || len(run) > 0
			run = run[:0]
		case c <= ' ':
		case base64Digit(c):
			if padded && !base64Line(body[i:]) {
				return out, false
			}
			padded = false
			run = append(run, c)
			if len(run) == 4 {
				out = flushBase64(out, run)
				run = run[:0]
			}
		default:
			clean = false
		}
	}
	return flushBase64(out, run), clean
}

func flushBase64(out, run []byte) []byte {
	if len(run) < 2 {
		return out
	}
	var group [4]byte
	copy(group[:], run)
	for i, c := range group {
		if c == '-' || c == '_' { // the URL alphabet, seen in machine mail
			group[i] = map[byte]byte{'-': '+', '_': '/'}[c]
		}
	}
	var dst [3]byte
	n, err := base64.RawStdEncoding.Decode(dst[:], group[:len(run)])
	if err != nil {
		return out
	}
	return append(out, dst[:n]...)
}

func base64Digit(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_'
}

// base64Line says whether what follows the padding is more base64 and not a
// footer: its line is made of it, but for a little damage.
func base64Line(rest []byte) bool {
	line, _, _ := bytes.Cut(rest[:min(len(rest), 4096)], []byte("\n"))
	line = bytes.TrimRight(bytes.TrimRight(line, "\r \t"), "=")
	n := 0
	for n < len(line) && base64Digit(line[n]) && line[n] != '-' && line[n] != '_' {
		n++
	}
	if n == len(line) {
		return n%4 != 1
	}
	return n*4 >= len(line)*3 && bytes.IndexByte(line, ' ') < 0
}

// decodeQP reads quoted-printable (RFC 2045 section 6.7). A bad escape stays
// as it is; white space at a line end goes, as transport may have put it there.
func decodeQP(body []byte) (out []byte, clean bool) {
	out = make([]byte, 0, len(body))
	clean = true
	for len(body) > 0 {
		var line []byte
		eol := false
		if i := bytes.IndexByte(body, '\n'); i >= 0 {
			line, body, eol = body[:i], body[i+1:], true
		} else {
			line, body = body, nil
		}
		line = bytes.TrimRight(line, " \t\r")
		soft := bytes.HasSuffix(line, []byte("="))
		if soft {
			line = line[:len(line)-1]
		}
		var ok bool
		out, ok = appendQP(out, line)
		clean = clean && ok
		if eol && !soft {
			out = append(out, '\n')
		}
	}
	return out, clean
}

func appendQP(out, line []byte) ([]byte, bool) {
	clean := true
	for i := 0; i < len(line); i++ {
		if line[i] != '=' {
			out = append(out, line[i])
			continue
		}
		if i+2 < len(line) && hexDigit(line[i+1]) >= 0 && hexDigit(line[i+2]) >= 0 {
			out = append(out, byte(hexDigit(line[i+1])<<4|hexDigit(line[i+2])))
			i += 2
			continue
		}
		clean = false
		out = append(out, '=')
	}
	return out, clean
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// decodeUU reads one uuencoded file; ok is false when there is none.
func decodeUU(body []byte) (out []byte, ok bool) {
	cur := newCursor(body)
	for {
		line, more := cur.next()
		if !more {
			return nil, false
		}
		if bytes.HasPrefix(line, []byte("begin ")) {
			break
		}
	}
	for {
		line, more := cur.next()
		if !more || bytes.HasPrefix(line, []byte("end")) {
			return out, true
		}
		out = appendUU(out, line)
	}
}

func appendUU(out, line []byte) []byte {
	if len(line) == 0 {
		return out
	}
	want := int(line[0]-' ') & 63
	digit := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 63
		}
		return 0
	}
	for i := 1; want > 0 && i < len(line); i += 4 {
		a, b, c, d := digit(i), digit(i+1), digit(i+2), digit(i+3)
		group := []byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | d}
		out = append(out, group[:min(want, 3)]...)
		want -= 3
	}
	return out
}
