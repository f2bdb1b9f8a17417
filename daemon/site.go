package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/keys"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// newSite makes the desks of a configuration, with the given secrets.
func newSite(c *config.Config, ring keys.Ring, now time.Time) (mailflow.Site, error) {
	site := mailflow.Site{
		Hostname: c.Hostname,
		Judge:    authn.Judge{Trusted: c.Trusted},
		// Base 64 makes three octets four, and the words need room: what we
		// take ourselves is what other servers may be expected to take.
		AttachmentBytes: int64(c.Limits.MessageSize) * 7 / 10,
		Limits: mailflow.Limits{
			AnswersPerHour: c.Limits.AnswersPerHour, OpeningsPerHour: c.Limits.OpeningsPerHour, OpeningsPerDay: c.Limits.OpeningsPerDay,
		},
	}
	var err error
	site.Desks, err = newDesks(c.Desks, ring, now)
	return site, err
}

// newDesks makes the desks side by side, for trying all their words takes time.
func newDesks(list []config.Desk, ring keys.Ring, now time.Time) ([]*mailflow.Desk, error) {
	desks, errs := make([]*mailflow.Desk, len(list)), make([]error, len(list))
	var all sync.WaitGroup
	for i, c := range list {
		all.Go(func() { desks[i], errs[i] = newDesk(c, ring.Desk(c.ID), ring.Earlier(c.ID, now)) })
	}
	all.Wait()
	return desks, errors.Join(errs...)
}

// site makes what a reload may change, reading the secrets anew; it makes none.
func (d *Daemon) site(c *config.Config) (mailflow.Site, error) {
	ring, err := keys.Read(keyFile(c))
	if err != nil {
		return mailflow.Site{}, err
	}
	site, err := newSite(c, ring, d.clock.Now())
	if err != nil {
		return site, err
	}
	if site.Judge, err = d.judge(c); err != nil {
		return site, err
	}
	if site.Filter, err = filters(c); err != nil {
		return site, err
	}
	site.Signer, err = signer(c)
	return site, err
}

// NewSite makes the desks of a configuration for reading mails without a
// running daemon: their links are worth nothing.
func NewSite(c *config.Config) (mailflow.Site, error) {
	return newSite(c, keys.Ring{}, time.Time{})
}

func newDesk(c config.Desk, key ticket.Key, earlier []ticket.Key) (*mailflow.Desk, error) {
	words, err := loadWords(c)
	if err != nil {
		return nil, err
	}
	policy, err := c.Policy(key, forms(words))
	if err != nil {
		return nil, err
	}
	policy.Earlier = earlier
	options := mailflow.DeskOptions{
		Policy: policy, Name: c.Name, SenderName: c.SenderName, Signature: c.Signature, Language: c.Language,
		Intake: c.Intake, Correspondence: c.Correspondence, OpeningSubject: c.Opening.Subject, AnySubject: c.Opening.AnySubject,
		GatewayTags: c.GatewayTags, Links: c.Links(), Aliases: c.Aliases(), Contacts: c.Contacts(),
		ClockLabels: c.ClockLabels(), Priorities: names(c.Priorities), Queries: queries(c), Digests: digests(c, policy), Words: words,
		Names: map[ticket.Address]string{},
	}
	for _, p := range c.People {
		options.Names[p.Address] = p.Name
	}
	if application, any := c.Registration(); any {
		options.Registration = application.Subject
	}
	d, err := mailflow.NewDesk(options)
	if err != nil {
		return nil, c.Fault("actions", err)
	}
	return d, nil
}

// forms are the blanks of the common table's actions, in the desk's words.
func forms(words *templates.Set) map[ticket.Action]ticket.Form {
	all := map[ticket.Action]ticket.Form{}
	for _, line := range ticket.Table {
		all[line.Action] = words.Action(line.Action).Form
	}
	return all
}

func names(priorities []config.Priority) []string {
	var list []string
	for _, p := range priorities {
		list = append(list, p.Name)
	}
	return list
}

func queries(c config.Desk) []mailflow.QueryOptions {
	var list []mailflow.QueryOptions
	for _, q := range c.Queries {
		list = append(list, mailflow.QueryOptions{Query: mailflow.Query(q.Query), Link: q.Link, By: q.By})
	}
	return list
}

// digests are the desk's, each named by its place: when one changes, it is
// another.
func digests(c config.Desk, p ticket.Policy) []mailflow.Digest {
	var list []mailflow.Digest
	for i, d := range c.Digests {
		list = append(list, mailflow.Digest{
			Name:  fmt.Sprintf("digest %d %s %s %s %s", i+1, d.Query, d.Every, d.Weekday, d.At),
			Query: mailflow.Query(d.Query), To: d.To,
			Next: func(after time.Time) time.Time { return d.Next(after, p.Zone) }, Days: d.Days(),
		})
	}
	return list
}

// loadWords are the locale's words with the desk's own over them: those of its
// folder, those in the configuration, and its names of states.
func loadWords(c config.Desk) (*templates.Set, error) {
	key := "wording"
	var overrides []fs.FS
	if c.Words != "" {
		key, overrides = "words", append(overrides, os.DirFS(c.Words))
	}
	if own := c.Wording(); own != nil {
		key, overrides = "wording", append(overrides, templates.Inline("wording", own))
	}
	states, err := yaml.Marshal(map[string]any{"states": c.StateNames()})
	if err != nil {
		return nil, fmt.Errorf("desk %s: names of states: %w", c.ID, err)
	}
	words, err := templates.Load(c.Language, append(overrides, templates.Inline("states", states))...)
	if err == nil {
		err = words.CheckActions(own(c)...)
	}
	if err != nil {
		return nil, c.Fault(key, err)
	}
	return words, nil
}

// own are the names of the desk's own actions.
func own(c config.Desk) []ticket.Action {
	var list []ticket.Action
	for _, a := range c.Actions {
		list = append(list, a.Action)
	}
	return list
}
