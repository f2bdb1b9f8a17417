package deliver

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// destinations keep us from being a burden to those we write to: few
// connections to one domain at a time, and none for a while to one that nobody
// answered for.
type destinations struct {
	limit int           // connections at a time to one domain
	wait  time.Duration // real time, for one of them to come free
	hold  time.Duration
	clock Clock

	mu    sync.Mutex
	gates map[string]*gate
}

// gate is the way to one domain.
type gate struct {
	slots  chan struct{}
	users  int // in it or before it
	until  time.Time
	reason string // of the hold
}

// enter returns when there is room. The caller must then call leave, with the
// reason if the domain is to be held. What waits too long makes room for mails
// to others: it is told to come again.
func (d *destinations) enter(ctx context.Context, domain string) (leave func(hold string), err error) {
	g := d.join(domain)
	leave = func(hold string) {
		<-g.slots
		d.part(g, hold)
	}
	full := time.NewTimer(d.wait)
	defer full.Stop()
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		err = ctx.Err()
	case <-full.C:
		err = &Failure{Text: fmt.Sprintf("%s has %d mails on their way to it already", domain, d.limit)}
	}
	if err != nil {
		d.part(g, "")
		return nil, err
	}
	if err := d.held(domain, g); err != nil {
		leave("")
		return nil, err
	}
	return leave, nil
}

// join forgets the gates that nobody needs any more; so there are never more
// than there are mails in flight and domains held.
func (d *destinations) join(domain string) *gate {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Now()
	for name, g := range d.gates {
		if g.users == 0 && !now.Before(g.until) {
			delete(d.gates, name)
		}
	}
	g := d.gates[domain]
	if g == nil {
		g = &gate{slots: make(chan struct{}, d.limit)}
		d.gates[domain] = g
	}
	g.users++
	return g
}

func (d *destinations) part(g *gate, hold string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	g.users--
	if hold != "" {
		g.until, g.reason = d.clock.Now().Add(d.hold), hold
	}
}

func (d *destinations) held(domain string, g *gate) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.clock.Now().Before(g.until) {
		return nil
	}
	return &Failure{Text: oneLine(domain + " is left alone for a moment: " + g.reason)}
}
