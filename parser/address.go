package parser

import "strings"

// Address is one mailbox of a header: the name decoded, the address as
// written, comments and route removed.
type Address struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// parseAddresses reads an address list (RFC 5322 section 3.4) and forgives:
// semicolons for commas, quotes that never close, encoded words anywhere,
// names with bare commas or dots, missing angle brackets. Groups are
// flattened. An entry without an address is left out.
func parseAddresses(value, hint string) []Address {
	p := &addressParser{s: value, hint: hint}
	for p.i < len(p.s) && len(p.list) < maxAddresses {
		p.step()
	}
	p.finish()
	return p.list
}

type addressParser struct {
	s       string
	i       int
	hint    string
	list    []Address
	words   strings.Builder // the phrase before "<", or a bare address
	comment string
	addr    string
	angle   bool
	quotes  bool // the phrase holds a quoted string
}

func (p *addressParser) step() {
	switch c := p.s[p.i]; c {
	case '"':
		p.quotedName()
	case '(':
		p.readComment()
	case '<':
		p.angleAddress()
	case ',', ';':
		p.i++
		p.finish()
	case ':':
		p.group()
	default:
		p.words.WriteByte(c)
		p.i++
	}
}

// quotedName reads a quoted string. One that never closes ends at the address,
// or is read as if its quote were not there.
func (p *addressParser) quotedName() {
	end, ok := closing(p.s, p.i+1, '"')
	if !ok {
		p.i++
		if name, _, found := strings.Cut(p.s[p.i:], "<"); found && len(name) < 200 {
			p.words.WriteString(name)
			p.i += len(name)
		}
		return
	}
	text := unquote(p.s[p.i+1 : end])
	local := end+1 < len(p.s) && p.s[end+1] == '@' && !p.angle
	if local {
		p.words.WriteString(p.s[p.i : end+1])
	} else {
		p.words.WriteString(text)
		p.quotes = true
	}
	p.i = end + 1
}

// readComment reads a comment, which may hold others (RFC 5322 section 3.2.2).
// An old custom puts the name there: a@b.example (Ana).
func (p *addressParser) readComment() {
	depth, i := 0, p.i
	for ; i < len(p.s); i++ {
		switch p.s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	end := min(i, len(p.s))
	if depth == 0 && p.comment == "" {
		p.comment = unquote(p.s[p.i+1 : end])
	}
	p.i = min(end+1, len(p.s))
	p.words.WriteByte(' ')
}

func (p *addressParser) angleAddress() {
	if p.angle {
		p.finish() // "<a@b> <c@d>": the comma is missing
	}
	end := strings.IndexByte(p.s[p.i:], '>')
	stop := p.i + end
	if end < 0 {
		if comma := strings.IndexAny(p.s[p.i:], ",;"); comma >= 0 {
			stop = p.i + comma
		} else {
			stop = len(p.s)
		}
	}
	p.addr, p.angle = p.s[p.i+1:stop], true
	p.i = stop
	if end >= 0 {
		p.i++
	}
}

// group drops the name of a group: "Equipo: a@b, c@d;".
func (p *addressParser) group() {
	p.i++
	rest := p.s[p.i:]
	if p.angle || strings.Contains(p.words.String(), "@") {
		return
	}
	if strings.HasPrefix(rest, "//") || !strings.ContainsAny(rest, "@;") {
		p.words.WriteByte(':')
		return
	}
	if !strings.Contains(rest, ";") && strings.Contains(rest, "<") && !strings.Contains(rest[:strings.IndexByte(rest, '<')], ",") {
		p.words.WriteByte(':') // "Dept: name <a@b>" is no group but a name
		return
	}
	p.words.Reset()
	p.comment, p.quotes = "", false
}

// finish stores the entry read so far.
func (p *addressParser) finish() {
	phrase := p.words.String()
	name, addr := phrase, p.addr
	if !p.angle {
		name, addr = splitBare(phrase)
	}
	addr = cleanAddress(addr)
	if addr == "" && p.angle && strings.Contains(phrase, "@") {
		addr = cleanAddress(phrase)
	}
	name = oneLine(decodeWords(strings.Join(strings.Fields(name), " "), p.hint))
	if name == "" {
		name = oneLine(decodeWords(p.comment, p.hint))
	}
	if len(name) > 1 && name[0] == name[len(name)-1] && strings.Contains(`"'`, name[:1]) {
		name = name[1 : len(name)-1] // Outlook puts an address it shows as a name in single quotes
	}
	if addr != "" {
		p.list = append(p.list, Address{Name: name, Address: addr})
	}
	p.words.Reset()
	p.comment, p.addr, p.angle, p.quotes = "", "", false, false
}

// splitBare finds the address in an entry without angle brackets: the word
// with the @.
func splitBare(phrase string) (name, addr string) {
	words := strings.Fields(phrase)
	for i, w := range words {
		if strings.Contains(w, "@") {
			return strings.Join(append(words[:i:i], words[i+1:]...), " "), w
		}
	}
	return phrase, ""
}

// cleanAddress takes white space, a source route (RFC 5322 section 4.4) and
// stray quotes off an address; the result is empty if there is no @ in it.
func cleanAddress(addr string) string {
	addr = strings.Trim(strings.TrimSpace(addr), "<>'")
	if strings.HasPrefix(strings.ToLower(addr), "mailto:") {
		addr = addr[len("mailto:"):]
	}
	if strings.HasPrefix(addr, "@") {
		if _, after, ok := strings.Cut(addr, ":"); ok {
			addr = after
		}
	}
	if strings.Contains(addr, "=?") {
		addr = decodeWords(addr, "")
	}
	if !strings.HasPrefix(addr, `"`) {
		addr = strings.Join(strings.Fields(stripComments(addr)), "")
	}
	addr = oneLine(decodeRaw(addr, ""))
	at := strings.LastIndexByte(addr, '@')
	if at < 1 || at == len(addr)-1 || len(addr) > 998 {
		return ""
	}
	return addr
}

// stripComments removes what stands in parentheses, in one pass.
func stripComments(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var b strings.Builder
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(s[i])
		}
	}
	if depth > 0 && b.Len() == 0 {
		return s
	}
	return b.String()
}

func closing(s string, from int, quote byte) (int, bool) {
	for i := from; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if s[i] == quote {
			return i, true
		}
	}
	return 0, false
}

func unquote(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
