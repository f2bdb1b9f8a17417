package bolt

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cauce-desk/cauce/store"
)

// valueSchema is the first byte of every value that is JSON. It is raised with
// a migration when the JSON of what is kept changes its meaning.
const valueSchema = 1

// load reads the value of a key: store.ErrNotFound if there is none.
func load[T any](k *keys, b bucket, key []byte) (T, error) {
	var v T
	value, found, err := k.get(b, key)
	if err != nil {
		return v, err
	}
	if !found {
		return v, store.ErrNotFound
	}
	return decode[T](value)
}

func decode[T any](value []byte) (T, error) {
	var v T
	if len(value) == 0 || value[0] != valueSchema {
		return v, errors.New("a value is not of a schema this version knows")
	}
	if err := json.Unmarshal(value[1:], &v); err != nil {
		return v, fmt.Errorf("read a value: %w", err)
	}
	return v, nil
}

// keep sets the value of a key.
func keep(k *keys, b bucket, key []byte, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write a value: %w", err)
	}
	return k.put(b, key, append([]byte{valueSchema}, value...))
}

// has tells whether there is such a key.
func has(k *keys, b bucket, key []byte) (bool, error) {
	_, found, err := k.get(b, key)
	return found, err
}

// separator stands between the parts of a key.
const separator = "\x00"

// checkParts refuses what cannot be part of a key: nothing at all, or text
// with a separator in it.
func checkParts(parts ...string) error {
	for _, part := range parts {
		if part == "" || strings.Contains(part, separator) {
			return fmt.Errorf("%q cannot be kept under that name", part)
		}
	}
	return nil
}

// key joins parts, so that no two lists of them give the same key.
func key(parts ...string) []byte { return []byte(strings.Join(parts, separator)) }

// prefix is what all keys begin with whose first parts are these.
func prefix(parts ...string) []byte { return append(key(parts...), separator...) }

const instantLen = 12

// instant writes a time so that times sort as their bytes do.
func instant(t time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(t.Unix())^1<<63)
	return string(binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond())))
}

// afterInstant returns what follows the time in a key made of parts without
// separators, of which there are before many before the time.
func afterInstant(key []byte, before int) string {
	rest := string(key)
	for range before {
		_, rest, _ = strings.Cut(rest, separator)
	}
	if len(rest) < instantLen {
		return ""
	}
	return strings.TrimPrefix(rest[instantLen:], separator)
}
