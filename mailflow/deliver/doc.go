// Package deliver brings the mails of the outbox to their next hop: an SMTP
// relay or a Maildir.
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
// An outcome that cannot be recorded is tried until it is; meanwhile its
// worker takes no other job, so a broken store stops the sending.
package deliver
