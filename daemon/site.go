package daemon

import (
	"io/fs"
	"os"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/keys"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// newSite makes the desks of a configuration.
func newSite(c *config.Config, ring keys.Ring) (mailflow.Site, error) {
	site := mailflow.Site{
		Hostname: c.Hostname,
		Judge:    authn.Judge{Trusted: c.Trusted},
		// Base 64 makes three octets four, and the words need room: what we
		// take ourselves is what other servers may be expected to take.
		AttachmentBytes: int64(c.Limits.MessageSize) * 7 / 10,
	}
	for _, desk := range c.Desks {
		d, err := newDesk(desk, ring.Desk(desk.ID))
		if err != nil {
			return site, err
		}
		site.Desks = append(site.Desks, d)
	}
	return site, nil
}

// NewSite makes the desks of a configuration for reading mails without a
// running daemon: their links are worth nothing.
func NewSite(c *config.Config) (mailflow.Site, error) {
	return newSite(c, keys.Ring{})
}

func newDesk(c config.Desk, key ticket.Key) (*mailflow.Desk, error) {
	words, err := loadWords(c)
	if err != nil {
		return nil, c.Fault("words", err)
	}
	forms := map[ticket.Action]ticket.Form{}
	for _, line := range ticket.Table {
		forms[line.Action] = words.Action(line.Action).Form
	}
	policy, err := c.Policy(key, forms)
	if err != nil {
		return nil, err
	}
	names := map[ticket.Address]string{}
	for _, p := range c.People {
		names[p.Address] = p.Name
	}
	d, err := mailflow.NewDesk(mailflow.DeskOptions{
		Policy: policy, Name: c.Name, SenderName: c.SenderName, Signature: c.Signature, Language: c.Language,
		Intake: c.Intake, Correspondence: c.Correspondence, OpeningSubject: c.Opening.Subject,
		GatewayTags: c.GatewayTags, Links: c.Links(), Names: names, Words: words,
	})
	if err != nil {
		return nil, c.Fault("actions", err)
	}
	return d, nil
}

// loadWords are the locale's words with the desk's own over them.
func loadWords(c config.Desk) (*templates.Set, error) {
	var overrides []fs.FS
	if c.Words != "" {
		overrides = append(overrides, os.DirFS(c.Words))
	}
	return templates.Load(c.Language, overrides...)
}
