package mailtest

import (
	"fmt"
	"mime"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// mutt writes ISO-8859-1 where it can, 8 bits wide and without wrapping, cuts
// a word of a header in two behind its last accent, and quotes in English.
var mutt = Program{
	Name: "mutt", reply: "Re: ",
	id:      func(l letter) string { return fmt.Sprintf("awIpNFJ_9SjiU%08x@%s", l.count, domain(l.From)) },
	subject: func(text string) string { return wordByWord(text, muttWord) },
	write:   writeMutt,
}

func muttWord(word string) string {
	last := strings.LastIndexFunc(word, func(r rune) bool { return r > '~' })
	size := len(string([]rune(word[last:])[:1]))
	cut := last + size
	head, rest := word[:cut], word[cut:]
	encoded, ok := latin(charmap.ISO8859_1, head)
	if !ok {
		return encodedWords(mime.QEncoding, "utf-8", word, "\n ")
	}
	out := encodedWords(mime.QEncoding, "iso-8859-1", encoded, "\n ")
	if rest != "" {
		out += " =?iso-8859-1?Q?" + strings.ReplaceAll(rest, " ", "_") + "?="
	}
	return out
}

func writeMutt(l letter) part {
	text := strings.TrimRight(l.Body, "\n") + "\n\n-- \n" + l.signature() + "\n"
	if l.InReplyTo != nil {
		name, _ := l.sender()
		text = fmt.Sprintf("On %s, %s wrote:\n", l.written().Format("Mon, Jan 02, 2006 at 03:04:05PM -0700"), name) +
			quote(l.InReplyTo.Text) + "\n" + text
	}
	set := "utf-8"
	if encoded, ok := latin(charmap.ISO8859_1, text); ok {
		set, text = "iso-8859-1", encoded
	}
	p := entity("text/plain; charset="+set, "8bit", text)
	p.head = append(p.head, "Content-Disposition: inline")
	return p
}
