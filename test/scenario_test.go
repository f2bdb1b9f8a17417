// Package test holds what is said and answered between people and a desk, from
// end to end: each scenario is a txtar file whose script is the conversation
// and whose files are the mails. The daemon is the real one, over real SMTP,
// with a store and a Maildir in a folder of its own; only the clock stands
// still. README.md lists the words of the scripts.
package test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cauce-desk/cauce/internal/mailtest"
)

// scene is one scenario being played.
type scene struct {
	*testscript.TestScript
	office *office
	answer mailtest.Answer   // to the latest mail
	typed  int64             // mails that a program wrote
	sent   int               // mails that were answered 250
	looked map[string]int    // how many mails each person has looked at
	picked map[string]string // which earlier mail a person has before them: its Message-ID

	signers map[string]signature // how the mail of a domain is signed
}

// call is one line of a script: words, options such as as=outlook, and the
// blanks of a link, which begin with a capital: 'Motivo=No funciona.'
type call struct {
	not     bool
	words   []string
	options map[string]string
	blanks  map[string]string
}

// command is a word of the scripts. It is given at least so many words, knows
// some options, and is only negated where that has a meaning.
type command struct {
	words   int
	options string
	blanks  bool
	negated bool
	run     func(*scene, call) error
}

// read sorts the words of a line.
func (c command) read(not bool, args []string) call {
	line := call{not: not, options: map[string]string{}, blanks: map[string]string{}}
	known := strings.Fields(c.options)
	for _, arg := range args {
		key, value, ok := strings.Cut(arg, "=")
		switch {
		case ok && slices.Contains(known, key):
			line.options[key] = value
		case ok && c.blanks && strings.ToLower(key) != key:
			line.blanks[key] = value
		default:
			line.words = append(line.words, arg)
		}
	}
	return line
}

var commands = map[string]command{
	"desk":     {words: 1, run: (*scene).desk},
	"clock":    {words: 1, run: (*scene).moveClock},
	"trust":    {words: 1, run: (*scene).trust},
	"zone":     {words: 1, run: (*scene).zone},
	"reload":   {words: 1, negated: true, run: (*scene).reload},
	"sign":     {words: 1, options: "by", negated: true, run: (*scene).sign},
	"rotate":   {run: (*scene).rotate},
	"binary":   {words: 2, run: (*scene).binary},
	"lengthen": {words: 3, run: (*scene).lengthen},

	"mail":   {words: 1, options: "as attach recipient sender times", run: (*scene).mail},
	"click":  {words: 2, options: "as attach body findings from prefix token", blanks: true, run: (*scene).click},
	"reply":  {words: 2, options: "as attach from prefix subject", run: (*scene).reply},
	"answer": {words: 1, run: (*scene).answered},

	"bounce":  {words: 2, options: "action recipient", run: (*scene).bounce},
	"absence": {words: 2, options: "recipient thread", run: (*scene).absence},
	"robot":   {words: 3, run: (*scene).robot},

	"inbox":    {words: 2, run: (*scene).inbox},
	"silence":  {run: (*scene).silence},
	"finds":    {words: 2, run: (*scene).finds},
	"subject":  {words: 2, run: (*scene).subject},
	"says":     {words: 2, negated: true, run: (*scene).says},
	"offers":   {words: 1, run: (*scene).offers},
	"prefills": {words: 2, negated: true, run: (*scene).prefills},
	"pictures": {words: 2, run: (*scene).pictures},
	"attached": {words: 1, negated: true, run: (*scene).attached},
	"encloses": {words: 2, run: (*scene).encloses},
	"header":   {words: 2, negated: true, run: (*scene).header},

	"ticket":  {words: 1, options: "state assignee requester service priority queue main merged level missing", negated: true, run: (*scene).ticket},
	"history": {words: 2, run: (*scene).history},
	"tickets": {words: 1, run: (*scene).tickets},
	"journal": {words: 1, run: (*scene).journal},
	"kept":    {words: 1, negated: true, run: (*scene).kept},
}

func TestScenarios(t *testing.T) {
	desks, err := filepath.Glob("scenarios/*")
	if err != nil || len(desks) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	table := newTable(t)
	t.Cleanup(func() { table.print(t) })
	for _, dir := range desks {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			testscript.Run(t, testscript.Params{Dir: dir, Cmds: words(), Setup: func(env *testscript.Env) error {
				s := &scene{looked: map[string]int{}, picked: map[string]string{}}
				env.Values["scene"] = s
				played := env.T().(testing.TB)
				played.Cleanup(func() { table.played(played) })
				env.Defer(func() { s.end(played) })
				return nil
			}})
		})
	}
}

func words() map[string]func(*testscript.TestScript, bool, []string) {
	list := map[string]func(*testscript.TestScript, bool, []string){}
	for name, c := range commands {
		list[name] = func(ts *testscript.TestScript, not bool, args []string) {
			s := ts.Value("scene").(*scene)
			s.TestScript = ts
			if err := s.do(name, c, c.read(not, args)); err != nil {
				ts.Fatalf("%v", err)
			}
		}
	}
	return list
}

func (s *scene) do(name string, c command, args call) error {
	switch {
	case len(args.words) < c.words:
		return fmt.Errorf("%s wants %d words or more", name, c.words)
	case args.not && !c.negated:
		return fmt.Errorf("%s cannot be negated", name)
	case s.office == nil && !slices.Contains([]string{"desk", "binary", "lengthen"}, name):
		return errors.New("the scenario must begin with a desk")
	}
	return c.run(s, args)
}

// end closes the office; what it leaves behind must be in order.
func (s *scene) end(t testing.TB) {
	if s.office == nil {
		return
	}
	if !t.Failed() {
		for _, fault := range s.office.audit(s.sent) {
			t.Error(fault)
		}
	}
	if err := s.office.close(); err != nil {
		t.Error(err)
	}
	if log, err := os.ReadFile(s.office.log.Name()); err == nil && t.Failed() {
		t.Logf("the daemon's log:\n%s", log)
	}
}

// mismatch compares what was expected with what there is.
func mismatch(what string, want, got any) error {
	if fmt.Sprint(want) == fmt.Sprint(got) {
		return nil
	}
	return fmt.Errorf("%s: expected %q, got %q", what, want, got)
}

// sortedKeys is for messages that must not change from run to run.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
