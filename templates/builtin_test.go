package templates_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cauce-desk/cauce/templates"
)

// What is printed is whole: each of its files makes a catalogue again.
func TestBuiltin(t *testing.T) {
	for _, locale := range templates.Locales() {
		text, err := templates.Builtin(locale)
		if err != nil {
			t.Fatal(err)
		}
		folder := fstest.MapFS{}
		for part := range strings.SplitSeq(string(text), "# === ") {
			if name, words, found := strings.Cut(part, " ===\n"); found {
				folder[strings.TrimPrefix(name, locale+"/")] = &fstest.MapFile{Data: []byte(words)}
			}
		}
		if len(folder) < 5 || folder["words.yaml"] == nil {
			t.Errorf("%s has the files %v", locale, folder)
		}
		if _, err := templates.Load(locale, folder); err != nil {
			t.Error(err)
		}
	}
	if _, err := templates.Builtin("xx"); err == nil || !strings.Contains(err.Error(), "[en es]") {
		t.Error(err)
	}
}

func TestStrayTerms(t *testing.T) {
	own := "terms: {ticket: caso, tikcet: caso, room: sala}\nnotices: {resolve.requester: {title: 'De {{.Terms.room}}'}}\n"
	if got := templates.StrayTerms([]byte(own)); !slices.Equal(got, []string{"tikcet"}) {
		t.Error(got)
	}
	if got := templates.StrayTerms([]byte("[")); got != nil {
		t.Error(got)
	}
}
