package parser

import (
	"encoding/binary"
	"strings"
)

// Bounds on what a TNEF stream may make of itself.
const (
	maxExpanded   = 16 << 20 // bytes made from all TNEF streams of one mail, beyond the bytes they hold
	maxTNEFFiles  = 300      // files of one stream
	maxTNEFProps  = 1000     // properties of one attribute
	maxTNEFNested = 4        // messages within messages
)

// tnefSignature begins every stream (MS-OXTNEF section 2.1.3.1).
const tnefSignature = 0x223E9F78

// Attributes that are read, by the low half of their tag; the high half says
// the type, which programs get wrong (MS-OXTNEF section 2.1.3.2).
const (
	attSubject       = 0x8004
	attBody          = 0x800C
	attAttachData    = 0x800F
	attAttachTitle   = 0x8010
	attTransportName = 0x9001
	attAttachRend    = 0x9002
	attMsgProps      = 0x9003
	attAttachment    = 0x9005
	attOemCodepage   = 0x9007
)

// tnef is one stream, winmail.dat, as it was understood: a message that
// Outlook wrapped in a form of its own. The slices share memory with the bytes
// read. bad says that something was malformed, or too much; then the stream is
// to be kept beside what was read of it.
type tnef struct {
	charset string // of strings that are not Unicode
	subject string
	sender  string
	address string // of the sender, where it is one of mail
	plain   string // attBody or PR_BODY
	html    string
	rtf     []byte // unpacked
	files   []tnefFile
	bad     bool

	page     []byte // PR_BODY_HTML, before its charset is known
	pageCode string
	rtfs     []byte // PR_RTF_COMPRESSED, still packed
	depth    int
	budget   *int // bytes that may still be made, shared by the whole mail
}

// tnefFile is one attachment of a stream.
type tnefFile struct {
	title, long, short, display string // names, from several places
	kind, contentID             string
	inline                      bool
	data                        []byte
	found                       bool  // data was there, if only of no bytes
	inner                       *tnef // an attached message
}

// tnefAt says whether bytes begin as a TNEF stream does.
func tnefAt(data []byte) bool {
	return len(data) >= 6 && binary.LittleEndian.Uint32(data) == tnefSignature
}

// readTNEF reads a stream. It never fails: what could not be read is missing,
// and bad is set.
func readTNEF(data []byte, depth int, budget *int) *tnef {
	t := &tnef{depth: depth, budget: budget, bad: !tnefAt(data)}
	if t.bad {
		return t
	}
	r := octets{rest: data[6:]} // signature and key
	for len(r.rest) > 0 && !r.short {
		t.attribute(&r)
	}
	t.bad = t.bad || r.short
	t.unpack()
	return t
}

// attribute reads one attribute: level, tag, length, value, sum of the bytes of
// the value (MS-OXTNEF section 2.1.3.3). A wrong sum is noted, and the value used.
func (t *tnef) attribute(r *octets) {
	level, tag := r.take(1), r.u32()
	value := r.take(int(r.u32()))
	sum := r.u16()
	if r.short {
		return
	}
	if checksum(value) != sum {
		t.bad = true
	}
	switch level[0] {
	case 1:
		t.ofMessage(tag&0xffff, value)
	case 2:
		t.ofFile(tag&0xffff, value)
	default:
		t.bad = true
	}
}

func checksum(value []byte) uint16 {
	var sum uint16
	for _, b := range value {
		sum += uint16(b)
	}
	return sum
}

func (t *tnef) ofMessage(id uint32, value []byte) {
	switch id {
	case attOemCodepage:
		r := octets{rest: value}
		t.charset = codePage(r.u32())
	case attSubject:
		t.subject = t.narrow(value)
	case attBody:
		t.plain = t.narrow(value)
	case attMsgProps:
		t.properties(value, t.messageProperty)
	}
}

func (t *tnef) ofFile(id uint32, value []byte) {
	if id == attAttachRend {
		if len(t.files) >= maxTNEFFiles {
			t.bad = true
			return
		}
		t.files = append(t.files, tnefFile{})
		return
	}
	if len(t.files) == 0 {
		t.bad = true // a file begins with attAttachRend
		return
	}
	f := &t.files[len(t.files)-1]
	switch id {
	case attAttachTitle:
		f.title = t.narrow(value)
	case attTransportName:
		f.display = t.narrow(value)
	case attAttachData:
		f.data, f.found = value, true
	case attAttachment:
		t.properties(value, func(p property) { t.fileProperty(f, p) })
	}
}

// narrow decodes a string that is not Unicode, up to the NUL that ends it.
func (t *tnef) narrow(value []byte) string {
	text, _, _ := strings.Cut(string(value[:min(len(value), maxHTML)]), "\x00")
	decoded, _ := decodeCharset([]byte(text), t.charset)
	return decoded
}

// octets reads little-endian numbers. After the end everything is zero or
// empty, and short is set.
type octets struct {
	rest  []byte
	short bool
}

// take returns the next n bytes, or nil if there are not as many.
func (r *octets) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.rest, r.short = nil, true
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *octets) u16() uint16 {
	if b := r.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *octets) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}
