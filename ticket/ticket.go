package ticket

import (
	"slices"
	"time"
)

// Ticket is what is known of a ticket after its latest event. It is only ever
// made by Apply, so that it equals the fold of its events.
type Ticket struct {
	Number    Number    `json:"number"`
	Desk      string    `json:"desk"`
	State     State     `json:"state"`
	Requester Person    `json:"requester"`
	Subject   string    `json:"subject"` // of the opening mail
	Service   string    `json:"service"`
	Fields    Values    `json:"fields,omitempty"` // of the opening form
	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`

	Assignee Address `json:"assignee,omitempty"`
	Question string  `json:"question,omitempty"` // the latest request for information
	Solution string  `json:"solution,omitempty"` // the latest
	Resolver Address `json:"resolver,omitempty"` // who reported it

	Path   []Stay `json:"path"`   // the states it went through
	Events int    `json:"events"` // how many there are; the latest has this Seq
	Head   string `json:"head"`   // hash of the latest event
}

// Person is somebody with an address and, where known, a name.
type Person struct {
	Address Address `json:"address"`
	Name    string  `json:"name,omitempty"`
}

// Stay is one stay of a ticket in a state, begun by an event that led there.
type Stay struct {
	Event  int    `json:"event"` // Seq of the event that began it
	Action Action `json:"action"`
	State  State  `json:"state"`
}

// allows tells whether the action may be taken in the ticket's state.
func (t Ticket) allows(a Action) bool {
	line, ok := a.Transition()
	return ok && slices.Contains(line.From, t.State)
}

// Stage identifies the stretch of the ticket's life during which an action
// has been possible and was not taken: the Seq of the event that began it, 0
// if the action is not possible now. Tokens are bound to it. So a link works
// once; it is worth nothing when the ticket comes back to the same state by a
// way round; and the links of an earlier mail still work as long as what they
// ask for stayed possible.
func (t Ticket) Stage(a Action) int {
	line, _ := a.Transition()
	stage := 0
	for _, stay := range slices.Backward(t.Path) {
		if !slices.Contains(line.From, stay.State) {
			break
		}
		stage = stay.Event
		if stay.Action == a {
			break
		}
	}
	return stage
}
