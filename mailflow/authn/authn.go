// Package authn says who a mail is from, and how sure that is. It owns SPF,
// DKIM and DMARC, the Authentication-Results field, and the one DNS resolver
// they ask. Its verdict is about the sender alone; whether it is enough for
// what the mail asks is for the desk's policy to say.
//
// A failure to judge is temporary: the mail is not taken and comes again.
// Everything a stranger controls is bounded: signatures, key sizes, header
// fields, lookups, time. A panic while judging is such a failure, too.
package authn

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"time"

	"github.com/cauce-desk/cauce/mailflow/authn/smime"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// Verdict is what is known of a mail's sender.
type Verdict struct {
	Author        ticket.Person // From; the zero Person if it does not name exactly one mailbox
	Authenticated bool
	How           string // by which means, for the event and the journal

	// Strict says that a DKIM signature of the very domain in From is good, or
	// that the operator knows who sends from there: what staff must have.
	Strict bool
	// Disposition is what the domain in From, or our own rule about SPF, wants
	// done with the mail. Never more than Quarantine for what a front or a
	// local relay hands on: refusing that would make it send a bounce.
	Disposition Disposition

	SPF   SPF
	DKIM  []Signature
	DMARC DMARC
	SMIME smime.Result
	// Results is the value of the Authentication-Results field to put on top
	// of the mail; "" where nothing was checked here.
	Results string
}

// Disposition is what shall become of a mail. The zero value is not one.
type Disposition string

// The dispositions (RFC 9989 section 4.7).
const (
	NoAction   Disposition = "none"
	Quarantine Disposition = "quarantine"
	Reject     Disposition = "reject"
)

// Judge judges mails. Its fields must not change while it is in use.
type Judge struct {
	// Trusted networks hold machines whose users are known to the operator:
	// own applications, a submission server. What comes from there is
	// authenticated. It is not the place for a server that passes on mail
	// from the internet.
	Trusted []netip.Prefix
	// Fronts are servers that pass on mail from the internet, and check it.
	// What they say of a mail is believed; they themselves are never trusted.
	Fronts []Front

	Roots      *x509.CertPool   // authorities of S/MIME signers; nil: signatures are not looked at
	AuthservID string           // our name in Authentication-Results
	Resolver   Resolver         // for Examine
	Now        func() time.Time // nil for time.Now
	Timeout    time.Duration    // for all checks of one mail together; 10 seconds if 0
}

// Origin is where a mail came from.
type Origin struct {
	Address netip.Addr // the peer's; the zero Addr for a local socket
	// Front says that the peer is a mail server handing on what others gave
	// it: its own address says nothing about them.
	Front bool

	Hello    string // the name in HELO or EHLO
	MailFrom string // the reverse path, "" for <>
}

// Judge gives the verdict that needs no checks: that of the trusted networks.
func (j Judge) Judge(o Origin, m *parser.Message) Verdict {
	v := Verdict{Author: author(m), Disposition: NoAction}
	_, front := j.front(o.Address)
	if !o.Front && !front && j.Trusts(o.Address) && v.Author.Address != "" {
		v.Authenticated, v.Strict, v.How = true, true, "trusted network"
	}
	return v
}

// Trusts tells whether an address is in a trusted network. No local socket is.
func (j Judge) Trusts(a netip.Addr) bool { return within(j.Trusted, a) }

func within(networks []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
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
