package parser

import (
	"regexp"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// Subject is a subject in canonical form.
type Subject struct {
	Text    string   // cleaned, prefixes and tags taken off; case and accents kept
	Key     string   // what is compared: folded, without punctuation at the end
	Reply   bool     // a reply prefix was taken off
	Forward bool     // a forward prefix or enclosure was taken off
	Tags    []string // gateway tags taken off
}

// CanonicalSubject brings a decoded subject to the form in which two of them
// are compared: reply and forward prefixes of all common languages and gateway
// tags come off, repeatedly, at most maxPrefixes times. tags are those of the
// site, as its gateways write them; common ones are known. An order must have
// neither Reply nor Forward set.
func CanonicalSubject(decoded string, tags ...string) Subject {
	decoded = strings.ToValidUTF8(decoded[:min(len(decoded), maxSubject)], "")
	s := Subject{Text: ticket.Clean(decoded)}
	for range maxPrefixes {
		if !s.takePrefix() && !s.takeEnclosure() && !s.takeTag() && !s.takeSiteTag(tags) {
			break
		}
	}
	s.Key = strings.TrimRight(fold(s.Text), " .,;:")
	return s
}

// replyWords and forwardWords are the prefixes of the common languages and
// programs, folded. "vs" is a reply in Finnish and a forward in Danish; both come off.
var replyWords = wordSet(`re aw antw antwort sv vs odp ynt yan va er r rif ref res resp respuesta resposta risposta reponse rta
	ad bls atb απ σχετ השב תש תשובה תגובה رد 回复 回覆 答复 答覆 返信 답장 отв ответ`)

var forwardWords = wordSet(`fw fwd rv wg tr enc vl vb pd i inoltra inoltro fs doorst ilt tovabbitas reenc reenviado reenviada reenv
	de πρθ 转发 轉寄 轉發 转寄 הועבר переслано 転送 전달`)

// gatewayWords stand before a colon as a prefix does.
var gatewayWords = wordSet("externo externa external correo_externo mensaje_externo correo_externo_a_la_organizacion external_email external_sender spam posible_spam possible_spam")

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[fold(strings.ReplaceAll(w, "_", " "))] = true
	}
	return set
}

// takePrefix takes off "Re:", "RV :", "Re[2]:", "Fwd^3:" …
func (s *Subject) takePrefix() bool {
	word, rest, ok := strings.Cut(s.Text, ":")
	if !ok || len(word) > 60 {
		return false
	}
	word = strings.TrimRight(fold(word), " .")
	if i := strings.LastIndexAny(word, "[(^*"); i > 0 && digits(strings.Trim(word[i:], "[(^*)] ")) {
		word = word[:i]
	}
	word = strings.TrimRight(word, " .0123456789")
	switch {
	case replyWords[word]:
		s.Reply = true
	case forwardWords[word] || word == "إعادة توجيه" || word == fold("إعادة توجيه"):
		s.Forward = true
	case gatewayWords[word]:
		s.Tags = append(s.Tags, strings.TrimSpace(s.Text[:len(s.Text)-len(rest)]))
	default:
		return false
	}
	s.Text = strings.TrimSpace(rest)
	return true
}

// takeEnclosure takes off what some programs put around a forwarded subject:
// "[Rv: x]" (Evolution), "[a@b.example: x]" (mutt), "x (fwd)".
func (s *Subject) takeEnclosure() bool {
	if text, ok := cutSuffixFold(s.Text, "(fwd)"); ok {
		s.Text, s.Forward = text, true
		return true
	}
	if !strings.HasPrefix(s.Text, "[") || !strings.HasSuffix(s.Text, "]") {
		return false
	}
	inner := Subject{Text: strings.TrimSpace(s.Text[1 : len(s.Text)-1])}
	if inner.takePrefix() && (inner.Reply || inner.Forward) {
		s.Text, s.Reply, s.Forward = inner.Text, s.Reply || inner.Reply, s.Forward || inner.Forward
		return true
	}
	sender, rest, ok := strings.Cut(inner.Text, ": ")
	if ok && strings.Contains(sender, "@") && !strings.Contains(sender, " ") {
		s.Text, s.Forward = strings.TrimSpace(rest), true
		return true
	}
	return false
}

// tagWords is what gateways write in brackets or between stars. Their text is
// the administrator's, so this is a rule and not a list.
const tagWords = `(?:ext|extern|externo|externa|external|spam|bulk|virus|phishing|suspected|suspicious|sospechoso|posible spam|possible spam|posible phishing|` +
	`newsletter|marketing|disarmed|dangerous content|unverified|no verificado|correo externo|mensaje externo|remitente externo|caution)`

var (
	leadingTag  = regexp.MustCompile(`^(?i)[\[({*]{1,6}\s*` + tagWords + `\b[^\])}*]{0,40}[\])}*]{1,6}\s*`)
	trailingTag = regexp.MustCompile(`(?i)\s*[\[({*]{1,6}\s*` + tagWords + `\b[^\])}*\[({]{0,40}[\])}*]{1,6}$`)
)

func (s *Subject) takeTag() bool {
	at := leadingTag.FindStringIndex(s.Text)
	if at == nil {
		at = trailingTag.FindStringIndex(s.Text)
	}
	if at == nil {
		return false
	}
	s.Tags = append(s.Tags, strings.TrimSpace(s.Text[at[0]:at[1]]))
	s.Text = strings.TrimSpace(s.Text[:at[0]] + s.Text[at[1]:])
	return true
}

// takeSiteTag takes off a tag the site has named, at either end.
func (s *Subject) takeSiteTag(tags []string) bool {
	for _, tag := range tags {
		clean := ticket.Clean(tag)
		if clean == "" {
			continue
		}
		rest, ok := cutPrefixFold(s.Text, clean)
		if !ok {
			rest, ok = cutSuffixFold(s.Text, clean)
		}
		if ok {
			s.Text, s.Tags = rest, append(s.Tags, clean)
			return true
		}
	}
	return false
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return strings.TrimSpace(s[len(prefix):]), true
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if len(s) < len(suffix) || !strings.EqualFold(s[len(s)-len(suffix):], suffix) {
		return s, false
	}
	return strings.TrimSpace(s[:len(s)-len(suffix)]), true
}
