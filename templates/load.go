package templates

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	texttemplate "text/template"

	"go.yaml.in/yaml/v3"
)

// builtin holds the languages that come with the daemon, a folder each, and
// the two layouts.
//
//go:embed */*.yaml layout.html layout.txt
var builtin embed.FS

// Load makes the Set of a language. Each of the overrides is a folder as an
// administrator keeps one: its *.yaml files, and then those in the folder
// named like the locale, go over what is there already, key by key; so do
// layout.html and layout.txt. Inline makes one of a few lines. A locale that is not built in must be whole
// after that.
//
// Every kind of notice is rendered with sample values before Load returns, so
// that a Set hardly ever holds words that do not work. The error names the file
// and, where there is one, the line. For those that fail all the same the Set
// keeps the built-in words of the locale, or of Spanish where that is not built
// in.
func Load(locale string, overrides ...fs.FS) (*Set, error) {
	s, err := assemble(locale, append([]fs.FS{builtin}, overrides...))
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	if err := s.try(); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	if len(overrides) == 0 {
		return s, nil
	}
	if s.spare, err = assemble(fallback(locale), []fs.FS{builtin}); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	return s, nil
}

// fallback is the built-in locale whose words stand in for those of another.
func fallback(locale string) string {
	if files, err := fs.Glob(builtin, path.Join(locale, "*.yaml")); err != nil || len(files) == 0 {
		return "es"
	}
	return locale
}

// assemble puts the sources over each other and sees that nothing is missing.
func assemble(locale string, sources []fs.FS) (*Set, error) {
	s := &Set{}
	for i, source := range sources {
		for _, dir := range []string{".", locale} {
			if err := s.read(source, dir); err != nil {
				return nil, named(i, err)
			}
		}
	}
	if err := s.words.missing(); err != nil {
		return nil, fmt.Errorf("locale %s: %w", locale, err)
	}
	if err := s.resolve(); err != nil {
		return nil, fmt.Errorf("locale %s: %w", locale, err)
	}
	return s, s.settle()
}

// settle fills the terms, which are the same in every mail.
func (s *Set) settle() error {
	s.terms = map[string]string{}
	for _, name := range sorted(s.words.Terms) {
		term, err := s.words.Terms[name].fill(nil)
		if err != nil {
			return err
		}
		s.terms[name] = term
	}
	return nil
}

// named says of an error in what is built in that it is there.
func named(source int, err error) error {
	if source == 0 {
		return fmt.Errorf("built in: %w", err)
	}
	return err
}

// read puts a folder's words and layouts over those the set has. A folder
// that does not exist changes nothing.
func (s *Set) read(source fs.FS, dir string) error {
	files, err := fs.Glob(source, path.Join(dir, "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		words, err := readCatalogue(source, file)
		if err != nil {
			return err
		}
		s.words.add(words)
	}
	return s.readLayouts(source, dir)
}

func readCatalogue(source fs.FS, file string) (catalogue, error) {
	raw, err := fs.ReadFile(source, file)
	if err != nil {
		return catalogue{}, err
	}
	var words catalogue
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&words); err != nil && !errors.Is(err, io.EOF) {
		return catalogue{}, fmt.Errorf("%s: %w", title(source, file), err)
	}
	words.phrases(func(p *phrase) { p.file = title(source, file) })
	return words, words.unknown()
}

func (s *Set) readLayouts(source fs.FS, dir string) error {
	html, err := readLayout(source, path.Join(dir, "layout.html"))
	if err != nil {
		return err
	}
	text, err := readLayout(source, path.Join(dir, "layout.txt"))
	if err != nil {
		return err
	}
	if html != "" {
		s.html, err = htmltemplate.New("layout.html").Funcs(htmlFuncs).Parse(html)
	}
	if text != "" && err == nil {
		s.text, err = texttemplate.New("layout.txt").Funcs(textFuncs).Parse(text)
	}
	return err
}

// readLayout returns a layout's source, "" if there is none.
func readLayout(source fs.FS, file string) (string, error) {
	raw, err := fs.ReadFile(source, file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.ReplaceAll(string(raw), "\r\n", "\n"), err
}
