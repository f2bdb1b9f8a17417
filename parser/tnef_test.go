package parser

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// stream writes TNEF.
type stream struct{ bytes.Buffer }

func newStream() *stream {
	s := &stream{}
	s.Write([]byte{0x78, 0x9f, 0x3e, 0x22, 1, 0})
	return s.attr(1, 0x00089006, le32(0x10000)).attr(1, 0x00069007, append(le32(1252), le32(0)...))
}

func (s *stream) attr(level byte, tag uint32, value []byte) *stream {
	s.WriteByte(level)
	s.Write(le32(tag))
	s.Write(le32(uint32(len(value))))
	s.Write(value)
	s.Write(binary.LittleEndian.AppendUint16(nil, checksum(value)))
	return s
}

func (s *stream) props(list ...[]byte) *stream {
	return s.attr(1, 0x00069003, propList(list...))
}

// file begins an attachment.
func (s *stream) file(title, data string, list ...[]byte) *stream {
	s.attr(2, 0x00069002, make([]byte, 14))
	if title != "" {
		s.attr(2, 0x00018010, []byte(title+"\x00"))
	}
	if data != "" {
		s.attr(2, 0x0006800F, []byte(data))
	}
	if len(list) > 0 {
		s.attr(2, 0x00069005, propList(list...))
	}
	return s
}

func le32(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

func propList(list ...[]byte) []byte {
	return append(le32(uint32(len(list))), slices.Concat(list...)...)
}

func propHead(id, kind uint16) []byte {
	return binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, kind), id)
}

func padTo4(data []byte) []byte { return append(data, make([]byte, -len(data)&3)...) }

func propBytes(id, kind uint16, value string) []byte {
	return slices.Concat(propHead(id, kind), le32(1), le32(uint32(len(value))), padTo4([]byte(value)))
}

func propWide(id uint16, value string) []byte {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(value + "\x00")) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	return propBytes(id, ptUnicode, string(wide))
}

func propNumber(id uint16, value uint32) []byte { return append(propHead(id, ptInt32), le32(value)...) }

// propNamed has a name of its own, which is passed over.
func propNamed(name string) []byte {
	named := slices.Concat(propHead(0x8001, ptBool), make([]byte, 16), le32(1), le32(uint32(len(name))), padTo4([]byte(name)))
	return append(named, 1, 0, 0, 0)
}

// stored is RTF as it is kept without compression.
func stored(rtf string) string {
	return string(slices.Concat(le32(uint32(len(rtf)+12)), le32(uint32(len(rtf))), le32(lzfuStored), le32(0))) + rtf
}

func winmail(text string, s *stream) []byte {
	part := "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(s.Bytes()) + "\n"
	if text == "" {
		return []byte("From: ana@dgt.example\nSubject: x\n" + part)
	}
	return []byte(parts("mixed", "Content-Type: text/plain; charset=utf-8\n\n"+text+"\n", part))
}

func TestTNEFBody(t *testing.T) {
	tests := []struct {
		name, outside string
		stream        *stream
		text, html    string
	}{
		{"attBody", "", newStream().attr(1, 0x0002800C, []byte("Petici\xf3n\r\nuno\x00")), "Petición\nuno\n", ""},
		{"wide", "", newStream().props(propNamed("Keywords"), propWide(prBody, "Avería €")), "Avería €\n", ""},
		{"html", "", newStream().props(propNumber(prInternetCPID, 28605), propBytes(prBodyHTML, ptBinary, "<p>cien \xa4</p>")), "cien €\n", "<p>cien €</p>"},
		{"html beside text", "", newStream().props(propBytes(prBody, ptString, "no va"), propBytes(prBodyHTML, ptBinary, "<b>no va</b>")), "no va\n", "<b>no va</b>"},
		{"rtf", "", newStream().props(propBytes(prRTFCompressed, ptBinary, stored(`{\rtf1\ansi\ansicpg1252 a\'f1o\par dos}`))), "año\ndos\n", ""},
		{"mail has text", "fuera", newStream().attr(1, 0x0002800C, []byte("dentro")), "fuera\n", ""},
		{"mail has none", " ", newStream().attr(1, 0x0002800C, []byte("dentro")), "dentro\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := Parse(winmail(test.outside, test.stream))
			if m.Text != test.text || m.HTML != test.html {
				t.Errorf("text %q, html %q", m.Text, m.HTML)
			}
			if len(m.Attachments) != 0 || slices.Contains(m.Defects, "tnef_malformed") {
				t.Errorf("attachments %v, defects %v", m.Attachments, m.Defects)
			}
		})
	}
}

