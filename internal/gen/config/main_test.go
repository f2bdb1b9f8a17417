package main

import (
	"os"
	"testing"
)

func TestFilesAreFresh(t *testing.T) {
	pages, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range pages {
		kept, err := os.ReadFile("../../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if string(kept) != text {
			t.Errorf(`%s is stale: run "go generate ./config"`, name)
		}
	}
}
