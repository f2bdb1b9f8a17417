package store

import (
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// Correspondent is what a desk remembers of an address, beside its tickets.
type Correspondent struct {
	Address       ticket.Address `json:"address"`
	Registered    ticket.Number  `json:"registered,omitempty"`    // the application under which it was registered; "": it is not
	Undeliverable time.Time      `json:"undeliverable,omitzero"`  // since when mail to it fails for good
	Reason        string         `json:"reason,omitempty"`        // why it fails, as we were told
	HeldOff       time.Time      `json:"held_off,omitzero"`       // until when nothing it sends is acted on
	HeldUnproven  bool           `json:"held_unproven,omitempty"` // but what it proves to have sent is
	Guesses       int            `json:"guesses,omitempty"`       // wrong tokens it sent
	GuessedAt     time.Time      `json:"guessed_at,omitzero"`     // the latest of them
}

// Blank tells whether nothing is remembered but the address.
func (c Correspondent) Blank() bool {
	return c.Registered == "" && c.Undeliverable.IsZero() && c.Reason == "" &&
		c.HeldOff.IsZero() && c.Guesses == 0 && c.GuessedAt.IsZero()
}
