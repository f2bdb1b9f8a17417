// Package control is the operator's door: what whoever administers the machine
// may see and do there. The store can be open in one process only, so while
// the daemon runs the commands ask it over a unix socket, control.sock in the
// data folder; when it does not, they open the store themselves. Operations is
// what they may ask, Local answers it from an open store, Serve lets others
// ask it over the socket, and Client asks.
//
// Who may open the socket may do everything, so it is made with mode 0600, in
// a private folder (.control) from which it is moved to its place: no moment
// passes in which others could connect. A data folder that everybody may write
// to is refused, for anybody could put a socket of their own there. A socket
// file left behind by a daemon that was killed is replaced.
//
// A question is a POST of one JSON value to /v1/<operation>, its answer one
// JSON value. Questions, answers, time and the number of either at once are
// bounded. On failure nothing was changed, except where the connection broke
// off after Retry or Advance had been asked: then it may have been done.
package control

import (
	"context"
	"errors"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

var (
	// ErrNoDaemon is returned when nobody listens on the control socket.
	ErrNoDaemon = errors.New("no daemon is running")
	// ErrNoTestClock is returned by Advance where time cannot be moved.
	ErrNoTestClock = errors.New("there is no test clock: only a daemon started with serve --test-clock TIME has one")
)

// Operations is everything the commands may ask. What is not kept is an error
// that wraps store.ErrNotFound. Lists are newest first and never nil.
type Operations interface {
	// Tickets lists a desk's tickets; all desks' if desk is "".
	Tickets(ctx context.Context, desk string) ([]ticket.Ticket, error)
	// Ticket returns a ticket and its events in order. The case of the
	// number's letters does not matter. If desk is "" all are searched, and
	// a number that several have given out is an error that names them.
	Ticket(ctx context.Context, desk string, number ticket.Number) (ticket.Ticket, []ticket.Event, error)
	// Journal lists the mails that came.
	Journal(ctx context.Context, f store.JournalFilter) ([]store.Entry, error)
	// Mail returns a journal entry and its mail, nil if it was refused
	// before it was read.
	Mail(ctx context.Context, id string) (store.Entry, []byte, error)
	// Queue lists the notices that did not go out yet or could not; with all
	// also those that went out.
	Queue(ctx context.Context, all bool) ([]store.Notice, error)
	// Retry makes notices due at once that failed or wait for another
	// attempt, all of them if no ids are given, and returns how many. One
	// that is being sent or was delivered is an error, and then none is
	// changed. A notice older than the patience of delivery gets one attempt.
	Retry(ctx context.Context, ids []string) (int, error)
	// Advance moves the test clock on and returns its new time:
	// ErrNoTestClock if there is none.
	Advance(ctx context.Context, d time.Duration) (time.Time, error)
}
