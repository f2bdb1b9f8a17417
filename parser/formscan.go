package parser

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// formScan finds labels in a text, and then values between them.
type formScan struct {
	text   string
	labels labels
	hits   []labelHit // in the order of the text
}

// labelHit is one label found.
type labelHit struct {
	field int
	start int // offset of the label's line, or of the label within a line
	value int // offset of what follows the separator
	depth int // of quotation
	weak  bool
}

// maxFormLines and maxColons bound the work spent on a text of nothing but labels.
const (
	maxFormLines = 4000
	maxColons    = 2000
)

// atLineStarts finds the labels that lines begin with.
func (s *formScan) atLineStarts() {
	offset, found := 0, []labelHit{}
	for n, line := range strings.SplitAfter(s.text, "\n") {
		if n >= maxFormLines {
			break
		}
		content, depth := unquoteLine(strings.TrimRight(line, "\r\n"))
		skipped := len(strings.TrimRight(line, "\r\n")) - len(content)
		if field, value, weak, ok := s.labels.atStart(content); ok {
			found = append(found, labelHit{field: field, start: offset, value: offset + skipped + value, depth: depth, weak: weak})
		}
		offset += len(line)
	}
	s.hits = s.dropStray(s.dropWeak(found))
}

// dropWeak keeps a label without a colon only where it can be nothing else:
// its field has no label with one, and it does not stand in a long text.
func (s *formScan) dropWeak(found []labelHit) []labelHit {
	strong := map[int]bool{}
	for _, h := range found {
		strong[h.field] = strong[h.field] || !h.weak
	}
	var kept []labelHit
	for _, h := range found {
		within := len(kept) > 0 && s.labels.long(kept[len(kept)-1].field)
		if !h.weak || !strong[h.field] && !within {
			kept = append(kept, h)
		}
	}
	return kept
}

// dropStray drops labels that are part of a text: one that repeats a field
// already filled in, alone, is no second template but a line of a description.
func (s *formScan) dropStray(hits []labelHit) []labelHit {
	blocks := split(hits)
	if len(blocks) == 0 {
		return nil
	}
	if len(s.labels.form.Fields) == 1 {
		return s.firstFilled(hits)
	}
	kept := slices.Clone(blocks[0])
	for i, block := range blocks[1:] {
		alone := len(block) == 1 && len(blocks[i]) > 1 && block[0].depth == kept[len(kept)-1].depth
		if !alone || s.oneLine(blankAfter(blocks[i], block[0]), block[0].start) == "" {
			kept = append(kept, block...)
		}
	}
	return kept
}

// firstFilled is for a form of one field: once it is filled in, the same label
// further down belongs to the value.
func (s *formScan) firstFilled(hits []labelHit) []labelHit {
	for i, h := range hits {
		end := len(s.text)
		if i+1 < len(hits) {
			end = hits[i+1].start
		}
		if s.value(h, end) != "" {
			return hits[i : i+1]
		}
	}
	return hits
}

// blankAfter returns the hit in block for the field that again repeats.
func blankAfter(block []labelHit, again labelHit) labelHit {
	for _, h := range block {
		if h.field == again.field {
			return h
		}
	}
	return again
}

// split parts hits into templates: a new one begins where a field repeats or
// the depth of quotation changes.
func split(hits []labelHit) [][]labelHit {
	var blocks [][]labelHit
	seen := map[int]bool{}
	for i, h := range hits {
		if i == 0 || seen[h.field] || h.depth != hits[i-1].depth {
			blocks = append(blocks, nil)
			seen = map[int]bool{}
		}
		seen[h.field] = true
		blocks[len(blocks)-1] = append(blocks[len(blocks)-1], h)
	}
	return blocks
}

// withinLines finds labels in the middle of a line, where a program has joined
// lines: only for fields that have none at a line's start, with a colon and a
// capital letter, and not in a long text while the template is otherwise intact.
func (s *formScan) withinLines() {
	missing := s.missing()
	if len(missing) == 0 {
		return
	}
	intact := len(s.hits) > 1
	seen := 0
	for i, r := range s.text {
		if !strings.ContainsRune(strongSeparators, r) {
			continue
		}
		if seen++; seen > maxColons {
			break
		}
		h, key, ok := s.labelBefore(i, utf8.RuneLen(r))
		if !ok || !missing[h.field] {
			continue
		}
		owner, owned := s.owner(h.start)
		long := owned && s.labels.long(owner.field)
		if !owned && intact || long && (intact || !s.labels.main[key]) {
			continue
		}
		h.depth = owner.depth
		missing[h.field] = false
		s.insert(h)
	}
}

func (s *formScan) missing() map[int]bool {
	missing := map[int]bool{}
	for i := range s.labels.form.Fields {
		missing[i] = true
	}
	for _, h := range s.hits {
		delete(missing, h.field)
	}
	return missing
}

// owner is the label whose value the offset lies in.
func (s *formScan) owner(at int) (labelHit, bool) {
	for i := len(s.hits) - 1; i >= 0; i-- {
		if s.hits[i].start <= at {
			return s.hits[i], true
		}
	}
	return labelHit{}, false
}

func (s *formScan) insert(h labelHit) {
	s.hits = append(s.hits, h)
	slices.SortFunc(s.hits, func(a, b labelHit) int { return cmp.Compare(a.start, b.start) })
}

