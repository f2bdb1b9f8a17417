// Package authn says who a mail is from, and how sure that is. Its verdict is
// about the sender alone; whether it is enough for what the mail asks is for
// the desk's policy to say.
//
// A failure to judge is temporary: the mail is not taken and comes again.
package authn

import (
	"net/netip"
	"slices"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// Verdict is what is known of a mail's sender.
type Verdict struct {
	Author        ticket.Person // From; the zero Person if it does not name exactly one mailbox
	Authenticated bool
	How           string // by which means, for the event and the journal
}

// Judge judges mails. Its fields must not change while it is in use.
type Judge struct {
	// Trusted networks hold machines whose users are known to the operator:
	// own applications, a submission server. What comes from there is
	// authenticated. It is not the place for a server that passes on mail
	// from the internet.
	Trusted []netip.Prefix
}

// Origin is where a mail came from.
type Origin struct {
	Address netip.Addr // the peer's; the zero Addr for a local socket
	// Front says that the peer is a mail server handing on what others gave
	// it: its own address says nothing about them.
	Front bool
}

// Judge gives the verdict on a mail.
func (j Judge) Judge(o Origin, m *parser.Message) Verdict {
	v := Verdict{Author: author(m)}
	if !o.Front && j.Trusts(o.Address) && v.Author.Address != "" {
		v.Authenticated, v.How = true, "trusted network"
	}
	return v
}

// Trusts tells whether an address is in a trusted network. No local socket is.
func (j Judge) Trusts(a netip.Addr) bool {
	return slices.ContainsFunc(j.Trusted, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

// author is the one mailbox of From. RFC 5322 section 3.6.2 allows several,
// and a forger would like several; a request has one author.
func author(m *parser.Message) ticket.Person {
	if len(m.From) != 1 {
		return ticket.Person{}
	}
	address, err := ticket.ParseAddress(m.From[0].Address)
	if err != nil {
		return ticket.Person{}
	}
	return ticket.Person{Address: address, Name: ticket.Clean(m.From[0].Name)}
}
