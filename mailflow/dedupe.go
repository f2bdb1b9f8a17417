package mailflow

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// dedupeKey recognises a mail sent again: the same recipients, author, id and
// content, whatever trace fields the way added and whoever hands it in, for a
// signed mail stays its author's in any hands. The content is in the key, so that
// nobody suppresses another's mail by guessing its Message-ID.
func dedupeKey(mail *incoming, p part) string {
	at := make([]string, len(p.at))
	for i, a := range p.at {
		at[i] = strings.ToLower(string(a))
	}
	slices.Sort(at)
	h := sha256.New()
	for _, piece := range []string{p.desk.ID(), strings.Join(at, ","),
		string(mail.verdict.Author.Address), mail.message.MessageID, mail.content} {
		fmt.Fprintf(h, "%d:%s,", len(piece), piece)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// traceFields are what servers add to a mail on its way: RFC 5321 section 4.4,
// RFC 8601, RFC 8617, and what gateways stamp.
var traceFields = []string{"received:", "return-path:", "delivered-to:", "x-original-to:", "x-received:",
	"authentication-results:", "received-spf:", "arc-"}

// contentHash is the hash of a mail's bytes without its trace fields.
func contentHash(raw []byte) string {
	h := sha256.New()
	skipping := false
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		if len(bytes.TrimRight(line, "\r")) == 0 {
			break
		}
		if line[0] != ' ' && line[0] != '\t' {
			skipping = isTrace(line)
		}
		if !skipping {
			h.Write(line)
			h.Write([]byte("\n"))
		}
		raw = rest
	}
	h.Write(raw)
	return hex.EncodeToString(h.Sum(nil))
}

func isTrace(line []byte) bool {
	lower := strings.ToLower(string(line[:min(len(line), 40)]))
	return slices.ContainsFunc(traceFields, func(name string) bool { return strings.HasPrefix(lower, name) })
}
