package ticket

import "time"

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
