package templates

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"github.com/cauce-desk/cauce/ticket"
)

// Set is the words and layouts of one language, ready to be used by any number
// of goroutines at once. Load makes it.
type Set struct {
	words catalogue
	terms map[string]string // what the desk calls its things
	html  *htmltemplate.Template
	text  *texttemplate.Template
	spare *Set // the built-in words, where there are others over them
}

const (
	maxHTML  = 60_000 // octets; Gmail shows the beginning only of mails much larger
	maxWords = 20_000 // runes of one text of a person: as many as a long field holds
	minWords = 100
)

// Render puts a notice into words. Words of people that would make the mail
// too large are cut, in both parts alike. Where an administrator's words or
// layouts fail, the mail is in the built-in ones, and Fault says what failed;
// the error is of a kind of notice that does not exist.
func (s *Set) Render(v View) (Rendered, error) {
	rendered, err := s.render(v)
	if err == nil || s.spare == nil {
		return rendered, err
	}
	rendered, failed := s.spare.render(v)
	if failed != nil {
		return Rendered{}, err
	}
	rendered.Fault = err
	return rendered, nil
}

// render is Render in the set's own words.
func (s *Set) render(v View) (Rendered, error) {
	for limit := maxWords; ; limit /= 2 {
		p, err := s.page(v, limit)
		if err != nil {
			return Rendered{}, err
		}
		rendered, err := s.lay(p)
		if err != nil || len(rendered.HTML) <= maxHTML || limit < minWords {
			return rendered, err
		}
	}
}

// lay puts a page into both layouts.
func (s *Set) lay(p page) (Rendered, error) {
	var text, html bytes.Buffer
	if err := s.text.Execute(&text, p); err != nil {
		return Rendered{}, err
	}
	if err := s.html.Execute(&html, p); err != nil {
		return Rendered{}, err
	}
	return Rendered{Subject: p.Subject, Text: text.String(), HTML: html.String()}, nil
}

// Subject is the subject of the mail Render would make of the view, as long as
// no words fail.
func (s *Set) Subject(v View) (string, error) {
	subject, err := s.subject(v)
	if err == nil || s.spare == nil {
		return subject, err
	}
	subject, failed := s.spare.subject(v)
	if failed != nil {
		return "", err
	}
	return subject, nil
}

func (s *Set) subject(v View) (string, error) {
	n, err := s.notice(v)
	if err != nil {
		return "", err
	}
	d, err := s.values(v)
	if err != nil {
		return "", fmt.Errorf("notice %s: %w", v.Kind, err)
	}
	subject, err := n.Subject.fill(d)
	if err != nil {
		return "", fmt.Errorf("notice %s: %w", v.Kind, err)
	}
	return cleanLine(subject, maxSubject), nil
}

// maxSubject is where a subject is cut. Ours are all far shorter; what could
// grow without end is a desk's name or service in it.
const maxSubject = 200

// State returns the name of a state, or the state itself if the table of
// states does not have it.
func (s *Set) State(state ticket.State) string {
	if words, ok := s.words.States[state]; ok {
		return s.plain(words)
	}
	return string(state)
}

// Mailto writes a link as the mails of this set do: see the function of the
// same name. It marks the blanks that may stay empty in the set's language.
func (s *Set) Mailto(l Link) string {
	l.Optional = s.word("optional")
	return Mailto(l)
}

// Clock returns the words for what a clock waits for, by the name the desk
// gives it: the name itself if there are none.
func (s *Set) Clock(name string) string { return s.named(s.words.Clocks, name) }

// Priority returns the name of a priority in this language: as the desk writes
// it if there are no words for that.
func (s *Set) Priority(name string) string { return s.named(s.words.Priorities, name) }

// Column returns the head of a table's column, or the key itself if it is none
// of those there are words for.
func (s *Set) Column(key string) string { return s.named(s.words.Columns, key) }

// Outcome says what became of a mail: "acted", "answered", "recorded",
// "refused" or "repeated". Anything else is its own name.
func (s *Set) Outcome(key string) string { return s.named(s.words.Words, key) }

func (s *Set) named(words map[string]phrase, name string) string {
	return firstOf(s.plain(words[name]), name)
}

// word is one of the layouts' words.
func (s *Set) word(key string) string { return s.plain(s.words.Words[key]) }

// plain are words in which no values stand but the desk's terms. Load made
// sure that filling them cannot fail.
func (s *Set) plain(p phrase) string {
	words, _ := p.fill(values{Terms: s.terms})
	return strings.TrimSpace(words)
}
