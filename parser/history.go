package parser

import (
	"regexp"
	"strings"
	"unicode"
)

// originalWords is what programs write between two rows of dashes above an
// older mail, folded.
const originalWords = `mensaje original|mensaje reenviado|mensaje reenviado de .{1,60}|mensaje enviado|original message|original email|forwarded message|forwarded message from .{1,80}|forwarded by .{1,80}|` +
	`missatge original|missatge reenviat|mensaxe orixinal|mensaxe reenviada|jatorrizko mezua|birbidalitako mezua|message d'origine|message original|message transfere|message transmis|` +
	`ursprungliche nachricht|ursprungliche mail|urspr\. nachricht|original-nachricht|originalnachricht|weitergeleitete nachricht|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada|mensagem reencaminhada|` +
	`oorspronkelijk bericht|doorgestuurd bericht|original meddelelse|oprindelig besked|opprinnelig melding|videresendt besked|oprindelig meddelelse|videresendt melding|opprinnelig melding|ursprungligt meddelande|vidarebefordrat meddelande|alkuperainen viesti|` +
	`wiadomosc oryginalna|oryginalna wiadomosc|puvodni zprava|puvodni e-mail|isходное сообщение|исходное сообщение|оригинальное сообщение|пересылаемое сообщение|original-mail|origineel bericht|邮件原件|原始邮件|原始郵件|转发邮件`

var (
	separatorWords = regexp.MustCompile(`^[-_=*\s]{2,}(?:` + originalWords + `)[-_=*:\s]*$`)
	forwardStart   = regexp.MustCompile(`^(?:begin forwarded message|inicio del mensaje reenviado|inicio de(?:l)? mensaje reenviado|debut du message (?:reexpedie|transfere)|inizio messaggio inoltrato|anfang der weitergeleiteten (?:nachricht|e-mail)|mensagem reencaminhada|inici del missatge reenviat)\s*:$`)
)

// forwardEnd is the line that some programs write below a forwarded mail.
var forwardEnd = regexp.MustCompile(`(?i)^-{3,} *(?:end (?:of )?forwarded message|fin del mensaje reenviado) *-{3,}\s*$`)

// separatorLine says whether a line separates an answer from an older mail.
func separatorLine(line string) bool {
	line = strings.Trim(line, " \t*>")
	if len(line) < 8 || len(line) > 160 {
		return false
	}
	if line[0] != '-' && line[0] != '_' && line[0] != '=' && !strings.HasSuffix(line, ":") {
		return false
	}
	folded := fold(line)
	return separatorWords.MatchString(folded) || forwardStart.MatchString(folded)
}

// oldFields names the fields that programs write above an older mail, by the
// label they have in each language, folded: f(rom), d(ate), t(o), c(c), s(ubject).
var oldFields = fieldLabels(map[byte]string{
	'f': "de,from,von,da,van,od,от,från,fra,lähettäjä,发件人,寄件者,寄件人,差出人,보낸사람,nork,ot,від,odesílatel,expéditeur,remitente,reply-to,responder a,mittente,absender,kimden,从,από",
	'd': "enviado el,enviado,enviada,enviado em,enviada em,fecha,date,sent,gesendet,datum,envoyé,envoyé le,inviato,data,verzonden,wysłano,wysłane,отправлено,дата,skickat,sendt,dato,lähetetty,päivämäärä,发送时间,日期,傳送時間,送信日時,enviat,enviat el,data,bidalita,надіслано,odesláno,trimis,gönderilen,message du,送信日,时间,ημερομηνία",
	't': "para,to,an,à,a,aan,do,кому,till,til,vastaanottaja,收件人,宛先,받는사람,per a,nori,komu,pour,destinatario,destinatari,către,kime,προς",
	'c': "cc,copia,copie,kopie,копия,kopio,副本,抄送,c.c,copie à,cc:,dw,copia para,kopia",
	's': "asunto,subject,betreff,objet,oggetto,onderwerp,assunto,temat,тема,ämne,emne,aihe,主题,主旨,件名,제목,assumpte,asuntua,gaia,předmět,sujet,subiect,konu,θέμα,re,risposta",
})

func fieldLabels(byKind map[byte]string) map[string]byte {
	labels := map[string]byte{}
	for kind, names := range byKind {
		for name := range strings.SplitSeq(names, ",") {
			labels[fold(name)] = kind
		}
	}
	return labels
}

// headerBlock says whether lines begin with the header of an older mail: a
// rule of dashes perhaps, then at least three different fields close together,
// who wrote it and when or about what among them.
func headerBlock(lines []string) bool {
	if len(lines) == 0 {
		return false
	}
	first := strings.TrimSpace(lines[0])
	if ruleLine(first) {
		return ruledBlock(lines[1:])
	}
	if oldField(first) == 0 {
		return false
	}
	found, other := map[byte]bool{}, 0
	for _, line := range lines[:min(len(lines), 14)] {
		kind := oldField(strings.TrimSpace(line))
		switch {
		case kind != 0:
			found[kind] = true
		case strings.TrimSpace(line) == "" && len(found) >= 2:
			other++
		default:
			other += 2 // an address list that was wrapped, or the text already
		}
		if other > 5 || len(found) >= 3 && complete(found) {
			break
		}
	}
	return complete(found)
}

// headerLength counts the lines of the header that lines begin with: up to the
// empty line, or where that is missing, as long as fields are named.
func headerLength(lines []string) int {
	if !headerBlock(lines) {
		return 0
	}
	named := 0
	for i, line := range lines[:min(len(lines), 14)] {
		if strings.TrimSpace(line) == "" {
			return i
		}
		if oldField(strings.TrimSpace(line)) != 0 && named == i {
			named++
		}
	}
	return named
}

func complete(found map[byte]bool) bool {
	return found['f'] && (found['d'] || found['s']) && len(found) >= 3
}

// ruledBlock looks for the fields that follow a rule, after empty lines.
func ruledBlock(lines []string) bool {
	for i, line := range lines[:min(len(lines), 4)] {
		if strings.TrimSpace(line) != "" {
			return !ruleLine(line) && headerBlock(lines[i:])
		}
	}
	return false
}

// ruleLine says whether a line is only a rule.
func ruleLine(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 5 && strings.Trim(line, "-_=*") == ""
}

// oldField is the kind of the field a line names, or 0.
func oldField(line string) byte {
	line = strings.TrimLeft(line[:min(len(line), 60)], "*_ >")
	end := strings.IndexAny(line, ":：")
	if end < 1 || end > 40 || strings.HasPrefix(line[end+1:], "//") {
		return 0
	}
	label := strings.ToLower(strings.Trim(line[:end], " *_\t\u00a0"))
	if kind := oldFields[label]; kind != 0 || ascii(label) {
		return kind
	}
	return oldFields[fold(label)]
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
