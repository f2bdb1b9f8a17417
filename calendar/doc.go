// Package calendar is working time, counted exactly: when an office is open,
// how much open time lies between two instants, and at which instant a length
// of open time has run out.
//
// Time counts by what the clock on the wall of the calendar's zone reads: an
// instant counts when its local date has a span that holds its local time of
// day. The rest follows. A span that lies in the hour skipped in spring counts
// nothing, one in the hour repeated in autumn counts both times, a day open
// from 00:00 to 24:00 counts the 23, 24 or 25 hours it has. Spans hold their
// first instant and not their last.
//
// Everything is pure: no clock is read, no file, nothing of the machine. The
// same calendar gives the same answers for the same instants, whatever zone
// these are written in. Instants come back in the calendar's zone.
//
// What can be wrong is wrong in New, ParseRule, ParseSpan, ParseDate or
// Country, which say what and how to write it; a Calendar that was made
// answers always, and looks no further ahead than Horizon.
package calendar
