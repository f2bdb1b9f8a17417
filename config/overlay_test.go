package config_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/config"
)

func TestEnvironmentOverFile(t *testing.T) {
	t.Setenv("CAUCE_HOSTNAME", "otro.example")
	t.Setenv("CAUCE_LIMITS_IDLE", "2m")
	t.Setenv("CAUCE_LIMITS_MESSAGE_SIZE", "1 MiB")
	t.Setenv("CAUCE_LISTEN", "127.0.0.1:25, [::1]:25")
	t.Setenv("CAUCE_LOG_FORMAT", "json")
	t.Setenv("CAUCE_DATA", "") // as good as not set
	c := parse(t, preset(t), spanish)
	if c.Hostname != "otro.example" || c.Data != "./data" || c.Log.Format != config.LogJSON {
		t.Errorf("got %+v", c)
	}
	if c.Limits.Idle != config.Duration(2*time.Minute) || c.Limits.MessageSize != config.MiB {
		t.Errorf("limits %+v", c.Limits)
	}
	if !slices.Equal(c.Listen, []config.HostPort{"127.0.0.1:25", "[::1]:25"}) {
		t.Errorf("listen %v", c.Listen)
	}
}

func TestFlagsOverEnvironment(t *testing.T) {
	t.Setenv("CAUCE_DATA", "/from/environment")
	t.Setenv("CAUCE_TRUSTED", "192.0.2.0/24")
	t.Setenv("CAUCE_LOG_LEVEL", "debug")
	c := parse(t, preset(t), config.Options{Overrides: config.Overrides{
		Data: "/from/flag", Listen: []string{":0"}, Relay: "127.0.0.1:25", Resolver: "127.0.0.1:5353",
		Trusted: []string{"198.51.100.0/24", "::1"},
	}})
	if c.Data != "/from/flag" || c.Delivery.Maildir != "/from/flag/outgoing" || c.Log.Level != config.LogDebug {
		t.Errorf("got %+v", c)
	}
	if c.Delivery.Via != config.ViaRelay || c.Delivery.Relay.Address != "127.0.0.1:25" || c.Listen[0] != ":0" {
		t.Errorf("got %+v", c)
	}
	if c.Resolver.String() != "127.0.0.1:5353" || len(c.Trusted) != 2 || c.Trusted[1].String() != "::1/128" {
		t.Errorf("resolver %v, trusted %v", c.Resolver, c.Trusted)
	}
}

// A wrong value is put down to the variable or flag it comes from.
func TestOverlayFaults(t *testing.T) {
	t.Setenv("CAUCE_LIMITS_IDLE", "30")
	t.Setenv("CAUCE_LIMITS_HANDLE", "1h")
	t.Setenv("CAUCE_DELIVERY_GIVE_UP", "")
	_, err := config.Parse("desk.yaml", preset(t), config.Options{Overrides: config.Overrides{
		Relay: "relay", Trusted: []string{"127.0.0.1", "127.0.0.1"},
	}})
	want := []string{
		`CAUCE_LIMITS_IDLE: limits.idle: 30 has no unit: write "30s", "30m", "30h" or "30d" (seconds, minutes, hours, days)`,
		`--relay: delivery.relay.address: "relay" is not host:port, such as "127.0.0.1:2525" or "[::1]:2525"`,
		`--trusted: trusted[1]: says the same as trusted[0]`,
		`CAUCE_LIMITS_HANDLE: limits.handle: 1h is out of bounds: from 1s to 5m`,
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("got\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
}

// Every key outside desks has its variable, by the rule the reference states.
func TestVariables(t *testing.T) {
	for _, k := range config.Keys() {
		want := "CAUCE_" + strings.ToUpper(strings.ReplaceAll(k.Path, ".", "_"))
		if k.Section || k.Path == "include" || strings.Contains(k.Path, "[]") || k.Path == "desks" {
			want = ""
		}
		if k.Variable != want {
			t.Errorf("%s: variable %q, want %q", k.Path, k.Variable, want)
		}
	}
}
