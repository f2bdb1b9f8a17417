package config

import (
	"errors"
	"path/filepath"
	"slices"
)

// Options is what loading takes from the program around it.
type Options struct {
	Overrides Overrides
	Languages []string // those a desk without a words folder may have; empty: any
}

// Load reads configuration files. The first is the daemon's; the others, and
// those the first includes, add their desks. It has no effect but reading, so
// it serves to check a file, to start and to start anew. The error is of type
// Errors, unless there is no path at all.
func Load(paths []string, o Options) (*Config, error) {
	if len(paths) == 0 {
		return nil, errors.New("no configuration file given")
	}
	l := loader{options: o}
	for _, path := range paths {
		l.add(readFile(path))
	}
	return l.finish()
}

// Parse is Load for a text already at hand, such as a preset that comes with
// the program. Relative paths in it are relative to the folder of name.
func Parse(name string, text []byte, o Options) (*Config, error) {
	l := loader{options: o}
	l.add(newFile(name, text))
	return l.finish()
}

// loader joins files; the first is the daemon's.
type loader struct {
	options Options
	files   []*file
}

// add takes a file up, unless it is there already.
func (l *loader) add(f *file) {
	same := func(g *file) bool { return filepath.Clean(g.file) == filepath.Clean(f.file) }
	if !slices.ContainsFunc(l.files, same) {
		l.files = append(l.files, f)
	}
}

func (l *loader) finish() (*Config, error) {
	if err := l.files[0].overlay(l.options.Overrides); err != nil {
		return nil, err
	}
	l.include(l.files[0])
	l.check()
	var faults Errors
	for _, f := range l.files {
		faults = append(faults, f.sorted()...)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return l.join(), nil
}

// include takes up the files the first one names.
func (l *loader) include(main *file) {
	for i, pattern := range main.config.Include {
		names, err := filepath.Glob(main.beside(pattern))
		if err != nil || len(names) == 0 {
			main.add(element("include", i), "%q matches no file", pattern)
		}
		for _, name := range names {
			l.add(readFile(name))
		}
	}
	for _, f := range l.files {
		if f != main && len(f.config.Include) > 0 {
			f.add("include", "an included file includes no others")
		}
	}
}

// join makes one configuration of files without faults.
func (l *loader) join() *Config {
	c := l.files[0].config
	c.Desks = nil
	for _, f := range l.files {
		for i, d := range f.config.Desks {
			d.origin, d.path = f.reporter, element("desks", i)
			d.Words = f.beside(d.Words)
			c.Desks = append(c.Desks, d.filled())
		}
	}
	c.fill(l.files[0])
	return &c
}

// fill puts in what the daemon's keys leave to others.
func (c *Config) fill(main *file) {
	c.TLS = TLS{Certificate: main.beside(c.TLS.Certificate), Key: main.beside(c.TLS.Key)}
	c.SMIME.Roots = main.beside(c.SMIME.Roots)
	if relay := &c.Delivery.Relay; relay.PasswordFile != "" {
		relay.Password, relay.PasswordFile = main.secret, main.beside(relay.PasswordFile)
	}
	if c.Delivery.Maildir == "" {
		c.Delivery.Maildir = filepath.Join(c.Data, "outgoing")
	}
}
