package deliver

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// mode is what a domain wants done with hosts that fail its policy (RFC 8461
// section 5).
type mode string

const (
	modeNone    mode = "none"
	modeTesting mode = "testing"
	modeEnforce mode = "enforce"
)

// policy is what a domain says of its hosts (RFC 8461 section 3.2). The zero
// policy says nothing.
type policy struct {
	mode   mode
	maxAge time.Duration
	hosts  []string // names, or "*." and a name; in lower case
}

// maxMaxAge is the longest that RFC 8461 section 3.2 has: a year, in seconds.
const maxMaxAge = 31557600

var (
	errPolicy   = errors.New("not an mta-sts policy")
	ageOfPolicy = regexp.MustCompile(`^[0-9]{1,10}$`)
)

// parsePolicy reads a policy. Keys that are not known are passed over; of one
// that may stand once, the first counts (RFC 8461 section 3.2).
func parsePolicy(text string) (policy, error) {
	var p policy
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		key, value, ok := strings.Cut(line, ":")
		if !ok && line != "" {
			return policy{}, fmt.Errorf("%w: line %.40q", errPolicy, line)
		}
		if seen[key] && key != "mx" {
			continue
		}
		seen[key] = true
		if err := p.set(key, strings.TrimLeft(value, " \t")); err != nil {
			return policy{}, err
		}
	}
	complete := seen["version"] && seen["mode"] && seen["max_age"] && (len(p.hosts) > 0 || p.mode == modeNone)
	if !complete {
		return policy{}, fmt.Errorf("%w: it lacks a line", errPolicy)
	}
	return p, nil
}

func (p *policy) set(key, value string) error {
	ok := true
	switch key {
	case "version":
		ok = value == "STSv1"
	case "mode":
		p.mode = mode(value)
		ok = p.mode == modeNone || p.mode == modeTesting || p.mode == modeEnforce
	case "max_age":
		seconds, _ := strconv.ParseInt(value, 10, 64)
		ok = ageOfPolicy.MatchString(value)
		p.maxAge = time.Duration(min(seconds, maxMaxAge)) * time.Second
	case "mx":
		host := strings.ToLower(value)
		ok = hostName.MatchString(strings.TrimPrefix(host, "*."))
		p.hosts = append(p.hosts, host)
	}
	if !ok {
		return fmt.Errorf("%w: %s %.40q", errPolicy, key, value)
	}
	return nil
}

// names says whether a host is one of the policy's. The star stands for one
// label (RFC 8461 section 4.1).
func (p policy) names(host string) bool {
	_, parent, _ := strings.Cut(host, ".")
	for _, pattern := range p.hosts {
		if wild, ok := strings.CutPrefix(pattern, "*."); pattern == host || ok && wild == parent {
			return true
		}
	}
	return false
}

// admit leaves out the hosts that an enforced policy does not name.
func (p policy) admit(exchanges []exchange) (admitted []exchange, err error) {
	if p.mode != modeEnforce {
		return exchanges, nil
	}
	for _, x := range exchanges {
		if p.names(x.name) {
			admitted = append(admitted, x)
		}
	}
	if len(admitted) == 0 {
		return nil, &Failure{Text: "the mta-sts policy names none of the domain's hosts, such as " + exchanges[0].name}
	}
	return admitted, nil
}

// verdict is the policy's word on how a mail went; see Receipt.Policy.
func (p policy) verdict(host string, r Receipt) string {
	switch {
	case p.mode != modeEnforce && p.mode != modeTesting:
		return ""
	case !p.names(host):
		return string(p.mode) + ": host not named"
	case r.TLS == "":
		return string(p.mode) + ": no tls"
	case !r.Verified:
		return string(p.mode) + ": certificate not valid"
	}
	return string(p.mode)
}

var (
	recordField = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.-]{0,31}=[\x21-\x3a\x3c\x3e-\x7e]+$`)
	policyID    = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)
)

// parseRecord reads a TXT record of _mta-sts (RFC 8461 section 3.1) and returns
// the id of the policy.
func parseRecord(text string) (id string, ok bool) {
	fields := strings.Split(text, ";")
	if last := len(fields) - 1; strings.Trim(fields[last], " \t") == "" {
		fields = fields[:last]
	}
	if !isPolicyRecord(text) {
		return "", false
	}
	for _, field := range fields[1:] {
		field = strings.Trim(field, " \t")
		if !recordField.MatchString(field) {
			return "", false
		}
		if value, found := strings.CutPrefix(field, "id="); found && id == "" {
			id = value
		}
	}
	return id, policyID.MatchString(id)
}

// isPolicyRecord: other records under the same name are nobody's business.
func isPolicyRecord(text string) bool {
	version, _, more := strings.Cut(text, ";")
	return more && strings.TrimRight(version, " \t") == "v=STSv1"
}
