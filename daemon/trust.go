package daemon

import (
	"cmp"
	"fmt"
	"path/filepath"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/keys"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/authn/smime"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/mailflow/milter"
)

// judge is who judges senders.
func (d *Daemon) judge(c *config.Config) (authn.Judge, error) {
	var servers []string
	if c.Resolver.IsValid() {
		servers = append(servers, c.Resolver.String())
	}
	dns, err := authn.NewDNS(authn.DNSOptions{Servers: servers})
	if err != nil {
		return authn.Judge{}, err
	}
	judge := authn.Judge{
		Trusted: c.Trusted, AuthservID: cmp.Or(c.Authentication.AuthservID, c.Hostname), Resolver: dns, Now: d.clock.Now,
	}
	if c.SMIME.Roots != "" {
		if judge.Roots, err = smime.LoadRoots([]string{c.SMIME.Roots}); err != nil {
			return judge, err
		}
	}
	for _, f := range c.Authentication.Fronts {
		judge.Fronts = append(judge.Fronts, authn.Front{Networks: f.Networks, AuthservID: f.AuthservID})
	}
	return judge, nil
}

// filters are the configured milters, nil if there are none.
func filters(c *config.Config) (mailflow.Filter, error) {
	if len(c.Milters) == 0 {
		return nil, nil
	}
	opt := milter.Options{Hostname: c.Hostname}
	for _, m := range c.Milters {
		network, address := m.Address.Network()
		if network == "tcp" {
			network = "inet"
		}
		opt.Milters = append(opt.Milters, milter.Milter{
			Address: network + ":" + address, Timeout: time.Duration(m.Timeout), OnError: milter.OnError(m.OnError),
		})
	}
	chain, err := milter.New(opt)
	if err != nil {
		return nil, fmt.Errorf("milters: %w", err)
	}
	return chain, nil
}

// keyFile is where the desks' secret is kept.
func keyFile(c *config.Config) string { return filepath.Join(c.Data, "keys") }

// signer signs with the keys in the data folder; what has none goes unsigned.
func signer(c *config.Config) (mailflow.Signer, error) {
	found, err := keys.LoadDKIM(filepath.Join(c.Data, "dkim"))
	if err != nil {
		return nil, err
	}
	var list []compose.Key
	for _, k := range found {
		list = append(list, compose.Key(k))
	}
	return compose.NewSigner(list)
}
