package parser

import "strings"

// scanIDs finds the message identifiers in a Message-ID, In-Reply-To or
// References field, without their angle brackets (RFC 5322 section 3.6.4). Text
// between them, which old programs wrote, is passed over; white space that
// folding put inside one goes. Without brackets at all, words with an @ count.
func scanIDs(value string) []string {
	var ids []string
	rest := value
	for len(ids) < maxIDs {
		start := strings.IndexByte(rest, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(rest[start:], '>')
		if end < 0 {
			break
		}
		if id := idText(rest[start+1 : start+end]); id != "" {
			ids = append(ids, id)
		}
		rest = rest[start+end+1:]
	}
	if len(ids) > 0 {
		return ids
	}
	return bareIDs(value)
}

func bareIDs(value string) []string {
	var ids []string
	for _, w := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		if id := idText(strings.Trim(w, "<>\"")); strings.Contains(id, "@") && len(ids) < maxIDs {
			ids = append(ids, id)
		}
	}
	return ids
}

func idText(s string) string {
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		s = s[i+1:]
	}
	return strings.ToValidUTF8(oneLine(strings.Join(strings.Fields(s), "")), "\uFFFD")
}

// firstID is the identifier of a Message-ID field; one without brackets or @
// is taken as it is.
func firstID(value string) string {
	if ids := scanIDs(value); len(ids) > 0 {
		return ids[0]
	}
	return idText(strings.Trim(value, "<> "))
}

// allIDs reads every field of that name, each identifier once.
func allIDs(values []string) []string {
	var ids []string
	seen := map[string]bool{}
	for _, value := range values {
		for _, id := range scanIDs(value) {
			if !seen[id] && len(ids) < maxIDs {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}
