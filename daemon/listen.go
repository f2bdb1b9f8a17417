package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
)

// listen opens the sockets, so that a port in use stops the start.
func (d *Daemon) listen() error {
	c := d.opt.Config
	for _, address := range c.Listen {
		l, err := net.Listen("tcp", string(address))
		if err != nil {
			return fmt.Errorf("smtp: %w", err)
		}
		d.smtp = append(d.smtp, l)
	}
	for _, endpoint := range c.LMTP {
		l, err := listenAt(endpoint)
		if err != nil {
			return fmt.Errorf("lmtp: %w", err)
		}
		d.lmtp = append(d.lmtp, l)
	}
	if c.TLS.Certificate == "" {
		return nil
	}
	var err error
	d.certificate, err = smtpd.NewCertificate(c.TLS.Certificate, c.TLS.Key)
	return err
}

// lmtpSocketMode lets the mail server in front, which has a user and group of
// its own, speak to the socket; the folder it lies in says who gets there.
const lmtpSocketMode = 0o666

func listenAt(e config.Endpoint) (net.Listener, error) {
	network, address := e.Network()
	if network != "unix" {
		return net.Listen(network, address)
	}
	if err := vacate(address); err != nil {
		return nil, err
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(address, lmtpSocketMode)
}

// SMTP is where the daemon listens for SMTP, LMTP where for LMTP.
func (d *Daemon) SMTP() []net.Addr { return addresses(d.smtp) }

// LMTP is where the daemon listens for LMTP.
func (d *Daemon) LMTP() []net.Addr { return addresses(d.lmtp) }

func addresses(listeners []net.Listener) []net.Addr {
	var list []net.Addr
	for _, l := range listeners {
		list = append(list, l.Addr())
	}
	return list
}

type servers struct{ smtp, lmtp *smtpd.Server }

// servers share nothing but the mailroom: a flood on one leaves the other its
// connections.
func (d *Daemon) servers() servers {
	c := d.opt.Config
	opt := smtpd.Options{
		Hostname: c.Hostname, MaxMessageBytes: int64(c.Limits.MessageSize), MaxRecipients: c.Limits.Recipients,
		MaxConnections: c.Limits.Connections, MaxPerNetwork: c.Limits.ConnectionsPerNetwork,
		MaxLineLength: int(c.Limits.Line), ErrorBudget: c.Limits.Errors,
		IdleTimeout: time.Duration(c.Limits.Idle), DataTimeout: time.Duration(c.Limits.Data),
		Lifetime: time.Duration(c.Limits.Lifetime), HandleTimeout: time.Duration(c.Limits.Handle),
		TempDir: c.Data, Exempt: authn.Judge{Trusted: c.Trusted}.Trusts, Refused: d.room.Refused, Logger: d.opt.Logger,
		Rates: rates(c.Limits.Rates), Now: d.clock.Now, Fronts: c.XClient, Blocklists: c.Blocklists, Resolver: resolver(c.Resolver),
	}
	local := opt
	local.LMTP = true
	opt.Proxies = c.Proxies
	if d.certificate != nil {
		opt.TLS = d.certificate.TLS()
	}
	return servers{smtp: smtpd.New(opt, d.room), lmtp: smtpd.New(local, d.room)}
}

func rates(c config.Rates) smtpd.Rates {
	return smtpd.Rates{Mails: c.Mails, RefusedRecipients: c.RecipientsRefused, BadCommands: c.Errors, Bytes: int64(c.Bytes)}
}

// vacate removes the socket that a daemon which died left behind. It removes
// nothing else, and no socket that somebody listens on.
func vacate(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is there already, and no socket", path)
	}
	if conn, err := net.Dial("unix", path); err == nil {
		_ = conn.Close()
		return fmt.Errorf("somebody listens at %s already", path)
	}
	return os.Remove(path)
}
