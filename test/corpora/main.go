// Command corpora has the mail corpora beside the checkout read by bin/cauce,
// prints how many cases of each are read right, and fails when a group of them
// falls under its target. Cases that docs/corpora.md rejects do not count; one
// that passes after all must leave that list, and is told. Run it from the root
// of the checkout.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const checker = "../shared/corpora/check/check_parse.py"

// target is what the corpora whose names match must reach together.
type target struct {
	pattern string
	read    float64 // share read right, at least
	lost    float64 // share that lost the sender's own text, at most
}

var targets = []target{{"mime-*", 0.97, 1}, {"bounce-flufl", 0.97, 1}, {"bounce-flufl-recipients", 0.85, 1}, {"reply-*", 0.85, 0.01}}

// result is what the checker says of one corpus.
type result struct {
	Passed, Failed, Lost int
	Failures             []struct{ ID string }
}

// rejection is a case of docs/corpora.md. loses says that the checker counts it
// as one that lost the sender's own text.
type rejection struct {
	corpus, id string
	loses      bool
}

func main() {
	results, err := check()
	if err == nil {
		err = judge(results)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// check runs the checker. That cases fail is no error here.
func check() (map[string]result, error) {
	dir, err := os.MkdirTemp("", "corpora")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "results.json")
	said, failed := exec.Command("python3", checker, "bin/cauce parse --json {file}", "--show", "0", "--json", out).CombinedOutput()
	written, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", checker, failed, said)
	}
	var results map[string]result
	return results, json.Unmarshal(written, &results)
}

func judge(results map[string]result) error {
	text, err := os.ReadFile("docs/corpora.md")
	if err != nil {
		return err
	}
	rejected := rejections(string(text))
	faults := stale(results, rejected)
	for _, t := range targets {
		faults = append(faults, t.check(results, rejected)...)
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "\n"))
	}
	return nil
}

// rejections reads the table of docs/corpora.md: corpus, case, whether it
// counts as losing text, reason.
func rejections(text string) []rejection {
	var list []rejection
	for line := range strings.Lines(text) {
		cells := strings.Split(line, "|")
		if len(cells) == 6 && strings.Contains(cells[2], "`") {
			list = append(list, rejection{strings.TrimSpace(cells[1]), strings.Trim(cells[2], " `"), strings.TrimSpace(cells[3]) == "yes"})
		}
	}
	return list
}

// stale names the rejections of cases that do not fail.
func stale(results map[string]result, rejected []rejection) []string {
	var faults []string
	for _, r := range rejected {
		if !slices.ContainsFunc(results[r.corpus].Failures, func(f struct{ ID string }) bool { return f.ID == r.id }) {
			faults = append(faults, fmt.Sprintf("docs/corpora.md rejects %s of %s, which does not fail", r.id, r.corpus))
		}
	}
	return faults
}

// check prints the corpora of a target, and what they are together, and says
// what is short of it.
func (t target) check(results map[string]result, rejected []rejection) []string {
	var all result
	for _, name := range slices.Sorted(maps.Keys(results)) {
		if fits, err := path.Match(t.pattern, name); err != nil || !fits {
			continue
		}
		r := results[name].without(rejected, name)
		fmt.Printf("%-26s %s; %d cases rejected\n", name, r, results[name].Failed-r.Failed)
		all.Passed, all.Failed, all.Lost = all.Passed+r.Passed, all.Failed+r.Failed, all.Lost+r.Lost
	}
	fmt.Printf("%-26s %s\n\n", "= "+t.pattern, all)
	return t.shortfall(all)
}

// without leaves the rejected cases of a corpus out of what failed.
func (r result) without(rejected []rejection, corpus string) result {
	for _, x := range rejected {
		if x.corpus == corpus {
			r.Failed--
		}
		if x.corpus == corpus && x.loses {
			r.Lost--
		}
	}
	return r
}

// share is a part of the cases. Of none it is not a number.
func (r result) share(part int) float64 { return float64(part) / float64(r.Passed+r.Failed) }

func (r result) String() string {
	return fmt.Sprintf("%3d read right, %d not: %5.1f %%; %d lost own text", r.Passed, r.Failed, 100*r.share(r.Passed), r.Lost)
}

// shortfall compares with the target. Corpora that are not there are short of it.
func (t target) shortfall(all result) []string {
	if all.share(all.Passed) >= t.read && all.share(all.Lost) <= t.lost {
		return nil
	}
	return []string{fmt.Sprintf("%s: %.0f %% must be read right, and at most %.0f %% may lose own text", t.pattern, 100*t.read, 100*t.lost)}
}
