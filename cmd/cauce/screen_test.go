package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// terminal is a writer that takes itself for a character device.
type terminal struct{ bytes.Buffer }

func (*terminal) Stat() (os.FileInfo, error) { return device{}, nil }

type device struct{ os.FileInfo }

func (device) Mode() os.FileMode { return os.ModeDevice | os.ModeCharDevice }

func TestRawMailOnATerminal(t *testing.T) {
	var out terminal
	if err := (screen{out: &out}).raw([]byte(hostileMail)); err != nil {
		t.Fatal(err)
	}
	want := `From: Ana\u{1b}[2J <ana@ayuntamiento.example>
Subject: no funciona\u{1b}]0;root@server\u{7}
X-Latin: a` + "\uFFFD" + `o

buenos d` + "\uFFFD" + `as\u{9b}31m
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// FuzzScreen holds that nothing unprintable gets through, and that JSON says
// what was put into it all the same.
func FuzzScreen(f *testing.F) {
	for _, seed := range []string{"", "hola", wipe, title, turned, csi, overlay, "a\xf1o", "\U000e0041 tag", "línea\nlínea\r\n\ttab\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if line := oneLine(text); strings.ContainsFunc(line, unprintable) || strings.Contains(line, "\n") {
			t.Errorf("oneLine(%q) = %q", text, line)
		}
		if lines := strings.Join(manyLines(text), "\n"); strings.ContainsFunc(lines, unprintable) {
			t.Errorf("manyLines(%q) = %q", text, lines)
		}
		var out bytes.Buffer
		if err := (screen{out: &out, json: true}).show([]string{text}, nil); err != nil {
			t.Fatal(err)
		}
		var back []string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back[0] != string([]rune(text)) {
			t.Errorf("%q came back as %q: %v", text, back, err)
		}
		if strings.ContainsFunc(out.String(), unprintable) {
			t.Errorf("JSON of %q is %q", text, out.String())
		}
	})
}

func TestLocalTime(t *testing.T) {
	if got := localTime(time.Time{}); got != "" {
		t.Errorf("no time is written as %q", got)
	}
	got := localTime(earlier)
	at, err := time.Parse("2006-01-02 15:04:05Z07:00", got)
	if _, offset := earlier.Local().Zone(); err != nil || !at.Equal(earlier) || offsetOf(at) != offset {
		t.Errorf("%v is written as %q: %v", earlier, got, err)
	}
}

func offsetOf(at time.Time) int {
	_, offset := at.Zone()
	return offset
}

func TestParseSpan(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "3d": 3 * day, "2d12h": 2*day + 12*time.Hour, "36500d": 36_500 * day, "1.5h": 90 * time.Minute,
		"": 0, "0s": 0, "-1h": 0, "-3d": 0, "d": 0, "3d-1h": 0, "mañana": 0, "36501d": 0, "36500d1h": 0, "99999999999999999999d": 0, "3": 0,
	} {
		got, err := parseSpan(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("parseSpan(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, seed := range []string{"90m", "3d", "2d12h", "-1h", "d", "36500d1h", "9223372036s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		span, err := parseSpan(text)
		if (err == nil) != (span > 0) || span > 36_500*24*time.Hour {
			t.Errorf("parseSpan(%q) = %v, %v", text, span, err)
		}
	})
}

func TestParseSince(t *testing.T) {
	now := time.Date(2017, 10, 9, 14, 0, 0, 0, time.FixedZone("CEST", 2*60*60))
	for text, want := range map[string]string{
		"":                          "0001-01-01T00:00:00Z",
		"2017-10-09":                "2017-10-08T22:00:00Z",
		"2017-10-09 10:00":          "2017-10-09T08:00:00Z",
		"2017-10-09 10:00:01":       "2017-10-09T08:00:01Z",
		"2017-10-09 10:00:00+01:00": "2017-10-09T09:00:00Z",
		"2017-10-09T10:00:00Z":      "2017-10-09T10:00:00Z",
		"12h":                       "2017-10-09T00:00:00Z",
	} {
		at, err := parseSince(text, now)
		if got := at.UTC().Format(time.RFC3339); got != want || err != nil {
			t.Errorf("parseSince(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
	if _, err := parseSince("2017-13-01", now); err == nil {
		t.Error("month 13 was taken")
	}
}
