package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedScenario = regexp.MustCompile("`([a-z]+/[a-z0-9-]+\\.txtar)`")
	namedTest     = regexp.MustCompile("`([a-z0-9_/]+_test\\.go):((?:Test|Fuzz)\\w+)`")
)

// TestSecurityPage holds that every test that docs/security.md names is there,
// and that every promise names one.
func TestSecurityPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range namedScenario.FindAllStringSubmatch(string(page), -1) {
		if _, err := os.Stat(filepath.Join("../../test/scenarios", m[1])); err != nil {
			t.Errorf("there is no scenario %s", m[1])
		}
	}
	for _, m := range namedTest.FindAllStringSubmatch(string(page), -1) {
		source, err := os.ReadFile(filepath.Join("../..", m[1]))
		if err != nil || !strings.Contains(string(source), "func "+m[2]+"(") {
			t.Errorf("there is no test %s in %s: %v", m[2], m[1], err)
		}
	}
	_, promises, _ := strings.Cut(string(page), "## Promises")
	promises, _, _ = strings.Cut(promises, "## Threats")
	rows := 0
	for line := range strings.Lines(promises) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise") {
			continue
		}
		if rows++; !namedScenario.MatchString(line) && !namedTest.MatchString(line) {
			t.Errorf("a promise that no test holds: %s", line)
		}
	}
	if rows < 20 {
		t.Errorf("%d promises were read", rows)
	}
}
