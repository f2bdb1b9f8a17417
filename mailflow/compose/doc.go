// Package compose writes the mails the desk sends: headers, text, HTML and
// files, as the bytes that go over the wire (RFC 5322, RFC 2045 to 2047,
// RFC 2231).
//
// It owns the shape of an outgoing mail and nothing else: the words come from
// templates, the sending is deliver's. Composing is pure: no clock, no
// randomness, no network, so that a second attempt sends the same bytes under
// the same Message-ID. So is signing: a Signer puts DKIM signatures (RFC 6376,
// RFC 8463) above the finished mail, dated as the mail is.
//
// Everything is 7-bit with CRLF line ends: a mail that no server on the way has
// a reason to convert keeps its signature and its line ends.
//
// Values that come from strangers (subjects, names, file names, the ids of
// their mails) cannot add a line to the header. Control characters are taken
// out, the rest is encoded by the rules of its field, and what has a strict
// grammar and does not follow it is refused (ErrInvalid) where the mail cannot
// do without it, left out where it can. A refused mail is refused for good:
// the same Mail gives the same error.
package compose
