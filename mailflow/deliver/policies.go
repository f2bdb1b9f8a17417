package deliver

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// policies finds the MTA-STS policy of a domain (RFC 8461) and keeps it.
type policies struct {
	resolver Resolver
	fetcher  fetcher
	cache    *policyCache
	clock    Clock
	logger   *slog.Logger
}

func newPolicies(o MXOptions) (*policies, error) {
	cache, err := openPolicyCache(o.PolicyFolder, o.Clock.Now(), o.Logger)
	if err != nil {
		return nil, fmt.Errorf("mta-sts policies: %w", err)
	}
	return &policies{
		resolver: o.Resolver, fetcher: newFetcher(o), cache: cache, clock: o.Clock, logger: o.Logger,
	}, nil
}

// of returns the policy to be obeyed, the zero one if there is none. It fails
// in no case: whatever goes wrong, what was learnt before holds until its time
// is over, and without that mail goes as it would without MTA-STS (RFC 8461
// section 5.1).
func (s *policies) of(ctx context.Context, domain string) policy {
	if domain[0] == '[' {
		return policy{}
	}
	id, err := s.id(ctx, domain)
	if err != nil {
		s.logger.WarnContext(ctx, "mta-sts record cannot be read", "domain", domain, "error", err)
	}
	now := s.clock.Now()
	known := s.cache.look(domain, now)
	if id == "" || known.fresh(id, now) || s.cache.failedLately(domain, id, now) {
		return known.policy
	}
	text, p, err := s.fetcher.fetch(ctx, domain)
	if err != nil {
		s.logger.WarnContext(ctx, "mta-sts policy cannot be had", "domain", domain, "error", err)
		if ctx.Err() == nil { // else it is our time that is over
			s.cache.failed(domain, id, now)
		}
		return known.policy
	}
	s.cache.keep(kept{Domain: domain, ID: id, Fetched: now, Text: text, policy: p})
	return p
}

// id is that of the domain's one valid record, "" if it has none (RFC 8461
// section 3.1).
func (s *policies) id(ctx context.Context, domain string) (string, error) {
	texts, err := s.resolver.LookupTXT(ctx, "_mta-sts."+domain+".")
	if err != nil && !notFound(err) {
		return "", err
	}
	var records []string
	for _, text := range texts {
		if isPolicyRecord(text) {
			records = append(records, text)
		}
	}
	if len(records) != 1 {
		return "", nil
	}
	id, _ := parseRecord(records[0])
	return id, nil
}

// kept is a policy that was fetched.
type kept struct {
	Domain  string    `json:"domain"`
	ID      string    `json:"id"`
	Fetched time.Time `json:"fetched"`
	Text    string    `json:"policy"`

	policy policy
	used   time.Time
}

func (k kept) expires() time.Time { return k.Fetched.Add(k.policy.maxAge) }

// fresh: it is the one the domain has now, and young enough. In the second
// half of its life it is fetched again, so that it does not end while the
// policy host happens to be down.
func (k kept) fresh(id string, now time.Time) bool {
	return k.ID == id && now.Before(k.Fetched.Add(k.policy.maxAge/2))
}
