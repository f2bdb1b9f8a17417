// Package bolt keeps a desk's data in one folder, with nothing else to
// install: a bbolt database and, beside it, the mails too large for it.
//
//	cauce.db              the database; locked while a process has it open
//	mail/ab/cd/<sha256>   a large mail, named by its SHA-256
//	mail/tmp/             large mails being written
//
// # What is in the database
//
// Every value is JSON behind one byte that gives the version of its schema,
// but for raw mails, which are as they came. Parts of a key are joined by a
// zero byte; times and numbers are big-endian, so that keys sort by them.
//
//	meta            schema, created           the schema's version; when the file was made
//	journal         entry                     the journal
//	listing         number|"" time entry      which entries belong to a ticket, and all of them
//	dedupe          key                       the entry recorded under a dedupe key
//	raw             entry                     a small mail's bytes
//	files           hash entry                which entries refer to a large mail
//	tickets         desk number               tickets as they are now
//	opened          desk|"" time desk number  tickets by the time they were opened
//	events          desk number seq           what happened to them
//	subjects        desk number               subjects we sent on them
//	sequences       desk period               the last number given out
//	outbox          notice                    notices, those settled too
//	due             time notice               those to be sent, by when
//	reminders       desk number|"" name|""    reminders by their owner
//	alarms          time desk number name     the same, by when
//	correspondents  desk address              what is remembered of an address, case folded
//
// Schema 1 had all but the last three, which schema 2 added. A database of an
// older schema is brought up to date when it is opened.
//
// # What runs
//
// Two goroutines belong to a Store, both ended by Close: the committer, which
// alone writes to the database and makes concurrent updates share commits, and
// the sweeper, which removes what was staged and never recorded.
//
// # What happens on failure
//
// A process killed at any moment leaves at worst files nobody refers to: a
// large mail is on disk under its name before the commit that refers to it. A
// commit that fails (a full disk) fails every update in it, and nothing of
// them is kept. A mail file that is missing or altered is an error of Raw and
// never a wrong mail.
package bolt
