package deliver

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// newRouter is one on the internet that knows itself as desk.example and
// 192.0.2.99.
func (n *internet) newRouter() *router {
	return &router{
		resolver: n, shuffle: func(int, func(i, j int)) {},
		self: self{
			names: []string{"desk.example"}, addresses: []netip.Addr{netip.MustParseAddr("192.0.2.99")},
			machine: func() ([]net.Addr, error) { return nil, nil },
		},
	}
}

func TestRoute(t *testing.T) {
	many := []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "192.0.2.4", "192.0.2.5"}
	for _, test := range []struct {
		name   string
		mx     []string
		hosts  map[string][]string // addresses; by default mxN has 192.0.2.N
		domain string
		want   string
	}{
		{"by preference", []string{"20 mx2.", "10 mx1.", "30 mx3."}, nil, "", "mx1 192.0.2.1, mx2 192.0.2.2, mx3 192.0.2.3"},
		{"upper case", []string{"20 MX2."}, nil, "", "mx2 192.0.2.2"},
		{"both families in turn", []string{"10 a."}, map[string][]string{"a.": many}, "", "a 2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3"},
		{"ipv4 written as ipv6", []string{"10 a."}, map[string][]string{"a.": {"::ffff:192.0.2.7"}}, "", "a 192.0.2.7"},
		{"no mx", nil, map[string][]string{"ayto.example.": {"192.0.2.8"}}, "", "ayto.example 192.0.2.8"},
		{"named twice", []string{"10 mx1.", "10 mx1.", "20 mx1.", "20 mx2."}, nil, "", "mx1 192.0.2.1, mx2 192.0.2.2"},
		{"no more than five", []string{"1 mx1.", "2 mx2.", "3 mx3.", "4 mx4.", "5 mx5.", "6 mx6."}, nil, "",
			"mx1 192.0.2.1, mx2 192.0.2.2, mx3 192.0.2.3, mx4 192.0.2.4, mx5 192.0.2.5"},
		{"one host without address", []string{"10 lost.", "20 mx2."}, nil, "", "mx2 192.0.2.2"},
		{"one host not to be found now", []string{"10 broken.", "20 mx2."}, nil, "", "mx2 192.0.2.2"},
		{"not a host name", []string{"10 a/../b.", "20 mx2."}, nil, "", "mx2 192.0.2.2"},
		{"root among others", []string{"0 .", "20 mx2."}, nil, "", "mx2 192.0.2.2"},
		{"literal", nil, nil, "[192.0.2.7]", "192.0.2.7 192.0.2.7"},
		{"ipv6 literal", nil, nil, "[ipv6:2001:db8::7]", "2001:db8::7 2001:db8::7"},

		{"null mx", []string{"0 ."}, nil, "", "permanent 5.1.10 ayto.example takes no mail"},
		{"no such domain", nil, nil, "", "permanent 5.1.2 no such mail domain: ayto.example"},
		{"mx not to be had", nil, nil, "broken", "temporary mx of broken: lookup mx broken.: server misbehaving"},
		{"address not to be had", nil, nil, "half.example", "temporary address of half.example: lookup ip half.example.: server misbehaving"},
		{"no host has an address", []string{"10 lost.", "20 gone."}, nil, "", "temporary address of lost: lookup"},
		{"no host at all", []string{"10 a/b."}, nil, "", "temporary no mx record of ayto.example names a host"},

		{"we are second", []string{"10 mx1.", "20 desk.example.", "30 mx3."}, nil, "", "mx1 192.0.2.1"},
		{"as near as we", []string{"10 mx1.", "20 mx2.", "20 desk.example.", "20 mx3."}, nil, "", "mx1 192.0.2.1"},
		{"we by address", []string{"10 mx1.", "20 a.", "30 mx3."}, map[string][]string{"a.": {"192.0.2.7", "192.0.2.99"}}, "", "mx1 192.0.2.1"},
		{"we are first", []string{"10 desk.example.", "20 mx2."}, nil, "", "permanent 5.4.6 mail for ayto.example would come back to us"},
		{"our address without mx", nil, map[string][]string{"ayto.example.": {"192.0.2.99"}}, "", "permanent 5.4.6"},
		{"our address as literal", nil, nil, "[192.0.2.99]", "permanent 5.4.6"},

		{"loopback", []string{"10 a.", "20 mx2."}, map[string][]string{"a.": {"127.0.0.1", "::1"}}, "", "mx2 192.0.2.2"},
		{"nothing but loopback", []string{"10 a."}, map[string][]string{"a.": {"127.9.9.9"}}, "", "temporary no host of ayto.example has an address"},
		{"loopback as ipv6", []string{"10 a."}, map[string][]string{"a.": {"::ffff:127.0.0.1"}}, "", "temporary no host"},
		{"unspecified", []string{"10 a."}, map[string][]string{"a.": {"0.0.0.0", "::"}}, "", "temporary no host"},
		{"link-local", []string{"10 a."}, map[string][]string{"a.": {"169.254.169.254", "fe80::1"}}, "", "temporary no host"},
		{"multicast", []string{"10 a."}, map[string][]string{"a.": {"224.0.0.1", "ff02::1", "255.255.255.255"}}, "", "temporary no host"},
		{"loopback literal", nil, nil, "[127.0.0.1]", "temporary no host"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := newInternet()
			n.record("ayto.example.", test.mx...)
			for i := range 9 {
				n.addresses[fmt.Sprintf("mx%d.", i)] = []string{fmt.Sprintf("192.0.2.%d", i)}
			}
			for name, addresses := range test.hosts {
				n.addresses[name] = addresses
			}
			n.broken["mx broken."], n.broken["ip broken."], n.broken["ip half.example."] = true, true, true
			for _, n.empty = range []bool{false, true} {
				got := words(n.newRouter().route(t.Context(), cmp.Or(test.domain, "ayto.example")))
				if got != test.want && !(isFailure(got) && strings.HasPrefix(got, test.want)) {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
			}
		})
	}
}

