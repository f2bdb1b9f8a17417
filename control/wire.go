package control

import (
	"errors"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// What limits a conversation over the socket.
const (
	maxQuestion = 1 << 20   // bytes
	maxAnswer   = 256 << 20 // bytes
	maxConns    = 32        // connections at once; others wait
	maxBusy     = 4         // answers being made at once; others wait

	patience = time.Minute     // for an answer
	grace    = 5 * time.Second // for answers under way when the daemon stops
)

// The names of the operations, as they stand in the path.
const (
	opTickets = "tickets"
	opTicket  = "ticket"
	opJournal = "journal"
	opMail    = "mail"
	opQueue   = "queue"
	opRetry   = "retry"
	opAdvance = "advance"
)

func route(operation string) string { return "/v1/" + operation }

// What is asked and answered where it is more than one value.
type (
	ticketQuestion struct {
		Desk   string        `json:"desk"`
		Number ticket.Number `json:"number"`
	}
	ticketAnswer struct {
		Ticket ticket.Ticket  `json:"ticket"`
		Events []ticket.Event `json:"events"`
	}
	mailAnswer struct {
		Entry store.Entry `json:"entry"`
		Raw   []byte      `json:"raw"`
	}
)

// failure is an error on its way from the daemon to the command.
type failure struct {
	Message string `json:"error"`
	Code    string `json:"code"` // of the known error it wraps, or ""
}

// known are the errors a command may ask for with errors.Is.
var known = map[string]error{
	"not_found":     store.ErrNotFound,
	"no_test_clock": ErrNoTestClock,
}

func newFailure(err error) *failure {
	f := &failure{Message: err.Error()}
	for code, target := range known {
		if errors.Is(err, target) {
			f.Code = code
		}
	}
	return f
}

func (f *failure) Error() string { return f.Message }

func (f *failure) Unwrap() error { return known[f.Code] }
