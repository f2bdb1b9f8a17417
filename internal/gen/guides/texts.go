package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"github.com/rogpeppe/go-internal/txtar"
)

// files holds the templates of the pages, and words.yaml.
//
//go:embed pages
var files embed.FS

// texts are the templates of the pages, ready to be filled.
type texts struct{ *template.Template }

// readTexts reads the templates; what they take from files is under root.
func readTexts(root string) (texts, error) {
	all := template.New("").Funcs(template.FuncMap{
		"cell":    cell,
		"join":    func(list []string) string { return strings.Join(list, ", ") },
		"example": func(name string) (string, error) { return fragment(root, name) },
		"file":    func(scenario, name string) (string, error) { return played(root, scenario, name) },
	}).Option("missingkey=error")
	_, err := all.ParseFS(files, "pages/*.md")
	return texts{all}, err
}

// blankLines are more than two line ends, which templates leave behind.
var blankLines = regexp.MustCompile(`\n{3,}`)

// page fills a template.
func (t texts) page(name string, data any) (string, error) {
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return "", err
	}
	return strings.TrimSpace(blankLines.ReplaceAllString(b.String(), "\n\n")) + "\n", nil
}

// cell is a text as it may stand in a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", "<br>", "<", "&lt;", ">", "&gt;").Replace(strings.TrimSpace(text))
}

// examples is where the fragments of configuration stand.
const examples = folder + "ejemplos"

// fragment is a file of examples, without the first line, which says what it
// belongs to: see the test that loads it.
func fragment(root, name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, examples, name))
	if err != nil {
		return "", err
	}
	_, body, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(body), nil
}

// scenario reads a scenario of the guides.
func scenario(root, name string) (*txtar.Archive, error) {
	return txtar.ParseFile(filepath.Join(root, "test/scenarios/guias", name+".txtar"))
}

// played is a file of a scenario of the guides.
func played(root, name, file string) (string, error) {
	archive, err := scenario(root, name)
	if err != nil {
		return "", err
	}
	return fileOf(archive, file)
}

func fileOf(archive *txtar.Archive, name string) (string, error) {
	for _, f := range archive.Files {
		if f.Name == name {
			return strings.TrimSpace(string(f.Data)), nil
		}
	}
	return "", fmt.Errorf("the scenario has no file %s", name)
}
