package config

import (
	"encoding"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// parse reads one value as the file, the environment or a flag writes it.
func parse(text string, v reflect.Value) error {
	if what, words := vocabulary(v.Type()); words != nil {
		return parseWord(text, what, words, v)
	}
	switch p := v.Addr().Interface().(type) {
	case *ticket.Address:
		return parseAddress(text, p)
	case *ticket.Action:
		*p = ticket.Action(text) // which there are is another check's to say: a desk may have its own
		return nil
	case *ticket.Span:
		return parseSpan(text, p)
	case *netip.Prefix:
		return parseNetwork(text, p)
	case *netip.AddrPort:
		return parseServer(text, p)
	case encoding.TextUnmarshaler:
		return p.UnmarshalText([]byte(text))
	case *string:
		*p = text
		return nil
	case *int:
		return parseInt(text, p)
	case *bool:
		return parseBool(text, p)
	}
	return fmt.Errorf("values of type %s cannot be read", v.Type())
}

func parseWord(text, what string, words []string, v reflect.Value) error {
	if !slices.Contains(words, text) {
		return fmt.Errorf("unknown %s %q: it is one of %s%s", what, text, strings.Join(words, ", "), suggestion(text, words))
	}
	v.SetString(text)
	return nil
}

func parseAddress(text string, p *ticket.Address) error {
	address, err := ticket.ParseAddress(text)
	if err != nil {
		return fmt.Errorf(`%w, such as "agente@desk.example"`, err)
	}
	*p = address
	return nil
}

// parseNetwork reads a network, or one address as a network of its own.
func parseNetwork(text string, p *netip.Prefix) error {
	if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
		*p = netip.PrefixFrom(address, address.BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return fmt.Errorf(`%q is not a network, such as "192.0.2.0/24" or "2001:db8::/32"`, text)
	}
	if prefix != prefix.Masked() {
		return fmt.Errorf("%q is an address within a network: write %q for all of it or %q for the one", text, prefix.Masked(), prefix.Addr())
	}
	if prefix.Bits() == 0 {
		return fmt.Errorf("%q is everybody", text)
	}
	*p = prefix
	return nil
}

// parseServer reads a DNS server's address; empty is none, the port 53.
func parseServer(text string, p *netip.AddrPort) error {
	if address, err := netip.ParseAddr(text); err == nil || text == "" {
		*p = netip.AddrPort{}
		if text != "" {
			*p = netip.AddrPortFrom(address, 53)
		}
		return nil
	}
	server, err := netip.ParseAddrPort(text)
	if err != nil {
		return fmt.Errorf(`%q is not address:port, such as "192.0.2.53:53" or "[2001:db8::53]:53"`, text)
	}
	*p = server
	return nil
}

func parseInt(text string, p *int) error {
	n, err := strconv.Atoi(text)
	if errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("%s is out of all bounds", text)
	}
	if err != nil {
		return fmt.Errorf("%q is not a whole number", text)
	}
	*p = n
	return nil
}

func parseBool(text string, p *bool) error {
	if text != "true" && text != "false" {
		return fmt.Errorf("%q is neither true nor false", text)
	}
	*p = text == "true"
	return nil
}
