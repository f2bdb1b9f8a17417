package mailtest

import (
	"fmt"
	"html"
	"strings"
)

// gmailPhone is Gmail on a telephone: it turns the line breaks of a link into
// spaces, reads the link like a web form, writes HTML with a wrapped text
// beside it, and answers on top.
var gmailPhone = Program{
	Name: "gmail-phone", webForm: true, oneLine: true, reply: "Re: ",
	id:      func(l letter) string { return fmt.Sprintf("CAJ+h2xkq9G%010d=bN0mXw@mail.gmail.com", l.count) },
	subject: thunderbirdWords,
	write:   writeGmail,
}

func writeGmail(l letter) part {
	own := strings.TrimRight(l.Body, "\n") + "\n\nEnviado desde mi móvil\n"
	text := wrapped(own, 78, "", false)
	page := paragraphs(own, `<div dir="auto">`, `<br>`, `</div>`)
	if l.InReplyTo != nil {
		intro := l.gmailIntro()
		text += "\n" + wrapped(intro, 78, "", false) + "\n\n" + quote(l.InReplyTo.Text)
		page += `<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">` + html.EscapeString(intro) + "<br></div>" +
			`<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">` +
			l.InReplyTo.HTML + "</blockquote></div>\n"
	}
	return together("alternative",
		entity(`text/plain; charset="UTF-8"`, "base64", text),
		entity(`text/html; charset="UTF-8"`, "quoted-printable", page))
}

// gmailIntro is such as "El lun., 9 oct. 2017 10:23, Ana <ana@…> escribió:".
func (l letter) gmailIntro() string {
	name, address := l.sender()
	t := l.written()
	day, month := []rune(weekdays[t.Weekday()]), months[t.Month()-1]
	return fmt.Sprintf("El %s., %d %s. %d %s, %s <%s> escribió:", string(day[:3]), t.Day(), month[:3], t.Year(), t.Format("15:04"), name, address)
}
