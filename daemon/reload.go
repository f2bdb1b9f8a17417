package daemon

import (
	"errors"
	"reflect"

	"github.com/cauce-desk/cauce/config"
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
	site, err := d.site(c)
	if err != nil {
		return err
	}
	if d.certificate != nil {
		if err := d.certificate.Reload(); err != nil {
			return err
		}
	}
	if keys := needStart(d.opt.Config, c); len(keys) > 0 {
		d.opt.Logger.Warn("changed keys take effect with the next start", "keys", keys)
	}
	d.room.Reload(site)
	return nil
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
