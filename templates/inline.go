package templates

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// Inline is one YAML fragment of a catalogue as an override for Load: words
// that an administrator keeps inside another file. Faults in them are named by
// name and by the line within the fragment, counted from 1.
func Inline(name string, yaml []byte) fs.FS { return inlined{name: name, yaml: yaml} }

// inlined is a folder of a single file.
type inlined struct {
	name string
	yaml []byte
}

// inlineFile is what the file is called within.
const inlineFile = "inline.yaml"

// Open implements fs.FS.
func (i inlined) Open(name string) (fs.File, error) {
	if name != inlineFile {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &fragment{Reader: bytes.NewReader(i.yaml), size: int64(len(i.yaml))}, nil
}

// Glob implements fs.GlobFS.
func (i inlined) Glob(pattern string) ([]string, error) {
	if found, err := path.Match(pattern, inlineFile); err != nil || !found {
		return nil, err
	}
	return []string{inlineFile}, nil
}

// title is what faults call a file of a source.
func title(source fs.FS, file string) string {
	if in, ok := source.(inlined); ok {
		return in.name
	}
	return file
}

// fragment is the file, open; and what is known of it.
type fragment struct {
	*bytes.Reader
	size int64
}

func (f *fragment) Stat() (fs.FileInfo, error) { return f, nil }
func (f *fragment) Close() error               { return nil }
func (f *fragment) Name() string               { return inlineFile }
func (f *fragment) Size() int64                { return f.size }
func (f *fragment) Mode() fs.FileMode          { return 0o444 }
func (f *fragment) ModTime() time.Time         { return time.Time{} }
func (f *fragment) IsDir() bool                { return false }
func (f *fragment) Sys() any                   { return nil }
