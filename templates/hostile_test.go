package templates

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/cauce-desk/cauce/ticket"
)

// TestWordsNeverBreakOut checks that whatever people write, a mail keeps its
// shape: the elements, attributes and comments of the HTML are those the
// layout makes, and at the start of a line of the text stands nothing that
// looks like one of our links.
func TestWordsNeverBreakOut(t *testing.T) {
	s := builtinSet(t)
	var known []string
	for _, kind := range noticeKeys() {
		r, err := s.Render(story(t, s, kind))
		if err != nil {
			t.Fatal(err)
		}
		known = append(known, skeleton(parsePage(t, r.HTML))...)
	}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(noticeKeys()).Draw(rt, "kind")
		v := haunted(rt, story(t, s, kind))
		r, err := s.Render(v)
		if err != nil {
			rt.Fatal(err)
		}
		for _, element := range skeleton(parsePage(rt, r.HTML)) {
			if !slices.Contains(known, element) {
				rt.Fatalf("words became the element %s", element)
			}
		}
		checkTextShape(rt, s, v, r)
	})
}

// skeleton is the elements of a page with all their attributes but the links,
// and its comments.
func skeleton(p htmlPage) []string {
	var parts []string
	for n := range p.root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			part := n.Data
			for _, a := range n.Attr {
				if a.Key != "href" && a.Key != "aria-label" && a.Key != "alt" {
					part += " " + a.Key + "=" + a.Val
				}
			}
			parts = append(parts, part)
		case html.CommentNode:
			parts = append(parts, "<!--"+outlookLink.ReplaceAllString(n.Data, ""))
		}
	}
	return parts
}

func checkTextShape(t failer, s *Set, v View, r Rendered) {
	t.Helper()
	p, err := s.page(v, maxWords)
	if err != nil {
		t.Fatalf("page: %v", err)
	}
	var ours []string
	for _, block := range p.Blocks {
		for _, link := range block.Links {
			ours = append(ours, "<"+link.URL+">")
		}
	}
	for line := range strings.Lines(r.Text) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "<") && !slices.Contains(ours, line) {
			t.Errorf("words became the link %q", line)
		}
	}
	for _, c := range r.Subject + r.Text + r.HTML {
		if c != '\n' && (unicode.IsControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069) {
			t.Errorf("%U came through", c)
		}
	}
}

// TestBriefRepeatsNothing checks that the confirmation of an opening nobody
// vouches for holds no word of its mail.
func TestBriefRepeatsNothing(t *testing.T) {
	s := builtinSet(t)
	const word = "Zarzaparrilla"
	v := story(t, s, "open.requester")
	v.Brief = true
	v.Ticket.Subject, v.Ticket.Service, v.Event.Content.Text = word, word, word
	v.Ticket.Requester.Name, v.To.Name, v.Event.Actor.Name = word, word, word
	v.Ticket.Fields = map[string]string{"description": word, "other": word}
	v.Event.Content.Attachments[0].Name = word
	v.Name = func(ticket.Address) string { return word }
	v.Files, v.Omitted, v.Withheld = []string{word}, []string{word}, []string{word}
	v.Tables = []Table{{Title: word, Head: []string{word}, Rows: [][]string{{word}}, Note: word}}
	v.Chart = Chart{CID: "x@dgt.example", Alt: word}
	v.Queue, v.Reached, v.Charged, v.Ticket.Contact, v.Ticket.Priority = word, word, word, ticket.Values{"phone": word}, word
	v.Clocks = []Clock{{Label: word, Due: v.Ticket.Created}}
	v.Answer = &Answer{Subject: word, Values: map[string]string{"description": word}}
	v.Links = []Link{{Name: "Abrir", Address: "a@dgt.example", Subject: "Abrir", Form: openingForm(), Values: v.Answer.Values}}
	for _, kind := range noticeKeys() {
		v.Kind = kind
		r, err := s.Render(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(r.Subject+r.Text+r.HTML, word) {
			t.Errorf("%s repeats it:\n%s\n%s", kind, r.Subject, r.Text)
		}
	}
}

func TestLongWordsAreCutInBothParts(t *testing.T) {
	s := builtinSet(t)
	for name, long := range map[string]string{
		"many": strings.Repeat("palabra ", 2400), "wide": strings.Repeat("<&>", 6600), "lines": strings.Repeat("x\n", 10_000), "one": strings.Repeat("ñ", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			v := story(t, s, "reject.staff")
			v.Ticket.Fields["description"], v.Ticket.Solution, v.Event.Content.Text = long, long, long
			checkParity(t, s, v)
			r, err := s.Render(v)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.HTML) > maxHTML {
				t.Errorf("%d octets", len(r.HTML))
			}
			if !strings.Contains(strings.Join(strings.Fields(r.Text), " "), s.word("cut")) {
				t.Error("nothing says that words are missing")
			}
		})
	}
}
