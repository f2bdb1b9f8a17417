package mailflow

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/store"
)

func newTestRoom(t *testing.T, kept store.Store) *Mailroom {
	t.Helper()
	r := New(Options{Store: kept, Clock: NewTestClock(time.Unix(1507537438, 0)), Logger: slog.New(slog.DiscardHandler), Wake: func() {}, Lease: 100 * 365 * 24 * time.Hour})
	r.Reload(Site{Hostname: "cauce.dgt.example", Desks: []*Desk{newTestDesk(t, "dgt"), newTestDesk(t, "pnt")},
		Judge: authn.Judge{Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	return r
}

func TestRecipient(t *testing.T) {
	r := newTestRoom(t, nil)
	path := r.site.Load().Desks[1].returnPath(toAna.ID)
	for to, code := range map[string]int{
		"abrir@dgt.example": 250, "SOPORTE@DGT.EXAMPLE": 250, "soporte@pnt.example": 250, path: 250,
		"postmaster@dgt.example": 250, "Abuse@pnt.example": 250, "Postmaster@cauce.dgt.example": 250,
		"nadie@dgt.example": 550, "abrir@otra.example": 550, "postmaster@otra.example": 550, "abrir@cauce.dgt.example": 550,
		"abrir%otra.example@dgt.example": 550, "b+" + path: 550, "ana@ayuntamiento.example": 550,
		"abrir": 501, "": 501, "a b@dgt.example": 501,
	} {
		got := 250
		var refused *smtpd.Refused
		if err := r.Recipient(t.Context(), "", to); errors.As(err, &refused) {
			got = refused.Code
		} else if err != nil {
			t.Fatal(err)
		}
		if got != code {
			t.Errorf("%q: %d, not %d", to, got, code)
		}
	}
}

// brokenStore is a disk that is full, for staging or for keeping.
type brokenStore struct {
	store.Store
	staging, keeping error
}

func (b brokenStore) Stage(context.Context, []byte) (store.Blob, error) {
	return store.Blob{}, b.staging
}

func (b brokenStore) Update(context.Context, func(store.Tx) error) error { return b.keeping }

func TestFailureIsNoRefusal(t *testing.T) {
	full := errors.New("no space left on device")
	for _, kept := range []store.Store{brokenStore{staging: full}, brokenStore{keeping: full}} {
		_, err := newTestRoom(t, kept).Deliver(t.Context(), &smtpd.Envelope{Remote: netip.MustParseAddr("127.0.0.1"),
			From: "ana@ayuntamiento.example", To: []string{"abrir@dgt.example"}, Content: smtpd.Inline("From: ana@ayuntamiento.example\r\n\r\n")})
		var refused *smtpd.Refused
		if !errors.Is(err, full) || errors.As(err, &refused) {
			t.Errorf("the disk is full, and the mail meets %v", err)
		}
	}
}

// A desk may go with a reload between RCPT and the end of the mail.
func TestDeskGoneIsARefusal(t *testing.T) {
	_, err := newTestRoom(t, brokenStore{}).Deliver(t.Context(), &smtpd.Envelope{Remote: netip.MustParseAddr("127.0.0.1"),
		From: "ana@ayuntamiento.example", To: []string{"abrir@otra.example"}, Content: smtpd.Inline("From: ana@ayuntamiento.example\r\n\r\n")})
	var refused *smtpd.Refused
	if !errors.As(err, &refused) || refused.Code != 550 {
		t.Errorf("it meets %v", err)
	}
}
