package parser

import (
	"bytes"
	"strconv"
	"strings"
)

// Properties that are read, by identifier (MS-OXPROPS).
const (
	prSubject       = 0x0037
	prSenderName    = 0x0C1A
	prSenderMail    = 0x0C1F
	prBody          = 0x1000
	prRTFCompressed = 0x1009
	prBodyHTML      = 0x1013
	prDisplayName   = 0x3001
	prAttachData    = 0x3701
	prAttachName    = 0x3704
	prAttachLong    = 0x3707
	prAttachType    = 0x370E
	prAttachID      = 0x3712
	prAttachFlags   = 0x3714
	prInternetCPID  = 0x3FDE
	prSenderSMTP    = 0x5D01
)

// Types of properties (MS-OXCDATA section 2.11.1).
const (
	ptInt16   = 0x0002
	ptInt32   = 0x0003
	ptFloat   = 0x0004
	ptDouble  = 0x0005
	ptMoney   = 0x0006
	ptAppTime = 0x0007
	ptError   = 0x000A
	ptBool    = 0x000B
	ptObject  = 0x000D
	ptInt64   = 0x0014
	ptString  = 0x001E
	ptUnicode = 0x001F
	ptTime    = 0x0040
	ptGUID    = 0x0048
	ptBinary  = 0x0102
	ptMany    = 0x1000 // added to the type of a list
)

// messageObject is the interface identifier before a message kept as an
// object: 00020307-0000-0000-C000-000000000046.
const messageObject = "\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"

// property is one MAPI property: the first value, if it has several.
type property struct {
	id, kind uint16
	value    []byte
}

// properties reads a list of properties and gives each to use.
func (t *tnef) properties(data []byte, use func(property)) {
	r := octets{rest: data}
	count := int(r.u32())
	for range min(count, maxTNEFProps) {
		p := property{kind: r.u16(), id: r.u16()}
		if p.id >= 0x8000 {
			skipName(&r)
		}
		p.value = r.value(p.kind)
		if r.short {
			t.bad = true
			return
		}
		if p.id < 0x8000 {
			use(p)
		}
	}
	t.bad = t.bad || count > maxTNEFProps
}

// skipName passes the name of a property that has one: a GUID, and a number or
// a string (MS-OXTNEF section 2.1.3.4).
func skipName(r *octets) {
	r.take(16)
	if r.u32() == 0 {
		r.u32()
		return
	}
	r.padded(int(r.u32()))
}

// padded takes n bytes and what fills them up to a multiple of four.
func (r *octets) padded(n int) []byte {
	value := r.take(n)
	if pad := -n & 3; pad <= len(r.rest) {
		r.take(pad)
	}
	return value
}

// fixed are the sizes of types that have one.
var fixed = map[uint16]int{
	ptInt16: 2, ptInt32: 4, ptFloat: 4, ptDouble: 8, ptMoney: 8, ptAppTime: 8, ptError: 4, ptBool: 2, ptInt64: 8, ptTime: 8, ptGUID: 16,
}

// value reads the value of a property, the first of several. Strings, objects
// and bytes are counted even when they are single.
func (r *octets) value(kind uint16) []byte {
	base := kind &^ ptMany
	size, sized := fixed[base]
	varies := base == ptString || base == ptUnicode || base == ptBinary || base == ptObject
	if !sized && !varies {
		r.short = true
		return nil
	}
	count := 1
	if varies || kind != base {
		count = int(r.u32())
	}
	var first []byte
	for i := 0; i < count && !r.short; i++ {
		n := size
		if varies {
			n = int(r.u32())
		}
		value := r.padded(n)
		if i == 0 {
			first = value
		}
	}
	return first
}

func (t *tnef) messageProperty(p property) {
	switch p.id {
	case prSubject:
		t.subject = t.text(p)
	case prSenderName:
		t.sender = t.text(p)
	case prSenderMail, prSenderSMTP:
		if address := t.text(p); strings.Contains(address, "@") {
			t.address = address
		}
	case prBody:
		t.plain = t.text(p)
	case prBodyHTML:
		t.page = p.value
		if p.kind == ptUnicode {
			t.html = t.text(p)
		}
	case prInternetCPID:
		t.pageCode = codePage(p.number())
	case prRTFCompressed:
		t.rtfs = p.value
	}
}

func (t *tnef) fileProperty(f *tnefFile, p property) {
	switch p.id {
	case prDisplayName:
		f.display = t.text(p)
	case prAttachName:
		f.short = t.text(p)
	case prAttachLong:
		f.long = t.text(p)
	case prAttachType:
		f.kind = t.text(p)
	case prAttachID:
		f.contentID = t.text(p)
	case prAttachFlags:
		f.inline = p.number()&4 != 0 // ATT_MHTML_REF: an image of the page
	case prAttachData:
		t.object(f, p)
	}
}

// object takes the content of a file: bytes, or an object behind its interface
// identifier, which for an attached message is a TNEF stream again.
func (t *tnef) object(f *tnefFile, p property) {
	f.data, f.found = p.value, true
	if p.kind != ptObject || len(p.value) < 16 {
		return
	}
	f.data = p.value[16:]
	if !bytes.HasPrefix(p.value, []byte(messageObject)) || !tnefAt(f.data) {
		return
	}
	if t.depth >= maxTNEFNested {
		t.bad = true
		return
	}
	f.inner = readTNEF(f.data, t.depth+1, t.budget)
	t.bad = t.bad || f.inner.bad
}

// text is a property as text, "" if it is none.
func (t *tnef) text(p property) string {
	switch p.kind {
	case ptString:
		return t.narrow(p.value)
	case ptUnicode:
		text, _ := decodeUTF16(p.value[:min(len(p.value), 2*maxHTML)&^1], "utf-16le")
		text, _, _ = strings.Cut(text, "\x00")
		return text
	}
	return ""
}

// number is a property of a whole number, 0 if it is none.
func (p property) number() uint32 {
	if p.kind != ptInt32 {
		return 0
	}
	r := octets{rest: p.value}
	return r.u32()
}

// codePages are the charsets of Windows code pages that are not called
// windows-NNNN.
var codePages = map[uint32]string{
	437: "ibm437", 850: "ibm850", 874: "windows-874", 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5", 1200: "utf-16le",
	20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr",
	54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
}

// codePage is the charset of a Windows code page, "" if it has none here.
func codePage(number uint32) string {
	switch {
	case number >= 1250 && number <= 1258:
		return "windows-" + strconv.Itoa(int(number))
	case number > 28590 && number <= 28606:
		return "iso-8859-" + strconv.Itoa(int(number-28590))
	}
	return codePages[number]
}
