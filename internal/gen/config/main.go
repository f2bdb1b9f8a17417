// Command config writes what is made from package config and the default
// preset: config.example.yaml, which is that preset with every key explained,
// and docs/configuration.md, the reference. Its argument is the folder of the
// repository; without one it is the parent folder, which suits go generate in
// config. It stops at the first file it cannot write.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/presets"
)

func main() {
	root := ".."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := write(root); err != nil {
		fmt.Fprintln(os.Stderr, "gen/config:", err)
		os.Exit(1)
	}
}

func write(root string) error {
	pages, err := generate()
	if err != nil {
		return err
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate makes the text of each file, by its path in the repository.
func generate() (map[string]string, error) {
	preset, err := presets.Read(presets.Default)
	if err != nil {
		return nil, err
	}
	example, err := exampleFile(preset, config.Keys())
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"config.example.yaml":   example,
		"docs/configuration.md": referencePage(config.Keys()),
	}, nil
}
