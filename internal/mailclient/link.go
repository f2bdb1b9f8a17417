package mailclient

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Link is a mailto link as a mail program understands it.
type Link struct {
	Name    string // what is written on it
	URL     string
	Address string
	Subject string
	Body    string // lines end in "\n"
}

// ParseLink reads a mailto link by RFC 6068: "+" is a plus, only subject and
// body are honoured, and a later one of the same name is ignored.
func ParseLink(name, link string) (Link, error) {
	rest, ok := strings.CutPrefix(link, "mailto:")
	if !ok {
		return Link{}, fmt.Errorf("%q is no mailto link", link)
	}
	path, query, _ := strings.Cut(rest, "?")
	address, err := url.PathUnescape(path)
	if err != nil {
		return Link{}, fmt.Errorf("address of %q: %w", link, err)
	}
	fields := map[string]string{}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		decoded, err := url.PathUnescape(value)
		if err != nil {
			return Link{}, fmt.Errorf("%s of %q: %w", key, link, err)
		}
		if _, twice := fields[key]; !twice {
			fields[key] = decoded
		}
	}
	return Link{Name: name, URL: link, Address: address, Subject: fields["subject"],
		Body: strings.ReplaceAll(fields["body"], "\r\n", "\n")}, nil
}

// links finds the links of a text part: the name on one line, <mailto:…> on
// the next.
func links(text string) []Link {
	var found []Link
	previous := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if inner, ok := strings.CutPrefix(line, "<mailto:"); ok && strings.HasSuffix(inner, ">") {
			if link, err := ParseLink(previous, "mailto:"+strings.TrimSuffix(inner, ">")); err == nil {
				found = append(found, link)
			}
		}
		previous = line
	}
	return found
}

// Fill writes values into the blanks of a body, each on its label's line: an
// empty one if there is any, or else in the place of what stands there. In a
// body of one line, which some programs make of any, a value goes behind the
// label. What it has no blank for is an error.
func Fill(body string, values map[string]string) (string, error) {
	lines := strings.Split(body, "\n")
	for label, value := range values {
		// What a label says of its blank stands in parentheses behind it.
		blank := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(label) + `(?: \([^()]*\))?:`)
		if !fillLine(lines, blank, value, true) && !fillWithin(lines, blank, value) && !fillLine(lines, blank, value, false) {
			return "", fmt.Errorf("there is no blank %q in %q", label, body)
		}
	}
	return strings.Join(lines, "\n"), nil
}

func fillLine(lines []string, blank *regexp.Regexp, value string, empty bool) bool {
	for i, line := range lines {
		at := blank.FindStringIndex(line)
		if at == nil || strings.TrimSpace(line[:at[0]]) != "" || empty && strings.TrimSpace(line[at[1]:]) != "" {
			continue
		}
		lines[i] = line[:at[1]] + " " + value
		return true
	}
	return false
}

func fillWithin(lines []string, blank *regexp.Regexp, value string) bool {
	if len(lines) != 1 {
		return false
	}
	at := blank.FindStringIndex(lines[0])
	if at == nil {
		return false
	}
	lines[0] = strings.TrimSuffix(lines[0][:at[1]]+" "+value+lines[0][at[1]:], " ")
	return true
}
