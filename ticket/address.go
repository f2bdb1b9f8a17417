package ticket

import (
	"fmt"
	"slices"
	"strings"
)

// Address is a mail address, local part as written, domain in lower case.
type Address string

// ParseAddress checks the shape local@domain and lower-cases the domain. It
// accepts what people type around an address: spaces and angle brackets.
func ParseAddress(s string) (Address, error) {
	s = strings.Trim(strings.TrimSpace(s), "<>")
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || strings.ContainsAny(s, " \t\r\n<>,;\"") || len(s) > 254 {
		return "", fmt.Errorf("%q is not a mail address", s)
	}
	return Address(s[:at+1] + strings.ToLower(s[at+1:])), nil
}

// Equal compares two addresses as mailboxes are compared in practice: without
// regard to case. RFC 5321 section 2.4 lets a local part be case sensitive; no
// administration we know of uses that, and their people type as they please.
func (a Address) Equal(b Address) bool { return strings.EqualFold(string(a), string(b)) }

// Domain is the part after the last @, in lower case.
func (a Address) Domain() string {
	return strings.ToLower(string(a[strings.LastIndexByte(string(a), '@')+1:]))
}

// roleMailboxes are those every domain must have: RFC 5321 section 4.5.1
// (postmaster) and RFC 2142 section 4 (abuse).
var roleMailboxes = []string{"postmaster", "abuse"}

// IsRole tells whether this is a domain's role mailbox, whoever reads it.
func (a Address) IsRole() bool {
	local, _, _ := strings.Cut(string(a), "@")
	return slices.Contains(roleMailboxes, strings.ToLower(local))
}

// Person is somebody with an address and, where known, a name.
type Person struct {
	Address Address `json:"address"`
	Name    string  `json:"name,omitempty"`
}

// ParsePerson reads an address with or without a name: "Ana Pérez <ana@…>",
// "ana@… (Ana Pérez)", "ana@…".
func ParsePerson(s string) (Person, error) {
	name, address := "", s
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		name, address = s[:i], strings.TrimRight(s[i:], " .,;")
	} else if i := strings.IndexByte(s, '('); i >= 0 {
		name, address = strings.TrimRight(s[i+1:], " )"), s[:i]
	}
	a, err := ParseAddress(address)
	return Person{Address: a, Name: strings.Trim(Clean(name), ` "'`)}, err
}

// String writes a person as ParsePerson reads one.
func (p Person) String() string {
	if p.Name == "" {
		return string(p.Address)
	}
	return p.Name + " <" + string(p.Address) + ">"
}