func TestTNEFFiles(t *testing.T) {
	s := newStream().
		file("INFORM~1.PDF", "uno", propWide(prAttachLong, "Informe añual.pdf"), propBytes(prAttachType, ptString, "application/pdf\x00")).
		file("p\xe9rdida.txt", "dos").
		file("logo.png", "tres", propWide(prAttachID, "logo@x"), propNumber(prAttachFlags, 4)).
		file("", "", propWide(prAttachName, "../a.bin"), propBytes(prAttachData, ptBinary, "cuatro"))
	m := Parse(winmail("hola", s))
	want := []string{"Informe añual.pdf application/pdf uno", "pérdida.txt application/octet-stream dos", "logo.png application/octet-stream tres inline logo@x", "a.bin application/octet-stream cuatro"}
	var got []string
	for _, a := range m.Attachments {
		line := a.Filename + " " + a.ContentType + " " + string(a.Data)
		if a.Inline {
			line += " inline " + a.ContentID
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) || len(m.Defects) != 0 {
		t.Errorf("%q with defects %v", got, m.Defects)
	}
	if p := m.Parts[len(m.Parts)-1]; p.ContentType != "application/ms-tnef" || p.Size != s.Len() {
		t.Errorf("part %v", p)
	}
}

// TestTNEFByName reads a stream whose type was lost.
func TestTNEFByName(t *testing.T) {
	s := newStream().file("a.txt", "uno")
	raw := bytes.Replace(winmail("hola", s), []byte("application/ms-tnef"), []byte("application/octet-stream"), 1)
	if m := Parse(raw); len(m.Attachments) != 1 || m.Attachments[0].Filename != "a.txt" {
		t.Errorf("attachments %v", m.Attachments)
	}
}

func TestTNEFMessageWithin(t *testing.T) {
	inner := newStream().attr(1, 0x0002800C, []byte("lo de dentro")).
		props(propWide(prSubject, "Avería"), propWide(prSenderName, "Ana Gil"), propBytes(prSenderSMTP, ptString, "ana@dgt.example\x00")).
		file("ñ.txt", "uno")
	deepest := newStream().attr(1, 0x0002800C, []byte("hondo"))
	inner.file("Otro", "", propBytes(prAttachData, ptObject, messageObject+deepest.String()))
	m := Parse(winmail("hola", newStream().file("Avería", "", propBytes(prAttachData, ptObject, messageObject+inner.String()))))
	if len(m.Attachments) != 1 || m.Attachments[0].ContentType != "message/rfc822" || !strings.HasSuffix(m.Attachments[0].Filename, ".eml") {
		t.Fatalf("attachments %v, defects %v", m.Attachments, m.Defects)
	}
	got := Parse(m.Attachments[0].Data)
	if got.Subject != "Avería" || got.Text != "lo de dentro\n" || len(got.From) != 1 || got.From[0].Address != "ana@dgt.example" || len(got.Defects) > 0 {
		t.Errorf("%q %q %v %v", got.Subject, got.Text, got.From, got.Defects)
	}
	if len(got.Attachments) != 2 || string(got.Attachments[0].Data) != "uno" || Parse(got.Attachments[1].Data).Text != "hondo\n" {
		t.Errorf("attachments %v", got.Attachments)
	}
}

// TestTNEFBudget checks that a message within stays a stream when the mail has
// made too much already.
func TestTNEFBudget(t *testing.T) {
	inner := newStream().attr(1, 0x0002800C, []byte("dentro")).String()
	outer := newStream().file("Avería", "", propBytes(prAttachData, ptObject, messageObject+inner))
	budget := 100
	s := readTNEF(outer.Bytes(), 0, &budget)
	if got := s.attachments(); len(got) != 1 || got[0].ContentType != "application/ms-tnef" || string(got[0].Data) != inner || !s.bad || budget != 100 {
		t.Errorf("%v, %d bytes left", got, budget)
	}
}

// TestTNEFMalformed checks that nothing is lost: what can be read is, and the
// stream stays an attachment.
func TestTNEFMalformed(t *testing.T) {
	whole := newStream().file("a.txt", "uno").String()
	sum := []byte(whole)
	sum[len(sum)-1]++
	many := newStream()
	for range maxTNEFFiles + 1 {
		many.file("a.txt", "uno")
	}
	bomb := newStream().props(propBytes(prRTFCompressed, ptBinary, lzfuBomb(3<<20)))
	nested := newStream()
	for range maxTNEFNested + 2 {
		nested = newStream().file("x", "", propBytes(prAttachData, ptObject, messageObject+nested.String()))
	}
	tests := []struct {
		name   string
		stream string
		files  int
	}{
		{"cut off", whole + "\x02\x05", 2}, {"cut in the file", whole[:60], 1}, {"wrong sum", string(sum), 2}, {"no signature", "no soy yo", 1},
		{"empty", "", 1}, {"many files", many.String(), maxTNEFFiles + 1}, {"bomb", bomb.String(), 1}, {"nested", nested.String(), 2},
		{"file without data", newStream().file("a.txt", "").String(), 1}, {"level", newStream().attr(7, 0, nil).String(), 1},
		{"properties", newStream().attr(1, 0x00069003, le32(0xffffffff)).String(), 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := &stream{}
			s.WriteString(test.stream)
			m := Parse(winmail("hola", s))
			if !slices.Contains(m.Defects, "tnef_malformed") || len(m.Attachments) != test.files || m.Text != "hola\n" {
				t.Fatalf("defects %v, %d attachments, text %q", m.Defects, len(m.Attachments), m.Text)
			}
			if last := m.Attachments[test.files-1]; last.Filename != "winmail.dat" || string(last.Data) != test.stream {
				t.Errorf("last attachment %q", last.Filename)
			}
		})
	}
}

