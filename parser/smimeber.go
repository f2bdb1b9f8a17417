package parser

import "bytes"

// Identifiers of what a CMS container holds (RFC 5652 sections 4 to 9, RFC 5083
// section 2.1), as they stand in it.
const (
	oidData          = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
	oidSigned        = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	oidEnveloped     = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
	oidEncrypted     = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06"
	oidAuthEnveloped = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"
)

// Tags, with the bit of constructed values.
const (
	berInteger  = 0x02
	berOctets   = 0x04
	berOID      = 0x06
	berSequence = 0x30
	berSet      = 0x31
	berContent  = 0xa0 // [0] EXPLICIT
	berEnd      = 0x00 // the end of a value without length
	berBuilt    = 0x20 // the bit of a value made of values
)

// cms says what a container is.
type cms int

const (
	cmsUnknown cms = iota
	cmsSealed      // encrypted
	cmsSigned
)

// readCMS finds the content of a CMS container (RFC 5652), in DER or BER. It
// goes down to the content and looks at nothing behind it: certificates and
// signatures are for those who check them. Each byte is looked at once, and
// there is no recursion, because containers of strangers may be nested a
// million deep. A signed container without content gives nil.
func readCMS(data []byte) (cms, []byte) {
	b := ber{rest: data}
	b.enter(berSequence)
	switch oid := string(b.value(berOID)); oid {
	case oidEnveloped, oidAuthEnveloped, oidEncrypted:
		return cmsSealed, nil
	case oidSigned:
	default:
		return cmsUnknown, nil
	}
	b.enter(berContent)
	b.enter(berSequence)
	b.value(berInteger)
	b.pass(berSet)
	b.enter(berSequence)
	oid := string(b.value(berOID))
	if b.failed || oid != oidData {
		return cmsUnknown, nil
	}
	if !bytes.HasPrefix(b.rest, []byte{berContent}) {
		return cmsSigned, nil
	}
	b.enter(berContent)
	content := b.octets()
	if b.failed {
		return cmsUnknown, nil
	}
	return cmsSigned, content
}

// ber reads values of ASN.1 one after the other. After something unexpected
// everything is empty, and failed is set.
type ber struct {
	rest   []byte
	failed bool
}

func (b *ber) fail() { b.rest, b.failed = nil, true }

// head reads a tag and a length, which is -1 where the value ends by a mark.
// Tags of more than one byte do not occur on the way to the content.
func (b *ber) head() (tag byte, length int) {
	if len(b.rest) < 2 || b.rest[0]&0x1f == 0x1f {
		b.fail()
		return 0, 0
	}
	tag, length = b.rest[0], int(b.rest[1])
	b.rest = b.rest[2:]
	if length == 0x80 && tag&berBuilt != 0 {
		return tag, -1
	}
	if length >= 0x80 {
		length = b.long(length & 0x7f)
	}
	if length > len(b.rest) {
		b.fail()
	}
	return tag, length
}

// long reads a length of n bytes.
func (b *ber) long(n int) int {
	if n == 0 || n > 4 || n > len(b.rest) {
		b.fail()
		return 0
	}
	length := 0
	for _, c := range b.rest[:n] {
		length = length<<8 | int(c)
	}
	b.rest = b.rest[n:]
	return max(length, 0)
}

// enter goes into a value.
func (b *ber) enter(want byte) {
	if tag, _ := b.head(); tag != want {
		b.fail()
	}
}

// value reads a simple value.
func (b *ber) value(want byte) []byte {
	tag, length := b.head()
	if b.failed || tag != want {
		b.fail()
		return nil
	}
	value := b.rest[:length]
	b.rest = b.rest[length:]
	return value
}

// pass goes behind a value, whatever is in it.
func (b *ber) pass(want byte) {
	if len(b.rest) == 0 || b.rest[0] != want {
		b.fail()
		return
	}
	for open := 0; !b.failed; {
		switch tag, length := b.head(); {
		case b.failed:
		case length < 0:
			open++
		case tag == berEnd:
			open--
		default:
			b.rest = b.rest[length:]
		}
		if open <= 0 {
			return
		}
	}
}

// octets reads a string of bytes: whole, or in pieces, which may be in pieces
// again (X.690 section 8.7.3).
func (b *ber) octets() []byte {
	if len(b.rest) == 0 || b.rest[0]&^berBuilt != berOctets {
		b.fail()
		return nil
	}
	if b.rest[0] == berOctets {
		return b.value(berOctets)
	}
	_, length := b.head()
	marked := length < 0
	if !marked && !b.failed {
		b.rest = b.rest[:length]
	}
	return b.pieces(marked)
}

// pieces joins the pieces of a string, up to the mark or the end of b.
func (b *ber) pieces(marked bool) []byte {
	joined := make([]byte, 0, len(b.rest))
	open := 0
	if marked {
		open = 1
	}
	for !b.failed && (open > 0 || !marked && len(b.rest) > 0) {
		switch tag, length := b.head(); {
		case b.failed:
		case tag == berEnd && length == 0:
			open--
		case tag == berOctets:
			joined = append(joined, b.rest[:length]...)
			b.rest = b.rest[length:]
		case tag != berOctets|berBuilt:
			b.fail()
		case length < 0:
			open++
		}
	}
	return joined
}
