package compose

import (
	"bytes"
	"fmt"
	"mime"
	"path"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// attachments are the parts shown within the HTML, and the files.
func (m Mail) attachments() (inline, files []*part) {
	for i, a := range m.Attachments {
		name := fileName(a.Filename, i+1)
		if m.shows(a) {
			p := filePart(a, "inline", name)
			p.header.put("Content-ID", angled(a.ContentID))
			inline = append(inline, p)
		} else {
			files = append(files, filePart(a, "attachment", name))
		}
	}
	return inline, files
}

// shows tells whether the HTML part displays a. What it does not refer to
// would be invisible in several mail programs, so it must not be inline.
func (m Mail) shows(a Attachment) bool {
	return a.Inline && isID(a.ContentID) && strings.Contains(m.HTML, "cid:"+a.ContentID)
}

func filePart(a Attachment, disposition, name string) *part {
	p := &part{body: func(out *bytes.Buffer) { writeBase64(out, a.Data) }}
	value, params := mediaType(a.ContentType)
	params = append(params, "name="+quoted(asciiName(name)))
	p.header.put("Content-Type", parameters(value, params...)...)
	p.header.put("Content-Transfer-Encoding", "base64")
	p.header.put("Content-Disposition", parameters(disposition, fileNameParams(name)...)...)
	return p
}

const unknownType = "application/octet-stream"

var charset = regexp.MustCompile(`^[0-9A-Za-z._:-]{1,40}$`)

// mediaType keeps the type a stranger's mail gave a file, and its charset.
// message/… and multipart/… must not be sent in base64 (RFC 2045 section 6.4),
// so such a file travels as plain octets; its name says what it is.
func mediaType(s string) (value string, params []string) {
	value, given, err := mime.ParseMediaType(s)
	major, minor, _ := strings.Cut(value, "/")
	if err != nil || minor == "" || major == "message" || major == "multipart" || len(value) > maxPlain {
		return unknownType, nil
	}
	if charset.MatchString(given["charset"]) {
		params = append(params, "charset="+quoted(given["charset"]))
	}
	return value, params
}

// maxFileName bounds a file name, in characters.
const maxFileName = 120

// fileName makes a name every system can store: no folder, no control or
// format character (those that turn "fdp.exe" around among them), none of the
// characters Windows forbids, no dot or space at either end. The nth file
// without a name gets one.
func fileName(s string, n int) string {
	s = strings.ReplaceAll(clean(s), `\`, "/")
	s = strings.Map(storable, s[strings.LastIndexByte(s, '/')+1:])
	s = strings.Trim(strings.Join(strings.Fields(s), " "), ". ")
	if s == "" {
		return fmt.Sprintf("attachment-%d", n)
	}
	return shorten(s, maxFileName)
}

func storable(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r):
		return -1
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	}
	return r
}

// shorten cuts a file name to n characters before its extension.
func shorten(name string, n int) string {
	if len([]rune(name)) <= n {
		return name
	}
	ext := path.Ext(name)
	if len([]rune(ext)) > n/4 {
		ext = ""
	}
	return firstRunes(name, n-len([]rune(ext))) + ext
}

// fileNameParams gives the name twice when it is not plain: in ASCII for mail
// programs that know nothing else, and in full (RFC 6266 section 5 shows the
// same pair).
func fileNameParams(name string) []string {
	plain := asciiName(name)
	params := []string{"filename=" + quoted(plain)}
	if plain == name {
		return params
	}
	return append(params, extended("filename", name)...)
}

// maxASCIIName lets the longest plain name stand on a line of its own.
const maxASCIIName = 56

// asciiName is the name without accents, and with "_" for each character that
// ASCII still lacks. It can hold no encoded word, which some programs decode
// even here: fileName has replaced the "?".
func asciiName(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r > '~':
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return "_"
	}
	return shorten(b.String(), maxASCIIName)
}

// extendedRoom is what one section of a parameter may hold.
const extendedRoom = 48

// extended writes a parameter in UTF-8 (RFC 2231 section 4), in several
// sections if it is long (section 3), cut between characters.
func extended(key, value string) []string {
	sections := []string{"utf-8''"}
	for _, r := range value {
		encoded := percentEncode(string(r))
		if last := len(sections) - 1; len(sections[last])+len(encoded) <= extendedRoom {
			sections[last] += encoded
		} else {
			sections = append(sections, encoded)
		}
	}
	if len(sections) == 1 {
		return []string{key + "*=" + sections[0]}
	}
	for i, section := range sections {
		sections[i] = fmt.Sprintf("%s*%d*=%s", key, i, section)
	}
	return sections
}

func percentEncode(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if isAlphanumeric(c) || strings.IndexByte("-._", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
