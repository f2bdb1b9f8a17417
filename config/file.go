package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds the size of every file read here.
const maxFile = 1 << 20

// file is one configuration file, read, with its faults.
type file struct {
	*reporter
	config Config
	secret string // the relay's password, where it is kept in a file
}

// newFile decodes a file's text. It returns a file in any case; what could not
// be read of it is among its faults.
func newFile(name string, text []byte) *file {
	f := &file{reporter: newReporter(name)}
	root := reflect.ValueOf(&f.config).Elem()
	root.Set(initial(root.Type()))
	if node := f.parse(text); node != nil {
		(&decoder{reporter: f.reporter}).value(node, root, "")
	}
	if f.unread("") {
		root.Set(initial(root.Type()))
	}
	return f
}

// readFile is newFile for a file on disk.
func readFile(name string) *file {
	text, err := readBounded(name)
	if err != nil {
		f := &file{reporter: newReporter(name)}
		f.unusable(0, "%s", strings.TrimPrefix(err.Error(), name+": "))
		return f
	}
	return newFile(name, text)
}

// parse makes a tree of the text, nil if there is none.
func (f *file) parse(text []byte) *yaml.Node {
	documents, err := documents(text)
	switch {
	case err != nil:
		f.unusable(syntaxLine(text), "not YAML: %s", libraryPrefix.ReplaceAllString(err.Error(), ""))
		return nil
	case len(documents) == 0:
		f.unusable(1, "the file is empty")
		return nil
	case len(documents) > 1:
		f.addAt(documents[1].Line, "", "a second document begins (---); a file holds one")
	}
	return documents[0].Content[0]
}

// libraryPrefix is what the library puts before its words. Its line is that of
// whatever the fault is in, which may be far above it.
var libraryPrefix = regexp.MustCompile(`^(yaml: )?(line \d+: )?`)

// documents reads all the documents of a text.
func documents(text []byte) ([]*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var list []*yaml.Node
	for {
		document := &yaml.Node{}
		switch err := decoder.Decode(document); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return list, err
		}
		list = append(list, document)
	}
}

// maxSearch bounds the octets read to find a fault: about a second's work.
const maxSearch = 16 << 20

// syntaxLine is the line on which a text stops being YAML: the one after the
// longest beginning of it that is. In a text so long that it would take too
// much time to find, it is the first.
func syntaxLine(text []byte) int {
	lines := bytes.SplitAfter(text, []byte("\n"))
	if len(lines)*len(text) > maxSearch {
		return 1
	}
	for n := len(lines) - 1; n > 0; n-- {
		text = text[:len(text)-len(lines[n])]
		if _, err := documents(text); err == nil {
			return n + 1
		}
	}
	return 1
}

// beside is a path as the file means it: relative to the file's folder.
func (f *file) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.file), path)
}

// readBounded reads a plain file of at most maxFile bytes. Anything else, such
// as a device that never ends, is refused before it is opened.
func readBounded(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, plainError(err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a plain file", name)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s: larger than %s", name, Size(maxFile))
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, plainError(err)
	}
	return text, nil
}

// plainError says of a path what is wrong with it, without the system call.
func plainError(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return fmt.Errorf("%s: %w", path.Path, path.Err)
	}
	return err
}
