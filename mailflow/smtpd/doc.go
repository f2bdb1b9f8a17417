// Package smtpd is the door by which mail comes in: an SMTP (RFC 5321) and
// LMTP (RFC 2033) server. It owns connections, limits, the envelope and the
// bytes of a mail until the Handler has acted on it. It knows nothing of
// tickets, senders' rights or trust: whom to believe is decided later.
//
// # How it is built
//
// go-smtp reads commands and keeps the state of a transaction. Between it and
// the socket stands our own guard (guard.go), a net.Conn that hands go-smtp
// ONE command line at a time and sees the reply before it hands over the next.
// So the guard always knows whether the bytes that come are a command, the
// text of a mail (go-smtp answered 354) or a chunk (the BDAT line said how
// long), and everything go-smtp lacks is done there, alike with and without
// TLS: STARTTLS itself, times, the error budget, a bound on the command line,
// HELP, VRFY, a bare <Postmaster>, a graceful stop.
//
//	socket ─ guard ─ go-smtp ─ session ─ Handler
//
// # Who the peer is, and how much it may
//
// A proxy's header (proxy.go) or a front's XCLIENT (xclient.go) makes the
// connection another's: its address is from then on the one that limits,
// Handler and Options.Refused see. Only configured networks are believed. What
// one network may hold (slots.go) and do within an hour (rates.go) is bounded,
// in bounded memory, and blocklists can be asked about it (blocklist.go). When
// DNS does not answer, mail passes.
//
// # Goroutines
//
// One per connection, owned by go-smtp, runs guard and session. For BDAT and
// LMTP go-smtp starts one more that runs the session's Data; only the session's
// transaction is shared with it, under a mutex. Serve touches a guard only
// through drain and cut. Serve returns when all of them have.
//
// # What happens on failure
//
// Any error that is not a *Refused is temporary: the peer reads a fixed 451
// 4.3.0 and keeps the mail, we log the cause (RFC 5321 section 4.2.1: a 4yz
// reply asks to try again). A panic in the Handler is such an error. When a
// read fails inside a mail, the answer is 451 and the connection ends: what is
// left of the mail is never read as commands. Options.Refused hears of every
// recipient and mail that was refused without the Handler's Deliver.
//
// # Holes of go-smtp v0.25.1, and what is done about them
//
//  1. After a read timeout inside DATA or BDAT go-smtp answers and then reads
//     the rest of the mail as commands. Closed: the guard's read errors are
//     final.
//  2. The end of a mail is missed when the line before it ends in CR CR LF.
//     It cannot be closed from outside the library. The guard sees the true
//     end, notices that go-smtp still asks for more, answers 451 at once and
//     ends the connection: nothing hangs and nothing after the end is read.
//     In the midst of a mail CR CR LF is kept as it came, but a line after it
//     that begins with a dot keeps the dot the sender's stuffing added.
//  3. A BDAT transfer that is given up half-way can answer for the next mail.
//     Closed: after an aborted transfer the connection ends.
//  4. A peer that vanishes inside a last chunk leaves a shortened mail that
//     go-smtp takes for whole. Closed: inside a mail the guard never reports
//     a plain end of file.
//
// Not offered: AUTH, DSN, BINARYMIME, implicit TLS.
package smtpd
