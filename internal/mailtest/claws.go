package mailtest

import (
	"fmt"
	"mime"
	"strings"
)

// claws wraps what is sent at 72 characters and glues the next line to what it
// wrapped; it encodes each word of a header by itself.
var claws = Program{
	Name: "claws", reply: "Re: ",
	id: func(l letter) string { return fmt.Sprintf("20171009102358.%08x@%s", l.count, domain(l.From)) },
	subject: func(text string) string {
		return wordByWord(text, func(w string) string { return encodedWords(mime.BEncoding, "UTF-8", w, "\n ") })
	},
	write:  writeClaws,
	header: []string{"X-Mailer: Claws Mail 4.1.1 (GTK 3.24.38; x86_64-pc-linux-gnu)"},
}

func writeClaws(l letter) part {
	own := wrapped(strings.TrimRight(l.Body, "\n"), 72, "", true) + "\n\n\n\n-- \n" + l.signature() + "\n"
	if l.InReplyTo != nil {
		name, address := l.sender()
		own = fmt.Sprintf("El %s\n%s escribió:\n\n", l.written().Format("Mon, 2 Jan 2006 15:04:05 -0700"), mailbox(name, address)) +
			quote(l.InReplyTo.Text) + "\n" + own
	}
	return entity("text/plain; charset=UTF-8", "quoted-printable", own)
}

// wordByWord encodes the words of a header that are not ASCII. The space
// between two encoded words counts for nothing (RFC 2047 section 6.2), so it
// goes into the second.
func wordByWord(text string, encode func(string) string) string {
	words := strings.Split(text, " ")
	before := false
	for i, word := range words {
		foreign := strings.ContainsFunc(word, func(r rune) bool { return r > '~' })
		switch {
		case foreign && before:
			words[i] = encode(" " + word)
		case foreign:
			words[i] = encode(word)
		}
		before = foreign
	}
	return strings.Join(words, " ")
}
