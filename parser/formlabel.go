package parser

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cauce-desk/cauce/ticket"
)

// maxLabel is how far into a line a label may reach, in bytes.
const maxLabel = 100

// labels knows how each field of a form may be named.
type labels struct {
	form  ticket.Form
	byKey map[string]int  // field index by folded name
	main  map[string]bool // keys of the labels themselves, not synonyms
	words int             // of the longest name
	seen  map[string]string
	first map[byte]bool // ASCII letters that names begin with, in lower case
}

func newLabels(f ticket.Form) labels {
	l := labels{form: f, byKey: map[string]int{}, main: map[string]bool{}, seen: map[string]string{}, first: map[byte]bool{}}
	for i, field := range f.Fields {
		if key := labelKey(field.Label); key != "" && !l.main[key] {
			l.byKey[key], l.main[key] = i, true
		}
	}
	for i, field := range f.Fields {
		for _, name := range field.Synonyms {
			if key := labelKey(name); key != "" {
				if _, taken := l.byKey[key]; !taken {
					l.byKey[key] = i
				}
			}
		}
	}
	for key := range l.byKey {
		l.first[key[0]] = true
		l.words = max(l.words, strings.Count(key, " ")+1)
	}
	return l
}

// find looks a written label up. Most text is ruled out by its first letter, as
// folding is not cheap; the rest is remembered.
func (l labels) find(s string) (field int, key string, ok bool) {
	start := strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if start < 0 || s[start] < utf8.RuneSelf && !l.first[s[start]|0x20] && !l.first[s[start]] {
		return 0, "", false
	}
	key, known := l.seen[s]
	if !known {
		key = labelKey(s)
		if len(l.seen) < maxFormLines {
			l.seen[s] = key
		}
	}
	field, ok = l.byKey[key]
	return field, key, ok
}

// remark is what a label may end in: "(opcional)".
var remark = regexp.MustCompile(`\s*[(\[][^()\[\]]*[)\]]\s*$`)

// labelKey is the form in which labels are compared: folded, without a remark
// in parentheses, every run of other characters than letters and digits one space.
func labelKey(s string) string {
	s = remark.ReplaceAllString(strings.Trim(s, " \t*_~"), "")
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return ' '
	}, fold(s))
	return strings.Join(strings.Fields(s), " ")
}

func (l labels) long(field int) bool { return l.form.Fields[field].Kind == ticket.LongTextField }

// strongSeparators end a label wherever they stand.
const strongSeparators = ":：∶꞉ː"

// atStart finds the label a line begins with. line has lost its quotation
// marks. value is the offset of what follows the separator. weak means that the
// separator is not a colon, which people write after other words too.
func (l labels) atStart(line string) (field, value int, weak, ok bool) {
	lead := leadLength(line)
	body := line[lead:]
	head := body[:min(len(body), maxLabel)]
	for i, r := range head {
		if i == 0 || !separator(head, i, r) || inRemark(head, i) {
			continue
		}
		if field, _, known := l.find(head[:i]); known {
			return field, lead + i + utf8.RuneLen(r), !strings.ContainsRune(strongSeparators, r), true
		}
		if strings.ContainsRune(strongSeparators, r) {
			return 0, 0, false, false
		}
	}
	if len(body) >= maxLabel {
		return 0, 0, false, false
	}
	field, key, known := l.find(body)
	return field, len(line), true, known && l.main[key] // the label alone: a table cell or a heading
}

// inRemark says whether the offset lies in parentheses: "(opcional: Sí / No)".
func inRemark(s string, at int) bool {
	opens, closes := strings.LastIndexAny(s[:at], "(["), strings.LastIndexAny(s[:at], ")]")
	return opens > closes && strings.ContainsAny(s[at:], ")]")
}

// separator says whether the rune at i may end a label. A dash does only with
// a space on both sides: "Servicio-Aplicación" is one word.
func separator(s string, i int, r rune) bool {
	switch {
	case strings.ContainsRune(strongSeparators, r), r == ';', r == '=', r == '\t':
		return true
	case r == '-' || r == '–' || r == '—':
		after := i + utf8.RuneLen(r)
		return i > 0 && s[i-1] == ' ' && after < len(s) && s[after] == ' '
	}
	return false
}

// lead matches what may stand before a label: bullets, numbers, emphasis,
// table borders. The "o" and "§" are Word's bullets in their own fonts.
var lead = regexp.MustCompile(`^(?:[\s|]+|[-*•·▪◦‣§–—_~#]+|o\s+|Ø\s*|\d{1,2}[.)]\s+|[a-h][.)]\s+)+`)

func leadLength(line string) int {
	return len(lead.FindString(line[:min(len(line), maxLabel)]))
}
