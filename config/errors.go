package config

import (
	"fmt"
	"slices"
	"strings"
)

// Error is one fault of a configuration.
type Error struct {
	File    string // or the flag or environment variable a wrong value comes from
	Line    int    // from 1; 0 where there is none
	Path    string // of the key, such as "desks[0].services[1].lead"; may be empty
	Message string // in plain words
}

// Error writes the fault as "file:line: path: message".
func (e Error) Error() string {
	where := e.File
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Path != "" {
		where += ": " + e.Path
	}
	return where + ": " + e.Message
}

// Errors are all the faults found, by file and line. It is the type of every
// error of Load that an administrator can mend.
type Errors []Error

// Error writes one fault a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// reporter collects the faults of one file and knows where its keys stand.
type reporter struct {
	file   string
	lines  map[string]int    // by path
	source map[string]string // by path: the flag or variable that set it
	failed map[string]bool   // by path, where there is a fault; true: the value could not be read
	faults Errors
}

func newReporter(file string) *reporter {
	return &reporter{file: file, lines: map[string]int{}, source: map[string]string{}, failed: map[string]bool{}}
}

// add reports a fault of the value at a path. A second one of the same value,
// or one of something that could not even be read, is only a consequence and
// is left out.
func (r *reporter) add(path, format string, args ...any) {
	if _, again := r.failed[path]; again || r.unread(path) {
		return
	}
	r.failed[path] = false
	name, line := r.origin(path)
	r.faults = append(r.faults, Error{File: name, Line: line, Path: path, Message: fmt.Sprintf(format, args...)})
}

// spoil reports that the value at a path cannot be read, so that nothing more
// can be said of it.
func (r *reporter) spoil(path, format string, args ...any) {
	r.add(path, format, args...)
	r.failed[path] = true
}

// unread tells whether a value, or what holds it, could not be read.
func (r *reporter) unread(path string) bool {
	for p := path; p != ""; p = parent(p) {
		if r.failed[p] {
			return true
		}
	}
	return r.failed[""]
}

// unusable reports a fault that leaves nothing of the file to speak of.
func (r *reporter) unusable(line int, format string, args ...any) {
	r.addAt(line, "", format, args...)
	r.failed[""] = true
}

// addAt reports a fault of the file itself, at a line of it.
func (r *reporter) addAt(line int, path, format string, args ...any) {
	r.faults = append(r.faults, Error{File: r.file, Line: line, Path: path, Message: fmt.Sprintf(format, args...)})
}

// origin is where the value at a path comes from: a flag or variable, or the
// line on which it stands or, if it does not, what would hold it.
func (r *reporter) origin(path string) (name string, line int) {
	for p := path; p != ""; p = parent(p) {
		if source, ok := r.source[p]; ok {
			return source, 0
		}
	}
	for p := path; p != ""; p = parent(p) {
		if line, ok := r.lines[p]; ok {
			return r.file, line
		}
	}
	return r.file, 1
}

// sorted returns the faults in the order of the file.
func (r *reporter) sorted() Errors {
	slices.SortStableFunc(r.faults, func(a, b Error) int { return a.Line - b.Line })
	return r.faults
}

// parent is the path of what holds the value at a path.
func parent(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

// child is the path of a key of the section at a path.
func child(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// element is the path of an element of the list at a path.
func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
