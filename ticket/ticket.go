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
	Fields    Values    `json:"fields,omitempty"` // of the opening form and of the classification
	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`

	Queue     string    `json:"queue,omitempty"`     // the department; "": that of the service
	Priority  string    `json:"priority,omitempty"`  // as the desk names it
	Due       time.Time `json:"due,omitzero"`        // the agreed date
	Began     time.Time `json:"began,omitzero"`      // when the failure is said to have begun
	Missing   []Problem `json:"missing,omitempty"`   // what its opening lacks still
	Contact   Values    `json:"contact,omitempty"`   // what the desk knew of the requester when it was opened
	Watchers  []Address `json:"watchers,omitempty"`  // who was copied on the opening
	Involved  []Role    `json:"involved,omitempty"`  // roles brought in
	Level     int       `json:"level,omitempty"`     // the highest level of superiors called, from 1
	Called    int       `json:"called,omitempty"`    // the level called last
	Main      Number    `json:"main,omitempty"`      // the ticket this one follows
	Followers []Number  `json:"followers,omitempty"` // those that follow this one
	Joined    []Person  `json:"joined,omitempty"`    // the requesters of those merged into this one; whom an application registers
	Merged    Number    `json:"merged,omitempty"`    // under which number this one goes on

	Assignee Address `json:"assignee,omitempty"`
	Question string  `json:"question,omitempty"` // the latest request for information
	Solution string  `json:"solution,omitempty"` // the latest
	Resolver Address `json:"resolver,omitempty"` // who reported it

	Path   []Stay `json:"path"`   // the states it went through
	Events int    `json:"events"` // how many there are; the latest has this Seq
	Head   string `json:"head"`   // hash of the latest event
}

// Stay is one stay of a ticket in a state, begun by an event that led there.
type Stay struct {
	Event  int    `json:"event"` // Seq of the event that began it
	Action Action `json:"action"`
	State  State  `json:"state"`
}
