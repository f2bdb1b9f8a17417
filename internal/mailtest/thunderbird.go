package mailtest

import (
	"fmt"
	"mime"
	"strings"
)

// thunderbird writes format=flowed (RFC 3676), quotes above and leaves the
// cursor below, and answers an HTML mail in HTML as well.
var thunderbird = Program{
	Name: "thunderbird", reply: "Re: ",
	id:      func(l letter) string { return fmt.Sprintf("f41dbce3-9903-49c2-bb38-%012x@%s", l.count, domain(l.From)) },
	subject: thunderbirdWords,
	write:   writeThunderbird,
	header:  []string{"User-Agent: Mozilla Thunderbird", "Content-Language: es-ES"},
}

func thunderbirdWords(text string) string {
	return encodedWords(mime.QEncoding, "UTF-8", text, "\n ")
}

func writeThunderbird(l letter) part {
	const plain = "text/plain; charset=UTF-8; format=flowed"
	own := flowed(strings.TrimRight(l.Body, "\n")) + "\n\n-- \n" + l.signature() + "\n"
	if l.InReplyTo == nil {
		return entity(plain, "quoted-printable", own)
	}
	name, _ := l.sender()
	intro := fmt.Sprintf("El %s, %s escribió:\n", l.written().Format("2/1/06 a las 15:04"), name)
	page := "<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">\n  </head>\n  <body>\n" +
		"    <div class=\"moz-cite-prefix\">" + strings.TrimSpace(intro) + "<br>\n    </div>\n" +
		"    <blockquote type=\"cite\"\n      cite=\"mid:" + l.InReplyTo.MessageID + "\">\n" + l.InReplyTo.HTML + "\n    </blockquote>\n" +
		paragraphs(l.Body, "    <p>", "<br>", "</p>") +
		"    <div class=\"moz-signature\">-- <br>\n" + paragraphs(l.signature(), "      ", "", "<br>") + "</div>\n  </body>\n</html>\n"
	return together("alternative", entity(plain, "8bit", intro+quote(l.InReplyTo.Text)+own), entity("text/html; charset=UTF-8", "8bit", page))
}

// flowed wraps softly at 72 and stuffs lines that would be mistaken.
func flowed(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, " ")
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, ">") || strings.HasPrefix(line, "From ") {
			line = " " + line
		}
		lines[i] = wrapped(line, 72, " ", false)
	}
	return strings.Join(lines, "\n")
}
