package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/config"
)

// Whatever a file holds, loading it ends in a configuration whose desks can
// be set up, or in faults with a line each; the same every time.
func FuzzParse(f *testing.F) {
	f.Add(preset(f))
	files, _ := filepath.Glob("testdata/*/*.yaml")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := config.Parse("testdata/fuzz.yaml", text, spanish)
		if err != nil {
			checkFaults(t, err)
			return
		}
		for _, d := range c.Desks {
			if _, err := d.Policy(key, forms); err != nil {
				t.Errorf("desk %s was loaded and cannot be set up: %v", d.ID, err)
			}
		}
	})
}

func checkFaults(t *testing.T, err error) {
	t.Helper()
	faults, ok := err.(config.Errors)
	if !ok || len(faults) == 0 {
		t.Fatalf("error of type %T: %v", err, err)
	}
	for _, fault := range faults {
		if fault.Line < 1 && fault.File == "testdata/fuzz.yaml" {
			t.Errorf("no line: %v", fault)
		}
		if strings.Contains(fault.Error(), "\n") {
			t.Errorf("more than a line: %q", fault.Error())
		}
	}
}