// lzfuBomb is packed RTF that becomes n × 8 bytes or so.
func lzfuBomb(n int) string {
	body := bytes.Repeat([]byte{0xff, 0, 14, 0, 14, 0, 14, 0, 14, 0, 14, 0, 14, 0, 14, 0, 14}, n/17)
	return string(slices.Concat(le32(uint32(len(body)+12)), le32(1<<30), le32(lzfuPacked), le32(0), body))
}

// TestTNEFNamesOfCodePages checks that each name is a charset that is known.
func TestTNEFNamesOfCodePages(t *testing.T) {
	for _, page := range []uint32{437, 850, 874, 932, 936, 949, 950, 1250, 1252, 1258, 20127, 20866, 21866, 28591, 28605, 50220, 51932, 54936, 65000, 65001} {
		name := codePage(page)
		if _, sure := decodeCharset([]byte("abc"), name); name == "" || !sure {
			t.Errorf("code page %d is %q", page, name)
		}
	}
	if name := codePage(9); name != "" {
		t.Errorf("code page 9 is %q", name)
	}
}

func FuzzTNEF(f *testing.F) {
	rtf := propBytes(prRTFCompressed, ptBinary, string(helloPacked))
	f.Add(newStream().file("a.txt", "uno", propWide(prAttachLong, "b")).props(rtf).Bytes())
	f.Add(newStream().props(propNamed("x"), propBytes(prRTFCompressed, ptBinary, stored(`{\rtf1\fromhtml1{\*\htmltag <p>}a\u241 ?\'e1}`))).Bytes())
	inner := newStream().attr(1, 0x0002800C, []byte("x")).String()
	f.Add(newStream().file("x", "", propBytes(prAttachData, ptObject, messageObject+inner)).Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		budget := maxExpanded
		s := readTNEF(data, 0, &budget)
		s.body()
		for _, a := range s.attachments() {
			checkName(t, a.Filename)
			if a.ContentType == "message/rfc822" && len(a.Data) > 0 {
				Parse(a.Data)
			}
		}
		if budget < 0 || len(s.files) > maxTNEFFiles {
			t.Errorf("%d bytes left, %d files", budget, len(s.files))
		}
		packed := &stream{}
		packed.Write(data)
		raw := winmail("", packed)
		checkMessage(t, Parse(raw), len(raw))
	})
}
