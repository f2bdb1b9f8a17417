package ticket

import (
	"testing"
	"time"
)

func TestNumberFormat(t *testing.T) {
	local := time.Date(2017, 10, 9, 10, 23, 58, 0, time.FixedZone("CEST", 7200))
	cases := []struct {
		format string
		seq    uint64
		want   Number
		period string
	}{
		{"I{yy}{mm}{dd}_{seq:6}", 49, "I171009_000049", "2017-10-09"},
		{"PNT{seq:6}", 3445, "PNT003445", ""},
		{"{yyyy}-{seq:4}", 12345, "2017-12345", "2017"},
		{"C{yyyy}{mm}-{seq:3}", 7, "C201710-007", "2017-10"},
	}
	for _, c := range cases {
		f, err := ParseNumberFormat(c.format)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Number(local, c.seq); got != c.want {
			t.Errorf("%s: %s, want %s", c.format, got, c.want)
		}
		if got := f.Period(local); got != c.period {
			t.Errorf("%s: period %q, want %q", c.format, got, c.period)
		}
		if got, ok := f.Find("Re: validar " + string(c.want) + "."); !ok || got != c.want {
			t.Errorf("%s: found %q", c.format, got)
		}
	}
	for _, bad := range []string{"", "I{yy}", "{seq:0}", "{seq:6}{seq:6}", "i{seq:6}", "A B{seq:3}", "{nn}{seq:2}", "I{dd}_{seq:6}", "I{mm}{dd}_{seq:6}", "I{yy}{dd}_{seq:6}", "{mm}{seq:3}"} {
		if _, err := ParseNumberFormat(bad); err == nil {
			t.Errorf("%q taken", bad)
		}
	}
}

func TestNumberFind(t *testing.T) {
	f, err := ParseNumberFormat("I{yy}{mm}{dd}_{seq:6}")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]Number{
		"validar peticion i171009_000049 7kq2": "I171009_000049",
		"(I171009_000049)":                     "I171009_000049",
		"I171009_1000000":                      "I171009_1000000",
		"I171009_00049":                        "",
		"XI171009_000049":                      "",
		"I171009_000049X":                      "",
	}
	for text, want := range found {
		if got, _ := f.Find(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A token behind a number is taken out, a word stays.
func TestWithoutTokens(t *testing.T) {
	f, err := ParseNumberFormat("I{yy}{mm}{dd}_{seq:6}")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"I171009_000049 7KQ2M9XA4C8PWZ3T ya":       "I171009_000049 ya",
		"I171009_000049 QKQRMNXAACPPWZTT":          "I171009_000049",
		"I171009_000049 7KQ2M9XA4C8PWZ3O":          "I171009_000049",
		"I171009_000049: electrodomestico roto":    "I171009_000049: electrodomestico roto",
		"I171009_000049 7KQ2M9XA4C8PWZ3TX":         "I171009_000049 7KQ2M9XA4C8PWZ3TX",
		"I171009_000049: responsabilidad de todos": "I171009_000049: responsabilidad de todos",
	} {
		if got := f.withoutTokens(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := (NumberFormat{}).withoutTokens("x"); got != "x" {
		t.Errorf("no format: %q", got)
	}
}
