package main

import (
	"fmt"
	"net/mail"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// guide is a desk as its pages tell it. What templates ask of it is in the
// words of the desk, or of the vocabulary.
type guide struct {
	Config config.Desk
	Desk   *mailflow.Desk
	say    vocabulary
	played *txtar.Archive // the scenario that plays its mails
}

// day is when the examples happen: the scenarios begin then.
var day = time.Date(2026, time.May, 4, 15, 0, 0, 0, time.UTC)

// open makes the desks of all presets.
func open(root string) ([]guide, error) {
	c, err := config.Load([]string{filepath.Join(root, "presets", "all.yaml")}, config.Options{})
	if err != nil {
		return nil, err
	}
	site, err := daemon.NewSite(c)
	if err != nil {
		return nil, err
	}
	say, err := readVocabulary()
	if err != nil {
		return nil, err
	}
	var guides []guide
	for i, desk := range site.Desks {
		g := guide{Config: c.Desks[i], Desk: desk, say: say}
		if g.played, err = scenario(root, desk.ID()); err != nil {
			return nil, err
		}
		guides = append(guides, g)
	}
	return guides, nil
}

// line is the desk's line of an action, and whether it uses that.
func (g guide) line(a ticket.Action) (ticket.Transition, bool) {
	line, used := g.Desk.Policy.Actions[a]
	return line, used && slices.Contains(g.Desk.Policy.Order, a)
}

// Link is the name of an action's link.
func (g guide) Link(a ticket.Action) string {
	if name := g.Desk.Links[a]; name != "" {
		return name
	}
	return g.Desk.Words.ActionOf(g.Desk.Policy.Actions[a]).Link
}

// Has tells whether the desk uses an action, or one of its kind.
func (g guide) Has(kind ticket.Action) bool {
	_, used := g.line(kind)
	return used || len(g.Desk.Policy.Kinds(kind)) > 0
}

// May tells whether a role may take an action.
func (g guide) May(role ticket.Role, a ticket.Action) bool {
	line, used := g.line(a)
	return used && slices.Contains(line.By, role)
}

// Takers are the roles that may take an action.
func (g guide) Takers(a ticket.Action) []string {
	return named(g.say.Roles, g.Desk.Policy.Actions[a].By)
}

// OneAddress tells whether one address opens and takes everything else.
func (g guide) OneAddress() bool { return g.Desk.Intake.Equal(g.Desk.Correspondence) }

// Number is that of the first ticket of the examples.
func (g guide) Number() ticket.Number {
	return g.Desk.Policy.Numbers.Number(day.In(g.Desk.Policy.Zone), 1)
}

// Mailto is a link that opens a ticket, or asks to be registered.
func (g guide) Mailto(a ticket.Action) string {
	subject := g.Desk.OpeningSubject
	if g.Desk.Policy.Actions[a].Is() == ticket.Register {
		subject = g.Desk.Registration
	}
	return g.Desk.Words.Mailto(templates.Link{
		Address: string(g.Desk.Intake), Subject: subject, Form: g.Desk.Policy.Actions[a].Form, Hint: g.Desk.Words.Action(a).Hint,
	})
}

// Mail is a mail of the desk's scenario as somebody would copy it.
func (g guide) Mail(name string) (string, error) {
	text, err := fileOf(g.played, name)
	if err != nil {
		return "", fmt.Errorf("scenario of the guide: %w", err)
	}
	m, err := mail.ReadMessage(strings.NewReader(text + "\n"))
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	_, body, _ := strings.Cut(text, "\n\n")
	head := fmt.Sprintf("%s: %s\n%s: %s", g.say.Words["to"], m.Header.Get("To"), g.say.Words["subject"], m.Header.Get("Subject"))
	return strings.TrimSpace(head + "\n\n" + body), nil
}
