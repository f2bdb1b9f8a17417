package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An address that does both is told once; what may be a slip is noted, and the
// file is right all the same.
func TestCheck(t *testing.T) {
	text := strings.Replace(awkward, "    opening:\n", `    clocks: [{name: solve, label: Solución, starts: [open], stops: [resolve], within: [{priority: Alta, time: 1h}]}]
    wording: {terms: {ticket: aviso, tikcet: aviso}}
    opening:
`, 1)
	file := filepath.Join(t.TempDir(), "desk.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := file + ` is right. Desks:
  uno: abrir@uno.example
    note: clock solve has no time for priority Baja: it is measured there and never runs out
    note: wording.terms.tikcet is no word of the mails and nothing uses it; see cauce words
`
	if got := mustCauce(t, t.TempDir(), "check "+file); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
