package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"time"
)

// fetcher gets policies over HTTPS (RFC 8461 section 3.3).
type fetcher struct{ client *http.Client }

// The bounds that RFC 8461 section 3.3 suggests.
const (
	maxPolicySize = 64 << 10
	fetchTimeout  = time.Minute
)

func newFetcher(o MXOptions) fetcher {
	d := policyDialer{resolver: o.Resolver, self: self{loopback: o.Loopback}, dial: o.Dial, timeout: o.DialTimeout}
	return fetcher{client: &http.Client{
		Transport: &http.Transport{
			DialContext:            d.dialHost,
			TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
			DisableKeepAlives:      true, // policies are fetched once in weeks
			MaxResponseHeaderBytes: maxPolicySize,
		},
		// A redirect is an answer like any other, and not the one we want.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       fetchTimeout,
	}}
}

// fetch returns the policy of a domain, as text too.
func (f fetcher) fetch(ctx context.Context, domain string) (string, policy, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://mta-sts."+domain+"/.well-known/mta-sts.txt", nil)
	if err != nil {
		return "", policy{}, err
	}
	response, err := f.client.Do(request)
	if err != nil {
		return "", policy{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", policy{}, fmt.Errorf("policy host answers %d", response.StatusCode)
	}
	// Users of a web server can often put something there, but rarely text.
	if kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err != nil || kind != "text/plain" {
		return "", policy{}, fmt.Errorf("policy is of type %.40q", response.Header.Get("Content-Type"))
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxPolicySize+1))
	if err != nil {
		return "", policy{}, err
	}
	if len(text) > maxPolicySize {
		return "", policy{}, fmt.Errorf("policy is longer than %d octets", maxPolicySize)
	}
	p, err := parsePolicy(string(text))
	return string(text), p, err
}

// policyDialer reaches policy hosts by the same resolver as mail, and under the
// same rules: a stranger's zone does not make us knock at our own doors.
type policyDialer struct {
	resolver Resolver
	self     self
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	timeout  time.Duration
}

func (d policyDialer) dialHost(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	found, err := d.resolver.LookupNetIP(ctx, "ip", host+".")
	if err != nil {
		return nil, err
	}
	failures := []error{fmt.Errorf("%s has no address that answers", host)}
	tried := 0
	for _, ip := range alternating(found) {
		if d.self.mustNotDial(ip) || tried == maxAddresses {
			continue
		}
		tried++
		conn, err := d.dialOne(ctx, network, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return conn, nil
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}

func (d policyDialer) dialOne(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	return d.dial(ctx, network, address)
}
