package mailtest

import (
	"fmt"
	"mime"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// outlook is Outlook for Windows: HTML made by Word with a text beside it, in
// which every line is a paragraph; a signature without a mark; answers on top
// of the header of what they answer.
var outlook = Program{
	Name: "outlook", reply: "RE: ",
	id:      func(l letter) string { return fmt.Sprintf("%08X$4F0B6D20$ED2347600$@%s", l.count, domain(l.From)) },
	subject: outlookWords,
	write:   writeOutlook,
	header:  []string{"X-Mailer: Microsoft Outlook 16.0", "Content-Language: es", "Thread-Index: AdNA1lWmJ9vI0f2GTLmUq5l2v0T8kg=="},
}

func outlookWords(text string) string {
	encoded, ok := latin(charmap.Windows1252, text)
	if !ok {
		return thunderbirdWords(text)
	}
	return encodedWords(mime.QEncoding, "iso-8859-1", encoded, "\n\t")
}

func writeOutlook(l letter) part {
	own := strings.TrimRight(l.Body, "\n") + "\n\n" + l.signature() + "\n"
	text := strings.ReplaceAll(strings.TrimRight(own, "\n"), "\n", "\n\n") + "\n"
	page := paragraphs(own, `<p class=MsoNormal>`, `<o:p>&nbsp;</o:p>`, `<o:p></o:p></p>`)
	if l.InReplyTo != nil {
		text += "\n" + l.outlookBlock() + "\n" + l.InReplyTo.Text
		page += `<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>` +
			paragraphs(l.outlookBlock(), `<p class=MsoNormal>`, ``, `<o:p></o:p></p>`) + "</div>\n" + l.InReplyTo.HTML
	}
	page = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>` +
		`<meta name=Generator content="Microsoft Word 15 (filtered medium)"></head><body lang=ES link=blue vlink=purple>` +
		"<div class=WordSection1>\n" + page + "</div></body></html>\n"
	return together("alternative", outlookEntity("plain", text), outlookEntity("html", page))
}

func outlookEntity(subtype, text string) part {
	set := "utf-8"
	if encoded, ok := latin(charmap.Windows1252, text); ok {
		set, text = "Windows-1252", encoded
	}
	return entity("text/"+subtype+";\n\tcharset=\""+set+"\"", "quoted-printable", text)
}

// outlookBlock is the header Outlook puts above what it quotes.
func (l letter) outlookBlock() string {
	name, address := l.sender()
	return fmt.Sprintf("De: %s <%s> \nEnviado el: %s\nPara: %s\nAsunto: %s\n", name, address, spanishDate(l.written()), l.From, l.InReplyTo.Subject)
}

var (
	weekdays = strings.Fields("domingo lunes martes miércoles jueves viernes sábado")
	months   = strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
)

func spanishDate(t time.Time) string {
	return fmt.Sprintf("%s, %d de %s de %d %s", weekdays[t.Weekday()], t.Day(), months[t.Month()-1], t.Year(), t.Format("15:04"))
}
