package smime

import "fmt"

// Bounds of a container. A signature with its chain has some hundred values, in
// ten levels; a time stamp in it doubles that. An opaque mail written as a
// stream adds one value per kilobyte or so.
const (
	maxContainer = 64 << 20
	maxValues    = 1 << 17
	maxNesting   = 64
)

// Tags, with the bit of values made of values.
const (
	tagEnd    = 0x00 // the mark behind a value without length
	tagOctets = 0x04
	tagBuilt  = 0x20
	tagSet    = 0x31
)

// value is one value of a container, in the order in which they begin.
type value struct {
	tag      byte
	parent   int // in the list of values; -1 of the first
	from, to int // the content of a simple value
	size     int // of the content, in DER
	piece    bool
}

func (v value) built() bool    { return v.tag&tagBuilt != 0 }
func (v value) inPieces() bool { return v.tag == tagOctets|tagBuilt }

// open is a value whose end was not reached yet.
type open struct {
	value  int
	limit  int // where it ends, or where the one around it does
	marked bool
}

// berReader lists the values of a container. It looks at each byte once, and
// keeps the values around the present one in a list of its own rather than
// calling itself: a million levels would end the process.
type berReader struct {
	src    []byte
	at     int
	values []value
	open   []open
}

// normalise makes DER of BER (X.690 section 10): lengths in the shortest form,
// and strings of octets whole. The order within sets stays as it is. What is
// longer, deeper or in more pieces than the bounds is TooLarge.
func normalise(ber []byte) ([]byte, error) {
	if len(ber) > maxContainer {
		return nil, fmt.Errorf("container of %d bytes: %w", len(ber), TooLarge)
	}
	r := berReader{src: ber}
	for len(r.values) == 0 || len(r.open) > 0 {
		if err := r.step(); err != nil {
			return nil, err
		}
	}
	if r.at != len(ber) {
		return nil, fmt.Errorf("%d bytes behind the container: %w", len(ber)-r.at, Malformed)
	}
	return r.der(), nil
}

// step reads one value, or the mark at the end of one.
func (r *berReader) step() error {
	limit := len(r.src)
	if n := len(r.open); n > 0 {
		limit = r.open[n-1].limit
	}
	tag, length, err := r.head(limit)
	switch {
	case err != nil:
		return err
	case tag == tagEnd:
		err = r.mark(length)
	default:
		err = r.enter(tag, length, limit)
	}
	r.leave()
	return err
}

// mark closes the innermost value, which must be waiting for it (X.690 section
// 8.1.5).
func (r *berReader) mark(length int) error {
	n := len(r.open)
	if length != 0 || n == 0 || !r.open[n-1].marked {
		return fmt.Errorf("a mark without a value: %w", Malformed)
	}
	r.open = r.open[:n-1]
	return nil
}

// enter lists a value and goes behind it, or into it if it is made of others.
func (r *berReader) enter(tag byte, length, limit int) error {
	if len(r.values) == maxValues || len(r.open) == maxNesting {
		return fmt.Errorf("values nested or too many: %w", TooLarge)
	}
	v := value{tag: tag, parent: -1, from: r.at}
	if n := len(r.open); n > 0 {
		v.parent = r.open[n-1].value
		v.piece = r.values[v.parent].inPieces()
	}
	if v.piece && tag&^tagBuilt != tagOctets {
		return fmt.Errorf("a string with something else in it: %w", Malformed)
	}
	if length >= 0 {
		limit = r.at + length
	}
	if v.built() {
		r.open = append(r.open, open{value: len(r.values), limit: limit, marked: length < 0})
	} else {
		v.to, v.size, r.at = limit, length, limit
	}
	r.values = append(r.values, v)
	return nil
}

// leave closes the values whose end was reached.
func (r *berReader) leave() {
	for n := len(r.open); n > 0 && !r.open[n-1].marked && r.open[n-1].limit == r.at; n-- {
		r.open = r.open[:n-1]
	}
}

// head reads a tag and a length, which is -1 for a value that ends by a mark.
// Tags of more than one byte occur neither in CMS nor in certificates.
func (r *berReader) head(limit int) (tag byte, length int, err error) {
	if limit-r.at < 2 {
		return 0, 0, fmt.Errorf("cut off: %w", Malformed)
	}
	tag, length = r.src[r.at], int(r.src[r.at+1])
	r.at += 2
	switch {
	case tag&0x1f == 0x1f:
		return 0, 0, fmt.Errorf("a long tag: %w", Malformed)
	case length == 0x80 && tag&tagBuilt != 0:
		return tag, -1, nil
	case length >= 0x80:
		length = r.long(length&0x7f, limit)
	}
	if length < 0 || length > limit-r.at {
		return 0, 0, fmt.Errorf("a length beyond the end: %w", Malformed)
	}
	return tag, length, nil
}

// long reads a length of n bytes (X.690 section 8.1.3.5); -1 if that cannot be.
func (r *berReader) long(n, limit int) int {
	if n == 0 || n > 4 || n > limit-r.at {
		return -1
	}
	length := 0
	for _, b := range r.src[r.at : r.at+n] {
		length = length<<8 | int(b)
	}
	r.at += n
	return length
}

// der writes the values that were read. Children stand behind their parents,
// so going backwards each size is known when it is added to the parent's.
func (r *berReader) der() []byte {
	for i := len(r.values) - 1; i > 0; i-- {
		v := r.values[i]
		r.values[v.parent].size += v.size
		if !v.piece {
			r.values[v.parent].size += len(header(v.tag, v.size))
		}
	}
	out := make([]byte, 0, r.values[0].size+6)
	for _, v := range r.values {
		if !v.piece {
			out = append(out, header(v.tag, v.size)...)
		}
		if !v.built() {
			out = append(out, r.src[v.from:v.to]...)
		}
	}
	return out
}

// header writes the tag and the length of a value in DER.
func header(tag byte, size int) []byte {
	if tag == tagOctets|tagBuilt {
		tag = tagOctets
	}
	if size < 0x80 {
		return []byte{tag, byte(size)}
	}
	length := []byte{byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)}
	for length[0] == 0 {
		length = length[1:]
	}
	return append([]byte{tag, 0x80 | byte(len(length))}, length...)
}
