package dnsplan

import (
	"fmt"
	"strings"
)

// tags reads the form that DKIM, DMARC, MTA-STS and TLS-RPT records share:
// name=value, parted by semicolons (RFC 6376 section 3.2). Names come in lower
// case.
func tags(text string) (map[string]string, error) {
	found := map[string]string{}
	for _, part := range strings.Split(text, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := found[name]; !ok || name == "" || twice {
			return nil, fmt.Errorf("%q is not name=value, or stands there twice", strings.TrimSpace(part))
		}
		found[name] = strings.TrimSpace(value)
	}
	return found, nil
}

// withVersion are the texts that begin with a version, such as "v=DMARC1".
// Case matters in none but SPF, which does not come here.
func withVersion(texts []string, version string) []string {
	var list []string
	for _, text := range texts {
		first, _, _ := strings.Cut(text, ";")
		if strings.Join(strings.Fields(first), "") == version {
			list = append(list, text)
		}
	}
	return list
}
