package smtpd

import (
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	for _, test := range []struct{ address, want string }{
		{"ana@Correo.Example", "ana@correo.example"},
		{"Ana.Lopez+x=y@correo.example", "Ana.Lopez+x=y@correo.example"},
		{"..raro.@correo.example", "..raro.@correo.example"},
		{"x@victima.example@otra.example", `"x@victima.example"@otra.example`},
		{`a "b\@otra.example`, `"a \"b\\"@otra.example`},
		{"a@[192.0.2.1]", "a@[192.0.2.1]"},
		{"a@[IPv6:2001:db8::1]", "a@[ipv6:2001:db8::1]"},
		{"a@_spf-host.example", "a@_spf-host.example"},
		{"ana", ""},
		{"@correo.example", ""},
		{"ana@", ""},
		{"ana@correo..example", ""},
		{"ana@correo.example.", ""},
		{"ana@<script>", ""},
		{"ana@[nowhere]", ""},
		{"ana@[192.0.2.1", ""},
		{"ana@correo.exa\x00mple", ""},
		{"a\xff@correo.example", ""},
		{"begoña@correo.example", ""},
		{"ana@españa.example", ""},
		{strings.Repeat("a", 310) + "@b.example", strings.Repeat("a", 310) + "@b.example"},
		{strings.Repeat("a", 311) + "@b.example", ""},
		{"a@" + strings.Repeat("b", 64) + ".example", ""},
	} {
		got, err := canonical(test.address, false, errBadSender)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("canonical(%q) = %q, %v; want %q", test.address, got, err, test.want)
		}
	}
}

// FuzzCanonical checks that an accepted address says the same when it is read
// again: the domain is what follows its last @, and nothing but a pair of
// quotes around the local part has been added.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{"ana@correo.example", "x@victima.example@otra.example", `a"b\@c`, "a@[::1]", "begoña@españa.example"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, address string, international bool) {
		written, err := canonical(address, international, errBadSender)
		if err != nil {
			return
		}
		at := strings.LastIndexByte(address, '@')
		read := unquoteLocal(written)
		if read != address[:at]+strings.ToLower(address[at:]) {
			t.Errorf("%q is written %q, which reads %q", address, written, read)
		}
		if again, err := canonical(read, international, errBadSender); err != nil || again != written {
			t.Errorf("%q is written %q, and then %q, %v", address, written, again, err)
		}
	})
}

// unquoteLocal does what go-smtp does to a quoted local part.
func unquoteLocal(address string) string {
	inner, ok := strings.CutPrefix(address, `"`)
	if !ok {
		return address
	}
	var local strings.Builder
	for i := 0; i < len(inner); i++ {
		switch inner[i] {
		case '"':
			return local.String() + inner[i+1:]
		case '\\':
			i++
		}
		local.WriteByte(inner[i])
	}
	return local.String()
}
