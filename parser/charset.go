package parser

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decodeCharset turns bytes into UTF-8, in NFC. The label is believed as far as
// the bytes agree with it: valid UTF-8 beats a Latin label, Latin-1 is read as
// windows-1252 as every browser does, and what is neither known nor UTF-8 is
// windows-1252 too. sure is false when the label was unknown or wrong.
func decodeCharset(data []byte, label string) (text string, sure bool) {
	label = charsetName(label)
	if text, is := decodeMark(data); is {
		return norm.NFC.String(text), true
	}
	text, sure = decodeLabel(data, label)
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return norm.NFC.String(text), sure
}

func charsetName(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"'<>;,"))
	label, _, _ = strings.Cut(label, "*") // a language, RFC 2231 section 5
	for _, visual := range []string{"-i", "-e"} {
		if strings.HasPrefix(label, "iso-8859-") && strings.HasSuffix(label, visual) {
			label = strings.TrimSuffix(label, visual) // text direction, RFC 1556
		}
	}
	return label
}

// decodeMark obeys a byte order mark.
func decodeMark(data []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) && utf8.Valid(data):
		return string(data[3:]), true
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), data)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeWith(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), data)
	}
	return "", false
}

func decodeLabel(data []byte, label string) (string, bool) {
	switch label {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "iso-8859-1", "latin1", "iso8859-1", "windows-1252", "cp1252":
		return decodeWestern(data, label)
	case "utf-7", "unicode-1-1-utf-7", "utf7", "csutf7":
		return decodeUTF7(data), true
	case "iso-2022-kr":
		return decodeKR(data)
	}
	if strings.HasPrefix(label, "utf-16") || strings.HasPrefix(label, "ucs-2") || label == "iso-10646-ucs-2" {
		return decodeUTF16(data, label)
	}
	if utf8Mislabelled(data, label) {
		return string(data), false
	}
	if text, ok := decodeNamed(data, label); ok {
		return text, true
	}
	text, _ := decodeWestern(data, "")
	return text, false
}

// decodeWestern reads what calls itself ASCII, Latin-1, UTF-8, or nothing.
func decodeWestern(data []byte, label string) (string, bool) {
	claimed := label == "utf-8" || label == "utf8"
	if utf8.Valid(data) {
		return string(data), true
	}
	if !multibyte(data) {
		text, _ := decodeWith(charmap.Windows1252, data)
		return text, !claimed
	}
	return decodeMixed(data), false
}

// multibyte says whether enough of the bytes are whole characters of UTF-8
// beyond ASCII: then stray bytes are damage, and not another charset.
func multibyte(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		if data[0] < utf8.RuneSelf {
			data = data[1:]
			continue
		}
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size <= 1 {
			bad++
		} else {
			good++
		}
		data = data[size:]
	}
	return good > 0 && good*3 >= bad
}

// decodeMixed reads UTF-8 with single bytes of windows-1252 in it, as mails
// put together from two sources have it.
func decodeMixed(data []byte) string {
	var b strings.Builder
	b.Grow(len(data))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size <= 1 {
			r = charmap.Windows1252.DecodeByte(data[0])
			size = 1
		}
		b.WriteRune(r)
		data = data[size:]
	}
	return b.String()
}

// utf8Mislabelled says whether bytes that claim a single-byte charset are
// UTF-8: they are valid and beyond ASCII, which other charsets hardly ever are.
func utf8Mislabelled(data []byte, label string) bool {
	single := strings.HasPrefix(label, "iso-8859-") || strings.HasPrefix(label, "windows-125") || strings.HasPrefix(label, "koi8")
	return single && utf8.Valid(data) && bytes.ContainsFunc(data, func(r rune) bool { return r > 0x7f })
}

func decodeNamed(data []byte, label string) (string, bool) {
	if e, err := htmlindex.Get(label); err == nil && e != encoding.Replacement {
		if name, _ := htmlindex.Name(e); name != "replacement" {
			return decodeWith(e, data)
		}
	}
	r, err := charset.Reader(label, bytes.NewReader(data))
	if err != nil {
		return "", false
	}
	out, err := io.ReadAll(io.LimitReader(r, int64(4*len(data)+16)))
	return string(out), err == nil
}

func decodeWith(e encoding.Encoding, data []byte) (string, bool) {
	out, err := e.NewDecoder().Bytes(data)
	return string(out), err == nil
}

// decodeUTF16 reads UTF-16 without a mark: big endian if not said otherwise
// (RFC 2781 section 4.3), unless every second byte being zero tells better.
func decodeUTF16(data []byte, label string) (string, bool) {
	little := strings.HasSuffix(label, "le")
	if !strings.HasSuffix(label, "be") && len(data) > 1 && data[0] != 0 && data[1] == 0 {
		little = true
	}
	order := unicode.BigEndian
	if little {
		order = unicode.LittleEndian
	}
	return decodeWith(unicode.UTF16(order, unicode.IgnoreBOM), data)
}

// decodeKR reads ISO-2022-KR (RFC 1557): shifted bytes are EUC-KR without the
// eighth bit.
func decodeKR(data []byte) (string, bool) {
	out := make([]byte, 0, len(data))
	shifted := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == 0x0e || c == 0x0f:
			shifted = c == 0x0e
		case c == 0x1b && bytes.HasPrefix(data[i:], []byte("\x1b$)C")):
			i += 3
		case shifted && c > ' ':
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	return decodeNamed(out, "euc-kr")
}
