package config

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"
)

// checkAuthentication checks whose word on senders is believed.
func (f *file) checkAuthentication(c Config) {
	own := c.Authentication.AuthservID
	if own == "" {
		own = c.Hostname
	}
	f.checkHost(c.Authentication.AuthservID, "authentication.authserv_id")
	for i, front := range c.Authentication.Fronts {
		at := element("authentication.fronts", i)
		f.checkHost(front.AuthservID, child(at, "authserv_id"))
		if front.AuthservID != "" && strings.EqualFold(front.AuthservID, own) {
			f.add(child(at, "authserv_id"), "%q is our own name: what comes in under it is taken off", front.AuthservID)
		}
		f.checkUntrusted(front.Networks, c.Trusted, child(at, "networks"))
	}
	f.checkUntrusted(c.Proxies, c.Trusted, "proxies")
	f.checkRoots(c.SMIME.Roots)
}

// checkUntrusted checks that no network whose mail is somebody else's is
// trusted, which would authenticate that mail.
func (f *file) checkUntrusted(networks, trusted []netip.Prefix, at string) {
	for i, network := range networks {
		j := slices.IndexFunc(trusted, network.Overlaps)
		if j >= 0 {
			f.add(element(at, i), "%s is in trusted[%d] too: whatever it passes on would count as authenticated", network, j)
		}
	}
}

func (f *file) checkRoots(name string) {
	if name == "" {
		return
	}
	text, err := readBounded(f.beside(name))
	if err != nil {
		f.report("smime.roots", err)
	} else if !x509.NewCertPool().AppendCertsFromPEM(text) {
		f.add("smime.roots", "%s: holds no certificate in PEM", f.beside(name))
	}
}

// checkFilters checks whom mails are shown to before they are taken.
func (f *file) checkFilters(c Config) {
	for i, zone := range c.Blocklists {
		f.checkHost(zone, element("blocklists", i))
	}
	for i, m := range c.Milters {
		at := child(element("milters", i), "address")
		network, address := m.Address.Network()
		if network == "tcp" && m.Address != "" && (HostPort(address).Host() == "" || strings.Trim(HostPort(address).Port(), "0") == "") {
			f.add(at, "%q lacks the host or the port", address)
		}
	}
	f.distinct("milters", "address", len(c.Milters), func(i int) []string { return []string{string(c.Milters[i].Address)} })
}

// checkHost checks a name of the DNS, if there is one.
func (f *file) checkHost(name, at string) {
	if name != "" && !hostname.MatchString(name) {
		f.add(at, "%q is not a host name: letters, digits and - between dots", name)
	}
}
