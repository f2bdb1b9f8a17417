package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/spf13/viper"
)

// Overrides are the flags of the command line that stand above the file and
// the environment, so that any preset runs anywhere. Empty ones change nothing.
type Overrides struct {
	Listen   []string // --listen: host:port, in place of the file's
	Data     string   // --data: folder
	Relay    string   // --relay: host:port; implies delivery.via: relay
	Resolver string   // --resolver: address:port
	Trusted  []string // --trusted: networks, in place of the file's
}

// flag is the value of a flag and the key it sets.
type flag struct{ name, path, value string }

func (o Overrides) flags() []flag {
	list := []flag{
		{"--listen", "listen", strings.Join(o.Listen, ",")},
		{"--data", "data", o.Data},
		{"--relay", "delivery.relay.address", o.Relay},
		{"--resolver", "resolver", o.Resolver},
		{"--trusted", "trusted", strings.Join(o.Trusted, ",")},
	}
	if o.Relay != "" {
		list = append(list, flag{"--relay", "delivery.via", string(ViaRelay)})
	}
	return list
}

// overlay lays environment and flags over what the file says, a flag above a
// variable. An empty variable is as good as none. Values are text, read like
// the file's; a list is separated by commas.
func (f *file) overlay(o Overrides) error {
	keys := settables(reflect.ValueOf(&f.config).Elem(), "")
	v := viper.New()
	for _, key := range keys {
		if err := v.BindEnv(key.path, key.variable()); err != nil {
			return fmt.Errorf("environment: %w", err)
		}
	}
	flags := map[string]string{}
	for _, flag := range o.flags() {
		if flag.value != "" {
			v.Set(flag.path, flag.value)
			flags[flag.path] = flag.name
		}
	}
	for _, key := range keys {
		if v.IsSet(key.path) {
			f.override(key, v.GetString(key.path), flags[key.path])
		}
	}
	return nil
}

// override sets one key from a text; flag names where it comes from, "" is
// the environment.
func (f *file) override(key settable, text, flag string) {
	f.source[key.path] = flag
	if flag == "" {
		f.source[key.path] = key.variable()
	}
	delete(f.failed, key.path)
	if key.value.Kind() != reflect.Slice {
		f.report(key.path, parse(text, key.value))
		return
	}
	key.value.Set(reflect.MakeSlice(key.value.Type(), 0, 0))
	for part := range strings.SplitSeq(text, ",") {
		value := reflect.New(key.value.Type().Elem()).Elem()
		f.report(key.path, parse(strings.TrimSpace(part), value))
		key.value.Set(reflect.Append(key.value, value))
	}
}

// report adds an error, if it is one.
func (r *reporter) report(path string, err error) {
	if err != nil {
		r.add(path, "%v", err)
	}
}
