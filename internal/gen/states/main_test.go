package main

import (
	"os"
	"testing"
)

func TestStatesPageIsFresh(t *testing.T) {
	kept, err := os.ReadFile("../../../docs/states.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != page() {
		t.Error(`docs/states.md is stale: run "go generate ./ticket"`)
	}
}
