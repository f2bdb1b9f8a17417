package daemon

import (
	"context"
	"net"
	"net/netip"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/mailflow/deliver"
)

// newTransport is how the desks' mail leaves.
func newTransport(c *config.Config) (deliver.Transport, error) {
	if c.Delivery.Via == config.ViaMaildir {
		return deliver.NewMaildir(c.Delivery.Maildir)
	}
	relay := c.Delivery.Relay
	return deliver.NewRelay(deliver.RelayOptions{
		Address: string(relay.Address), Hello: c.Hostname, StartTLS: deliver.StartTLS(relay.StartTLS),
		Username: relay.Username, Password: relay.Password, Resolver: resolver(c.Resolver),
	})
}

// resolver asks the configured DNS server, or the system's.
func resolver(server netip.AddrPort) *net.Resolver {
	if !server.IsValid() {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, server.String())
	}}
}
