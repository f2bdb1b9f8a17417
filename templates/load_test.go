package templates

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cauce-desk/cauce/ticket"
)

// files makes a folder out of names and contents.
func files(pairs ...string) fs.FS {
	folder := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		folder[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return folder
}

func TestOverride(t *testing.T) {
	s, err := Load("es", os.DirFS("testdata/override"), files(
		"es/more.yaml", "states: {new: Recién llegado}\n", "de/ignored.yaml", "states: {nonsense: x}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.State(ticket.StateNew); got != "Recién llegado" {
		t.Errorf("state new is %q", got)
	}
	if got := s.State(ticket.StateInProgress); got != "EN CURSO" {
		t.Errorf("state in_progress is %q", got)
	}
	if words := s.Action(ticket.Resolve); words.Link != "Dar por resuelto el caso" || words.Form.Fields[0].Label != "Solución" {
		t.Errorf("resolve is %+v", words)
	}
	r, err := s.Render(story(t, s, "open.requester"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject != "Caso I171009_000049 recibido" || !strings.Contains(r.Text, "Hemos registrado su caso") {
		t.Errorf("subject %q\n%s", r.Subject, r.Text)
	}
	r, err = s.Render(story(t, s, "provide_info.staff"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject != "Información recibida del caso I171009_000049" || strings.Contains(strings.ToLower(r.Text), "incidencia i1") {
		t.Errorf("subject %q\n%s", r.Subject, r.Text)
	}
}

func TestLayoutOverride(t *testing.T) {
	layout := "{{.Title}}\n{{range .Blocks}}{{range .Links}}<{{.URL}}>\n{{end}}{{range .Tables}}{{grid .}}{{end}}{{end}}"
	s, err := Load("es", files("layout.txt", layout))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Render(story(t, s, "resolve.requester"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(r.Text, "Su incidencia tiene solución\n<mailto:") || !strings.HasPrefix(r.HTML, "<!DOCTYPE html>") {
		t.Errorf("text %q, html %.40q", r.Text, r.HTML)
	}
}

// TestBadOverride holds what an administrator may get wrong and what they are
// told.
func TestBadOverride(t *testing.T) {
	for name, c := range map[string]struct{ file, content, want string }{
		"no YAML":            {"a.yaml", "states: [", "a.yaml: yaml: line 1"},
		"unknown section":    {"a.yaml", "\nstatus:\n  new: Nuevo\n", "a.yaml: yaml: unmarshal errors:\n  line 2: field status not found"},
		"unknown state":      {"a.yaml", "states:\n  new: Nuevo\n  open: Abierto\n", `a.yaml:3: there is no state "open"`},
		"unknown notice":     {"a.yaml", "notices:\n  open.boss:\n    subject: x\n", `a.yaml:3: there is no notice "open.boss"`},
		"unknown action":     {"a.yaml", "actions:\n  Solve it:\n    link: x\n", `a.yaml:3: there is no action "Solve it"`},
		"unknown query":      {"a.yaml", "queries:\n  everything:\n    link: x\n", `a.yaml:3: there is no query "everything"`},
		"unknown column":     {"a.yaml", "columns:\n  colour: x\n", `a.yaml:2: there is no column "colour"`},
		"unknown attribute":  {"a.yaml", "actions:\n  assign:\n    blanks:\n      - {id: agent, label: Agente, kind: text, sets: colour}\n", `a.yaml:4: blank "agent" sets "colour"`},
		"unknown answer":     {"a.yaml", "notices:\n  refusal:\n    subject: x\n", `a.yaml:3: there is no notice "refusal"`},
		"unknown word":       {"a.yaml", "words:\n  tu: x\n", `a.yaml:2: there is no word "tu"`},
		"broken template":    {"a.yaml", "notices:\n  open.requester:\n    subject: \"{{.Number\"\n", "a.yaml: yaml: unmarshal errors:\n  line 3: unclosed action"},
		"unknown value":      {"a.yaml", "notices:\n  open.requester:\n    subject: \"{{.Numero}} {{.Number}}\"\n", "a.yaml:3: <.Numero>: can't evaluate field Numero"},
		"unknown term":       {"a.yaml", "notices:\n  open.requester:\n    title: \"{{.Terms.caso}}\"\n", `a.yaml:3: <.Terms.caso>: map has no entry for key "caso"`},
		"value in a word":    {"a.yaml", "states:\n  new: \"Nuevo {{.Nope}}\"\n", "a.yaml:2: <.Nope>"},
		"value in a reason":  {"a.yaml", "reasons:\n  form: \"{{.Nope}}\"\n", "a.yaml:2: <.Nope>"},
		"value in a problem": {"a.yaml", "problems:\n  choice: \"{{.Number}}\"\n", "a.yaml:2: <.Number>"},
		"subject no number":  {"a.yaml", "notices:\n  open.requester:\n    subject: Recibido\n", "a.yaml:3: notice open.requester lacks {{.Number}} in its subject"},
		"empty subject":      {"a.yaml", "notices:\n  help:\n    subject: \"{{.Solution}}{{.Wrong}}\"\n", "a.yaml:3: notice help has an empty subject"},
		"two in one block":   {"a.yaml", "notices:\n  help:\n    blocks:\n      - text: a\n        note: b\n", "a.yaml:4: a block is one of"},
		"empty block":        {"a.yaml", "notices:\n  help:\n    blocks:\n      - heading: a\n", "a.yaml:4: a block is one of"},
		"nothing to show":    {"a.yaml", "notices:\n  help:\n    blocks:\n      - show: everything\n", `a.yaml:4: there is nothing to show called "everything"`},
		"unknown part":       {"a.yaml", "notices:\n  help:\n    blocks:\n      - part: none\n", `a.yaml:4: there is no part "none"`},
		"part in a part":     {"a.yaml", "parts:\n  about:\n    - part: open_one\n", "a.yaml:3: a part cannot hold another"},
		"facts as a list":    {"a.yaml", "notices:\n  help:\n    blocks:\n      - facts: [a]\n", "a.yaml: yaml: unmarshal errors:\n  line 4: facts are lines"},
		"blank without kind": {"a.yaml", "actions:\n  assign:\n    blanks:\n      - {id: agent, label: Agente}\n", `a.yaml:4: blank "agent" needs`},
		"links left out":     {"a.yaml", "notices:\n  resolve.requester:\n    blocks:\n      - show: links\n", ""},
		"layout without":     {"layout.html", "<html><body>{{.Title}}</body></html>", `a layout leaves out the link "Validar la solución"`},
		"tables left out":    {"layout.txt", "{{range .Blocks}}{{range .Links}}<{{.URL}}>\n{{end}}{{end}}", `a layout leaves out the table "Historia"`},
		"broken layout":      {"layout.txt", "{{range}}", "layout.txt:1: missing value for range"},
		"layout in danger":   {"layout.html", "<a href={{.Title}}", "layout.html"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Load("es", files(c.file, c.content))
			switch {
			case c.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.want != "" && (err == nil || s != nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}

// translated is another language, of the words of Spanish but for a few.
func translated(t *testing.T, locale string) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	names, err := filepath.Glob("es/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.NewReplacer("language: es", "language: "+locale, "Confirmación de apertura", "Confirmación de apertura ("+locale+")").Replace(string(raw))
		folder[locale+"/"+filepath.Base(name)] = &fstest.MapFile{Data: []byte(words)}
	}
	return folder
}

// TestSecondLanguage makes another language of nothing but data.
func TestSecondLanguage(t *testing.T) {
	folder := translated(t, "gl")
	s, err := Load("gl", folder)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Render(story(t, s, "open.requester"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(r.Subject, "Confirmación de apertura (gl)") || !strings.Contains(r.HTML, `<html lang="gl"`) {
		t.Errorf("subject %q, html %.60q", r.Subject, r.HTML)
	}
	delete(folder, "gl/answers.yaml")
	if _, err := Load("gl", folder); err == nil || !strings.Contains(err.Error(), "locale gl: no words for notices: refused") {
		t.Errorf("half a language: %v", err)
	}
	if _, err := Load("xx"); err == nil || !strings.Contains(err.Error(), "no words for language") {
		t.Errorf("no language: %v", err)
	}
}

// TestEveryReasonHasWords reads the ticket package's source, so that a reason
// or a problem added there cannot be forgotten here.
func TestEveryReasonHasWords(t *testing.T) {
	s := builtinSet(t)
	reasons, problems := constants(t, "../ticket/reason.go", "Reason"), returned(t, "../ticket/form.go")
	problems = append(problems, returned(t, "../ticket/content.go")...)
	if len(reasons) < 10 || len(problems) < 5 {
		t.Fatalf("found only %q and %q", reasons, problems)
	}
	for _, reason := range reasons {
		if _, ok := s.words.Reasons[reason]; !ok {
			t.Errorf("no words for reason %s", reason)
		}
	}
	for _, problem := range problems {
		if _, ok := s.words.Problems[problem]; !ok {
			t.Errorf("no words for problem %s", problem)
		}
	}
	for _, state := range ticket.States {
		if name := s.State(state); name == "" || name == string(state) {
			t.Errorf("state %s is %q", state, name)
		}
	}
	for _, line := range ticket.Table {
		if words := s.Action(line.Action); words.Link == "" || words.Link == string(line.Action) {
			t.Errorf("action %s is %q", line.Action, words.Link)
		}
	}
}

// constants are the values of a file's string constants whose names begin so.
func constants(t *testing.T, file, prefix string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && strings.HasPrefix(spec.Names[0].Name, prefix) && len(spec.Values) == 1 {
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
				value, _ := strconv.Unquote(literal.Value)
				values = append(values, value)
			}
		}
		return true
	})
	return values
}

var problemReturn = regexp.MustCompile(`return (?:"", )?"([a-z_]+)"`)

// returned are the reasons with which a field's check fails.
func returned(t *testing.T, file string) []string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, m := range problemReturn.FindAllStringSubmatch(string(source), -1) {
		values = append(values, m[1])
	}
	slices.Sort(values)
	return slices.Compact(values)
}
