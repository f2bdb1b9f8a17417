package parser

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// media is a Content-Type or a Content-Disposition: a value and parameters,
// names in lower case, values decoded.
type media struct {
	kind   string
	params map[string]string
}

func (m media) message() bool { return m.kind == "message/rfc822" || m.kind == "message/global" }

// parseMedia reads the value of a Content-Type or Content-Disposition field
// (RFC 2045 section 5.1, RFC 2183) and forgives what is found in the wild:
// spaces in unquoted values, quotes that never close, missing semicolons,
// parameters given twice (the first counts), comments.
func parseMedia(value, hint string) media {
	kind, rest := cutKind(value)
	raw := map[string]string{}
	for rest != "" && len(raw) < maxParams {
		var name, val string
		name, val, rest = nextParam(rest)
		if _, twice := raw[name]; name != "" && !twice {
			raw[name] = val
		}
	}
	return media{kind: kind, params: decodeParams(raw, hint)}
}

func cutKind(value string) (kind, rest string) {
	value = strings.TrimLeft(value, " \t;")
	end := strings.IndexAny(value, "; \t(")
	if end < 0 {
		end = len(value)
	}
	if eq := strings.IndexByte(value[:end], '='); eq >= 0 {
		return "", value // no type at all, only parameters
	}
	return strings.ToLower(strings.Trim(value[:end], "\"' ,")), value[end:]
}

// nextParam reads one name=value and returns what follows it.
func nextParam(s string) (name, value, rest string) {
	s = skipBlanks(s)
	end := strings.IndexAny(s, "=;")
	if end < 0 {
		return "", "", ""
	}
	if s[end] == ';' {
		return "", "", s[end+1:]
	}
	name = strings.ToLower(strings.TrimSpace(s[:end]))
	if i := strings.LastIndexAny(name, " \t"); i >= 0 {
		name = name[i+1:] // "flowed charset=x": the semicolon is missing
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = quoted(s[1:])
		return name, value, rest
	}
	end = strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	value, rest = s[:end], s[end:]
	if !strings.HasPrefix(name, "name") && !strings.HasPrefix(name, "filename") && name != "boundary" {
		if i := strings.IndexAny(value, " \t"); i >= 0 {
			value, rest = value[:i], value[i:]+rest
		}
	}
	return name, strings.TrimSpace(value), rest
}

// skipBlanks passes white space, semicolons and comments before a parameter.
func skipBlanks(s string) string {
	for {
		s = strings.TrimLeft(s, " \t;")
		if !strings.HasPrefix(s, "(") {
			return s
		}
		end := strings.IndexByte(s, ')')
		if end < 0 {
			return ""
		}
		s = s[end+1:]
	}
}

// quoted reads a quoted string whose opening quote is gone. If it never
// closes, it ends at the next semicolon.
func quoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	value, rest, _ = strings.Cut(s, ";")
	return strings.TrimSpace(value), rest
}

// decodeParams joins continued parameters and decodes them: RFC 2231, and the
// encoded words that RFC 2047 forbids here and many programs write.
func decodeParams(raw map[string]string, hint string) map[string]string {
	params := map[string]string{}
	pieces := map[string][]piece{}
	for name, value := range raw {
		base, p, is := splitContinuation(name, value)
		if is {
			pieces[base] = append(pieces[base], p)
		} else {
			params[name] = decodeWords(value, hint)
		}
	}
	for base, list := range pieces {
		if value := joinPieces(list); value != "" {
			params[base] = value
		}
	}
	return params
}

// piece is one section of a parameter continued by RFC 2231 section 3.
type piece struct {
	index   int
	value   string
	encoded bool
}

// splitContinuation takes name*, name*0 and name*0* apart.
func splitContinuation(name, value string) (base string, p piece, is bool) {
	base, section, is := strings.Cut(name, "*")
	if !is || base == "" {
		return name, piece{}, false
	}
	encoded := section == "" || strings.HasSuffix(section, "*")
	index, err := strconv.Atoi(strings.TrimSuffix(section, "*"))
	if err != nil && section != "" {
		return name, piece{}, false
	}
	return base, piece{index: index, value: value, encoded: encoded}, true
}

func joinPieces(list []piece) string {
	sort.SliceStable(list, func(i, j int) bool { return list[i].index < list[j].index })
	charset := ""
	var joined strings.Builder
	for i, p := range list {
		value := p.value
		if p.encoded {
			if i == 0 {
				charset, value = cutCharset(value)
			}
			value = unescape(value)
		}
		joined.WriteString(value)
	}
	text, _ := decodeCharset([]byte(joined.String()), charset)
	if charset == "" {
		text = decodeWords(text, "")
	}
	return text
}

// cutCharset takes charset'language' off the first piece (RFC 2231 section 4).
func cutCharset(value string) (charset, rest string) {
	charset, tail, ok := strings.Cut(value, "'")
	if !ok {
		return "", value
	}
	_, rest, ok = strings.Cut(tail, "'")
	if !ok {
		return "", value
	}
	return charset, rest
}

// unescape undoes %XX; a stray % stays.
func unescape(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// describe fills in what the header says about a part.
func (n *node) describe(fallback string, d *defects) {
	n.header.duplicates(d)
	value, ok := n.header.first("content-type")
	n.media = parseMedia(value, "")
	if !strings.Contains(n.media.kind, "/") {
		if ok && value != "" {
			d.add("bad_content_type")
		}
		n.media.kind = missingType(n, fallback)
	}
	encoding, _ := n.header.first("content-transfer-encoding")
	encoding, _, _ = strings.Cut(encoding, ";")
	n.encoding = strings.ToLower(strings.Trim(stripComments(encoding), " \t\"'."))
}

// missingType is the type of a part that gives none. A part with a file name
// and a type that cannot be read is no text to show.
func missingType(n *node, fallback string) string {
	switch {
	case n.media.kind == "text" || fallback == "":
		return "text/plain"
	case n.media.params["name"] != "":
		return "application/octet-stream"
	}
	return fallback
}
