package test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// table says which scenarios prove which requirement. The list of what must be
// proven is requirements.txt; what a scenario proves stands in its first line.
type table struct {
	required []string
	proves   map[string][]string // scenario → ids

	mu     sync.Mutex
	passed map[string]bool
}

var requirementID = regexp.MustCompile(`^[A-Z]+-[0-9]+$`)

func newTable(t *testing.T) *table {
	table := &table{required: lines(t, "requirements.txt"), proves: map[string][]string{}, passed: map[string]bool{}}
	files, err := filepath.Glob("scenarios/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		head := strings.TrimPrefix(lines(t, file)[0], "#")
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for id := range strings.FieldsSeq(head) {
			if !requirementID.MatchString(id) {
				t.Errorf("%s: the first line must name requirements, not %q", file, id)
			}
			table.proves[name] = append(table.proves[name], id)
		}
	}
	return table
}

// lines are those of a file that are not empty.
func lines(t *testing.T, file string) []string {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []string
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		if line := strings.TrimSpace(scanner.Text()); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// played notes how a scenario ended.
func (tb *table) played(t testing.TB) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.passed[t.Name()[strings.LastIndexByte(t.Name(), '/')+1:]] = !t.Failed()
}

// print writes the table. A requirement no scenario proves is a failure, and so
// is a scenario that names one that is not on the list.
func (tb *table) print(t *testing.T) {
	var out strings.Builder
	for _, id := range tb.required {
		var scenarios []string
		for _, name := range sortedKeys(tb.proves) {
			if slices.Contains(tb.proves[name], id) {
				scenarios = append(scenarios, name+tb.mark(name))
			}
		}
		if len(scenarios) == 0 {
			t.Errorf("no scenario proves %s", id)
		}
		fmt.Fprintf(&out, "%-8s%s\n", id, strings.Join(scenarios, ", "))
	}
	t.Logf("what the scenarios prove (! failed, ? not played):\n%s", out.String())
	for name, ids := range tb.proves {
		for _, id := range ids {
			if !slices.Contains(tb.required, id) {
				t.Errorf("%s names %s, which is not in requirements.txt", name, id)
			}
		}
	}
}

func (tb *table) mark(name string) string {
	passed, played := tb.passed[name]
	switch {
	case !played:
		return "?"
	case !passed:
		return "!"
	}
	return ""
}
