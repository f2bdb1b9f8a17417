package parser

import (
	"bytes"
	"errors"
	"hash/crc32"
)

// lzfuDictionary is what the window holds before the first byte (MS-OXRTFCP
// section 2.1.2.1).
const lzfuDictionary = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor " +
	"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

const (
	lzfuPacked = 0x75465A4C // "LZFu"
	lzfuStored = 0x414C454D // "MELA"
	lzfuWindow = 4096
)

// errLZFu is returned, with what could be unpacked, when packed RTF is cut off,
// does not have its checksum, or is longer than the limit.
var errLZFu = errors.New("packed RTF is malformed or too long")

// unpackRTF undoes the compression of PR_RTF_COMPRESSED (MS-OXRTFCP) and
// returns at most limit bytes.
func unpackRTF(data []byte, limit int) ([]byte, error) {
	r := octets{rest: data}
	size, raw, kind, sum := int(r.u32())-12, int(r.u32()), r.u32(), r.u32()
	if r.short || size < 0 || size > len(r.rest) {
		return nil, errLZFu
	}
	body := r.rest[:size]
	switch kind {
	case lzfuStored:
		if raw > len(body) || raw > limit {
			return nil, errLZFu
		}
		return body[:raw], nil
	case lzfuPacked:
		out, ok := unpackLZFu(body, min(raw, limit))
		if !ok || len(out) < raw || rtfChecksum(body) != sum {
			return out, errLZFu
		}
		return out, nil
	}
	return nil, errLZFu
}

// rtfChecksum is a CRC-32 that begins with zeros and is not inverted.
func rtfChecksum(body []byte) uint32 { return ^crc32.Update(0xffffffff, crc32.IEEETable, body) }

// lzfu is the state of unpacking: a ring of the last bytes, and the output.
type lzfu struct {
	window [lzfuWindow]byte
	at     int // where the next byte goes
	out    []byte
	limit  int
}

func (l *lzfu) put(b byte) {
	l.window[l.at] = b
	l.at = (l.at + 1) % lzfuWindow
	l.out = append(l.out, b)
}

// unpackLZFu reads runs of eight tokens, each run behind a byte that says which
// of them are references into the window and which are bytes.
func unpackLZFu(body []byte, limit int) (out []byte, ok bool) {
	l := &lzfu{at: len(lzfuDictionary), limit: limit}
	copy(l.window[:], lzfuDictionary)
	l.out = make([]byte, 0, min(limit, 8*len(body)))
	for len(body) > 0 {
		flags := body[0]
		body = body[1:]
		for bit := 0; bit < 8; bit++ {
			taken, end := l.token(body, flags>>bit&1 == 1)
			if end || len(l.out) >= limit {
				return l.out, true
			}
			if taken == 0 {
				return l.out, false
			}
			body = body[taken:]
		}
	}
	return l.out, false
}

// token reads one byte or one reference: twelve bits of place, four of length.
// A reference to the place of writing is the end.
func (l *lzfu) token(body []byte, reference bool) (taken int, end bool) {
	if !reference && len(body) > 0 {
		l.put(body[0])
		return 1, false
	}
	if len(body) < 2 {
		return 0, false
	}
	from, n := int(body[0])<<4|int(body[1])>>4, int(body[1]&15)+2
	if from == l.at {
		return 2, true
	}
	for i := 0; i < n && len(l.out) < l.limit; i++ {
		l.put(l.window[(from+i)%lzfuWindow])
	}
	return 2, false
}

// looksRTF says whether bytes begin as RTF does.
func looksRTF(data []byte) bool { return bytes.HasPrefix(data, []byte(`{\rtf`)) }
