package authn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

const defaultJudgeTimeout = 10 * time.Second

// Examine gives the verdict on a mail, with all checks that it needs. An error
// is temporary: the DNS did not answer where the answer matters, which it does
// unless something else already settles who wrote the mail, or that it must be
// refused. The verdict beside an error is for the journal only.
func (j Judge) Examine(ctx context.Context, o Origin, raw []byte, m *parser.Message) (v Verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			v.Authenticated, v.Strict = false, false
			err = fmt.Errorf("panic while judging a mail: %v", p)
		}
	}()
	if v = j.Judge(o, m); v.Authenticated {
		return v, nil
	}
	ctx, cancel := context.WithTimeout(ctx, j.timeout())
	defer cancel()
	fields, _, err := splitHeader(raw)
	if err != nil {
		v.How = err.Error()
		return v, nil
	}
	if !oneFrom(fields, m) {
		v.Author = ticket.Person{}
	}
	if f, ok := j.front(o.Address); ok {
		v.byFront(f, fields)
		j.bySignature(&v, raw, m)
		return v, nil
	}
	j.check(ctx, o, raw, &v)
	v.conclude(o.Front)
	j.bySignature(&v, raw, m)
	return v, v.undecided()
}

func (j Judge) timeout() time.Duration {
	if j.Timeout == 0 {
		return defaultJudgeTimeout
	}
	return j.Timeout
}

func (j Judge) resolver() Resolver {
	if j.Resolver == nil {
		return noResolver{}
	}
	return j.Resolver
}

func (j Judge) now() time.Time {
	if j.Now == nil {
		return time.Now()
	}
	return j.Now()
}

// oneFrom tells whether the mail has one From field, whoever counts: a second
// one before the signed one would be shown, and the signature still be good.
func oneFrom(fields []field, m *parser.Message) bool {
	count := 0
	for _, f := range fields {
		if f.name == "from" {
			count++
		}
	}
	return count == 1 && len(m.Header("from")) == 1
}

// check asks for everything. What a relay hands on was not sent from its
// address, so there SPF has nothing to say.
func (j Judge) check(ctx context.Context, o Origin, raw []byte, v *Verdict) {
	r := j.resolver()
	from := authorDomain(v.Author)
	v.SPF = SPF{Result: None, Reason: "handed on by a relay"}
	if !o.Front {
		v.SPF = CheckSPF(ctx, r, o.Address, o.Hello, o.MailFrom)
	}
	v.DKIM = CheckDKIM(ctx, r, raw, from, j.now())
	v.DMARC = DMARC{Result: Fail, Disposition: NoAction, Reason: "From does not name one mailbox"}
	if from != "" {
		v.DMARC = CheckDMARC(ctx, r, from, Identity{v.SPF.Result, v.SPF.Domain}, v.identities()...)
	}
	if j.AuthservID != "" {
		v.Results = Format(j.AuthservID, v.methodResults(o))
	}
}

// identities are the domains that the signatures speak for.
func (v *Verdict) identities() []Identity {
	var all []Identity
	for _, s := range v.DKIM {
		if s.counts() || s.Result == TempError {
			all = append(all, Identity{s.Result, s.Domain})
		}
	}
	return all
}

var errUndecided = errors.New("it cannot be told now who sent the mail")

// conclude makes the verdict of the results.
func (v *Verdict) conclude(relayed bool) {
	from := authorDomain(v.Author)
	v.Authenticated = v.DMARC.Aligned != "" && (v.DMARC.Result == Pass || v.DMARC.Result == None)
	v.Strict = v.Authenticated && slices.ContainsFunc(v.DKIM, func(s Signature) bool {
		return s.counts() && s.Domain == from
	})
	v.How = "nothing speaks for the sender"
	if v.Authenticated {
		v.How = v.DMARC.Aligned + " of " + v.DMARC.AlignedDomain
	}
	v.Disposition = v.DMARC.Disposition
	if v.SPF.Result == Fail && v.DMARC.Aligned != "dkim" {
		v.Disposition = Reject
	}
	if relayed && v.Disposition == Reject {
		v.Disposition = Quarantine
	}
}

// undecided is the error for a mail whose sender another try may make known.
func (v *Verdict) undecided() error {
	refused := v.DMARC.Result == Fail && v.Disposition == Reject
	if v.Authenticated || refused || v.DMARC.Result != TempError && v.SPF.Result != TempError {
		return nil
	}
	reason := v.DMARC.Reason
	if v.DMARC.Result != TempError {
		reason = v.SPF.Reason
	}
	return fmt.Errorf("%w: %s", errUndecided, reason)
}

// methodResults are the results as they are written down (RFC 8601 section 2.7).
func (v *Verdict) methodResults(o Origin) []MethodResult {
	sender := Property{"smtp.mailfrom", o.MailFrom}
	if o.MailFrom == "" {
		sender = Property{"smtp.helo", o.Hello}
	}
	all := []MethodResult{{Method: "spf", Result: v.SPF.Result, Properties: []Property{sender}}}
	for _, s := range v.DKIM {
		all = append(all, s.methodResult())
	}
	if len(v.DKIM) == 0 {
		all = append(all, MethodResult{Method: "dkim", Result: None})
	}
	dmarc := MethodResult{Method: "dmarc", Result: v.DMARC.Result, Properties: []Property{{"header.from", v.DMARC.Domain}}}
	if v.DMARC.Policy != "" {
		dmarc.Properties = append(dmarc.Properties, Property{"policy.dmarc", string(v.DMARC.Policy)})
	}
	return append(all, dmarc)
}

func (s Signature) methodResult() MethodResult {
	r := MethodResult{Method: "dkim", Result: s.Result, Reason: s.Reason, Properties: []Property{
		{"header.d", s.Domain}, {"header.s", s.Selector}, {"header.b", s.Tag},
	}}
	if s.Result == Pass && s.Testing {
		r.Result, r.Reason = Policy, "the key is for testing"
	}
	return r
}
