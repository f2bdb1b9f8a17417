package smime

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNormalise(t *testing.T) {
	long := strings.Repeat("x", 200)
	tests := []struct{ name, ber, want string }{
		{"DER stays", "\x30\x03\x02\x01\x05", "\x30\x03\x02\x01\x05"},
		{"empty", "\x30\x00", "\x30\x00"},
		{"no length", "\x30\x80\x02\x01\x05\x00\x00", "\x30\x03\x02\x01\x05"},
		{"empty, no length", "\x30\x80\x00\x00", "\x30\x00"},
		{"both within each other", "\x30\x80\x31\x04\x30\x80\x00\x00\x05\x00\x00\x00", "\x30\x06\x31\x02\x30\x00\x05\x00"},
		{"long lengths", "\x30\x84\x00\x00\x00\x04\x02\x82\x00\x00", "\x30\x02\x02\x00"},
		{"a long value", "\x30\x80\x04\x81\xc8" + long + "\x00\x00", "\x30\x81\xcb\x04\x81\xc8" + long},
		{"in pieces", "\x24\x80\x04\x02ab\x04\x01c\x00\x00", "\x04\x03abc"},
		{"in pieces with a length", "\x24\x07\x04\x02ab\x04\x01c", "\x04\x03abc"},
		{"in pieces of pieces", "\x24\x80\x24\x80\x04\x02ab\x00\x00\x24\x00\x04\x01c\x00\x00", "\x04\x03abc"},
		{"no pieces", "\x24\x80\x00\x00", "\x04\x00"},
		{"another string", "\x2c\x80\x0c\x01a\x00\x00", "\x2c\x03\x0c\x01a"},
	}
	if _, err := normalise([]byte(strings.Repeat("\x30\x80", 64) + strings.Repeat("\x00\x00", 64))); err != nil {
		t.Error("64 levels:", err)
	}
	for _, test := range tests {
		got, err := normalise([]byte(test.ber))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %x, %v", test.name, got, err)
		}
	}
}

func TestNormaliseRefuses(t *testing.T) {
	tests := []struct {
		name, ber string
		want      Reason
	}{
		{"nothing", "", Malformed},
		{"a tag alone", "\x30", Malformed},
		{"a mark", "\x00\x00", Malformed},
		{"a mark in a value with a length", "\x30\x02\x00\x00", Malformed},
		{"a mark with something in it", "\x30\x80\x00\x01\x00\x00\x00", Malformed},
		{"a mark with a length", "\x30\x80\x30\x80\x00\x01\x00\x00", Malformed},
		{"65 levels", strings.Repeat("\x30\x80", 65) + strings.Repeat("\x00\x00", 65), TooLarge},
		{"no mark", "\x30\x80\x02\x01\x05", Malformed},
		{"half a mark", "\x30\x80\x00", Malformed},
		{"no length and simple", "\x30\x80\x04\x80\x00\x00\x00\x00", Malformed},
		{"longer than what is around it", "\x30\x03\x02\x02\x05\x05", Malformed},
		{"mark beyond what is around it", "\x30\x04\x30\x80\x02\x00\x00\x00", Malformed},
		{"longer than the container", "\x30\x84\xff\xff\xff\xff", Malformed},
		{"a length of a length too long", "\x30\x85\x00\x00\x00\x00\x00", Malformed},
		{"half a length", "\x30\x82\x01", Malformed},
		{"a long tag", "\x3f\x81\x01\x00", Malformed},
		{"something in a string", "\x24\x03\x02\x01\x05", Malformed},
		{"something behind", "\x30\x00\x30\x00", Malformed},
		{"too deep", strings.Repeat("\x30\x80", 1<<20), TooLarge},
		{"too deep a string", strings.Repeat("\x24\x80", 1<<20), TooLarge},
		{"too many", "\x30\x80" + strings.Repeat("\x05\x00", 1<<18) + "\x00\x00", TooLarge},
		{"too many pieces", "\x24\x80" + strings.Repeat("\x04\x00", 1<<18) + "\x00\x00", TooLarge},
		{"too large", string(make([]byte, maxContainer+1)), TooLarge},
	}
	for _, test := range tests {
		var reason Reason
		if got, err := normalise([]byte(test.ber)); got != nil || !errors.As(err, &reason) || reason != test.want {
			t.Errorf("%s: %d bytes, %v", test.name, len(got), err)
		}
	}
}

// TestHuge gives whole mails at the bounds: nested a million deep, and large
// ones that are good. None may take long.
func TestHuge(t *testing.T) {
	w := newWorld(t)
	big := strings.Replace(hello, "No arranca.", strings.Repeat("No arranca.\r\n", 1<<18), 1)
	s := seal{by: []person{w.ana, w.sub}}
	s.by[1] = certify(t, &w.root, template("Luis"), "p256")
	s.also = append(s.also, w.sub.cert)
	inPieces := bytes.NewBufferString("\x24\x80")
	for part := []byte(big); len(part) > 0; {
		n := min(len(part), 1000)
		inPieces.Write(der(tagOctets, part[:n]))
		part = part[n:]
	}
	inPieces.WriteString("\x00\x00")
	whole := s.container(t, big)
	at := bytes.Index(whole, der(0xa0, der(tagOctets, []byte(big))))
	tail := whole[at+len(der(0xa0, der(tagOctets, []byte(big)))):]
	streamed := bytes.Join([][]byte{
		[]byte("\x30\x80"), oid(t, oidSigned.String()), []byte("\xa0\x80\x30\x80\x02\x01\x01"),
		der(tagSet, der(0x30, oid(t, oidSHA256))), []byte("\x30\x80"), oid(t, oidData.String()),
		[]byte("\xa0\x80"), inPieces.Bytes(), []byte("\x00\x00\x00\x00"), tail, []byte("\x00\x00\x00\x00\x00\x00"),
	}, nil)
	for name, test := range map[string]struct {
		mail string
		want State
	}{
		"nested":   {opaqueMail([]byte(strings.Repeat("\x30\x80", 1<<22))), Invalid},
		"opaque":   {opaqueMail(whole), Valid},
		"streamed": {opaqueMail(streamed), Valid},
		"detached": {detachedMail(big, seal{by: s.by, also: s.also, detached: true}.container(t, big)), Valid},
	} {
		start := time.Now()
		if r := Verify([]byte(test.mail), w.options()); r.State != test.want {
			t.Errorf("%s: %s", name, inWords(r))
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v for %d bytes", name, took, len(test.mail))
		}
	}
}
