package ticket

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Number is a ticket's number as people see it, such as "I171009_000049".
type Number string

// NumberFormat writes and finds a desk's ticket numbers. The zero value is of
// no use; make one with ParseNumberFormat.
type NumberFormat struct {
	pattern string
	find    *regexp.Regexp
	keyed   *regexp.Regexp // a number with what may be a token behind it
	period  string         // time layout whose value changes when the sequence restarts
}

var (
	blank       = regexp.MustCompile(`\{(yyyy|yy|mm|dd|seq:[1-9])\}`)
	quotedBlank = regexp.MustCompile(`\\\{(yyyy|yy|mm|dd|seq:[1-9])\\\}`)
	literals    = regexp.MustCompile(`^[A-Z0-9_-]*$`)
)

// ParseNumberFormat reads a format such as "I{yy}{mm}{dd}_{seq:6}": capital
// letters, digits, "-", "_" and the blanks {yyyy}, {yy}, {mm}, {dd} for the
// local day of opening and {seq:n} for the sequence in at least n digits (1 to
// 9), which must stand exactly once. The sequence starts again with every day,
// month or year, whichever is the smallest the format shows; without any it
// never does. A format whose numbers would repeat is refused.
func ParseNumberFormat(pattern string) (NumberFormat, error) {
	if !literals.MatchString(blank.ReplaceAllString(pattern, "")) {
		return NumberFormat{}, fmt.Errorf("number format %q: only capital letters, digits, - and _ may stand beside {yyyy} {yy} {mm} {dd} {seq:n}", pattern)
	}
	if strings.Count(pattern, "{seq:") != 1 {
		return NumberFormat{}, fmt.Errorf("number format %q: {seq:n}, n from 1 to 9, must stand exactly once", pattern)
	}
	if period(pattern) != "" && !tellsPeriods(pattern) {
		return NumberFormat{}, fmt.Errorf("number format %q: numbers would repeat; {dd} needs {mm}, and both need {yy} or {yyyy}", pattern)
	}
	number := expression(pattern)
	return NumberFormat{
		pattern: pattern, period: period(pattern),
		find:  regexp.MustCompile(`(?i)(?:^|[^\pL\pN_])(` + number + `)(?:$|[^\pL\pN_])`),
		keyed: regexp.MustCompile(`(?i)(` + number + `)(?:%[0-9A-F]{2}|[^0-9A-Za-z%]){1,16}([0-9A-Za-z]{16})\b`),
	}, nil
}

// tellsPeriods tells whether the numbers of two periods always differ.
func tellsPeriods(pattern string) bool {
	year, month, day := strings.Contains(pattern, "{yy"), strings.Contains(pattern, "{mm}"), strings.Contains(pattern, "{dd}")
	return year && (month || !day)
}

// expression matches the format's numbers.
func expression(pattern string) string {
	return quotedBlank.ReplaceAllStringFunc(regexp.QuoteMeta(pattern), func(quoted string) string {
		switch name := strings.Trim(quoted, `\{}`); {
		case name == "yyyy":
			return `\d{4}`
		case strings.HasPrefix(name, "seq:"):
			return `\d{` + name[4:] + `,9}`
		}
		return `\d{2}`
	})
}

func period(pattern string) string {
	switch {
	case strings.Contains(pattern, "{dd}"):
		return "2006-01-02"
	case strings.Contains(pattern, "{mm}"):
		return "2006-01"
	case strings.Contains(pattern, "{yy"):
		return "2006"
	}
	return ""
}

// Period names the stretch of time within which numbers of one sequence are
// counted, for a ticket opened at the given local time.
func (f NumberFormat) Period(local time.Time) string { return local.Format(f.period) }

// Number writes the number of the seq-th ticket of its period.
func (f NumberFormat) Number(local time.Time, seq uint64) Number {
	return Number(blank.ReplaceAllStringFunc(f.pattern, func(b string) string {
		switch name := strings.Trim(b, "{}"); name {
		case "yyyy":
			return local.Format("2006")
		case "yy":
			return local.Format("06")
		case "mm":
			return local.Format("01")
		case "dd":
			return local.Format("02")
		default:
			width, _ := strconv.Atoi(name[4:])
			return fmt.Sprintf("%0*d", width, seq)
		}
	}))
}

// Find returns the first number of this format in a text, whatever the case
// of its letters there.
func (f NumberFormat) Find(text string) (Number, bool) {
	m := f.find.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return Number(strings.ToUpper(m[1])), true
}

// withoutTokens takes the tokens that follow a number out of a text, and what
// stands between the two.
func (f NumberFormat) withoutTokens(text string) string {
	if f.keyed == nil {
		return text
	}
	return f.keyed.ReplaceAllStringFunc(text, func(found string) string {
		m := f.keyed.FindStringSubmatch(found)
		if m == nil || isWord(m[2]) {
			return found
		}
		return m[1]
	})
}

// isWord tells whether letters are a word of somebody's and no token: there is
// no digit among them, and there is one of those that no token has.
func isWord(letters string) bool {
	return !strings.ContainsAny(letters, "0123456789") && strings.ContainsAny(letters, "IiLlOoUu")
}
