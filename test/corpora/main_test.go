package main

import (
	"reflect"
	"testing"
)

const table = "| corpus | case | lost | why not |\n|---|---|---|---|\n| reply-a | `one` | yes | quoted |\n| reply-b | `two` | | taste |\n"

func TestRejections(t *testing.T) {
	want := []rejection{{"reply-a", "one", true}, {"reply-b", "two", false}}
	if got := rejections(table); !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v", got)
	}
}

func TestStale(t *testing.T) {
	fails := map[string]result{"reply-a": {Failures: []struct{ ID string }{{"one"}}}}
	if got := stale(fails, rejections(table)); len(got) != 1 {
		t.Errorf("one of two cases fails, and these are stale: %q", got)
	}
}

func TestTarget(t *testing.T) {
	replies := target{"reply-*", 0.85, 0.01}
	for name, c := range map[string]struct {
		read result
		met  bool
	}{
		"met":                  {result{Passed: 85, Failed: 15, Lost: 1}, true},
		"too few":              {result{Passed: 84, Failed: 16}, false},
		"too many lost":        {result{Passed: 98, Failed: 2, Lost: 2}, false},
		"no corpora":           {result{}, false},
		"without the rejected": {result{Passed: 85, Failed: 17, Lost: 2}.without([]rejection{{"x", "1", true}, {"x", "2", false}, {"y", "3", true}}, "x"), true},
	} {
		if met := len(replies.shortfall(c.read)) == 0; met != c.met {
			t.Errorf("%s: met %v", name, met)
		}
	}
}
