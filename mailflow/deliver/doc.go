// Package deliver brings the mails of the outbox to their next hop: an SMTP
// relay, the hosts of the recipient's domain, or a Maildir.
//
// It owns when a mail is tried and how it is handed over; the Queue, which the
// store is adapted to, owns what is waiting. One Courier runs per desk daemon:
// a single scheduler claims what is due and hands each job to a goroutine of
// its own, at most Options.Workers at a time.
//
//	Wake ──▶ Courier.Run ── Claim ──▶ Compose ──▶ Send ──▶ Settle
//	timer ──▶     ▲                                          │
//	              └──────────────── result ──────────────────┘
//
// # What happens on failure
//
// Everything is temporary unless the next hop has refused this very mail with
// a 5xx reply, or the mail cannot be composed or addressed at all. Temporary
// failures are tried again for four days and twelve hours, the last time at
// their very end.
//
// The attempt is recorded by Claim, before anything is dialled. A process that
// dies in between leaves a job under a lease; once that has run out the job is
// claimed again, and the mail may go out twice, under the same Message-ID. The
// same holds for a connection lost after the final dot, where nobody can know
// whether the mail was taken (RFC 1047). The courier never loses a mail, and
// doubles one only then.
//
// Between the hosts of a domain the same rule holds: the next one is tried
// unless one has refused the mail, or may have taken it. A domain none of whose
// hosts can be spoken to is left alone for a moment, and no domain has more than
// a few connections at a time.
//
// What MTA-STS policies say (RFC 8461) is kept in memory and, where there is a
// folder for it, in a file per domain: domain.json, with the policy's text, its
// id and when it was fetched. A policy that cannot be had leaves the one that
// is known in force, and where none is known the mail goes as if there were
// none. A file that cannot be read or written is logged and costs no more than
// the fetching of a policy.
//
// An outcome that cannot be recorded is tried until it is; meanwhile its
// worker takes no other job, so a broken store stops the sending.
package deliver
