package mailflow

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/milter"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/parser"
)

// Filter asks the milters of a site about a mail: milter.Chain.
type Filter interface {
	Check(ctx context.Context, mail milter.Mail) (milter.Verdict, error)
}

// examine finds out who a mail is from and what the site's filters say of it,
// and stages it as it is to be kept. What policy refuses is a *smtpd.Refused,
// with the mail beside it for the journal.
func (r *Mailroom) examine(ctx context.Context, site *Site, env *smtpd.Envelope) (*incoming, error) {
	raw, err := env.Content.Bytes()
	if err != nil {
		return nil, fmt.Errorf("reading a received mail: %w", err)
	}
	mail := &incoming{envelope: env, message: parser.Parse(raw), content: contentHash(raw), at: r.clock.Now()}
	if err := r.vouch(ctx, site, mail, raw); err != nil {
		return mail, err
	}
	filtered, err := r.filter(ctx, site, mail, raw)
	if err != nil {
		return mail, err
	}
	raw = stamp(raw, site.Judge.AuthservID, mail.verdict, filtered)
	if mail.blob, err = r.store.Stage(ctx, raw); err != nil {
		return mail, fmt.Errorf("staging a mail of %d bytes: %w", len(raw), err)
	}
	return mail, nil
}

// vouch has the mail's sender judged. What the domain in From wants refused is.
func (r *Mailroom) vouch(ctx context.Context, site *Site, mail *incoming, raw []byte) error {
	env := mail.envelope
	origin := authn.Origin{Address: env.Remote, Front: strings.Contains(env.Protocol, "LMTP"), Hello: env.Hello, MailFrom: env.From}
	verdict, err := site.Judge.Examine(ctx, origin, raw, mail.message)
	mail.verdict = verdict
	switch {
	case err != nil:
		return fmt.Errorf("judging the sender %s: %w", mail.verdict.Author.Address, err)
	case verdict.Disposition == authn.Reject:
		return forged
	}
	return nil
}

// forged is said of mail that its alleged domain disowns.
var forged = &smtpd.Refused{Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "the domain in From, or that of the sender, says that this mail is not its own"}

// filter asks the site's milters.
func (r *Mailroom) filter(ctx context.Context, site *Site, mail *incoming, raw []byte) (milter.Verdict, error) {
	if site.Filter == nil {
		return milter.Verdict{}, nil
	}
	env := mail.envelope
	verdict, err := site.Filter.Check(ctx, milter.Mail{Remote: env.Remote, Hello: env.Hello, From: env.From, To: env.To, Raw: raw})
	if err != nil {
		r.log.Error("a milter is not to be had", "error", err)
	}
	switch verdict.Decision {
	case milter.Reject, milter.TempFail:
		return verdict, &smtpd.Refused{Code: verdict.Code, Enhanced: verdict.Enhanced, Text: verdict.Text}
	case milter.Discard:
		mail.held = "discarded by the filter " + verdict.By
	case milter.Quarantine:
		mail.held = "held by the filter " + verdict.By + ": " + verdict.Reason
	}
	return verdict, nil
}

// stamp is a mail as it is kept: without findings under our name that others
// put there (RFC 8601 section 5), with our own and what the filters say on top.
func stamp(raw []byte, servID string, verdict authn.Verdict, filtered milter.Verdict) []byte {
	if servID != "" {
		raw = authn.Strip(raw, servID)
	}
	raw = without(raw, filtered.Drop)
	var top bytes.Buffer
	if verdict.Results != "" {
		fmt.Fprintf(&top, "Authentication-Results: %s\r\n", verdict.Results)
	}
	for _, field := range filtered.Add {
		fmt.Fprintf(&top, "%s: %s\r\n", field.Name, field.Value)
	}
	if top.Len() == 0 {
		return raw
	}
	return append(top.Bytes(), raw...)
}

// without is a mail without the header fields of some names.
func without(raw []byte, names []string) []byte {
	if len(names) == 0 {
		return raw
	}
	var kept []byte
	dropping := false
	for rest := raw; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		whole := rest[:len(rest)-len(after)]
		if len(bytes.TrimRight(line, "\r")) == 0 {
			return append(kept, rest...)
		}
		if line[0] != ' ' && line[0] != '\t' {
			name, _, _ := bytes.Cut(line, []byte(":"))
			dropping = slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(string(name))) })
		}
		if !dropping {
			kept = append(kept, whole...)
		}
		rest = after
	}
	return kept
}
