package config

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"os"
	"reflect"
	"regexp"
	"strings"
)

// check finds what is wrong beyond the shape of single values: in each file
// by itself, then between the desks of all.
func (l *loader) check() {
	desks := 0
	for i, f := range l.files {
		f.bounds(reflect.ValueOf(f.config), "")
		f.checkDaemon()
		for j := range f.config.Desks {
			f.checkDesk(f.config.Desks[j], element("desks", j), l.options.Languages)
		}
		desks += len(f.config.Desks)
		if i > 0 && len(f.config.Desks) == 0 {
			f.add("desks", "missing: an included file is there for its desks")
		}
	}
	if desks == 0 {
		l.files[0].add("desks", "missing: at least one service desk, here or in an included file")
	}
	l.checkShared()
}

var hostname = regexp.MustCompile(`^(?i)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// checkDaemon checks the keys outside desks.
func (f *file) checkDaemon() {
	c := f.config
	f.checkHost(c.Hostname, "hostname")
	if len(c.Listen)+len(c.LMTP) == 0 {
		f.add("listen", "neither listen nor lmtp names an address: no mail could come in")
	}
	f.checkTLS(c.TLS)
	f.checkDelivery(c.Delivery)
	f.checkAuthentication(c)
	f.checkFilters(c)
}

func (f *file) checkTLS(t TLS) {
	if (t.Certificate == "") != (t.Key == "") {
		f.add("tls", "certificate and key go together: both or neither")
		return
	}
	if t.Certificate == "" {
		return
	}
	certificate, err := readBounded(f.beside(t.Certificate))
	f.report("tls.certificate", err)
	key, errKey := readBounded(f.beside(t.Key))
	f.report("tls.key", errKey)
	if err != nil || errKey != nil {
		return
	}
	if _, err := tls.X509KeyPair(certificate, key); err != nil {
		f.add("tls", "certificate and key cannot be used: %v", err)
	}
}

func (f *file) checkDelivery(d Delivery) {
	if d.Via != ViaRelay {
		return
	}
	relay := d.Relay
	switch {
	case relay.Address == "":
		f.add("delivery.relay.address", "missing: via: relay needs the mail server's host:port")
	case relay.Address.Host() == "" || strings.Trim(relay.Address.Port(), "0") == "":
		f.add("delivery.relay.address", "%q lacks the host or the port", relay.Address)
	}
	f.checkLogin(relay)
}

func (f *file) checkLogin(relay Relay) {
	secret := relay.Password != "" || relay.PasswordFile != ""
	switch {
	case relay.Password != "" && relay.PasswordFile != "":
		f.add("delivery.relay.password_file", "password and password_file are both given")
	case (relay.Username != "") != secret:
		f.add("delivery.relay", "username and password (or password_file) go together")
	case secret && relay.StartTLS != StartTLSRequired && !local(relay.Address.Host()):
		f.add("delivery.relay.starttls", "must be required where there is a password, or it could be read on the way")
	}
	if relay.PasswordFile != "" {
		var err error
		f.secret, err = firstLine(f.beside(relay.PasswordFile))
		f.report("delivery.relay.password_file", err)
	}
}

// firstLine reads a secret that is the first line of a file.
func firstLine(name string) (string, error) {
	text, err := readBounded(name)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", fmt.Errorf("%s: its first line is empty", name)
	}
	return line, nil
}

// local tells whether a host is this machine.
func local(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// checkFolder checks that a folder is there.
func checkFolder(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return plainError(err)
	case !info.IsDir():
		return fmt.Errorf("%s: not a folder", path)
	}
	return nil
}
