package daemon

import (
	"slices"
	"testing"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/presets"
)

func TestNeedStart(t *testing.T) {
	load := func() *config.Config {
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
	old, c := load(), load()
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
