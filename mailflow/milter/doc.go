// Package milter asks the mail filters a site already runs, such as rspamd or
// clamav-milter, about a mail, in the dialogue in which it comes: a client of
// the milter protocol of Sendmail, as Postfix speaks it. It owns the
// connections to them, one for each mail and milter, and nothing between two
// mails.
//
// The client of go-milter does the protocol, by version 6 or, as it is old or
// written with go-milter itself, by version 2. It takes no context and forgets
// to close a connection whose negotiation fails, so connections are made,
// timed and closed here, and no timeout of its own is used.
//
// Offered to milters are: adding, changing and deleting header fields, and
// quarantine. Not offered: changing the body, the sender or the recipients.
// What is stored is what came; what becomes of a field is the caller's to do.
//
// # What happens on failure
//
// A milter that cannot be reached, does not answer in time, breaks off or says
// what the protocol does not know is dead for this mail. Then its OnError holds:
// the mail is to be tried again later, which is the default, or it passes and
// the next milter is asked. Nothing here panics on what a milter says.
package milter
