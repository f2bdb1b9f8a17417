package templates

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// TestGolden compares every mail of the story with the files in
// testdata/golden, which a person has read and looked at.
func TestGolden(t *testing.T) {
	s := builtinSet(t)
	for _, kind := range noticeKeys() {
		t.Run(kind, func(t *testing.T) { compare(t, s, kind, story(t, s, kind)) })
	}
	brief := story(t, s, "open.requester")
	brief.Brief = true
	compare(t, s, "open.requester.brief", brief)
}

func compare(t *testing.T, s *Set, name string, v View) {
	t.Helper()
	r, err := s.Render(v)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, name+".txt", "Subject: "+r.Subject+"\n\n"+r.Text)
	golden(t, name+".html", r.HTML)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was (run with -update if that is meant):\n%s", name, got)
	}
}
