package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/dnsplan"
	"github.com/cauce-desk/cauce/keys"
	"github.com/cauce-desk/cauce/ticket"
)

// dnsOptions is what the flags of "cauce dns" say.
type dnsOptions struct {
	check   bool
	server  string
	ips, mx []string
	reports string
}

func newDNSCommand(src *source) *cobra.Command {
	var o dnsOptions
	cmd := &cobra.Command{
		Use:   "dns",
		Short: "Show the DNS records the desks' domains need; with --check, what is published and what is wrong",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SilenceUsage = true
			c, err := src.load()
			if err != nil {
				return err
			}
			site, err := o.site(c)
			if err != nil {
				return err
			}
			if o.check {
				return o.checkDNS(cmd.Context(), c, site, newScreen(cmd))
			}
			return newScreen(cmd).plan(site)
		},
	}
	flags := cmd.Flags()
	flags.Bool("json", false, "print JSON")
	flags.BoolVar(&o.check, "check", false, "ask the DNS; the exit status is 1 if anything is missing or wrong")
	flags.StringVar(&o.server, "dns", "", "`ADDR` ip or ip:port of the DNS server to ask (default: the configuration's, or the system's)")
	flags.StringSliceVar(&o.ips, "ip", nil, "public `ADDRESS` that the desks' mail leaves from; may be given several times")
	flags.StringSliceVar(&o.mx, "mx", nil, "`HOST` that takes the domains' mail, if it is not this one; may be given several times")
	flags.StringVar(&o.reports, "reports", "", "mail `ADDRESS` for reports (default: postmaster of each domain)")
	return cmd
}

// site is the configuration as the plan sees it.
func (o dnsOptions) site(c *config.Config) (dnsplan.Site, error) {
	s := dnsplan.Site{Hostname: c.Hostname, MX: o.mx, STARTTLS: c.TLS.Certificate != ""}
	var err error
	if s.Hostname == "" {
		if s.Hostname, err = os.Hostname(); err != nil {
			return s, err
		}
	}
	if c.Delivery.Via == config.ViaRelay {
		s.Relay = c.Delivery.Relay.Address.Host()
	}
	for _, text := range o.ips {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return s, fmt.Errorf("--ip %s: not an IP address", text)
		}
		s.Addresses = append(s.Addresses, address.Unmap())
	}
	if o.reports != "" {
		address, err := ticket.ParseAddress(o.reports)
		if err != nil {
			return s, fmt.Errorf("--reports: %w", err)
		}
		s.Reports = string(address)
	}
	s.Domains = mailDomains(c)
	s.Keys, err = publishedKeys(filepath.Join(c.Data, dkimFolder))
	return s, err
}

// mailDomains are the domains of the desks' addresses.
func mailDomains(c *config.Config) []dnsplan.Domain {
	var domains []dnsplan.Domain
	add := func(name string, sends bool) {
		known := slices.IndexFunc(domains, func(d dnsplan.Domain) bool { return d.Name == name })
		if known < 0 {
			known = len(domains)
			domains = append(domains, dnsplan.Domain{Name: name})
		}
		domains[known].Sends = domains[known].Sends || sends
	}
	for _, desk := range c.Desks {
		add(desk.Correspondence.Domain(), true)
		add(desk.Intake.Domain(), false)
	}
	return domains
}

// publishedKeys are the public halves of all keys.
func publishedKeys(folder string) ([]dnsplan.Key, error) {
	found, err := keys.LoadDKIM(folder)
	if err != nil {
		return nil, err
	}
	var published []dnsplan.Key
	for _, key := range found {
		txt, err := key.TXT()
		if err != nil {
			return nil, err
		}
		published = append(published, dnsplan.Key{Domain: key.Domain, Name: key.Name(), TXT: txt})
	}
	return published, nil
}

// plan shows what to publish.
func (s screen) plan(site dnsplan.Site) error {
	plan, err := dnsplan.New(site)
	if err != nil {
		return err
	}
	return s.show(plan, func() error {
		_, err := fmt.Fprint(s.out, plan.Zone())
		return err
	})
}

// checkTime bounds all questions together.
const checkTime = 2 * time.Minute

func (o dnsOptions) checkDNS(ctx context.Context, c *config.Config, site dnsplan.Site, s screen) error {
	server, err := o.dnsServer(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	findings, err := dnsplan.Check(ctx, site, server)
	if err != nil {
		return err
	}
	return s.findings(server, findings)
}

func (o dnsOptions) dnsServer(c *config.Config) (dnsplan.Server, error) {
	switch {
	case o.server != "":
		address, err := netip.ParseAddrPort(o.server)
		if ip, plain := netip.ParseAddr(o.server); plain == nil {
			address, err = netip.AddrPortFrom(ip, 53), nil
		}
		if err != nil {
			return dnsplan.Server{}, fmt.Errorf("--dns %s: neither ip nor ip:port", o.server)
		}
		return dnsplan.Server{Address: address.String()}, nil
	case c.Resolver.IsValid():
		return dnsplan.Server{Address: c.Resolver.String()}, nil
	}
	return dnsplan.SystemServer()
}

// findings shows what was found. The error says that not all is right.
func (s screen) findings(server dnsplan.Server, findings []dnsplan.Finding) error {
	bad := tally(findings)
	value := map[string]any{"server": server.Address, "ok": bad == "", "findings": findings}
	err := s.show(value, func() error {
		for _, f := range findings {
			s.finding(f)
		}
		return nil
	})
	if err == nil && bad != "" {
		err = fmt.Errorf("of %d records, %s", len(findings), bad)
	}
	return err
}

func (s screen) finding(f dnsplan.Finding) {
	fmt.Fprintf(s.out, "%-8s %s %s (%s)\n", f.Status, f.Name, f.Type, f.Purpose)
	for _, text := range f.Found {
		fmt.Fprintf(s.out, "         found: %s\n", oneLine(text))
	}
	if f.Advice != "" {
		fmt.Fprintf(s.out, "         %s\n", oneLine(f.Advice))
	}
}

// tally counts what is not right; "" if all is.
func tally(findings []dnsplan.Finding) string {
	count := map[dnsplan.Status]int{}
	for _, f := range findings {
		count[f.Status]++
	}
	var parts []string
	for _, status := range []dnsplan.Status{dnsplan.Missing, dnsplan.Wrong, dnsplan.Unknown} {
		if count[status] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[status], status))
		}
	}
	return strings.Join(parts, ", ")
}
