package presets_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/presets"
)

var spanish = config.Options{Languages: []string{"es", "en"}}

// Each preset is a configuration by itself.
func TestEachRunsByItself(t *testing.T) {
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) != 6 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if _, err := config.Load([]string{file}, spanish); err != nil {
			t.Error(err)
		}
		if _, err := presets.Read(file); err != nil {
			t.Errorf("%s does not come with the program: %v", file, err)
		}
	}
}

// All of them together are one configuration.
func TestAllTogether(t *testing.T) {
	c, err := config.Load([]string{"all.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range c.Desks {
		ids = append(ids, d.ID)
	}
	if len(ids) != 5 {
		t.Errorf("desks %v", ids)
	}
}

func TestNoSuchPreset(t *testing.T) {
	if _, err := presets.Read("none.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
