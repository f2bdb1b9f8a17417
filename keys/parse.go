package keys

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// untilMark stands between an earlier secret and its time.
const untilMark = " until "

// parse reads the content of a key file: one line, or several after a
// rotation. White space at the end of a line does not matter.
func parse(text []byte) (Ring, error) {
	first, rest, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	secret, err := parseSecret(strings.TrimSpace(first))
	if err != nil {
		return Ring{}, fmt.Errorf("line 1: %w", err)
	}
	ring := Ring{secret: secret}
	for line := range strings.Lines(rest) {
		e, err := parseLapsing(strings.TrimSpace(line))
		if err != nil {
			return Ring{}, fmt.Errorf("line %d: %w", len(ring.earlier)+2, err)
		}
		ring.earlier = append(ring.earlier, e)
	}
	if len(ring.earlier) > maxEarlier {
		return Ring{}, fmt.Errorf("%d earlier secrets; at most %d are honoured", len(ring.earlier), maxEarlier)
	}
	return ring, nil
}

// parseSecret says nothing of what it found: it may be most of a secret.
func parseSecret(text string) ([]byte, error) {
	secret, err := hex.DecodeString(text)
	if err != nil || len(secret) != secretLength {
		return nil, fmt.Errorf("it must hold %d hexadecimal digits", 2*secretLength)
	}
	return secret, nil
}

func parseLapsing(line string) (lapsing, error) {
	digits, date, _ := strings.Cut(line, untilMark)
	secret, err := parseSecret(digits)
	if err != nil {
		return lapsing{}, err
	}
	until, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return lapsing{}, fmt.Errorf("after its digits it must say \"until\" and a time, such as 2027-02-20T10:00:00Z")
	}
	return lapsing{secret: secret, until: until}, nil
}
