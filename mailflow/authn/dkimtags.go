package authn

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// tag is one tag=value of a tag list, with where its value lies in the text.
type tag struct {
	value    string // without white space at the ends
	from, to int
}

// tagList holds the tags of a signature or a key (RFC 6376 section 3.2).
type tagList map[string]tag

var errTags = errors.New("malformed tags")

// parseTags reads a tag list. The names are case-sensitive, and one that comes
// twice spoils the list.
func parseTags(text string) (tagList, error) {
	tags := tagList{}
	for at := 0; at <= len(text); {
		end := at + len(text[at:])
		if i := strings.IndexByte(text[at:], ';'); i >= 0 {
			end = at + i
		}
		if err := tags.add(text, at, end); err != nil {
			return nil, err
		}
		at = end + 1
	}
	return tags, nil
}

func (t tagList) add(text string, from, to int) error {
	name, value, ok := strings.Cut(text[from:to], "=")
	trimmed := strings.Trim(name, fws)
	if !ok && trimmed == "" {
		return nil // as after the last semicolon
	}
	if _, twice := t[trimmed]; !ok || twice || !isTagName(trimmed) {
		return errTags
	}
	t[trimmed] = tag{strings.Trim(value, fws), from + len(name) + 1, to}
	return nil
}

const fws = " \t\r\n"

func isTagName(s string) bool {
	for i := range len(s) {
		if !isAlpha(s[i]) && (i == 0 || !isDigit(s[i]) && s[i] != '_') {
			return false
		}
	}
	return s != ""
}

func (t tagList) has(name string) bool {
	_, ok := t[name]
	return ok
}

func (t tagList) text(name string) string { return t[name].value }

// packed is a value without the white space that may stand anywhere in it.
func (t tagList) packed(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(fws, r) {
			return -1
		}
		return r
	}, t[name].value)
}

// list is a value that is a list with colons; nil if there is none.
func (t tagList) list(name string) []string {
	if !t.has(name) {
		return nil
	}
	list := strings.Split(t.text(name), ":")
	for i := range list {
		list[i] = strings.Trim(list[i], fws)
	}
	return list
}

// time is a value in seconds since 1970, the zero time if there is none.
func (t tagList) time(name string) (time.Time, error) {
	if !t.has(name) {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseUint(t.packed(name), 10, 40)
	if err != nil {
		return time.Time{}, errTags
	}
	return time.Unix(int64(seconds), 0), nil
}
