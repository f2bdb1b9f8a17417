package main

import (
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/presets"
)

// source is where the configuration comes from: files, or the preset that
// comes with the program, with the flags over it.
type source struct {
	files     []string
	overrides config.Overrides
}

// addFlags adds the flags every command knows.
func (s *source) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVar(&s.files, "config", nil, "configuration `FILE`; may be given several times (default: the preset dgt)")
	flags.StringVar(&s.overrides.Data, "data", "", "data `DIR`, in place of the configuration's")
}

// addServeFlags adds those that let any configuration run anywhere.
func (s *source) addServeFlags(flags *pflag.FlagSet) {
	o := &s.overrides
	flags.StringSliceVar(&o.Listen, "listen", nil, "`ADDR` host:port where SMTP is spoken, in place of the configuration's")
	flags.StringVar(&o.Relay, "relay", "", "`ADDR` host:port of the mail server that takes outgoing mail")
	flags.StringVar(&o.Resolver, "resolver", "", "`ADDR` ip:port of the DNS server to ask")
	flags.StringSliceVar(&o.Trusted, "trusted", nil, "`NET` networks whose mail counts as authenticated, in place of the configuration's")
}

// load reads the configuration anew.
func (s *source) load() (*config.Config, error) {
	options := config.Options{Overrides: s.overrides}
	if len(s.files) > 0 {
		return config.Load(s.files, options)
	}
	text, err := presets.Read(presets.Default)
	if err != nil {
		return nil, err
	}
	return config.Parse(presets.Default, text, options)
}

// name says where the configuration comes from, for people.
func (s *source) name() string {
	if len(s.files) == 0 {
		return "the built-in preset " + presets.Default
	}
	return s.files[0]
}

// dataDir is the data folder the flags name, or else the configuration's.
func (s *source) dataDir(*cobra.Command) (string, error) {
	if s.overrides.Data != "" {
		return s.overrides.Data, nil
	}
	c, err := s.load()
	if err != nil {
		return "", err
	}
	return c.Data, nil
}

// flags are what another command needs to read the same files, each with a
// space before it.
func (s *source) flags() string {
	var b strings.Builder
	for _, file := range s.files {
		if strings.ContainsFunc(file, func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("/._-", c)
		}) {
			file = "'" + strings.ReplaceAll(file, "'", `'\''`) + "'"
		}
		b.WriteString(" --config " + file)
	}
	return b.String()
}
