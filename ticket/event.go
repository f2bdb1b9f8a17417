package ticket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Event is one thing that happened to a ticket. Events are never changed;
// each carries the hash of the one before it.
type Event struct {
	Seq       int       `json:"seq"` // from 1, without gaps
	Ticket    Number    `json:"ticket"`
	Desk      string    `json:"desk"`
	Action    Action    `json:"action"`
	Kind      Action    `json:"kind,omitempty"` // the action of the common table that it is, where that has another name
	State     State     `json:"state"`          // after the event
	At        time.Time `json:"at"`             // UTC
	Actor     Person    `json:"actor"`
	Role      Role      `json:"role"` // in which the actor acted
	Assurance Assurance `json:"assurance"`
	Mail      string    `json:"mail,omitempty"`       // journal entry of the mail that asked for it
	MessageID string    `json:"message_id,omitempty"` // of that mail

	Content     Content `json:"content"`
	ContentHash string  `json:"content_hash"` // stays when content is purged
	Prev        string  `json:"prev"`
	Hash        string  `json:"hash"`
}

// Content is what people wrote and sent: the part of an event that retention
// rules may remove.
type Content struct {
	Subject     string       `json:"subject,omitempty"` // of an opening
	Service     string       `json:"service,omitempty"` // of an opening
	Fields      Values       `json:"fields,omitempty"`  // the blanks of the action's form
	Text        string       `json:"text,omitempty"`    // of a reply, or the long text of an action's form
	Assignee    Address      `json:"assignee,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`

	// What an action sets of the ticket; zero leaves it as it is.
	Queue     string    `json:"queue,omitempty"`
	Priority  string    `json:"priority,omitempty"`
	Requester *Person   `json:"requester,omitempty"` // on whose behalf
	Contact   Values    `json:"contact,omitempty"`
	Watchers  []Address `json:"watchers,omitempty"`
	Missing   []Problem `json:"missing,omitempty"` // what the form lacks still
	Agreed    time.Time `json:"agreed,omitzero"`   // the date
	Began     time.Time `json:"began,omitzero"`
	Involves  Role      `json:"involves,omitempty"`
	Level     int       `json:"level,omitempty"`    // of the superiors called
	Main      Number    `json:"main,omitempty"`     // the ticket it follows or goes on under
	Follower  Number    `json:"follower,omitempty"` // the ticket that follows this one from now on
	Joins     []Person  `json:"joins,omitempty"`    // its requesters, or whom an application registers: this ticket's now

	// Alarm says what of a clock the event is, where it is.
	Alarm *Alarm `json:"alarm,omitempty"`
	// Notice is the kind of notice that arrived, or came back.
	Notice string `json:"notice,omitempty"`
}

// Is is the action of the common table that the event is.
func (e Event) Is() Action {
	if e.Kind != "" {
		return e.Kind
	}
	return e.Action
}

// Files are the attachments of the event, each with the mail that it came with.
func (e Event) Files() []Attachment {
	files := slices.Clone(e.Content.Attachments)
	for i := range files {
		if files[i].Mail == "" {
			files[i].Mail = e.Mail
		}
	}
	return files
}

// Attachment says which file came with an event's mail. The bytes stay in the
// raw mail; Index counts the mail's attachments from 0.
type Attachment struct {
	Mail  string `json:"mail,omitempty"` // journal entry of the mail, where it is another than the event's
	Index int    `json:"index"`
	Name  string `json:"name"`
	Type  string `json:"type"`
	Size  int    `json:"size"`
}

// sealed returns the event with its hashes set, following prev. It goes through
// JSON first, so that what is hashed is what will be read back: JSON knows no
// invalid UTF-8, for one.
func (e Event) sealed(prev string) Event {
	var kept Event
	if err := json.Unmarshal(encode(e), &kept); err != nil {
		panic(fmt.Sprintf("ticket: an event cannot be read back: %v", err)) // only plain fields: cannot happen
	}
	e = kept
	e.Prev = prev
	e.ContentHash = digest(e.Content)
	e.Hash = e.digest()
	return e
}

// digest covers everything but the content itself, for which its hash stands.
func (e Event) digest() string {
	e.Content, e.Hash = Content{}, ""
	return digest(e)
}

func digest(v any) string {
	sum := sha256.Sum256(encode(v))
	return hex.EncodeToString(sum[:])
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("ticket: %T cannot be written as JSON: %v", v, err)) // only plain fields: cannot happen
	}
	return b
}

// Verify checks the chain of a ticket's events: numbered without gaps, each
// with the hash of the one before, none altered. It returns the first fault.
func Verify(events []Event) error {
	prev := ""
	for i, e := range events {
		switch {
		case e.Seq != i+1:
			return fmt.Errorf("event %d of %s: numbered %d", i+1, e.Ticket, e.Seq)
		case e.Prev != prev:
			return fmt.Errorf("event %d of %s: does not follow the event before it", e.Seq, e.Ticket)
		case digest(e.Content) != e.ContentHash:
			return fmt.Errorf("event %d of %s: its content was altered", e.Seq, e.Ticket)
		case e.digest() != e.Hash:
			return fmt.Errorf("event %d of %s: it was altered", e.Seq, e.Ticket)
		}
		prev = e.Hash
	}
	return nil
}
