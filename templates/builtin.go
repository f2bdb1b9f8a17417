package templates

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Locales are the languages that are built in.
func Locales() []string {
	files, _ := fs.Glob(builtin, "*/words.yaml") // the pattern is right
	for i, file := range files {
		files[i] = path.Dir(file)
	}
	return files
}

// Builtin returns the words of a built-in language as they stand in its files,
// one after the other, each under a comment line with its name. All are parts
// of one catalogue, so that what is copied from them may stand in any file of
// a words folder, or under wording. The error says which languages there are.
func Builtin(locale string) ([]byte, error) {
	if !slices.Contains(Locales(), locale) {
		return nil, fmt.Errorf("templates: no language %q is built in: there are %v", locale, Locales())
	}
	files, err := fs.Glob(builtin, path.Join(locale, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	var all bytes.Buffer
	for i, file := range files {
		text, err := fs.ReadFile(builtin, file)
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		if i > 0 {
			all.WriteByte('\n')
		}
		fmt.Fprintf(&all, "# === %s ===\n%s", file, text)
	}
	return all.Bytes(), nil
}

// Shows are the words that the show of a block takes.
func Shows() []string { return slices.Clone(showKeys) }

// StrayTerms are the terms in words of a desk's own that no built-in language
// has and those words do not use themselves: nothing would ever look them up.
// Words that cannot be read have none.
func StrayTerms(own []byte) []string {
	var words, known struct {
		Terms map[string]any `yaml:"terms"`
	}
	if err := yaml.Unmarshal(own, &words); err != nil {
		return nil
	}
	for _, locale := range Locales() {
		if text, err := fs.ReadFile(builtin, path.Join(locale, "words.yaml")); err == nil {
			_ = yaml.Unmarshal(text, &known) // what is built in is tried by every Load
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(words.Terms)), func(term string) bool {
		_, there := known.Terms[term]
		return there || bytes.Contains(own, []byte(".Terms."+term))
	})
}
