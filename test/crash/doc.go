// Package crash holds the proof that a mail answered 250 is never lost and
// never makes two tickets, whatever happens to the daemon. It kills the daemon
// while several senders are at work, starts it again, and sends again what got
// no answer, as mail servers do; in the end it counts.
//
// Run it with "make crash". The seed is printed; -seed takes it again, though
// the daemon's own timing is not in it.
package crash
