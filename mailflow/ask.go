package mailflow

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// resolveQuery answers what somebody asks, if they may. What is not theirs to
// ask is met with what is.
func (h *hearing) resolveQuery() (step, error) {
	asked := step{answer: &answer{kind: h.order.Query.kind(), body: store.Answer{Values: h.desk.sought(h.order.Query, h.order.Values)}}}
	if h.order.Query == QueryShow {
		t, theirs, err := h.find(h.order.Number)
		if err != nil || !theirs {
			return help, err
		}
		h.ticket, h.named, asked.ticket, asked.answer.number = t, t.Number, t, t.Number
		return asked, nil
	}
	if !h.desk.mayAsk(h.policy(), h.order.Query, h.author()) {
		return help, nil
	}
	return asked, nil
}

// mayAsk tells whether somebody may ask a query of the desk.
func (d *Desk) mayAsk(p ticket.Policy, q Query, who ticket.Address) bool {
	o, offered := d.query(q)
	return offered && (len(o.By) == 0 || slices.ContainsFunc(o.By, func(role ticket.Role) bool {
		return role == ticket.RoleRequester || p.Member(who, role)
	}))
}

// asks are the queries somebody may ask, in the desk's order.
func (d *Desk) asks(p ticket.Policy, who ticket.Address) []Query {
	var list []Query
	for _, o := range d.Queries {
		if d.mayAsk(p, o.Query, who) {
			list = append(list, o.Query)
		}
	}
	return list
}

// remindDigests sets the next time of digests that have none yet.
func (r *Mailroom) remindDigests(tx store.Tx, d *Desk) error {
	for _, digest := range d.Digests {
		_, err := tx.Reminder(d.ID(), "", digest.Name)
		if errors.Is(err, store.ErrNotFound) {
			err = tx.Remind(store.Reminder{Desk: d.ID(), Name: digest.Name, At: digest.Next(r.clock.Now())})
		}
		if err != nil {
			return fmt.Errorf("digest %s: %w", digest.Name, err)
		}
	}
	return nil
}

// sendDigest sends what is due and sets when it is due next. Of several that a
// sleeping daemon missed only one is sent, and none that was sent since somebody
// saw it was due.
func (r *Mailroom) sendDigest(tx store.Tx, d *Desk, due store.Reminder, now time.Time) error {
	set, err := tx.Reminder(d.ID(), "", due.Name)
	if errors.Is(err, store.ErrNotFound) || err == nil && set.At.After(now) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("digest %s: %w", due.Name, err)
	}
	i := slices.IndexFunc(d.Digests, func(digest Digest) bool { return digest.Name == due.Name })
	if i < 0 {
		return tx.Remind(store.Reminder{Desk: d.ID(), Name: due.Name})
	}
	digest := d.Digests[i]
	period := digest.period(digest.latest(set.At, now).In(d.Policy.Zone))
	for _, to := range digest.To {
		reached, err := reachable(tx, d, to)
		if err != nil {
			return err
		}
		if !reached {
			continue
		}
		if err := r.tell(tx, d, digest.Query.kind(), to, "", 0, store.Answer{Values: period}); err != nil {
			return err
		}
	}
	return tx.Remind(store.Reminder{Desk: d.ID(), Name: due.Name, At: digest.Next(now)})
}
