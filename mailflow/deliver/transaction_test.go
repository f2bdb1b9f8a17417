package deliver

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/textproto"
	"strings"
	"testing"
)

func FuzzWriteMail(f *testing.F) {
	for _, raw := range []string{
		testMail, "", ".", "..\r\n", "\r\n.\r\n", "\n.\n", "\r.\r", "\r\n.\r", "a\r\r\n.\r\nMAIL FROM:<x@y.example>\r\n", "no end",
	} {
		f.Add([]byte(raw))
	}
	f.Fuzz(checkMailReadsBack)
}

func TestWriteMailInBlocks(t *testing.T) {
	line := strings.Repeat("x", blockSize+1)
	checkMailReadsBack(t, []byte(line+"\n.\n"+strings.Repeat(".", blockSize)+"\r\n.\r"+line))
}

func checkMailReadsBack(t *testing.T, raw []byte) {
	var wire bytes.Buffer
	if err := writeMail(&wire, raw); err != nil {
		t.Fatal(err)
	}
	checkOneEnd(t, wire.Bytes())
	got, err := io.ReadAll(textproto.NewReader(bufio.NewReader(&wire)).DotReader())
	want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(raw))
	if want != "" && !strings.HasSuffix(want, "\n") {
		want += "\n"
	}
	if err != nil || string(got) != want {
		t.Fatalf("%.200q reads back as %.200q, %v", raw, got, err)
	}
}

// checkOneEnd: no server, however it takes bare CR and LF, can find the end of
// the mail before its last line.
func checkOneEnd(t *testing.T, wire []byte) {
	t.Helper()
	whole := strings.ReplaceAll(string(wire), "\r\n", "")
	if strings.ContainsAny(whole, "\r\n") {
		t.Fatalf("bare CR or LF in %q", wire)
	}
	if end := "\r\n.\r\n"; strings.Index("\r\n"+string(wire), end) != len(wire)+2-len(end) {
		t.Fatalf("the end is not at the end of %q", wire)
	}
}

func FuzzPath(f *testing.F) {
	for _, address := range []string{
		"ana@ayto.example", "a> SIZE=1 AUTH=<x@y.example", "josé@logroño.example", `a"b\@x.example`, "a\r\nRCPT TO:<b@c.example",
		"ana..x@ayto.example", "@", "", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@[IPv6:::1%eth0]", "a@b@c.example", "\xff@x.example",
	} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		p, err := newPath(address, "5.1.3")
		if err != nil {
			var refused *Failure
			if !errors.As(err, &refused) || !refused.Permanent || refused.Enhanced != "5.1.3" || strings.ContainsAny(refused.Text, "\r\n") {
				t.Fatalf("%q: %#v", address, err)
			}
			return
		}
		inner, opened := strings.CutPrefix(p.text, "<")
		inner, closed := strings.CutSuffix(inner, ">")
		if !opened || !closed || strings.ContainsAny(inner, "<>\r\n\x00") || len(p.text) > maxPath {
			t.Fatalf("%q becomes %q", address, p.text)
		}
		if strings.Contains(outsideQuotes(inner), " ") {
			t.Fatalf("%q becomes %q, with a space outside quotes", address, p.text)
		}
	})
}

// outsideQuotes takes a leading quoted-string off.
func outsideQuotes(s string) string {
	if !strings.HasPrefix(s, `"`) {
		return s
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[i+1:]
		}
	}
	return " never closed"
}
