package templates

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/ticket"
)

// TestParity checks on every mail of the story that both parts say the same
// words in the same order and have the same links. Tables are another matter:
// one part may repeat their heads.
func TestParity(t *testing.T) {
	s := builtinSet(t)
	for _, kind := range noticeKeys() {
		t.Run(kind, func(t *testing.T) { checkParity(t, s, story(t, s, kind)) })
	}
}

// TestParityOfStrangeWords checks the same where people write what no reader
// expects.
func TestParityOfStrangeWords(t *testing.T) {
	s := builtinSet(t)
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(noticeKeys()).Draw(rt, "kind")
		checkParity(rt, s, haunted(rt, story(t, s, kind)))
	})
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func checkParity(t failer, s *Set, v View) {
	t.Helper()
	v.Tables = nil
	r, err := s.Render(v)
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	textWords, textLinks := readText(r.Text)
	page := parsePage(t, r.HTML)
	htmlWords := withoutDashes(page.visible())
	for i := range max(len(textWords), len(htmlWords)) {
		if i >= len(textWords) || i >= len(htmlWords) || textWords[i] != htmlWords[i] {
			t.Fatalf("the parts differ from word %d on\ntext: %q\nhtml: %q", i, textWords[min(i, len(textWords)):], htmlWords[min(i, len(htmlWords)):])
		}
	}
	if htmlLinks := page.links(); !slices.Equal(textLinks, htmlLinks) {
		t.Errorf("the links differ\ntext: %q\nhtml: %q", textLinks, htmlLinks)
	}
	if outlook := outlookLinks(r.HTML); !slices.Equal(textLinks, outlook) {
		t.Errorf("the links for Outlook differ\ntext: %q\nhtml: %q", textLinks, outlook)
	}
}

// readText takes apart a text part: its words without what stands for shape,
// and its links.
func readText(text string) (words, links []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "<mailto:"):
			links = append(links, strings.Trim(line, "<>"))
		case line == "-- ":
		default:
			words = append(words, withoutDashes(line)...)
		}
	}
	return words, links
}

// withoutDashes are the words of a text but for lone dashes, which mark the
// items of lists in the text part; people's names may be one.
func withoutDashes(text string) []string {
	return slices.DeleteFunc(strings.Fields(text), func(w string) bool { return w == "-" })
}

// htmlPage is an HTML part as a browser reads it.
type htmlPage struct{ root *html.Node }

func parsePage(t failer, source string) htmlPage {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatalf("html: %v", err)
	}
	return htmlPage{root}
}

var inline = []string{"span", "strong", "a"}

// visible is the text a reader sees.
func (p htmlPage) visible() string {
	var out strings.Builder
	for n := range p.root.Descendants() {
		switch {
		case n.Type == html.ElementNode && !slices.Contains(inline, n.Data):
			out.WriteByte(' ')
		case n.Type == html.TextNode && !within(n, "head"):
			out.WriteString(n.Data)
			if n.NextSibling == nil && !slices.Contains(inline, n.Parent.Data) {
				out.WriteByte(' ')
			}
		}
	}
	return out.String()
}

func within(n *html.Node, name string) bool {
	for a := range n.Ancestors() {
		if a.Data == name {
			return true
		}
	}
	return false
}

// elements are all elements of a name, all there are for "".
func (p htmlPage) elements(name string) []*html.Node {
	var found []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			found = append(found, n)
		}
	}
	return found
}

func (p htmlPage) links() []string {
	var links []string
	for _, a := range p.elements("a") {
		links = append(links, attr(a, "href"))
	}
	return links
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

var outlookLink = regexp.MustCompile(`<v:roundrect [^>]*href="([^"]*)"`)

// outlookLinks are the links that stand in conditional comments.
func outlookLinks(source string) []string {
	var links []string
	for _, m := range outlookLink.FindAllStringSubmatch(source, -1) {
		links = append(links, html.UnescapeString(m[1]))
	}
	return links
}

// haunted puts strange words into a view wherever people's words stand.
func haunted(t *rapid.T, v View) View {
	word := func(name string) string { return strangeText().Draw(t, name) }
	v.Ticket.Subject, v.Ticket.Question, v.Ticket.Solution = word("subject"), word("question"), word("solution")
	v.Ticket.Requester.Name, v.Event.Actor.Name, v.To.Name = word("requester"), word("actor"), word("to")
	v.Ticket.Fields = ticket.Values{"description": word("description"), "type": word("type"), "gone": word("gone")}
	v.Event.Content.Text = word("text")
	v.Event.Content.Attachments = []ticket.Attachment{{Name: word("attachment")}}
	v.Files, v.Omitted, v.Withheld = []string{word("file")}, []string{word("omitted")}, []string{word("withheld")}
	if v.Answer != nil {
		answer := *v.Answer
		answer.Subject, answer.Values = word("wrong"), ticket.Values{"description": word("understood")}
		v.Answer = &answer
	}
	if len(v.Tables) > 0 {
		v.Tables = []Table{{Title: word("title"), Head: []string{word("head"), word("head 2")}, Rows: [][]string{{word("cell"), word("cell 2")}, {word("cell 3")}}, Note: word("note")}}
		v.Chart.Alt = word("alt")
	}
	v.Done, v.Queue, v.Reached, v.Charged, v.Ticket.Contact = word("done"), word("queue"), word("reached"), word("charged"), ticket.Values{"phone": word("phone")}
	v.Name = nil
	return v
}

// hostile are words that have broken mails before.
var hostile = []string{
	"<script>alert(1)</script>", "</td></tr></table>", `"><a href="https://evil.example">`, "<!--", "-->", "<![endif]-->", "]]>",
	"&amp;", "&#60;b&#62;", "{{.Terms}}", "{{define \"block\"}}", "%0D%0ABcc:", "\r\nBcc: x@evil.example", "<mailto:evil@evil.example?subject=Validar>",
	"\u202Egnp.exe", "\u2066", "\u0000", "\u0092", "\uFDD0", "\uFFFE", "\U000E0041", "\xff\xfe", "-- ", "- ", "Asunto: otro", "Para:",
	"I171009_000049", "09/10/2017 10:23:58 (UTC + 2)", "ñandú", "日本語", "שלום", "👩‍🚒", "\u00a0", "\u2028", "\t", "    ", "\n", "\n\n", "a", " ",
}

func strangeText() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String())
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
	})
}
