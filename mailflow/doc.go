// Package mailflow is the way of a mail through the daemon: from the bytes a
// peer gave us to what is kept, and from what is kept to the bytes we give a
// peer. Each step has a file:
//
//	receive.go      the server's questions: is this address ours, take this mail
//	read.go         Message + address → Order: what the mail asks for, from its own words
//	resolve.go      Order + ticket → Request, or an Answer that changes nothing
//	ask.go          Order → the answer to a query
//	act.go          the one door: decide, append, queue notices, in one transaction
//	consequence.go  what an action leads to beyond its own ticket
//	keeper.go       what the clocks ask for
//	notice.go       a queued notice → View → rendered mail
//	links.go        what the addressee of a mail may do next
//	findings.go     what answers a query
//	outbox.go       the outbox as the courier sees it
//	clock.go        the time, real or moved by hand
//
// A mailroom owns no goroutines; the SMTP servers, the courier and the keeper of
// the clocks call it. An error that is not a refusal means nothing was kept, and
// the mail is to be sent again: the server answers 4xx.
package mailflow