// labelBefore looks for a label that ends at the separator at i: the longest
// run of words that is one.
func (s *formScan) labelBefore(i, width int) (h labelHit, key string, ok bool) {
	from := max(0, i-maxLabel)
	segment := s.text[from:i]
	if line := strings.LastIndexByte(remark.ReplaceAllString(segment, ""), '\n'); line >= 0 {
		from += line + 1
		segment = segment[line+1:]
	}
	starts := wordStarts(remark.ReplaceAllString(segment, ""))
	starts = starts[max(0, len(starts)-s.labels.words-2):]
	for _, at := range starts {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(segment[at:], "*_"))
		if !unicode.IsUpper(first) {
			continue
		}
		if field, key, known := s.labels.find(segment[at:]); known {
			return labelHit{field: field, start: from + at, value: i + width}, key, true
		}
	}
	return labelHit{}, "", false
}

// wordStarts are the offsets at which words begin.
func wordStarts(s string) []int {
	var starts []int
	blank := true
	for i, r := range s {
		space := unicode.IsSpace(r)
		if !space && blank {
			starts = append(starts, i)
		}
		blank = space
	}
	return starts
}

// best reads the values of each template found and returns those of the best:
// what is filled in and not quoted, then what is filled in, then the fullest,
// then the last.
func (s *formScan) best() map[string]string {
	best, score := map[string]string{}, -1
	blocks := split(s.hits)
	for i, block := range blocks {
		values := s.values(block, s.endOf(block, blocks[i+1:]))
		if n := rank(values, block[0].depth); n >= score {
			best, score = values, n
		}
	}
	return best
}

// endOf is where a template ends: where another begins that has as many of the
// labels. Fewer are lines of a long text that happen to look like labels.
func (s *formScan) endOf(block []labelHit, below [][]labelHit) int {
	for _, other := range below {
		if len(other) >= len(block) {
			return other[0].start
		}
	}
	return len(s.text)
}

func rank(values map[string]string, depth int) int {
	n := filled(values)
	if n > 0 && depth == 0 {
		n += 1000
	}
	return n
}

func (s *formScan) values(block []labelHit, end int) map[string]string {
	values := map[string]string{}
	for i, h := range block {
		stop := end
		if i+1 < len(block) {
			stop = block[i+1].start
		}
		values[s.labels.form.Fields[h.field].ID] = s.value(h, stop)
	}
	return values
}

func (s *formScan) value(h labelHit, end int) string {
	for h.value < end && (s.text[h.value] == '*' || s.text[h.value] == '_') {
		h.value++ // the end of "*Tipo:* Error Acceso"
	}
	if s.labels.long(h.field) {
		return s.longText(h, end)
	}
	return s.oneLine(h, end)
}

// placeholder matches what a blank looks like when it was drawn.
var placeholder = regexp.MustCompile(`^[\s._…·*-]+$`)

// oneLine is the rest of the label's line, or the next line that is written
// on, unless a signature starts there.
func (s *formScan) oneLine(h labelHit, end int) string {
	if h.value >= end {
		return ""
	}
	for i, line := range strings.SplitN(s.text[h.value:end], "\n", 6) {
		if i > 0 {
			line, _ = unquoteLine(line)
		}
		line, _, _ = strings.Cut(line, "\n")
		if i > 0 && (bareDelimiter.MatchString(line) || mobile.MatchString(line) || i == 5) {
			break
		}
		if value := plainValue(line); value != "" {
			return value
		}
	}
	return ""
}

// longText is everything up to end, without quotation marks if the label was
// quoted, and without the signature.
func (s *formScan) longText(h labelHit, end int) string {
	if h.value >= end {
		return ""
	}
	text := s.text[h.value:end]
	if h.depth > 0 {
		text = stripQuotes(text)
	}
	body, _ := splitSignature(strings.TrimRight(text, " \t\r\n"))
	if startsBelow(text) && valediction.MatchString(strings.TrimSpace(body)) {
		return "" // left blank, and a signature without a mark
	}
	if strings.TrimSpace(body) != "" {
		text = body
	} else if strings.HasPrefix(strings.TrimSpace(text), "--") || startsBelow(text) {
		return "" // left blank, and then the signature
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return plainValue(strings.Join(lines, "\n"))
}

// valediction is how people end a letter; a value does not begin with it.
var valediction = regexp.MustCompile(`(?i)^(?:un (?:cordial |afectuoso )?saludo|(?:muchos )?saludos|atentamente|cordialmente|reciba un|salutacions|atentament|un saúdo|agur|(?:best |kind )?regards|cumprimentos)\b[^\n]{0,30}(?:\n|$)`)

// startsBelow says whether a value begins below its label's own line.
func startsBelow(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(text, " \t\r"), "\n")
}

// plainValue trims a value and takes off the emphasis of a bold one.
func plainValue(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 2 && (s[0] == '*' || s[0] == '_') && s[len(s)-1] == s[0] && strings.Count(s, s[:1]) == 2 {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	if placeholder.MatchString(s) {
		return ""
	}
	return s
}

func stripQuotes(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i], _ = unquoteLine(lines[i])
	}
	return strings.Join(lines, "\n")
}

// unquoteLine takes the quotation marks off a line and counts them.
func unquoteLine(line string) (content string, depth int) {
	content = line
	for {
		trimmed := strings.TrimLeft(content, " \t")
		if !strings.HasPrefix(trimmed, ">") {
			break
		}
		content = trimmed[1:]
		depth++
	}
	if depth > 0 {
		content = strings.TrimPrefix(content, " ")
	}
	return content, depth
}
