package rules

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var citation = regexp.MustCompile(`RFC (\d{3,5})`)

// TestStandardsPage compares docs/rfc.md with the citations in the code.
func TestStandardsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/rfc.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		if m := citation.FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "| RFC ") {
			listed[m[1]] = true
		}
	}
	cited := citations(t)
	for rfc, file := range cited {
		if !listed[rfc] {
			t.Errorf("RFC %s is cited in %s and not listed in docs/rfc.md", rfc, file)
		}
	}
	for rfc := range listed {
		if cited[rfc] == "" {
			t.Errorf("RFC %s is listed in docs/rfc.md and cited nowhere", rfc)
		}
	}
}

// citations are the RFCs cited in code that is not a test, with a file each.
func citations(t *testing.T) map[string]string {
	found := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range citation.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
