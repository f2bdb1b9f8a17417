package daemon

import (
	"context"
	"net"
	"net/netip"
	"path/filepath"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/mailflow/deliver"
)

// newTransport is how the desks' mail leaves.
func (d *Daemon) newTransport() (deliver.Transport, error) {
	c := d.opt.Config
	switch c.Delivery.Via {
	case config.ViaMaildir:
		return deliver.NewMaildir(c.Delivery.Maildir)
	case config.ViaMX:
		return deliver.NewMX(deliver.MXOptions{
			Hello: c.Hostname, Resolver: resolver(c.Resolver), PolicyFolder: filepath.Join(c.Data, "mta-sts"),
			Clock: d.clock, Logger: d.opt.Logger,
		})
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
