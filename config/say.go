package config

import (
	"reflect"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// StateNames are the desk's own names of states, for those it names.
func (d Desk) StateNames() map[ticket.State]string {
	names, states := map[ticket.State]string{}, reflect.ValueOf(d.States)
	for _, key := range keysOf(states.Type()) {
		if name := states.FieldByIndex(key.Index).String(); name != "" {
			names[ticket.State(keyName(key))] = name
		}
	}
	return names
}

// Wording is the desk's own words: YAML of the shape of a file in a words
// folder; nil if there are none. What is wrong with them is for Fault, under
// "wording" or one of its keys, such as "wording.terms".
func (d Desk) Wording() []byte {
	if d.OwnWords == "" {
		return nil
	}
	return []byte(d.OwnWords)
}

// Registration is the mail by which people ask the desk to be registered;
// false if they cannot.
func (d Desk) Registration() (Registration, bool) { return d.Registering, d.registers() }

// Next is when the digest goes out next after a time, by the wall clock of a
// zone. A time of day that a date skips is taken an hour earlier or later.
func (d Digest) Next(after time.Time, zone *time.Location) time.Time {
	local := after.In(zone)
	hours, minutes := d.At.clock()
	for n := 0; ; n++ {
		at := time.Date(local.Year(), local.Month(), local.Day()+n, hours, minutes, 0, 0, zone)
		if at.After(after) && (d.Every != EveryWeek || at.Weekday() == d.Weekday.Day()) {
			return at
		}
	}
}

// Days is how many days lie between one digest and the next.
func (d Digest) Days() int {
	if d.Every == EveryWeek {
		return 7
	}
	return 1
}

// Fault puts an error that shows only after loading, such as one in the desk's
// words, down to one of the desk's keys: "words", "actions".
func (d Desk) Fault(key string, err error) Error {
	if d.origin == nil {
		return Error{Path: key, Message: err.Error()}
	}
	path := child(d.path, key)
	name, line := d.origin.origin(path)
	return Error{File: name, Line: line, Path: path, Message: err.Error()}
}
