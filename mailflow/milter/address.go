package milter

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
)

// target is what to dial.
type target struct{ network, address string }

// parseAddress reads the address of a milter as Postfix writes it:
// "unix:/run/rspamd/milter.sock" or "inet:host:port". The path is absolute, an
// IPv6 address is in brackets.
func parseAddress(text string) (target, error) {
	scheme, rest, _ := strings.Cut(text, ":")
	switch scheme {
	case "unix", "local":
		if !filepath.IsAbs(rest) {
			return target{}, fmt.Errorf("milter %q: the path of a socket begins with /", text)
		}
		return target{"unix", rest}, nil
	case "inet", "inet6":
		if host, port, err := net.SplitHostPort(rest); err != nil || host == "" || port == "" {
			return target{}, fmt.Errorf("milter %q: after inet: comes host:port", text)
		}
		return target{"tcp", rest}, nil
	}
	return target{}, fmt.Errorf("milter %q: want unix:/path or inet:host:port", text)
}
