package mailtest

import (
	"encoding/base64"
	"fmt"
	"html"
	"mime"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"github.com/cauce-desk/cauce/mailflow/compose"
)

// part is a MIME entity as a program writes it, lines ending in "\n".
type part struct {
	head []string
	body string
}

func (p part) String() string { return strings.Join(p.head, "\n") + "\n\n" + p.body }

// entity is a part with content of a type, in a transfer encoding: "8bit",
// "quoted-printable" or "base64".
func entity(contentType, transfer, content string) part {
	p := part{head: []string{"Content-Type: " + contentType, "Content-Transfer-Encoding: " + transfer}, body: content}
	switch transfer {
	case "quoted-printable":
		var out strings.Builder
		w := quotedprintable.NewWriter(&out)
		_, _ = w.Write([]byte(content)) // a strings.Builder takes everything
		_ = w.Close()
		p.body = strings.ReplaceAll(out.String(), "\r\n", "\n")
	case "base64":
		p.body = base64Lines([]byte(content))
	}
	return p
}

func base64Lines(content []byte) string {
	text := base64.StdEncoding.EncodeToString(content)
	var lines strings.Builder
	for len(text) > 76 {
		lines.WriteString(text[:76] + "\n")
		text = text[76:]
	}
	return lines.String() + text + "\n"
}

// together joins parts to a multipart of a subtype.
func together(subtype string, first part, more ...part) part {
	boundary := "----=_" + subtype + "_0001_01D34102.5AE0F3C0"
	var body strings.Builder
	for _, p := range append([]part{first}, more...) {
		fmt.Fprintf(&body, "--%s\n%s\n", boundary, p)
	}
	fmt.Fprintf(&body, "--%s--\n", boundary)
	return part{head: []string{fmt.Sprintf("Content-Type: multipart/%s;\n boundary=%q", subtype, boundary)}, body: body.String()}
}

func files(attached []compose.Attachment) []part {
	var parts []part
	for _, a := range attached {
		name := mime.QEncoding.Encode("UTF-8", a.Filename)
		parts = append(parts, part{
			head: []string{fmt.Sprintf("Content-Type: %s;\n name=%q", a.ContentType, name), "Content-Transfer-Encoding: base64",
				fmt.Sprintf("Content-Disposition: attachment;\n filename=%q", name)},
			body: base64Lines(a.Data),
		})
	}
	return parts
}

// paragraphs is a text as HTML, each line between an opening and a closing
// tag; an empty one holds what the program puts into it.
func paragraphs(text, opening, empty, closing string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		inner := html.EscapeString(line)
		if strings.TrimSpace(line) == "" {
			inner = empty
		}
		out.WriteString(opening + inner + closing + "\n")
	}
	return out.String()
}

// encodedWords writes the words of RFC 2047 as programs do: the encoding in
// capitals, and fold between two words. ASCII stays as it is.
func encodedWords(e mime.WordEncoder, set, text, fold string) string {
	encoded := e.Encode(set, text)
	if encoded == text {
		return text
	}
	return strings.NewReplacer("?q?", "?Q?", "?b?", "?B?", "?= =?", "?="+fold+"=?").Replace(encoded)
}

// latin writes a text in a one-byte character set, if it can be.
func latin(set *charmap.Charmap, text string) (string, bool) {
	encoded, err := set.NewEncoder().String(text)
	return encoded, err == nil
}

// wrapped cuts the lines of a text that are longer than width at their spaces.
// Each line but a paragraph's last ends in end. A line that was cut and the
// next one become one where glue says so.
func wrapped(text string, width int, end string, glue bool) string {
	var out []string
	rest := ""
	for line := range strings.SplitSeq(text, "\n") {
		if rest != "" && line != "" {
			line = rest + " " + line
		} else if rest != "" {
			out = append(out, rest)
		}
		rest = ""
		cut := false
		for len([]rune(line)) > width {
			i := breakAt(line, width)
			if i < 0 {
				break
			}
			out = append(out, line[:i]+end)
			line, cut = line[i+1:], true
		}
		if cut && glue {
			rest = line
			continue
		}
		out = append(out, line)
	}
	if rest != "" {
		out = append(out, rest)
	}
	return strings.Join(out, "\n")
}

// breakAt finds the last space within width characters, or else the first one
// after; -1 if there is none.
func breakAt(line string, width int) int {
	runes := []rune(line)
	if i := strings.LastIndexByte(string(runes[:width]), ' '); i > 0 {
		return i
	}
	if i := strings.IndexByte(string(runes[width:]), ' '); i >= 0 {
		return len(string(runes[:width])) + i
	}
	return -1
}
