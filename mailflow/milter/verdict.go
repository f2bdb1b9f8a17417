package milter

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	protocol "github.com/emersion/go-milter"
)

// Decision is what becomes of a mail.
type Decision int

// The decisions. The first three are answered with 250.
const (
	Accept     Decision = iota
	Quarantine          // take it, but let nobody act on it before a person has looked
	Discard             // act as if it were taken, and do nothing with it
	TempFail            // refuse it for now, with Verdict's reply
	Reject              // refuse it for good, with Verdict's reply
)

// String is the decision in one word.
func (d Decision) String() string {
	words := [...]string{"accept", "quarantine", "discard", "tempfail", "reject"}
	if d < 0 || int(d) >= len(words) {
		return "decision " + strconv.Itoa(int(d))
	}
	return words[d]
}

// Field is a header field: the name is a token of RFC 5322 section 2.2, the
// value one line of valid UTF-8 without control characters, not encoded.
type Field struct{ Name, Value string }

// Verdict is what the milters together say of a mail.
type Verdict struct {
	Decision Decision
	By       string // the address of the milter that decided; "" for Accept
	// The reply for Reject and TempFail: a code of that class, an enhanced code
	// of that class (RFC 3463), and a text of one line that is the milter's.
	Code     int
	Enhanced [3]int
	Text     string
	Reason   string // for Quarantine, in one line

	// For a mail that is taken: first the fields with a name in Drop go, which
	// is compared without regard to case, then those of Add come, in order. A
	// name can be in both. At most 100 of each and milter.
	Drop []string
	Add  []Field
}

const (
	maxFields = 100  // that one milter adds, and that it drops
	maxName   = 100  // bytes
	maxValue  = 4000 // bytes
	maxText   = 300  // bytes of a reply
)

// join adds what one more milter says. The worst decision counts, and of equals
// the first.
func (v *Verdict) join(next Verdict) {
	drop, add := append(v.Drop, next.Drop...), append(without(v.Add, next.Drop), next.Add...)
	if next.Decision > v.Decision {
		*v = next
	}
	v.Drop, v.Add = drop, add
}

// apply is the header of a mail as the verdict leaves it.
func (v *Verdict) apply(fields []Field) []Field {
	return append(without(fields, v.Drop), v.Add...)
}

// without returns the fields that have none of the names.
func without(fields []Field, names []string) []Field {
	var left []Field
	for _, f := range fields {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, f.Name) }) {
			left = append(left, f)
		}
	}
	return left
}

// final says whether no other milter need be asked.
func (v *Verdict) final() bool { return v.Decision >= Discard }

// tempFail is the reply of a milter that gives none, and of a dead one.
func tempFail(text string) Verdict {
	return Verdict{Decision: TempFail, Code: 451, Enhanced: [3]int{4, 7, 1}, Text: text}
}

var errReply = errors.New("reply that is neither 4yz nor 5yz")

// verdictOf is what an action other than "continue" means.
func verdictOf(action *protocol.Action) (Verdict, error) {
	switch action.Code {
	case protocol.ActAccept, protocol.ActContinue:
		return Verdict{}, nil
	case protocol.ActDiscard:
		return Verdict{Decision: Discard}, nil
	case protocol.ActReject:
		return Verdict{Decision: Reject, Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "refused by a mail filter"}, nil
	case protocol.ActTempFail:
		return tempFail("put off by a mail filter, try again later"), nil
	case protocol.ActReplyCode:
		return replied(action.SMTPCode, action.SMTPText)
	}
	return Verdict{}, fmt.Errorf("action %q is not known here", byte(action.Code))
}

// replied reads a reply a milter wrote itself: "5.7.1 text" after the code. Of
// several lines the first counts.
func replied(code int, text string) (Verdict, error) {
	class := code / 100
	if class != 4 && class != 5 {
		return Verdict{}, fmt.Errorf("%d: %w", code, errReply)
	}
	v := Verdict{Decision: TempFail, Code: code, Enhanced: [3]int{class, 7, 1}}
	if class == 5 {
		v.Decision = Reject
	}
	text, _, _ = strings.Cut(text, "\r\n")
	first, rest, _ := strings.Cut(text, " ")
	if enhanced, ok := enhancedCode(first); ok && enhanced[0] == class {
		v.Enhanced, text = enhanced, rest
	}
	if v.Text = oneLine(text, maxText); v.Text == "" {
		v.Text = "refused by a mail filter"
	}
	return v, nil
}

// enhancedCode reads a code of RFC 3463 section 2.
func enhancedCode(text string) (code [3]int, ok bool) {
	numbers := strings.Split(text, ".")
	if len(numbers) != len(code) {
		return code, false
	}
	for i, number := range numbers {
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil || n > 999 {
			return code, false
		}
		code[i] = int(n)
	}
	return code, true
}

// modify takes in what a milter wants changed when it has seen all of a mail.
func (v *Verdict) modify(changes []protocol.ModifyAction) {
	for _, c := range changes {
		switch c.Code {
		case protocol.ActQuarantine:
			v.Decision, v.Reason = Quarantine, oneLine(c.Reason, maxText)
		case protocol.ActAddHeader, protocol.ActInsertHeader:
			v.add(c.HeaderName, c.HeaderValue)
		case protocol.ActChangeHeader: // the empty value deletes
			v.drop(c.HeaderName)
			v.add(c.HeaderName, c.HeaderValue)
		}
	}
}

func (v *Verdict) add(name, value string) {
	value = oneLine(value, maxValue)
	if isFieldName(name) && value != "" && len(v.Add) < maxFields {
		v.Add = append(v.Add, Field{name, value})
	}
}

func (v *Verdict) drop(name string) {
	if isFieldName(name) && len(v.Drop) < maxFields {
		v.Drop = append(v.Drop, name)
	}
}

// isFieldName is RFC 5322 section 2.2: printable ASCII without a colon.
func isFieldName(name string) bool {
	wrong := func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }
	return name != "" && len(name) <= maxName && !strings.ContainsFunc(name, wrong)
}

// oneLine makes one line of what may be folded, or an attempt at more.
func oneLine(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}
