// Package ticket is the domain of cauce: what a ticket is, what may happen to
// it, who may ask for that and who is told. It is pure. Nothing here reads a
// clock, a disk, the network or a random source; what such things know comes
// in as arguments. The same arguments always give the same answer.
//
// Data flows one way:
//
//	Decide(ticket, request, policy, now) → events + notices, or a *Refusal
//	Apply(ticket, event)                 → the ticket after it
//
// A ticket is the fold of its events and nothing else: see Replay. The table of
// actions (Table) says from which states an action may be taken, where it
// leads, and who is told; a desk's Policy says who may take it, which proof of
// identity it demands and which blanks its mail has.
package ticket

//go:generate go run ../internal/gen/states ../docs/states.md
