// Package dnsplan says what the DNS must hold for the desks' mail to arrive
// and to be believed, and whether it does.
//
// Each record has one function that makes an item of it: what to publish, why,
// and how to judge what is published. Planning is pure. Checking asks a
// Resolver; what cannot be asked is said to be unknown, never to be right or
// missing. What other people publish is theirs: it is repeated in a Finding as
// found, and whoever shows it must see to what it does to a terminal.
package dnsplan
