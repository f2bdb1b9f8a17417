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
}

const (
	maxHTML  = 60_000 // octets; Gmail shows the beginning only of mails much larger
	maxWords = 20_000 // runes of one text of a person: as many as a long field holds
	minWords = 100
)

// Render puts a notice into words. Words of people that would make the mail
// too large are cut, in both parts alike.
func (s *Set) Render(v View) (Rendered, error) {
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

// Subject is the subject of the mail Render would make of the view.
func (s *Set) Subject(v View) (string, error) {
	notice, ok := s.words.Notices[v.Kind]
	if !ok {
		return "", fmt.Errorf("there is no notice %q", v.Kind)
	}
	subject, err := notice.Subject.fill(s.values(v))
	if err != nil {
		return "", fmt.Errorf("notice %s: %w", v.Kind, err)
	}
	return cleanLine(subject, maxSubject), nil
}

// maxSubject is where a subject is cut. Ours are all far shorter; what could
// grow without end is a desk's name or service in it.
const maxSubject = 200

// ActionWords are the words for an action where the desk does not choose its
// own.
type ActionWords struct {
	Link string      // name of its link
	Form ticket.Form // its blanks, as they travel in a mail
	Hint string      // what to do with the link, in one line; "" if that is plain
}

// Action returns the words for an action. Those of one the table of actions
// does not have are its own name.
func (s *Set) Action(a ticket.Action) ActionWords {
	words, ok := s.words.Actions[a]
	if !ok {
		return ActionWords{Link: string(a)}
	}
	form := ticket.Form{Name: string(a)}
	for _, b := range words.Blanks {
		form.Fields = append(form.Fields, ticket.Field{
			ID: b.ID, Label: s.plain(b.Label), Synonyms: b.Synonyms, Kind: b.Kind, Required: b.Required,
		})
	}
	return ActionWords{Link: s.plain(words.Link), Form: form, Hint: s.plain(words.Hint)}
}

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

// word is one of the layouts' words.
func (s *Set) word(key string) string { return s.plain(s.words.Words[key]) }

// plain are words in which no values stand but the desk's terms. Load made
// sure that filling them cannot fail.
func (s *Set) plain(p phrase) string {
	words, _ := p.fill(values{Terms: s.terms})
	return strings.TrimSpace(words)
}
