// Package parser reads a mail: raw bytes become a Message, and a Message
// becomes the labelled fields of a form, the sender's own words in a reply, a
// canonical subject, and the knowledge whether a machine wrote it.
//
// It owns everything between the bytes and their meaning: headers, MIME
// structure, transfer encodings, charsets, HTML, quotation, bounces. It does no
// I/O, keeps no state, and asks no clock.
//
// Nothing here fails. Whatever the bytes are, Parse returns a Message and says
// in Defects what was wrong with them; a part that cannot be read is kept as an
// attachment as it came. Time is linear in the size of the mail, and every
// quantity a stranger controls has a bound (limits.go).
package parser
