package parser

import (
	"regexp"
	"strings"
)

// maxAttribution is how many lines and bytes "On … wrote:" may take: programs
// wrap it anywhere.
const (
	maxAttributionLines = 5
	maxAttribution      = 450
)

// wroteWords is "wrote" in the languages whose programs were looked at,
// Spanish and its neighbours first.
const wroteWords = `escribi[oó]|escribi[oó]\(a\)|ha escrit|va escriure|escribiu|idatzi zuen|wrote|writes|a [ée]crit|écrit|schrieb|schreibt|ha scritto|scrisse|schreef|escreveu|skrev|skrifaði|kirjoitti|` +
	`napisał|napisała|napisał\(a\)|napsal|napsala|napsal\(a\)|napísal|írta|a scris|yazdı|έγραψε|пишет|писал|написал|написала|написав|написала|пише|написа|tulis|menulis|đã viết|写道|寫道|写到|napisao|kirjutas`

var (
	wrote = regexp.MustCompile(`(?i)(?:^|[\s,>*)"」])(?:` + wroteWords + `)(?:$|[\s:：(<*"-])`)
	// opener is how an attribution begins: a preposition, a day, a date or a time.
	opener = regexp.MustCompile(`(?i)^[\s>*_-]*(?:(?:on|el|en|o|a|al|le|am|il|op|em|às|dnia|w dniu|w|den|il giorno|in data|på|la|στις|at|dne|pada|vào|在|于|於|begin)[\s,]|` +
		`(?:lun|mar|mi[ée]|jue|vie|s[áa]b|dom|mon|tue|wed|thu|fri|sat|sun|man|tir|ons|tor|fre|lør|søn|lör|sön|пн|вт|ср|чт|пт|сб|вс)[\p{L}]{0,7}[\s.,]|(?:ma|ti|ke|to|pe|la|su)\s\d|\d{1,4}[-./:年]\s?\d{1,2}|\d{1,2}\s+[\p{L}]{3,12}\.?\s+\d{4})`)
	dated      = regexp.MustCompile(`^[\s>*_-]*(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}[:.]\d{2}|[\p{L}]{3,10}[,.]? \d{1,2})`)
	gmailDated = regexp.MustCompile(`^[\s>*]*\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2} (?:GMT|UTC)[+-]?[\d:]* \S`)
	mailbox    = regexp.MustCompile(`[^\s<>"]+@[^\s<>"]+`)
	bareWrote  = regexp.MustCompile(`@[^\s]+>? (?:` + wroteWords + `)$`)
	anyDigit   = regexp.MustCompile(`\d`)
)

// attribution says whether lines begin with the words that introduce a
// quotation, and how many lines those take.
func attribution(lines []string) (n int, ok bool) {
	first := plainSpaces(lines[0])
	if first == "" || len(first) > maxAttribution {
		return 0, false
	}
	if !mayIntroduce(lines[:min(len(lines), maxAttributionLines)]) {
		return 0, false
	}
	begins := opensAttribution(first)
	joined := ""
	for n < len(lines) && n < maxAttributionLines {
		line := plainSpaces(lines[n])
		n++
		if line == "" {
			if joined == "" || endsSentence(joined) || !strings.HasSuffix(joined, "<") && !begins {
				break
			}
			continue
		}
		if joined != "" && opener.MatchString(line) && introduces(line, true, lines[n:]) {
			break // it begins here and not above
		}
		joined = strings.TrimSpace(joined + " " + line)
		if len(joined) > maxAttribution {
			break
		}
		if introduces(joined, begins, lines[n:]) {
			return n, true
		}
		if !begins && !spills(line, lines[n:]) {
			break
		}
	}
	return 0, false
}

// opensAttribution says whether an attribution may begin with this line. Many
// sentences begin with the same little words; they say no date.
func opensAttribution(first string) bool {
	return opener.MatchString(first) && (anyDigit.MatchString(first) || len(first) < 30) && !endsSentence(first)
}

// endsSentence says whether a line is a sentence of its own. An abbreviated
// month at its end is not.
func endsSentence(line string) bool {
	return strings.ContainsAny(line[len(line)-1:], "!?") || strings.HasSuffix(line, ".") && !abbreviated.MatchString(line)
}

var abbreviated = regexp.MustCompile(`(?:^|[\s\d])\p{L}{1,4}\.$`)

// spills says whether an attribution that begins with a name may go on in the
// next line: the verb slipped there, or the date that follows the verb.
func spills(line string, below []string) bool {
	if mailbox.MatchString(line) && wrote.MatchString(line) {
		return true
	}
	return len(below) > 0 && len(below[0]) < 30 && wrote.MatchString(below[0])
}

// plainSpaces trims a line and makes its no-break spaces plain.
func plainSpaces(line string) string {
	return strings.TrimSpace(strings.ReplaceAll(line, "\u00a0", " "))
}

// mayIntroduce is a cheap look at how the lines end, which rules out most text.
func mayIntroduce(lines []string) bool {
	for _, line := range lines {
		line = strings.TrimRight(line, " \t*")
		if line != "" && strings.ContainsAny(line[len(line)-1:], ":>-") || strings.HasSuffix(line, "：") || bareWrote.MatchString(line) {
			return true
		}
	}
	return gmailDated.MatchString(lines[0])
}

// introduces says whether the joined lines are an attribution. One that begins
// with a preposition or a date needs a date and the verb; any other an address
// or a quotation below.
func introduces(s string, begins bool, below []string) bool {
	ends := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：") || strings.HasSuffix(s, ":*") || strings.HasSuffix(s, "----")
	verb := wrote.MatchString(s)
	switch {
	case gmailDated.MatchString(s) && (ends || mailbox.MatchString(s) || len(s) < 80):
		return true
	case begins && verb && (ends || bareWrote.MatchString(s)) && anyDigit.MatchString(s):
		return true
	case begins && ends && anyDigit.MatchString(s) && mailbox.MatchString(s):
		return true
	case verb && ends && (mailbox.MatchString(s) || quotedBelow(below)) && len(s) < 250:
		return true
	case strings.HasPrefix(s, "----") && verb && strings.HasSuffix(s, "----"):
		return true
	case dated.MatchString(s) && mailbox.MatchString(s) && (ends || strings.HasSuffix(s, ">") && quotedBelow(below)):
		return true
	}
	return false
}

func quotedBelow(lines []string) bool {
	for _, line := range lines[:min(len(lines), 3)] {
		if strings.TrimSpace(line) != "" {
			return isQuoted(line)
		}
	}
	return false
}
