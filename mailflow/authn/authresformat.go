package authn

import "strings"

// Format writes the value of an Authentication-Results field: what ParseAuthResults
// reads, folded, without name and final line end. Nothing a value holds can end
// it: what is not printing ASCII becomes "?", and what needs quotes gets them.
func Format(servID string, results []MethodResult) string {
	var b strings.Builder
	b.WriteString(formatValue(servID))
	if len(results) == 0 {
		b.WriteString("; none")
	}
	for _, r := range results {
		b.WriteString(";\r\n\t" + formatWord(r.Method) + "=" + formatWord(string(r.Result)))
		if r.Reason != "" {
			b.WriteString("\r\n\treason=" + quote(r.Reason))
		}
		for _, p := range r.Properties {
			b.WriteString("\r\n\t" + formatWord(p.Name) + "=" + formatValue(p.Value))
		}
	}
	return b.String()
}

// maxAuthValue is how much of a value is written, so that no line is longer
// than RFC 5322 section 2.1.1 allows.
const maxAuthValue = 400

// formatWord writes a method, a result or the name of a property. They are our
// own words.
func formatWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (isAlnum(byte(r)) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return '-'
	}, s)
}

func formatValue(s string) string {
	plain := s != "" && len(s) <= maxAuthValue
	for i := range len(s) {
		plain = plain && (isAlnum(s[i]) || strings.IndexByte("-_.@+", s[i]) >= 0)
	}
	if plain && strings.Count(s, "@") <= 1 {
		return s
	}
	return quote(s)
}

func quote(s string) string {
	s = printable(s[:min(len(s), maxAuthValue)])
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// Strip takes out of a mail the Authentication-Results fields that claim to be
// ours, and no others (RFC 8601 section 5). Nothing else changes; raw itself is
// left as it is, and returned if there was nothing to take out.
func Strip(raw []byte, servID string) []byte {
	var out []byte
	kept := 0
	for at := 0; at < len(raw); {
		end := fieldEnd(raw, at)
		if blankLine(raw[at:end]) {
			break
		}
		if fieldName(raw[at:end]) == authResultsName && claims(raw[at:end], servID) {
			out = append(out, raw[kept:at]...)
			kept = end
		}
		at = end
	}
	if kept == 0 {
		return raw
	}
	return append(out, raw[kept:]...)
}

const authResultsName = "authentication-results"

// claims tells whether a field says that it is of servID. One that cannot be
// read does if the name is anywhere in it.
func claims(raw []byte, servID string) bool {
	_, value, _ := strings.Cut(withCRLF(raw), ":")
	results, err := ParseAuthResults(value)
	if sameServID(results.ServID, servID) {
		return true
	}
	return err != nil && strings.Contains(strings.ToLower(value), strings.ToLower(servID))
}

// sameServID compares as domains are compared (RFC 8601 section 2.5).
func sameServID(a, b string) bool {
	return b != "" && (strings.EqualFold(a, b) || asciiDomain(a) != "" && asciiDomain(a) == asciiDomain(b))
}
