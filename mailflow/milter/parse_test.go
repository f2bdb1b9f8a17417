package milter

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	protocol "github.com/emersion/go-milter"

	"github.com/cauce-desk/cauce/parser"
)

func TestDecisionsInWords(t *testing.T) {
	for d, want := range map[Decision]string{Accept: "accept", Quarantine: "quarantine", Discard: "discard", TempFail: "tempfail", Reject: "reject", 9: "decision 9"} {
		if d.String() != want {
			t.Errorf("%d is %q", d, d)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		raw    string
		fields []Field
		body   string
	}{
		{"", nil, ""},
		{"\r\nhola", nil, "hola"},
		{"A: 1\r\nB:2\r\n\r\nhola\r\n", []Field{{"A", "1"}, {"B", "2"}}, "hola\r\n"},
		{"A: 1\nB:  2\n\nhola\n", []Field{{"A", "1"}, {"B", " 2"}}, "hola\n"},
		{"A: 1\r\n\t2\r\n  3\r\n\r\n", []Field{{"A", "1\n\t2\n  3"}}, ""},
		{"A: 1\r\n", []Field{{"A", "1"}}, ""},
		{"A : 1", []Field{{"A", "1"}}, ""},
		{"A: 1\x002\r\n", []Field{{"A", "1 2"}}, ""},
		{"From ana lunes\r\nA: 1\r\n\r\n", []Field{{"A", "1"}}, ""},
		{"  A: 1\r\n\r\nx", []Field{{"A", "1"}}, "x"},
		{"A: 1\r\nruido\r\nB: 2\r\n\r\nx", []Field{{"A", "1"}, {"B", "2"}}, "x"},
		{"A: 1\r\nhola, mundo\r\nadiós\r\n", []Field{{"A", "1"}}, "hola, mundo\r\nadiós\r\n"},
	} {
		fields, body := split([]byte(test.raw))
		if !reflect.DeepEqual(fields, test.fields) || string(body) != test.body {
			t.Errorf("%q: %q, %q", test.raw, fields, body)
		}
	}
}

// What we take for an attachment the milter must see as one: both must find the
// Content-Type in the same header.
func TestSplitAsParser(t *testing.T) {
	const multipart = "Content-Type: multipart/mixed; boundary=b\r\n"
	for _, raw := range []string{
		"Subject: a\r\n" + multipart + "\r\n--b--\r\n",
		"Subject: a\r\nruido\r\n" + multipart + "\r\n--b--\r\n",
		"From x\r\n" + multipart + "\r\n--b--\r\n",
		">From x\r\nSubject: a\r\n" + multipart + "\r\n--b--\r\n",
		" Subject: a\r\n" + multipart + "\r\n--b--\r\n",
		"Ñame: a\r\n" + multipart + "\r\n--b--\r\n",
		"Subject: a\r\n \t\r\n" + multipart + "\r\n--b--\r\n",
		"Subject: a\r\n\r\n" + multipart + "\r\n--b--\r\n",
		"Subject: a\r\nhola\r\nmundo\r\n" + multipart + "\r\n--b--\r\n",
	} {
		fields, _ := split([]byte(raw))
		count := 0
		for _, f := range fields {
			if f.Name == "Content-Type" {
				count++
			}
		}
		if want := len(parser.Parse([]byte(raw)).Header("Content-Type")); count != want {
			t.Errorf("%q: %d fields of that name, the parser finds %d", raw, count, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("A: 1\r\n\t2\r\nruido\r\nB: 2\r\n\r\nx"))
	f.Add([]byte("From ana lunes\n : \n\x00:\x00\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		fields, body := split(raw)
		if !bytes.HasSuffix(raw, body) {
			t.Errorf("the body %q is not the end of the mail", body)
		}
		for _, f := range fields {
			if f.Name == "" || strings.ContainsAny(f.Name, "\x00: \n") || strings.Contains(f.Value, "\x00") {
				t.Errorf("field %q", f)
			}
		}
	})
}

// FuzzVerdict reads any reply and any field of a milter: what is made of them
// can stand in a reply, or in a header.
func FuzzVerdict(f *testing.F) {
	f.Add(550, "5.7.1 Eicar found", "X-Virus", "yes\r\n\tBcc: x@y.example")
	f.Add(421, "4.7.999.1 \xff\r\n", "X Virus:", "\x00")
	f.Add(250, "", "", "")
	f.Fuzz(func(t *testing.T, code int, text, name, value string) {
		v, err := replied(code, text)
		if err == nil && (v.Code != code || v.Enhanced[0] != code/100 || v.Decision < TempFail || v.Text == "" || !printable(v.Text)) {
			t.Errorf("%d %q: %+v", code, text, v)
		}
		var sum Verdict
		sum.modify([]protocol.ModifyAction{
			{Code: protocol.ActChangeHeader, HeaderName: name, HeaderValue: value},
			{Code: protocol.ActQuarantine, Reason: text},
		})
		if !printable(sum.Reason) {
			t.Errorf("reason %q", sum.Reason)
		}
		for _, f := range sum.Add {
			if !isFieldName(f.Name) || f.Value == "" || !printable(f.Value) {
				t.Errorf("field %q", f)
			}
		}
	})
}

func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
