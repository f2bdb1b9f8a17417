package templates

import (
	"strings"
	"unicode/utf8"

	"github.com/cauce-desk/cauce/ticket"
)

// MaxLink is the length of the longest link Mailto writes. Windows hands no
// more than about 2,000 characters to a mail program.
const MaxLink = 1800

// Link is a mail somebody may send by a click: all that it takes is to fill
// the blanks that are still empty.
type Link struct {
	Name    string // what the link is called, such as "Validar Petición"
	Address string
	Subject string        // exact; with the token where one is needed
	Form    ticket.Form   // the blanks of its body
	Values  ticket.Values // what already stands in them

	// Hint is one line that says what to do with the link. It is shown
	// beside it and is the body of a link that has no blanks; without either
	// the body is empty.
	Hint string

	// Optional is the word that marks, in parentheses after its label, a
	// blank that may stay empty. A Set fills in its own; without one there
	// is no mark, nor are the values of closed lists named.
	Optional string
}

// Mailto writes a link as RFC 6068 has it, in the form every mail program
// understands: lower-case "mailto:", nothing but subject and body, UTF-8,
// every octet that is not a letter, digit, "-", ".", "_" or "~" as a percent
// sign and two digits (so a space is %20, a plus %2B, a line break %0D%0A).
// Each blank is a line "Label: value", with an empty line before the next.
// Control and format characters are left out.
//
// The link has at most MaxLink characters. To keep that, values of long-text
// blanks are cut, which an ellipsis marks; if that is not enough all values
// and in the end the body are left out. The subject is never touched.
func Mailto(l Link) string {
	url, _ := mailto(l)
	return url
}

// mailto also tells whether something had to be left out.
func mailto(l Link) (url string, cut bool) {
	if url := l.url(l.body(l.Values)); len(url) <= MaxLink {
		return url, false
	}
	low, high := 1, MaxLink
	best := l.url(l.body(nil)) // as good as it gets if the shortest cut does not fit
	for low <= high {
		max := (low + high) / 2
		if url := l.url(l.body(l.shortened(max))); len(url) <= MaxLink {
			best, low = url, max+1
		} else {
			high = max - 1
		}
	}
	if len(best) > MaxLink {
		best = l.url("")
	}
	return best, true
}

func (l Link) url(body string) string {
	url := "mailto:" + strings.ReplaceAll(percent(l.Address), "%40", "@") + "?subject=" + percent(cleanLine(l.Subject, MaxLink))
	if body != "" {
		url += "&body=" + percent(strings.ReplaceAll(body, "\n", "\r\n"))
	}
	return url
}

// body is what the mail says before anybody wrote into it, lines ending in
// "\n". There is no blank for files, which nobody can write.
func (l Link) body(values ticket.Values) string {
	if len(l.Form.Fields) == 0 {
		return cleanLine(l.Hint, MaxLink)
	}
	var blanks []string
	for _, field := range l.Form.Fields {
		if field.Kind != ticket.FilesField {
			blanks = append(blanks, l.blank(field, firstOf(values[field.ID], field.Default)))
		}
	}
	return strings.Join(blanks, "\n\n")
}

// blank writes one blank. There is no space after the colon of an empty one:
// in format=flowed (RFC 3676 section 4.2) it would glue the next line to it.
func (l Link) blank(field ticket.Field, value string) string {
	label := cleanLine(field.Label, MaxLink) + l.remark(field)
	if field.Kind == ticket.LongTextField {
		value = cleanText(value)
	} else {
		value = cleanLine(value, MaxLink)
	}
	return strings.TrimSuffix(label+": "+value, " ")
}

// maxLabel is how long a label is, in runes, that still says which values its
// blank takes: mail programs break longer lines, and a broken label is none.
const maxLabel = 64

// remark is what stands in parentheses behind a blank's label: whether it may
// stay empty, and, of an order's short closed list, the values. An opening has
// a guide of its own.
func (l Link) remark(field ticket.Field) string {
	var optional, values string
	if l.Optional != "" && (!field.Required || field.Default != "") {
		optional = l.Optional
	}
	if l.Optional != "" && l.Form.Name != string(ticket.Open) {
		values = shortList(field)
	}
	both := strings.TrimPrefix(optional+": "+values, ": ")
	switch {
	case values != "" && utf8.RuneCountInString(field.Label+" ()"+both) <= maxLabel:
		return " (" + both + ")"
	case optional != "":
		return " (" + optional + ")"
	}
	return ""
}

// shortList are the values of a closed list, "" if one of them could not stand
// in parentheses.
func shortList(field ticket.Field) string {
	var names []string
	for _, option := range field.Options {
		names = append(names, cleanLine(option.Value, maxLabel))
	}
	list := strings.Join(names, " / ")
	if strings.ContainsAny(list, "()[]:") {
		return ""
	}
	return list
}

// shortened is the link's values with long texts cut to max runes each.
func (l Link) shortened(max int) ticket.Values {
	short := ticket.Values{}
	for _, field := range l.Form.Fields {
		short[field.ID] = l.Values[field.ID]
		if field.Kind == ticket.LongTextField {
			short[field.ID], _ = cutRunes(cleanText(l.Values[field.ID]), max)
		}
	}
	return short
}

// percent encodes everything but the characters RFC 3986 section 2.3 calls
// unreserved, so that strict readers and those that read links like web forms
// (where "+" is a space) understand the same.
func percent(s string) string {
	const digits = "0123456789ABCDEF"
	var out strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			out.WriteByte(c)
		default:
			out.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return out.String()
}
