package daemon

import (
	"log/slog"
	"os"
	"slices"
	"testing"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/presets"
)

func load(t *testing.T) *config.Config {
	t.Helper()
	text, err := presets.Read(presets.Default)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(presets.Default, text, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNeedStart(t *testing.T) {
	old, c := load(t), load(t)
	if keys := needStart(old, c); len(keys) > 0 {
		t.Errorf("the same configuration twice: %v", keys)
	}
	c.Desks, c.Trusted = nil, nil // these a reload does change
	if keys := needStart(old, c); len(keys) > 0 {
		t.Errorf("desks and trust: %v", keys)
	}
	c.Hostname, c.Limits.Errors, c.Delivery.Workers = "otro.example", 3, 2
	if keys := needStart(old, c); !slices.Equal(keys, []string{"hostname", "limits", "delivery"}) {
		t.Errorf("changed %v", keys)
	}
}

// TestReloadStaysWhereItIs gives a reload another data folder and another host,
// which are for the next start, and another desk, which is not.
func TestReloadStaysWhereItIs(t *testing.T) {
	old, c := load(t), load(t)
	old.Hostname, old.Data, old.Listen, old.LMTP = "uno.example", t.TempDir(), []config.HostPort{"127.0.0.1:0"}, nil
	old.Delivery.Via, old.Delivery.Maildir = config.ViaMaildir, t.TempDir()
	c.Hostname, c.Data, c.Desks[0].ID = "dos.example", t.TempDir(), "otra"
	d, err := New(Options{Config: old, Load: func() (*config.Config, error) { return c, nil }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if err := d.Reload(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(c.Data)
	if err != nil || len(files) > 0 {
		t.Errorf("in the folder of the next start: %v, %v", files, err)
	}
	if desks := *d.desks.Load(); !slices.Equal(desks, []string{"otra"}) {
		t.Errorf("desks %v", desks)
	}
	if kept := d.kept(c); kept.Hostname != "uno.example" {
		t.Errorf("host %s", kept.Hostname)
	}
}
