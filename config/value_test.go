package config

import (
	"reflect"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "1h30m": 90 * time.Minute, "3d": 72 * time.Hour, "1d12h": 36 * time.Hour, "0s": 0,
	} {
		var got Duration
		if err := got.UnmarshalText([]byte(text)); err != nil || time.Duration(got) != want {
			t.Errorf("%s is %v, %v", text, time.Duration(got), err)
		}
		if got.String() != text {
			t.Errorf("%s is written %s", text, got)
		}
	}
	for _, text := range []string{"", "30", "d", "1d-1h", "-5m", "1w", "5 m", "99999d2562047h", "1.5d", "١d"} {
		var got Duration
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]Size{"0 B": 0, "1500 B": 1500, "64 KiB": 64 * KiB, "25 MiB": 25 * MiB, "2 GiB": 2 * GiB} {
		var got Size
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want || got.String() != text {
			t.Errorf("%s is %d, written %s, %v", text, got, got, err)
		}
	}
	for _, text := range []string{"", "25", "MiB", "25 MB", "25  MiB", "-1 B", "1.5 MiB", "9999999999 GiB"} {
		var got Size
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}

// What is written is read as the same.
func TestWrittenAndRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Duration(rapid.Int64Range(0, int64(90_000*Day)).Draw(t, "duration"))
		var back Duration
		if err := back.UnmarshalText([]byte(d.String())); err != nil || back != d {
			t.Errorf("%d is written %s and read as %d: %v", d, d, back, err)
		}
		s := Size(rapid.Int64Range(0, 999_999_999).Draw(t, "size"))
		var size Size
		if err := size.UnmarshalText([]byte(s.String())); err != nil || size != s {
			t.Errorf("%d is written %s and read as %d: %v", s, s, size, err)
		}
	})
}

// Every key is explained, and has a default or an example that it can hold.
func TestEveryKeyIsDocumented(t *testing.T) {
	for _, k := range Keys() {
		if k.Doc == "" || k.Type == "" {
			t.Errorf("%s: type %q, explanation %q", k.Path, k.Type, k.Doc)
		}
	}
	checkExamples(t, reflect.TypeFor[Config]())
}

// checkExamples checks a section and those in it.
func checkExamples(t *testing.T, section reflect.Type) {
	for _, key := range keysOf(section) {
		checkExample(t, key)
		inner := key.Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if isSection(inner) {
			checkExamples(t, inner)
		}
	}
}

func checkExample(t *testing.T, key reflect.StructField) {
	t.Helper()
	example := key.Tag.Get("eg")
	if example == "" {
		return
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(example), &n); err != nil {
		t.Fatalf("%s: %v", keyName(key), err)
	}
	d := decoder{reporter: newReporter("example")}
	d.value(n.Content[0], reflect.New(key.Type).Elem(), keyName(key))
	if len(d.faults) > 0 {
		t.Error(d.faults)
	}
}

func TestSuggestion(t *testing.T) {
	known := []string{"intake", "id", "language"}
	for word, want := range map[string]string{
		"intke": `; did you mean "intake"?`, "Language": `; did you mean "language"?`, "xx": "", "": "", "something else": "",
	} {
		if got := suggestion(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}
