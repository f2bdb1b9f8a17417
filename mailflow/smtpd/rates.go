package smtpd

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// Rates bound what one network, an IPv4 address or an IPv6 /64, may do. What it
// has done drains evenly, the bound within an hour: so that much may come at
// once, and as much again in the course of the next hour. Zero is no bound.
// They do not hold for peers of Options.Exempt, Proxies and Fronts. The counts
// are kept in memory, for the 20,000 networks seen last.
type Rates struct {
	Mails             int   // begun, by MAIL; above: 450 4.7.1
	RefusedRecipients int   // refused for good, 550 and above; then 421 4.7.0, also instead of the greeting
	BadCommands       int   // answered with 500 to 504; then 421 4.7.0, also instead of the greeting
	Bytes             int64 // of mails received, whether taken or not; then 450 4.7.1 to MAIL
}

// quantity is one of the things counted.
type quantity int

const (
	mails quantity = iota
	refusedRecipients
	badCommands
	mailBytes
	quantities
)

// maxNetworks bounds the memory, some 5 MB. Above it the network not seen for
// longest is forgotten.
const maxNetworks = 20_000

// rates keeps the counts.
type rates struct {
	bounds [quantities]float64 // per hour; 0: none

	mu     sync.Mutex
	latest *list.List // of *tally, the one seen last in front
	of     map[netip.Prefix]*list.Element
}

// tally is what one network has done and has not drained by the time at.
type tally struct {
	network netip.Prefix
	level   [quantities]float64
	at      time.Time
}

func newRates(r Rates) *rates {
	return &rates{
		bounds: [quantities]float64{float64(r.Mails), float64(r.RefusedRecipients), float64(r.BadCommands), float64(r.Bytes)},
		latest: list.New(),
		of:     map[netip.Prefix]*list.Element{},
	}
}

// count adds n to what the network has done.
func (r *rates) count(own netip.Prefix, q quantity, n int64, now time.Time) {
	if r.bounds[q] == 0 || n == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tally(own, now).level[q] += float64(n)
}

// room says whether the network may do one more.
func (r *rates) room(own netip.Prefix, q quantity, now time.Time) bool {
	if r.bounds[q] == 0 {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	found, ok := r.of[own]
	return !ok || r.drain(found.Value.(*tally), now).level[q]+1 <= r.bounds[q]
}

// tally finds a network's, or begins it.
func (r *rates) tally(own netip.Prefix, now time.Time) *tally {
	if found, ok := r.of[own]; ok {
		r.latest.MoveToFront(found)
		return r.drain(found.Value.(*tally), now)
	}
	t := &tally{network: own, at: now}
	r.of[own] = r.latest.PushFront(t)
	if r.latest.Len() > maxNetworks {
		forgotten := r.latest.Remove(r.latest.Back()).(*tally)
		delete(r.of, forgotten.network)
	}
	return t
}

// drain lets time pass for a tally; a clock set back lets none.
func (r *rates) drain(t *tally, now time.Time) *tally {
	passed := max(0, now.Sub(t.at).Hours())
	for q := range t.level {
		t.level[q] = max(0, t.level[q]-passed*r.bounds[q])
	}
	t.at = now
	return t
}

// spent counts what the peer has done, unless no bound holds for it.
func (g *guard) spent(q quantity, n int64) {
	s := g.door.server
	if own, ok := network(g.remote); ok && s.opt.stranger(g.remote) {
		s.rates.count(own, q, n, s.opt.Now())
	}
}

// may says whether the peer may do one more.
func (g *guard) may(q quantity) bool {
	s := g.door.server
	own, ok := network(g.remote)
	return !ok || !s.opt.stranger(g.remote) || s.rates.room(own, q, s.opt.Now())
}

// overdrawn is the reply to end with when the peer's network has been refused
// too much, whichever connection it came by.
func (g *guard) overdrawn() string {
	switch {
	case !g.may(refusedRecipients):
		return replyManyUnknown
	case !g.may(badCommands):
		return replyManyBad
	}
	return ""
}

// judgeReply counts what a reply refuses for good.
func (g *guard) judgeReply(code int) {
	switch {
	case code >= 500 && code <= 504:
		g.spent(badCommands, 1)
	case code >= 550 && g.command.verb == "RCPT":
		g.spent(refusedRecipients, 1)
	}
}

// beginWithin counts a mail that begins, if there is room for it.
func (g *guard) beginWithin() error {
	switch {
	case !g.may(mailBytes):
		return errManyBytes
	case !g.may(mails):
		return errManyMails
	}
	g.spent(mails, 1)
	return nil
}
