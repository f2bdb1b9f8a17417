package deliver

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestReply(t *testing.T) {
	for raw, want := range map[string]Failure{
		"250 ok\r\n":                   {Code: 250, Text: "ok"},
		"250\r\n":                      {Code: 250},
		"250 ok\n":                     {Code: 250, Text: "ok"},
		"550 5.1.1 no such person\r\n": {true, 550, "5.1.1", "no such person"},
		"550 5.1.1\r\n":                {true, 550, "5.1.1", ""},
		"550-5.1.1 one\r\n550-5.1.1 two\r\n550 end\r\n": {true, 550, "5.1.1", "one two end"},
		"450 5.1.1 mixed\r\n":                           {false, 450, "", "5.1.1 mixed"},
		"450 4.7 short\r\n":                             {false, 450, "", "4.7 short"},
		"421 4.3.2 a\x1b[2Jb\t\x00c\u0085d\xff\r\n":     {false, 421, "4.3.2", "a [2Jb c d?"},
		"451 " + strings.Repeat("é", 400) + "\r\n":      {false, 451, "", strings.Repeat("é", 250)},
	} {
		got, err := readReply(newReplyReader(strings.NewReader(raw)))
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		if failure := got.failure(); *failure != want {
			t.Errorf("%q: %#v, want %#v", raw, *failure, want)
		}
	}
}

func TestNoReply(t *testing.T) {
	for raw, want := range map[string]error{
		"hello\r\n":          errNoReply,
		"2500 ok\r\n":        errNoReply,
		"150 ok\r\n":         errNoReply,
		"650 ok\r\n":         errNoReply,
		"250ok\r\n":          errNoReply,
		"\r\n":               errNoReply,
		"250-a\r\n251 b\r\n": errNoReply,
		"250 " + strings.Repeat("x", maxReplyLine):               errLongReply,
		strings.Repeat("250-x\r\n", maxReplyLines) + "250 x\r\n": errLongReply,
	} {
		if _, err := readReply(newReplyReader(strings.NewReader(raw))); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", raw, err, want)
		}
	}
}

func FuzzReadReply(f *testing.F) {
	for _, raw := range []string{
		"250 ok\r\n", "250-a\r\n250 b\r\n", "550 5.1.1 no\r\n", "421\n", "250-\r\n250 \r\n", "25", "", "999 x\r\n", "250 \xff\x00\r\n",
	} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := readReply(newReplyReader(strings.NewReader(string(raw))))
		if err != nil {
			return
		}
		if got.code < 200 || got.code > 599 || len(got.lines) == 0 || len(got.lines) > maxReplyLines {
			t.Fatalf("%q: %+v", raw, got)
		}
		failure := got.failure()
		if len(failure.Text) > maxText || !utf8.ValidString(failure.Text) || strings.ContainsFunc(failure.Text, unicode.IsControl) {
			t.Fatalf("%q: text %q", raw, failure.Text)
		}
		if failure.Permanent != (got.code >= 500) {
			t.Fatalf("%q: %+v", raw, failure)
		}
	})
}
