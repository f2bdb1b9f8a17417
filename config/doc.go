// Package config owns the configuration file: its shape, its defaults, its
// documentation and its checks. Config is the truth: what a key means, what it
// may hold and what it is without the file is written beside its field, and
// the example file and the reference page are made from that.
//
// A value comes from the first of these that has it: a flag, an environment
// variable, the file, the default. Flags and environment reach the keys of
// the daemon; the desks are the file's alone.
//
// Loading is strict and all or nothing. A file with a fault gives no
// configuration but Errors: every fault found, each with its file and line.
// Load reads files and the environment and changes nothing, so whoever has a
// good configuration keeps it when loading another fails.
package config

//go:generate go run ../internal/gen/config
