package mailclient

import (
	"fmt"
	"net/url"
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

// Fill writes values into the blanks of a body, each on its label's line. In a
// body of one line, which some programs make of any, a value goes behind the
// label. What it has no blank for is an error.
func Fill(body string, values map[string]string) (string, error) {
	lines := strings.Split(body, "\n")
	for label, value := range values {
		if !fillLine(lines, label, value) && !fillWithin(lines, label, value) {
			return "", fmt.Errorf("there is no blank %q in %q", label, body)
		}
	}
	return strings.Join(lines, "\n"), nil
}

func fillLine(lines []string, label, value string) bool {
	for i, line := range lines {
		name, rest, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(rest) == "" && isLabel(name, label) {
			lines[i] = name + ": " + value
			return true
		}
	}
	return false
}

func isLabel(text, label string) bool {
	text, _, _ = strings.Cut(text, optional)
	return strings.EqualFold(strings.TrimSpace(text), label)
}

// optional marks a blank that may stay empty.
const optional = " (opcional)"

func fillWithin(lines []string, label, value string) bool {
	if len(lines) != 1 {
		return false
	}
	for _, name := range []string{label + ":", label + optional + ":"} {
		if before, after, ok := strings.Cut(lines[0], name); ok {
			lines[0] = strings.TrimSuffix(before+name+" "+value+after, " ")
			return true
		}
	}
	return false
}
