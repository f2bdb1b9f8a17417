package dnsplan

import (
	"fmt"
	"strings"
)

// timeToLive is an hour: soon enough for a mistake to be mended.
const timeToLive = 3600

// Zone writes the plan as a zone file (RFC 1035 section 5.1). What is no
// record, the policy files among it, stands in comments.
func (p Plan) Zone() string {
	var b strings.Builder
	fmt.Fprintf(&b, "; What the DNS must hold for the mail of %s.\n", p.Hostname)
	for _, r := range p.Records {
		b.WriteString("\n" + comment(r.Comment))
		if r.Value != "" {
			b.WriteString(r.Line() + "\n")
		}
	}
	for _, policy := range p.Policies {
		b.WriteString("\n" + comment("The file "+policy.URL+" must hold these lines, and be served with a certificate that browsers accept:"))
		for line := range strings.Lines(policy.Text) {
			b.WriteString(";   " + strings.TrimRight(line, "\r\n") + "\n")
		}
	}
	return b.String()
}

// commentWidth is where comments are broken.
const commentWidth = 90

func comment(text string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		if column == 0 || column+1+len(word) > commentWidth {
			if column > 0 {
				b.WriteString("\n")
			}
			b.WriteString(";")
			column = 1
		}
		b.WriteString(" " + word)
		column += 1 + len(word)
	}
	return b.String() + "\n"
}

// Line is the record as a line of a zone file, or "" if it has no value.
func (r Record) Line() string {
	if r.Value == "" {
		return ""
	}
	value := r.Value
	switch r.Type {
	case "TXT":
		value = Quote(value)
	case "MX", "PTR":
		value += "."
	}
	return fmt.Sprintf("%s. %d IN %s %s", r.Name, timeToLive, r.Type, value)
}

// stringLength is the most that one string of a TXT record holds (RFC 1035
// section 3.3).
const stringLength = 255

// Quote writes the text of a TXT record as zone files have it: strings of at
// most 255 octets in quotes. Readers put them together without anything in
// between (RFC 6376 section 3.6.2.2, RFC 7208 section 3.3).
func Quote(text string) string {
	var parts []string
	for len(text) > stringLength {
		parts = append(parts, quoted(text[:stringLength]))
		text = text[stringLength:]
	}
	return strings.Join(append(parts, quoted(text)), " ")
}

// quoted is a character-string of RFC 1035 section 5.1.
func quoted(text string) string {
	var b strings.Builder
	for _, octet := range []byte(text) {
		switch {
		case octet == '"' || octet == '\\':
			b.WriteString(`\` + string(octet))
		case octet < ' ' || octet > '~':
			fmt.Fprintf(&b, `\%03d`, octet)
		default:
			b.WriteByte(octet)
		}
	}
	return `"` + b.String() + `"`
}
