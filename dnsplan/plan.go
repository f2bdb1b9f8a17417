package dnsplan

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Record is one record to publish.
type Record struct {
	Name    string `json:"name"`            // without a dot at the end
	Type    string `json:"type"`            // as in zone files
	Value   string `json:"value,omitempty"` // a TXT in one piece; "" where only the operator knows it
	Purpose string `json:"purpose"`         // mx, spf, dkim, dmarc, mta-sts, tls-rpt, address or ptr
	Comment string `json:"comment"`         // what it is for and what to mind, in plain words
}

// Policy is a file that a web server must have for a domain's MTA-STS.
type Policy struct {
	Domain string `json:"domain"`
	URL    string `json:"url"`
	Text   string `json:"text"`
}

// Plan is everything to publish.
type Plan struct {
	Hostname string   `json:"hostname"`
	Records  []Record `json:"records"`
	Policies []Policy `json:"policies"`
}

// Status is what a check comes to.
type Status string

// The outcomes. Unknown says that the DNS could not be asked.
const (
	Right   Status = "right"
	Missing Status = "missing"
	Wrong   Status = "wrong"
	Unknown Status = "unknown"
)

// Finding is what is published in the place of one record.
type Finding struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Purpose string   `json:"purpose"`
	Status  Status   `json:"status"`
	Found   []string `json:"found"`            // as published
	Want    string   `json:"want,omitempty"`   // the record the plan has
	Advice  string   `json:"advice,omitempty"` // what is the matter and what to do; of a right one, what to mind
}

// item is a record and how to judge what is published in its place.
type item struct {
	Record
	check func(context.Context, lookup) verdict
}

// verdict is the part of a Finding that the check finds out.
type verdict struct {
	status Status
	found  []string
	advice string
}

// New makes the plan of a site. The error says which name of the site is none.
func New(s Site) (Plan, error) {
	s, err := s.normal()
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{Hostname: s.Hostname}
	for _, i := range s.items() {
		plan.Records = append(plan.Records, i.Record)
	}
	for _, d := range s.Domains {
		plan.Policies = append(plan.Policies, s.policy(d.Name))
	}
	return plan, nil
}

// items are all records, those of the host first.
func (s Site) items() []item {
	items := append(s.addresses(), s.reverse()...)
	items = append(items, s.hello()...)
	for _, d := range s.Domains {
		items = append(items, s.mx(d.Name)...)
		items = append(items, s.spf(d.Name))
		items = append(items, s.dkim(d)...)
		items = append(items, s.dmarc(d.Name))
		items = append(items, s.reportsAbroad(d.Name)...)
		items = append(items, s.mtaSTS(d.Name), s.tlsReports(d.Name))
	}
	return items
}

// askedAtOnce bounds the questions that are open at one time.
const askedAtOnce = 8

// Check judges what is published for a site, a Finding for each record of its
// plan and in its order. The error says which name of the site is none.
func Check(ctx context.Context, s Site, r Resolver) ([]Finding, error) {
	s, err := s.normal()
	if err != nil {
		return nil, err
	}
	items := s.items()
	findings := make([]Finding, len(items))
	var checks errgroup.Group
	checks.SetLimit(askedAtOnce)
	for n, i := range items {
		checks.Go(func() error {
			findings[n] = i.finding(ctx, lookup{r})
			return nil
		})
	}
	return findings, checks.Wait()
}

func (i item) finding(ctx context.Context, l lookup) Finding {
	v := i.check(ctx, l)
	return Finding{
		Name: i.Name, Type: i.Type, Purpose: i.Purpose, Want: i.Value,
		Status: v.status, Found: append([]string{}, v.found...), Advice: v.advice,
	}
}

func right(found []string, notes ...string) verdict {
	return verdict{Right, found, strings.Join(notes, " ")}
}

func wrong(found []string, advice string) verdict { return verdict{Wrong, found, advice} }

// missing says what to publish, at the end, after what else there is to say.
func missing(value string, advice ...string) verdict {
	if value != "" {
		advice = append(advice, "Publish: "+value)
	}
	return verdict{Missing, nil, strings.Join(advice, " ")}
}

func unknown(err error) verdict {
	return verdict{Unknown, nil, "The DNS could not be asked: " + err.Error() + ". Try again later."}
}
