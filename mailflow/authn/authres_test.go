package authn

import (
	"reflect"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/parser"
)

func TestParseAuthResults(t *testing.T) {
	pass := func(method string, properties ...Property) MethodResult {
		return MethodResult{Method: method, Result: Pass, Properties: properties}
	}
	tests := []struct {
		value string
		want  []MethodResult // nil with "no" in front of the name: not to be read
		id    string
	}{
		{"mx.example; none", nil, "mx.example"},
		{"mx.example 1; none;", nil, "mx.example"},
		{"mx.example", nil, "mx.example"},
		{"mx.example; spf=pass smtp.mailfrom=a@b.example", []MethodResult{pass("spf", Property{"smtp.mailfrom", "a@b.example"})}, "mx.example"},
		{"mx.example;\r\n\tSPF=Pass\r\n\tSMTP.MailFrom=b.example;\r\n\tdkim=pass header.d=b.example header.s=s",
			[]MethodResult{pass("spf", Property{"smtp.mailfrom", "b.example"}), pass("dkim", Property{"header.d", "b.example"}, Property{"header.s", "s"})}, "mx.example"},
		{`mx.example (the ; one \) (nested)) 1 (v); spf/1 (x;y) = (z) pass (ok) reason="a; dkim=pass \"q\"" smtp . mailfrom = "a;b"@c.example`,
			[]MethodResult{{Method: "spf", Result: Pass, Reason: `a; dkim=pass "q"`, Properties: []Property{{"smtp.mailfrom", "a;b@c.example"}}}}, "mx.example"},
		{`"mx (b); c"; spf=fail`, []MethodResult{{Method: "spf", Result: Fail}}, "mx (b); c"},
		{"mx.example; dkim=pass (1024-bit key) header.i=@b.example header.b=\"Ab/+=\"", []MethodResult{pass("dkim",
			Property{"header.i", "@b.example"}, Property{"header.b", "Ab/+="})}, "mx.example"},
		{"mx.example; dkim=pass header.b=Ab/+=", []MethodResult{pass("dkim", Property{"header.b", "Ab/+="})}, "mx.example"},
		{"mx.example 2; spf=pass", nil, "no mx.example"},
		{"; spf=pass", nil, "no "},
		{"", nil, "no "},
		{"mx.example; spf", nil, "no mx.example"},
		{"mx.example; spf=pass dkim=pass", []MethodResult{pass("spf", Property{"dkim", "pass"})}, "mx.example"},
		{"mx.example; (unclosed spf=pass", nil, "no mx.example"},
		{`mx.example; spf=pass reason="unclosed`, nil, "no mx.example"},
		{`mx.example; spf=pass reason="unclosed\`, nil, "no mx.example"},
		{"mx.example; spf=pass " + strings.Repeat("(", 1000), nil, "no mx.example"},
		{"mx.example; spf=pass <x>", nil, "no mx.example"},
		{"mx.example" + strings.Repeat("; spf=pass", 1000), nil, "no mx.example"},
	}
	for _, tt := range tests {
		got, err := ParseAuthResults(tt.value)
		id, bad := strings.CutPrefix(tt.id, "no ")
		if (err != nil) != bad || got.ServID != id || !reflect.DeepEqual(got.Results, tt.want) {
			t.Errorf("%q: got %+v, %v", tt.value, got, err)
		}
	}
}

// hostile are values that would end a field, or begin another result.
var hostile = []string{"", "a b", "a\r\nBcc: x@y.example", "a; dkim=pass header.d=bank.example", `a"; dkim=pass; x="`, `a\`, "ñ\x00\x7f\xff",
	"(", "a@b@c", strings.Repeat("a", 5000), "a\n\n<script>", "[192.0.2.1]"}

func TestFormat(t *testing.T) {
	for _, value := range hostile {
		in := []MethodResult{
			{Method: "spf", Result: Fail, Reason: value, Properties: []Property{{"smtp.helo", value}}},
			{Method: "dmarc", Result: None},
		}
		text := Format("mx.example", in)
		checkFolding(t, text)
		got, err := ParseAuthResults(text)
		if err != nil || len(got.Results) != 2 || got.Results[0].Result != Fail || got.Results[1].Method != "dmarc" {
			t.Errorf("%q became %q: %+v, %v", value, text, got, err)
		}
	}
	if got := Format("mx.example", nil); got != "mx.example; none" {
		t.Errorf("got %q", got)
	}
}

// checkFolding makes sure that a value stays one field.
func checkFolding(t *testing.T, text string) {
	t.Helper()
	for i, line := range strings.Split(text, "\r\n") {
		if i > 0 && !strings.HasPrefix(line, "\t") || strings.ContainsAny(line, "\r\n\x00") || len(line) > 998 {
			t.Errorf("line %d of %q is no continuation", i, text)
		}
	}
}

func TestStrip(t *testing.T) {
	const rest = "From: a@b.example\r\nAuthentication-Results: other.example; spf=pass\r\n"
	const body = "\r\nAuthentication-Results: desk.example; spf=pass\r\n"
	forged := []string{
		"Authentication-Results: desk.example; dkim=pass\r\n",
		"AUTHENTICATION-RESULTS:DESK.Example;dkim=pass\n",
		"Authentication-Results : (c)\r\n \"desk.example\" 1;\r\n\tdkim=pass\r\n",
		"Authentication-Results: desk.example. ; dkim=pass\r\n",
		"Authentication-Results: x (desk.example; dkim=pass\r\n",
		"Authentication-Results: desk.example 7; dkim=pass\r\n",
	}
	for _, f := range forged {
		for _, mail := range []string{f + rest + body, rest + f + body, f + rest + f + body} {
			before := strings.Clone(mail)
			raw := []byte(mail)
			if got := string(Strip(raw, "desk.example")); got != rest+body || string(raw) != before {
				t.Errorf("%q: left %q", mail, got)
			}
		}
	}
	for _, kept := range []string{rest + body, body, "", "no header", "Authentication-Results: notdesk.example; spf=pass\r\n" + rest} {
		if got := string(Strip([]byte(kept), "desk.example")); got != kept {
			t.Errorf("%q became %q", kept, got)
		}
	}
}

func TestStripAtTheEnd(t *testing.T) {
	if got := Strip([]byte("A: b\r\nAuthentication-Results: desk.example; none"), "desk.example"); string(got) != "A: b\r\n" {
		t.Errorf("left %q", got)
	}
}

func FuzzAuthResults(f *testing.F) {
	f.Add(`mx.example (c) 1; spf=pass reason="x;y" smtp.mailfrom="a"@b.example; none`, "helo")
	for _, value := range hostile {
		f.Add(value, value)
	}
	f.Fuzz(func(t *testing.T, value, helo string) {
		a, err := ParseAuthResults(value)
		if err != nil && a.Results != nil {
			t.Errorf("%q: results beside an error", value)
		}
		a.Results = append(a.Results, MethodResult{Method: "spf", Result: Fail, Properties: []Property{{"smtp.helo", helo}}})
		text := Format("mx.example", a.Results[max(0, len(a.Results)-maxAuthResults):])
		checkFolding(t, text)
		again, err := ParseAuthResults(text)
		if err != nil {
			t.Fatalf("cannot read our own %q", text)
		}
		if last := again.Results[len(again.Results)-1]; last.Method != "spf" || last.Result != Fail {
			t.Errorf("%q: %+v", text, last)
		}
	})
}

func FuzzStrip(f *testing.F) {
	f.Add([]byte("Authentication-Results: desk.example; spf=pass\r\nFrom: a@b.example\r\n\r\nx"))
	f.Add([]byte(" \r\n\r\n"))
	f.Fuzz(func(t *testing.T, mail []byte) {
		out := Strip(mail, "desk.example")
		if len(out) > len(mail) {
			t.Fatal("it grew")
		}
		for _, value := range parser.Parse(out).Header(authResultsName) {
			a, err := ParseAuthResults(value)
			if err == nil && sameServID(a.ServID, "desk.example") {
				t.Errorf("%q is still there in %q", value, out)
			}
		}
	})
}
