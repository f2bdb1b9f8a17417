package parser

import (
	"encoding/hex"
	"strings"
	"testing"
)

// helloPacked is the first example of MS-OXRTFCP, section 3.1.
var helloPacked, _ = hex.DecodeString("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")

func TestUnpackRTF(t *testing.T) {
	const hello = "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
	got, err := unpackRTF(helloPacked, 1000)
	if string(got) != hello || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	got, err = unpackRTF(helloPacked, 10)
	if string(got) != hello[:10] || err == nil {
		t.Errorf("of ten bytes: %q, %v", got, err)
	}
	if got, err := unpackRTF([]byte(stored("{\\rtf1 x}")), 100); string(got) != "{\\rtf1 x}" || err != nil {
		t.Errorf("stored: %q, %v", got, err)
	}
	for n := range helloPacked {
		if _, err := unpackRTF(helloPacked[:n], 1000); err == nil {
			t.Errorf("the first %d bytes are whole", n)
		}
	}
	wrong := append([]byte{}, helloPacked...)
	wrong[12]++
	if _, err := unpackRTF(wrong, 1000); err == nil {
		t.Error("a wrong checksum passed")
	}
}

// TestUnpackRTFAtTheEdges unpacks what overlaps itself and what goes round the window.
func TestUnpackRTFAtTheEdges(t *testing.T) {
	out, ok := unpackLZFu([]byte("\x06a\x0c\xff\x0e\x10"), 1000) // "a", then 17 bytes from where it stands, then the end
	if !ok || string(out) != strings.Repeat("a", 18) {
		t.Errorf("%q", out)
	}
	out, _ = unpackLZFu([]byte(lzfuBomb(10_000)[16:]), 1<<20)
	if len(out) != 10_000/17*8*16 {
		t.Errorf("%d bytes", len(out))
	}
}

func TestRTFText(t *testing.T) {
	tests := []struct{ name, rtf, want string }{
		{"lines", `{\rtf1\ansi uno\par dos\line\tab tres}`, "uno\ndos\n\ttres"},
		{"code page", `{\rtf1\ansi\ansicpg1251 \'cf\'f0}`, "Пр"},
		{"two bytes", `{\rtf1\ansi\ansicpg932 \'93\'fa}`, "日"},
		{"unicode", `{\rtf1 a\u241?o \u-10179?\u-8704? {\uc2\u8364\'80\'80}{\uc0\u8364}b}`, "año 😀 €€b"},
		{"skipped", `{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator Riched20;}{\pict 0102}{\info{\title x}}sí}`, "sí"},
		{"field", `{\rtf1{\field{\*\fldinst HYPERLINK "http://a.example"}{\fldrslt aquí}}}`, "aquí"},
		{"hidden", `{\rtf1 a{\v secreto}b\v x\v0 c}`, "abc"},
		{"signs", `{\rtf1 \{a\}\\ \ldblquote b\rdblquote\~\endash}`, "{a}\\ “b”\u00a0–"},
		{"binary", "{\\rtf1 a\\bin3 }}}b}", "ab"},
		{"cells", `{\rtf1 a\cell b\row c}`, "a\tb\nc"},
		{"cut off", `{\rtf1 a\'`, "a"},
		{"no hex", `{\rtf1 a\'zzb}`, "azzb"},
		{"too many ends", `{\rtf1 a}}}}b`, "ab"},
		{"too deep", `{\rtf1 a` + strings.Repeat("{", 2*maxRTFGroups) + "x" + strings.Repeat("}", 2*maxRTFGroups) + "b}", "ab"},
	}
	for _, test := range tests {
		if got, html := rtfText([]byte(test.rtf)); got != test.want || html {
			t.Errorf("%s: %q, %v", test.name, got, html)
		}
	}
}

func TestRTFPage(t *testing.T) {
	got, html := rtfText([]byte("{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\fonttbl{\\f0 Arial;}}\r\n{\\*\\htmltag64 <p>}\\htmlrtf {\\f0 \\htmlrtf0 a\\'f1o" +
		"{\\*\\htmltag84 &nbsp;}{\\*\\mhtmltag <x>}\\htmlrtf \\par}\\htmlrtf0 {\\*\\htmltag72 </p>\\par }}"))
	if want := "<p>año&nbsp;</p>\n"; got != want || !html {
		t.Errorf("%q, %v", got, html)
	}
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi\ansicpg932\fromhtml1{\*\htmltag64 <p>}\htmlrtf x\htmlrtf0 \u241?\'93\'fa\par{\v a}}`))
	f.Add(helloPacked)
	f.Fuzz(func(t *testing.T, data []byte) {
		text, _ := rtfText(data)
		if len(text) > 4*len(data)+16 {
			t.Errorf("%d bytes of text from %d", len(text), len(data))
		}
		out, _ := unpackRTF(data, 1<<20)
		if len(out) > 1<<20 || len(out) > 9*len(data) {
			t.Errorf("%d bytes unpacked from %d", len(out), len(data))
		}
		rtfText(out)
	})
}
