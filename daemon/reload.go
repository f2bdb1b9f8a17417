package daemon

import (
	"errors"
	"reflect"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/mailflow"
)

// Reload reads the configuration and the certificate again. What is wrong is
// refused whole and the old stays in force. Desks, people, words, trusted
// networks, fronts, milters, keys and the certificate's content change; of a
// change in anything else the log says that it needs a new start.
func (d *Daemon) Reload() error {
	if d.opt.Load == nil {
		return errors.New("this configuration cannot be read again")
	}
	c, err := d.opt.Load()
	if err != nil {
		return err
	}
	if err := nameHost(c); err != nil {
		return err
	}
	late := needStart(d.opt.Config, c)
	site, err := d.site(d.kept(c))
	if err != nil {
		return err
	}
	if d.certificate != nil {
		if err := d.certificate.Reload(); err != nil {
			return err
		}
	}
	if len(late) > 0 {
		d.opt.Logger.Warn("changed keys take effect with the next start", "keys", late)
	}
	d.room.Reload(site)
	d.name(site)
	return nil
}

// kept is a configuration with where the running daemon is and what it is
// called, which do not change before the next start.
func (d *Daemon) kept(c *config.Config) *config.Config {
	now := *c
	now.Data, now.Hostname = d.opt.Config.Data, d.opt.Config.Hostname
	return &now
}

// name keeps which desks there are, for the operator's commands.
func (d *Daemon) name(site mailflow.Site) {
	var ids []string
	for _, desk := range site.Desks {
		ids = append(ids, desk.ID())
	}
	d.desks.Store(&ids)
}

// needStart lists the keys that differ and that a running daemon cannot change.
func needStart(old, c *config.Config) []string {
	var keys []string
	for _, part := range []struct {
		key      string
		old, now any
	}{
		{"hostname", old.Hostname, c.Hostname},
		{"data", old.Data, c.Data},
		{"listen", old.Listen, c.Listen},
		{"lmtp", old.LMTP, c.LMTP},
		{"tls", old.TLS, c.TLS},
		{"proxies", old.Proxies, c.Proxies},
		{"xclient", old.XClient, c.XClient},
		{"blocklists", old.Blocklists, c.Blocklists},
		{"resolver", old.Resolver, c.Resolver},
		{"limits", old.Limits, c.Limits},
		{"delivery", old.Delivery, c.Delivery},
		{"log", old.Log, c.Log},
	} {
		if !reflect.DeepEqual(part.old, part.now) {
			keys = append(keys, part.key)
		}
	}
	return keys
}
