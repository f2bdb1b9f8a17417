package parser

import (
	"regexp"
	"strings"
)

// splitSignature parts a text from the signature at its end: what follows
// "-- ", what telephones and programs add by themselves, and legal notices.
// body + signature is the text; signature is "" when none is found.
func splitSignature(text string) (body, signature string) {
	lines := strings.SplitAfter(text, "\n")
	end := len(lines)
	if at := delimiter(lines); at >= 0 {
		end = at
	}
	for range maxSignatures {
		start := signatureStart(lines[:end])
		if start >= end {
			break
		}
		end = start
	}
	return strings.Join(lines[:end], ""), strings.Join(lines[end:], "")
}

// maxSignatures is how many pieces are taken off: lines of programs, notices,
// the person's own.
const maxSignatures = 30

// signatureStart returns the line at which the last piece of signature begins,
// or len(lines) when the text does not end in one.
func signatureStart(lines []string) int {
	last := lastWritten(lines)
	if last < 0 {
		return len(lines)
	}
	if at := bareDelimiterLine(lines, last); at >= 0 {
		return at
	}
	if at := mobileLine(lines, last); at >= 0 {
		return at
	}
	if at := noticeStart(lines, last); at >= 0 {
		return at
	}
	return len(lines)
}

func lastWritten(lines []string) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.TrimSpace(lines[i]) != "" {
			return i
		}
	}
	return -1
}

// maxSignature is how many lines a signature after a bare "--" may have. After
// "-- " with its space (RFC 3676 section 4.3) there is no doubt.
const maxSignature = 15

// delimiter finds the last "-- ", which starts a signature beyond doubt.
func delimiter(lines []string) int {
	for i := len(lines) - 1; i >= 0; i-- {
		line := strings.TrimRight(lines[i], "\r\n")
		if line == "-- " || line == "--\u00a0" {
			return i
		}
	}
	return -1
}

// bareDelimiterLine finds the dashes that start a signature where the space was lost.
func bareDelimiterLine(lines []string, last int) int {
	for i := last; i >= 0 && last-i <= maxSignature; i-- {
		if bareDelimiter.MatchString(strings.TrimRight(lines[i], "\r\n")) {
			return i
		}
	}
	return -1
}

var bareDelimiter = regexp.MustCompile(`^\s*(?:--|__)\s*$`)

// onlySignature says whether a text is a signature and no more: the line of a
// telephone, or dashes and a few lines without a gap. Text that was written
// below the dashes has one.
func onlySignature(text string) bool {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "\n") && mobile.MatchString(text) {
		return true
	}
	text, is := strings.CutPrefix(text, "--")
	text = strings.TrimSpace(text)
	return is && !strings.Contains(text, "\n\n") && strings.Count(text, "\n") < 6
}

// mobile matches the lines that telephones and programs add at the end.
var mobile = regexp.MustCompile(`(?i)^[\s>*_(\[]*(?:` + strings.Join([]string{
	`enviad[oa]s? (?:desde|con|a través de|mediante) (?:mi |el |un |la )?.{2,70}`,
	`(?:obtener|descargar?|descarga|consigue|obtén) outlook (?:para|for) .{2,40}`,
	`yahoo mail: busca, organiza.{0,60}`,
	`enviat (?:des del?|amb) (?:meu )?.{2,60}`, `enviado dende .{2,60}`, `.{2,40}(?:tik|etik) bidalia`,
	`sent (?:from|via|with|using) .{2,70}`, `get outlook for .{2,40}`, `sent securely .{2,40}`,
	`envoyé (?:de|depuis|à partir d[e'’]|avec) ?.{2,60}`, `(?:von|mit) meine[mr] .{2,40} gesendet.{0,20}`, `<<?sent by .{2,40}>>?`, `von mein.{2,40} gesendet`, `gesendet (?:von|mit|über) .{2,50}`, `diese (?:nachricht|e-?mail|mail) wurde .{2,60} gesendet`,
	`inviato (?:da|dal|con) .{2,50}`, `verzonden (?:vanaf|met|via) .{2,50}`, `verstuurd (?:vanaf|met) .{2,50}`, `enviado (?:do|pelo|via|a partir d[eo]) .{2,60}`,
	`skickat från .{2,50}`, `sendt fra .{2,50}`, `lähetetty .{2,50}`, `wysłane z .{2,50}`, `отправлено (?:с|из) .{2,50}`, `trimis de pe .{2,40}`,
	`從我的 .{2,30}`, `发自我的.{2,30}`, `從我的.{2,30}`, `iphoneから送信.{0,10}`,
}, "|") + `)[\s*_)\].]*(?:<?https?://\S+>?)?\s*$`)

// mobileLine returns the last line if it is one that a telephone added, or the
// one above it when the last is only the link that belongs to it.
func mobileLine(lines []string, last int) int {
	for i := last; i >= 0 && i >= last-2; i-- {
		line := strings.TrimSpace(lines[i])
		if len(line) < 160 && mobile.MatchString(line) {
			return i
		}
		if line != "" && !bareLink.MatchString(line) {
			return -1
		}
	}
	return -1
}

var bareLink = regexp.MustCompile(`^<?https?://\S+>?$`)

// noticeWords are what legal and environmental notices talk about; a long
// paragraph at the end with two of them is one.
var noticeWords = []string{
	"destinatari", "confidencial", "por error", "notif", "comuniqu", "elimin", "destruy", "destrúy", "protección de datos", "rgpd", "lopd", "imprimir", "medio ambiente", "medioambiente",
	"aviso legal", "nota legal", "prohibida", "autoriz", "archivos adjuntos", "ficheros anexos", "mensaje y",
	"confidential", "intended recipient", "in error", "disclos", "delete", "privileged", "unauthori", "addressee",
	"mailing list", "lists.", "mailman", "unsubscribe",
	"confidentiel", "destinataire", "vertraulich", "riservat", "abans d'imprimir",
}

// noticeTitles stand above a notice.
var noticeTitles = regexp.MustCompile(`(?i)^[\s*_]*(?:aviso (?:legal|de confidencialidad)|nota legal|confidencialidad|disclaimer|confidentiality notice|protección de datos|antes de imprimir|abans d'imprimir|por favor,? considere el medio ambiente|please consider the environment)`)

// maxNotice is how many lines a notice may have.
const maxNotice = 40

// noticeStart finds the start of the notice that ends the text.
func noticeStart(lines []string, last int) int {
	start := last
	for start > 0 && last-start < maxNotice && strings.TrimSpace(lines[start-1]) != "" {
		start--
	}
	paragraph := strings.ToLower(strings.Join(strings.Fields(strings.Join(lines[start:last+1], " ")), " "))
	if start == 0 && !noticeTitles.MatchString(paragraph) || !notice(paragraph) {
		return -1
	}
	// A rule or a stray glyph (the tree that Webdings draws as "P") belongs to it.
	for i := start - 1; i >= 0; i-- {
		line := strings.TrimSpace(lines[i])
		if line != "" && line != "P" && strings.Trim(line, "_-*=·") != "" {
			break
		}
		if line != "" {
			start = i
		}
	}
	return start
}

func notice(paragraph string) bool {
	if noticeTitles.MatchString(paragraph) {
		return true
	}
	if len(paragraph) < 120 {
		return false
	}
	found := 0
	for _, w := range noticeWords {
		if strings.Contains(paragraph, w) {
			found++
		}
	}
	return found >= 2
}
