package config

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// HostPort is a host and a port, "host:port"; the host may be empty where it
// is for listening.
type HostPort string

// UnmarshalText reads a host and port.
func (h *HostPort) UnmarshalText(text []byte) error {
	host, port, err := net.SplitHostPort(string(text))
	if err != nil || strings.ContainsAny(host, " /,") {
		return fmt.Errorf(`%q is not host:port, such as "127.0.0.1:2525" or "[::1]:2525"`, text)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q: the port must be a number from 0 to 65535", text)
	}
	*h = HostPort(text)
	return nil
}

// Host is the part before the port, without brackets.
func (h HostPort) Host() string {
	host, _, _ := net.SplitHostPort(string(h))
	return host
}

// Port is the part after the host.
func (h HostPort) Port() string {
	_, port, _ := net.SplitHostPort(string(h))
	return port
}

// Endpoint is a place to listen: "unix:/path" or "host:port".
type Endpoint string

// UnmarshalText reads an endpoint.
func (e *Endpoint) UnmarshalText(text []byte) error {
	if path, ok := strings.CutPrefix(string(text), "unix:"); ok {
		if path == "" {
			return errors.New(`"unix:" lacks the path of the socket`)
		}
		*e = Endpoint(text)
		return nil
	}
	var at HostPort
	if err := at.UnmarshalText(text); err != nil {
		return fmt.Errorf("%w, nor unix:/path", err)
	}
	*e = Endpoint(at)
	return nil
}

// Network returns the network and address that net.Listen takes.
func (e Endpoint) Network() (network, address string) {
	if path, ok := strings.CutPrefix(string(e), "unix:"); ok {
		return "unix", path
	}
	return "tcp", string(e)
}
