package store

import (
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// Reminder says when a desk must look at something again: at a ticket's
// clocks, at a task of its own that has a name (a daily digest), or at a named
// task on a ticket. Desk and at least one of Ticket and Name are set: together
// they are its owner, and an owner has one reminder at most.
type Reminder struct {
	Desk   string        `json:"desk"`
	Ticket ticket.Number `json:"ticket,omitempty"`
	Name   string        `json:"name,omitempty"`
	At     time.Time     `json:"at"`
}
