//go:build e2e

package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/test/e2e/process"
)

var updateImages = flag.Bool("update-images", false, "write the pictures of docs/images anew")

// program is the built cauce.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "e2e")
	if err == nil {
		defer os.RemoveAll(dir)
		program, err = process.Build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// need fails the test if a program is missing.
func need(t *testing.T, name, debian string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is missing: apt-get install %s", name, debian)
	}
}

// patience is how long a test waits for another program; much longer than it
// takes, as machines are busy.
const patience = 60 * time.Second

// await looks again and again until it finds something.
func await[T any](t *testing.T, what string, look func() (T, bool)) T {
	t.Helper()
	late := time.After(patience)
	for {
		if found, ok := look(); ok {
			return found
		}
		select {
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
