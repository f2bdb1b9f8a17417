// Package presets holds desks that are ready to run, as configuration files.
// They come with the program, so that it runs without any file, and serve as
// examples to start one's own from. Nothing here can fail but asking for a
// preset that there is not.
package presets

import "embed"

//go:generate go run ../internal/gen/guides

//go:embed *.yaml
var files embed.FS

// Default is the preset that runs when no configuration file is given.
const Default = "dgt.yaml"

// Read returns the text of a preset by its file name, such as Default. The
// error is an fs.ErrNotExist.
func Read(name string) ([]byte, error) { return files.ReadFile(name) }