// words are a route as a line, or why there is none.
func words(exchanges []exchange, err error) string {
	if err != nil {
		failure := asFailure(err)
		return map[bool]string{true: "permanent ", false: "temporary "}[failure.Permanent] + failure.Error()
	}
	var hosts []string
	for _, x := range exchanges {
		hosts = append(hosts, x.name+" "+strings.Trim(fmt.Sprint(x.addresses), "[]"))
	}
	return strings.Join(hosts, ", ")
}

func isFailure(words string) bool {
	return strings.HasPrefix(words, "temporary ") || strings.HasPrefix(words, "permanent ")
}

// Whatever the records say and however chance falls: the nearer host comes
// first, and none is as far from the mailbox as we are.
func TestOrderOfHosts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records []*net.MX
		for i := range rapid.IntRange(1, 12).Draw(t, "hosts") {
			pref := rapid.Uint16Range(0, 4).Draw(t, "preference")
			records = append(records, &net.MX{Host: fmt.Sprintf("mx%d.example.", i), Pref: pref})
		}
		order := rapid.Permutation(records).Draw(t, "order")
		found := inOrder(records, func(_ int, swap func(i, j int)) {
			for i, record := range order {
				swap(i, slices.Index(records, record))
			}
		})
		if len(found) != len(records) || !slices.IsSortedFunc(found, func(a, b exchange) int { return int(a.preference) - int(b.preference) }) {
			t.Fatalf("%v", found)
		}
		us := found[rapid.IntRange(0, len(found)-1).Draw(t, "us")]
		for _, x := range before(found, func(x exchange) bool { return x.name == us.name }) {
			if x.preference >= us.preference {
				t.Fatalf("%v is no nearer than %v", x, us)
			}
		}
	})
}

func TestEqualsByChance(t *testing.T) {
	n := newInternet()
	n.record("ayto.example.", "10 mx1.", "10 mx2.", "10 mx3.", "5 mx4.")
	for i := range 5 { // mx0 to mx4
		n.addresses[fmt.Sprintf("mx%d.", i)] = []string{fmt.Sprintf("192.0.2.%d", i)}
	}
	r := n.newRouter()
	r.shuffle = func(count int, swap func(i, j int)) {
		for i := range count / 2 {
			swap(i, count-1-i)
		}
	}
	if got := words(r.route(t.Context(), "ayto.example")); got != "mx4 192.0.2.4, mx3 192.0.2.3, mx2 192.0.2.2, mx1 192.0.2.1" {
		t.Error(got)
	}
}

// The addresses of this machine are ours without anybody saying so.
func TestAddressesOfThisMachine(t *testing.T) {
	n := newInternet()
	n.record("ayto.example.", "10 mx1.", "20 a.", "30 mx3.")
	n.addresses = map[string][]string{"mx1.": {"192.0.2.1"}, "a.": {"2001:db8::77"}, "mx3.": {"127.0.0.1"}}
	r := n.newRouter()
	r.self.machine = func() ([]net.Addr, error) {
		return []net.Addr{&net.IPNet{IP: net.ParseIP("2001:db8::77"), Mask: net.CIDRMask(64, 128)}}, nil
	}
	if got := words(r.route(t.Context(), "ayto.example")); got != "mx1 192.0.2.1" {
		t.Error(got)
	}
	r.self.loopback = true
	if got := words(r.route(t.Context(), "ayto.example")); got != "mx1 192.0.2.1, a 2001:db8::77, mx3 127.0.0.1" {
		t.Errorf("with loopback: %s", got)
	}
	r.self.loopback, r.self.machine = false, func() ([]net.Addr, error) { return nil, errBroken }
	if got := words(r.route(t.Context(), "ayto.example")); !strings.HasPrefix(got, "temporary addresses of this machine") {
		t.Error(got)
	}
}
