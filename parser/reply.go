package parser

import "strings"

// cut parts the text into the sender's own words, the signature and what is
// quoted. Losing a word of the sender is worse than keeping a quoted line: when
// nothing would be left, everything is the reply, unless all there was is a
// signature, which says nothing.
func (m *Message) cut() {
	s := splitReply(m.Text)
	body, signature := splitSignature(s.own)
	body, signature = trimRules(body), strings.Trim(signature, "\n")
	quoted := strings.Trim(s.quoted, "\n")
	m.Echo = body == "" && quoted != ""
	if body == "" && (quoted != "" || !onlySignature(signature)) {
		body, signature, quoted = strings.TrimSpace(m.Text), "", ""
	}
	m.ReplyText, m.Signature, m.Quoted = body, signature, quoted
}

// reply is a text taken apart.
type reply struct{ own, quoted string }

// splitReply parts a text into what was written and what was quoted.
func splitReply(text string) reply {
	head, tail := headOf(text)
	r := &replyReader{lines: strings.Split(head, "\n")}
	for r.i < len(r.lines) {
		r.step()
	}
	r.settle(false)
	if !r.ended && tail != "" {
		r.own = append(r.own, tail)
	}
	return reply{own: strings.Join(r.own, "\n"), quoted: strings.Join(r.quoted, "\n")}
}

// headOf parts a text at the line end before maxReply.
func headOf(text string) (head, tail string) {
	if len(text) <= maxReply {
		return text, ""
	}
	cut := strings.LastIndexByte(text[:maxReply], '\n')
	if cut < 0 {
		return "", text
	}
	return text[:cut], text[cut+1:]
}

// replyReader walks over the lines of a text, once.
type replyReader struct {
	lines   []string
	i       int
	own     []string
	quoted  []string
	pending []string // a quotation without attribution: kept if own words follow
	code    bool     // within a fenced block, where ">" is not a quotation
	spoken  bool     // the sender has said something
	ended   bool     // what follows is history
}

func (r *replyReader) step() {
	line := r.lines[r.i]
	if strings.HasPrefix(strings.TrimSpace(line), "```") {
		r.code = !r.code
	}
	switch {
	case r.code:
		r.write(1)
	case forwardEnd.MatchString(line):
		r.quote(1)
	case isQuoted(line):
		r.quotation()
	case r.history():
	default:
		if n, ok := attribution(r.lines[r.i:]); ok {
			r.attributed(n)
			return
		}
		r.write(1)
	}
}

// write keeps the next n lines as the sender's own.
func (r *replyReader) write(n int) {
	if line := r.lines[r.i]; strings.TrimSpace(line) != "" {
		r.settle(!bareDelimiter.MatchString(line))
		r.spoken = true
	}
	target := &r.own
	if len(r.pending) > 0 {
		target = &r.pending
	}
	*target = append(*target, r.lines[r.i:r.i+n]...)
	r.i += n
}

// settle decides about a quotation without attribution: it is context when the
// sender's words follow it, and otherwise what a program left below the answer.
func (r *replyReader) settle(context bool) {
	if context {
		r.own = append(r.own, r.pending...)
	} else {
		r.quoted = append(r.quoted, r.pending...)
	}
	r.pending = nil
}

// quote sets the next n lines aside as quoted.
func (r *replyReader) quote(n int) {
	r.quoted = append(r.quoted, r.lines[r.i:r.i+n]...)
	r.i += n
}

// quotation reads a block of quoted lines that nothing introduces.
func (r *replyReader) quotation() {
	n := r.quoteLength(r.i)
	_, introduced := attribution(strings.Split(stripQuotes(strings.Join(r.lines[r.i:r.i+min(n, maxAttributionLines)], "\n")), "\n"))
	if len(r.quoted) > 0 || introduced {
		r.quote(n) // the rest of a quotation that was answered in between
		return
	}
	r.pending = append(r.pending, r.lines[r.i:r.i+n]...)
	r.i += n
}

// quoteLength counts the lines of the quotation that starts at line i. A short
// line directly below a long quoted one is the tail that wrapping cut off.
func (r *replyReader) quoteLength(i int) int {
	n := 0
	for i+n < len(r.lines) {
		line := r.lines[i+n]
		wrapped := n > 0 && len(r.lines[i+n-1]) > 71 && isQuoted(r.lines[i+n-1]) && len(line) > 0 && len(line) < 50 &&
			(i+n+1 >= len(r.lines) || isQuoted(r.lines[i+n+1]))
		if !isQuoted(line) && !wrapped {
			break
		}
		n++
	}
	return n
}

// attributed handles "Ana wrote:", n lines long. If a quotation follows, both
// go and what comes after it is read on; if plain text follows, that is the
// history, unless the sender has not said anything yet.
func (r *replyReader) attributed(n int) {
	next := r.nextWritten(r.i + n)
	switch {
	case next < len(r.lines) && isQuoted(r.lines[next]):
		r.quote(next - r.i)
		r.quote(r.quoteLength(r.i))
		r.quote(r.nextWritten(r.i) - r.i)
	case r.empty():
		r.quote(n)
	default:
		r.rest()
	}
}

// history cuts at a line that separates an answer from what it answers, or at
// the header of an older mail pasted below. A forward without own words is
// content: only its header goes.
func (r *replyReader) history() bool {
	separator := separatorLine(r.lines[r.i])
	if !separator && !headerBlock(r.lines[r.i:]) {
		return false
	}
	if !r.empty() {
		r.rest()
		return true
	}
	n := 0
	if separator || ruleLine(r.lines[r.i]) {
		n = r.nextWritten(r.i+1) - r.i
	}
	r.quote(n + headerLength(r.lines[min(r.i+n, len(r.lines)):]))
	return true
}

// rest sets everything below aside.
func (r *replyReader) rest() {
	r.settle(false)
	r.ended = true
	r.quote(len(r.lines) - r.i)
}

func (r *replyReader) empty() bool {
	return !r.spoken && len(r.pending) == 0
}

func (r *replyReader) nextWritten(i int) int {
	for i < len(r.lines) && strings.TrimSpace(r.lines[i]) == "" {
		i++
	}
	return i
}

// isQuoted says whether a line carries a quotation mark.
func isQuoted(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return strings.HasPrefix(line, ">") || strings.HasPrefix(line, "| ") || line == "|"
}

// trimRules takes off the lines of dashes and stars that are left at the end
// when what stood below them is gone.
func trimRules(text string) string {
	text = strings.TrimSpace(text)
	for {
		cut := strings.LastIndexByte(text, '\n')
		line := strings.TrimSpace(text[cut+1:])
		if cut < 0 || line == "" || strings.Trim(line, "-_*=#~+\u1427 ") != "" || strings.HasPrefix(line, "```") {
			return text
		}
		text = strings.TrimSpace(text[:cut])
	}
}
