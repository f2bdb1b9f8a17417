package mailflow

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Site is everything a reload may change.
type Site struct {
	Hostname string // whose role mailboxes are ours too
	Desks    []*Desk
	Judge    authn.Judge
	Filter   Filter // nil: there are no milters
	Signer   Signer // nil: nothing is signed
	Limits   Limits
	// AttachmentBytes is how much a notice carries of a mail's files, in
	// all; what does not fit is named.
	AttachmentBytes int64
}

// Signer signs a mail in the name of a domain, if it has a key for it:
// compose.Signer.
type Signer interface {
	Sign(raw []byte, domain string) ([]byte, error)
}

// Limits bound what one sender may cost us; zero is the default.
type Limits struct {
	AnswersPerHour  int // answers that change nothing, 20
	OpeningsPerHour int // openings nobody vouches for, 10
	OpeningsPerDay  int // openings of any kind, 50
}

// Mailroom is where the desks of a daemon get and send their mail. It is safe
// for concurrent use.
type Mailroom struct {
	store store.Store
	clock Clock
	log   *slog.Logger
	wake  func()        // tells the courier that there is something to send
	due   chan struct{} // tells the keeper of the clocks that there is something to come
	ids   *ids
	lease time.Duration
	site  atomic.Pointer[Site]
	stale atomic.Bool // the rules changed since the clocks were wound up

	answers  *budget // answers that change nothing, by author
	unproven *budget // openings nobody vouches for, by alleged author
	openings *budget // all openings, by author
	acts     *budget // changes of tickets, by author
	faults   *budget // mails about words that fail, by kind of notice
	alarms   *budget // mails to administrators about strangers, by what happened
}

// What one address may cost us: far above what a person needs, far below what
// hurts one whose address is misused.
const (
	answersAnHour  = 20
	unprovenAnHour = 10
	unprovenInAll  = 100 // at a desk, in whoever's name
	openingsADay   = 50
)

// Options are what a mailroom works with. Wake must not block.
type Options struct {
	Store  store.Store
	Clock  Clock
	Logger *slog.Logger
	Wake   func()
	// Lease is DefaultLease if zero. With a clock that is moved by hand it
	// must be longer than any leap: hours pass while a mail is being sent,
	// which must not be sent twice for that.
	Lease time.Duration
}

// New makes a mailroom; Reload must be called once before it is used.
func New(opt Options) *Mailroom {
	return &Mailroom{store: opt.Store, clock: opt.Clock, log: opt.Logger, wake: opt.Wake, due: make(chan struct{}, 1), ids: newIDs(),
		lease:   cmp.Or(opt.Lease, DefaultLease),
		answers: newBudget(time.Hour), unproven: newBudget(time.Hour), openings: newBudget(24 * time.Hour), acts: newBudget(time.Hour),
		faults: newBudget(time.Hour), alarms: newBudget(time.Hour)}
}

// Reload replaces the site, at once and as a whole. Mails in hand go on with
// the old one.
func (r *Mailroom) Reload(s Site) {
	r.site.Store(&s)
	r.stale.Store(true)
	r.poke()
}

// desk finds a desk by its ID; nil if the site has it no more.
func (s *Site) desk(id string) *Desk {
	for _, d := range s.Desks {
		if d.ID() == id {
			return d
		}
	}
	return nil
}

// ours tells whether an address is one of the site's own: what comes from
// there is our own mail come back.
func (s *Site) ours(a ticket.Address) bool {
	for _, d := range s.Desks {
		if d.owns(a) || d.isRoleAddress(a) {
			return true
		}
	}
	return false
}

// ids makes identifiers that sort by time and never repeat.
type ids struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
}

func newIDs() *ids { return &ids{entropy: ulid.Monotonic(rand.Reader, 0)} }

func (i *ids) next(now time.Time) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return ulid.MustNew(ulid.Timestamp(now), i.entropy).String()
}
