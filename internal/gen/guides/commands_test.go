package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	shell = regexp.MustCompile("(?s)```sh\n(.*?)```")
	usage = regexp.MustCompile(`(?m)^Usage:\n +cauce((?: [a-z]+)+)`)
)

// Every command of the administrators' page is one that the program has, with
// all its flags.
func TestCommands(t *testing.T) {
	program := filepath.Join(t.TempDir(), "cauce")
	if out, err := exec.Command("go", "build", "-o", program, root+"/cmd/cauce").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	page, err := os.ReadFile(filepath.Join(root, folder, "administracion.md"))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, block := range shell.FindAllStringSubmatch(string(page), -1) {
		for line := range strings.Lines(block[1]) {
			_, command, ours := strings.Cut(strings.TrimSpace(line), "cauce ")
			if !ours {
				t.Errorf("%q is no command of cauce", line)
			}
			tryCommand(t, program, strings.Fields(command))
			tried++
		}
	}
	if tried < 20 {
		t.Errorf("only %d commands were found", tried)
	}
}

// tryCommand asks for a command's help with the flags that the page gives it:
// those it does not know are an error, and a name it does not know is that of
// another command.
func tryCommand(t *testing.T, program string, words []string) {
	out, err := exec.Command(program, append(words, "--help")...).CombinedOutput()
	if err != nil {
		t.Errorf("cauce %s: %v: %s", strings.Join(words, " "), err, out)
		return
	}
	told := usage.FindStringSubmatch(string(out))
	if told == nil || !strings.HasPrefix(strings.Join(words, " ")+" ", strings.TrimSpace(told[1])+" ") || strings.Contains(string(out), "[command]") {
		t.Errorf("cauce %s: there is no such command:\n%s", strings.Join(words, " "), out)
	}
}
