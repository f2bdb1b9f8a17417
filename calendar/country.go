package calendar

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

// The countries' holidays are files of ours, not a library's: the one library
// of holidays that is kept up (rickar/cal) has Spain, but neither Mexico nor
// Colombia, and one kind of rule for all three can be read, checked and
// corrected in one place, with the law beside each.
//
//go:embed countries/*.txt
var countries embed.FS

// Country gives the national holidays of a country by its ISO 3166-1 code in
// either case: es, mx, co. Each has its name and its source, the law. They are
// the days that close the whole country; those of a region, a city or one
// office are for its own list. What a country announces year by year (election
// days, days moved by decree) is not in them either.
func Country(code string) ([]Rule, error) {
	known := Countries()
	if !slices.Contains(known, strings.ToLower(code)) {
		return nil, fmt.Errorf("no holidays of country %q are known; there are %s", code, strings.Join(known, ", "))
	}
	text, err := countries.ReadFile("countries/" + strings.ToLower(code) + ".txt")
	if err != nil {
		return nil, fmt.Errorf("holidays of country %q: %w", code, err)
	}
	return readCountry(string(text))
}

// Countries are the codes Country knows, in order.
func Countries() []string {
	var codes []string
	files, _ := countries.ReadDir("countries") // an embedded folder: it cannot fail
	for _, file := range files {
		codes = append(codes, strings.TrimSuffix(file.Name(), ".txt"))
	}
	return codes
}

// readCountry reads lines of "rule | name | source"; # begins a comment line.
func readCountry(text string) ([]Rule, error) {
	var rules []Rule
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		columns := strings.Split(line, "|")
		if len(columns) != 3 {
			return nil, fmt.Errorf("%q is not a rule, a name and a source", line)
		}
		rule, err := ParseRule(columns[0])
		if err != nil {
			return nil, err
		}
		rule.Name, rule.Source = strings.TrimSpace(columns[1]), strings.TrimSpace(columns[2])
		rules = append(rules, rule)
	}
	return rules, nil
}
