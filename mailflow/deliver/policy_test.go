package deliver

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const enforced = "version: STSv1\r\nmode: enforce\r\nmx: mx.ayto.example\r\nmx: *.mail.example\r\nmax_age: 604800\r\n"

func TestParsePolicy(t *testing.T) {
	week := 7 * 24 * time.Hour
	for name, test := range map[string]struct {
		text string
		want policy
	}{
		"whole":              {enforced, policy{modeEnforce, week, []string{"mx.ayto.example", "*.mail.example"}}},
		"lf, any order":      {"max_age:604800\nmx:MX.ayto.example\nmode:testing\nversion:STSv1", policy{modeTesting, week, []string{"mx.ayto.example"}}},
		"none, no host":      {"version: STSv1\nmode: none\nmax_age: 0\n", policy{modeNone, 0, nil}},
		"unknown keys":       {"version: STSv1\nmode: none\nmax_age: 1\ncolour: azul:marino\nMode: enforce\n\n", policy{modeNone, time.Second, nil}},
		"the first counts":   {"version: STSv1\nmode: none\nmode: enforce\nmax_age: 1\nmax_age: bad\nversion: 2\n", policy{modeNone, time.Second, nil}},
		"white space":        {"version:\tSTSv1 \nmode:   none\t\r\nmax_age: 1 \r\n", policy{modeNone, time.Second, nil}},
		"a year at the most": {"version: STSv1\nmode: none\nmax_age: 9999999999\n", policy{modeNone, maxMaxAge * time.Second, nil}},
	} {
		if got, err := parsePolicy(test.text); err != nil || fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestNotAPolicy(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           "",
		"web page":        "<html>\n<body>No encontrado</body>\n</html>\n",
		"version 2":       strings.Replace(enforced, "STSv1", "STSv2", 1),
		"no version":      strings.Replace(enforced, "version", "revision", 1),
		"no mode":         strings.Replace(enforced, "mode", "mood", 1),
		"unknown mode":    strings.Replace(enforced, "enforce", "Enforce", 1),
		"no age":          strings.Replace(enforced, "max_age", "age", 1),
		"age with a sign": strings.Replace(enforced, "604800", "-1", 1),
		"age of 11":       strings.Replace(enforced, "604800", "12345678901", 1),
		"age in words":    strings.Replace(enforced, "604800", "una semana", 1),
		"no hosts":        strings.ReplaceAll(enforced, "mx:", "xm:"),
		"star within":     strings.Replace(enforced, "*.mail", "mx.*.mail", 1),
		"star alone":      strings.Replace(enforced, "*.mail.example", "*", 1),
		"part of a label": strings.Replace(enforced, "*.mail", "mx*.mail", 1),
		"host of octets":  strings.Replace(enforced, "*.mail", "logroño", 1),
		"no colon":        enforced + "end\n",
	} {
		if got, err := parsePolicy(text); !errors.Is(err, errPolicy) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestPolicyNames(t *testing.T) {
	p := must(parsePolicy(enforced))(t)
	for host, want := range map[string]bool{
		"mx.ayto.example": true, "a.mail.example": true, "b.mail.example": true,
		"ayto.example": false, "x.mx.ayto.example": false, "mail.example": false, "a.b.mail.example": false,
		"amail.example": false, "mx.ayto.example.evil.example": false, "": false,
	} {
		if p.names(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}

func TestParseRecord(t *testing.T) {
	for text, want := range map[string]string{
		"v=STSv1; id=20160831085700Z;":           "20160831085700Z",
		"v=STSv1;id=a":                           "a",
		"v=STSv1 ;\tid=a ; ":                     "a",
		"v=STSv1; x-y.z=1; id=a; id=b":           "a",
		"v=STSv1; id=" + strings.Repeat("x", 32): strings.Repeat("x", 32),
		"v=STSv1; id=" + strings.Repeat("x", 33): "",
		"v=STSv1":                                "",
		"v=STSv1;":                               "",
		"v=STSv1; id=":                           "",
		"v=STSv1; id=a-b":                        "",
		"v=STSv1; id=a;; x=1":                    "",
		"v=STSv1; id=a; what":                    "",
		"v=STSv1; id=a; x=a b":                   "",
		"v=STSv2; id=a":                          "",
		"V=STSv1; id=a":                          "",
		"id=a; v=STSv1":                          "",
		" v=STSv1; id=a":                         "",
		"v=spf1 -all":                            "",
		"":                                       "",
		"v=STSv1; id=a; " + strings.Repeat("x", 33): "",
	} {
		if id, ok := parseRecord(text); ok != (want != "") || ok && id != want {
			t.Errorf("%q: %q, %v", text, id, ok)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	for _, text := range []string{enforced, "", "version: STSv1\nmode: none\nmax_age: 0", ":\n", "mx: *.\n", "max_age: 99999999999999999999", "mode\n", "\xff: \x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePolicy(text)
		if err != nil {
			if fmt.Sprint(p) != fmt.Sprint(policy{}) || !errors.Is(err, errPolicy) {
				t.Fatalf("%q: %+v, %v", text, p, err)
			}
			return
		}
		if !slices.Contains([]mode{modeNone, modeTesting, modeEnforce}, p.mode) || p.maxAge < 0 || p.maxAge > maxMaxAge*time.Second {
			t.Fatalf("%q: %+v", text, p)
		}
		if len(p.hosts) == 0 && p.mode != modeNone {
			t.Fatalf("%q names no host", text)
		}
		checkHosts(t, p)
	})
}

// checkHosts: a host the policy names is one it says, or one label before it.
func checkHosts(t *testing.T, p policy) {
	for _, pattern := range p.hosts {
		parent, wild := strings.CutPrefix(pattern, "*.")
		if !hostName.MatchString(parent) || strings.ToLower(pattern) != pattern {
			t.Fatalf("host %q", pattern)
		}
		if wild && (!p.names("x."+parent) || policy{hosts: []string{pattern}}.names("x.y."+parent)) {
			t.Fatalf("star of %q", pattern)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	for _, text := range []string{"v=STSv1; id=20160831085700Z;", "v=STSv1;id=a;x=1", "v=STSv1", "", ";", "v=STSv1;;", "v=STSv1;id=\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, ok := parseRecord(text)
		if !ok {
			return
		}
		if !policyID.MatchString(id) || !isPolicyRecord(text) || !strings.Contains(text, "id="+id) {
			t.Fatalf("%q: id %q", text, id)
		}
		if again, ok := parseRecord("v=STSv1; id=" + id); !ok || again != id {
			t.Fatalf("id %q reads back as %q", id, again)
		}
	})
}
