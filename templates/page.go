package templates

import (
	"fmt"
	htmltemplate "html/template"
	"regexp"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// page is a mail in plain values, before a layout gives it a shape. Its
// exported fields are what a layout may use.
type page struct {
	Language  string // for the lang attribute
	Subject   string
	Desk      string
	Head      line // under the desk's name
	Title     line
	Blocks    []shown
	Foot      []line
	Signature []line
}

// shown is a block of a page. Kind says which of the fields below Intro it has.
type shown struct {
	Kind           string // text, line, note, strong, quote, list, facts, links, tables or image
	Heading, Intro line
	Line           line   // text, line, note, strong
	Lines          []line // quote, list
	Facts          []fact
	Links          []button
	Fallback       line   // links: what to do when one does not open
	Tables         []grid // tables
	Image          image  // image
}

// fact is a label, which ends in a colon, and its value.
type fact struct {
	Label string
	Lines []line
}

// button is a link with all that it takes to write its mail by hand.
type button struct {
	Name    string
	URL     string
	Hint    line
	Manual  []fact // address, subject and, if there are blanks, the text
	Primary bool   // the first of the page
}

// image is a picture that travels with the mail.
type image struct {
	URL   htmltemplate.URL
	Alt   string
	Width int // 0: as wide as there is room
}

// line is a line of text in spans.
type line []span

// span is a piece of a line; one with Keep must not be broken anywhere.
type span struct {
	Text string
	Keep bool
}

// String is the line without regard to spans.
func (l line) String() string {
	var out strings.Builder
	for _, s := range l {
		out.WriteString(s.Text)
	}
	return out.String()
}

// builder makes the page of one view. The first error stays in err and empties
// all that is filled after it.
type builder struct {
	set     *Set
	view    View
	values  values
	limit   int            // runes of one text of a person
	keep    *regexp.Regexp // what stays in one piece: the ticket's number, time stamps
	offered []string       // address and subject of the links the page has so far
	err     error
}

// page puts the catalogue's lines and the view together. No text of a person
// is longer than limit runes.
func (s *Set) page(v View, limit int) (page, error) {
	subject, err := s.subject(v)
	if err != nil {
		return page{}, err
	}
	b := &builder{set: s, view: v, limit: limit, keep: keepPattern(v.Ticket.Number)}
	b.values, b.err = s.values(v)
	notice, _ := s.notice(v) // its subject was found
	p := page{
		Language: s.plain(s.words.Language), Subject: subject, Desk: b.values.Desk,
		Head: b.line(s.words.Head), Title: b.line(notice.Title), Blocks: b.blocks(notice.Blocks), Signature: b.lines(v.Desk.Signature),
	}
	for _, foot := range s.words.Foot {
		if l := b.line(foot); l != nil {
			p.Foot = append(p.Foot, l)
		}
	}
	if b.err != nil {
		return page{}, fmt.Errorf("notice %s: %w", v.Kind, b.err)
	}
	return p, nil
}

func keepPattern(number ticket.Number) *regexp.Regexp {
	if number == "" {
		return stampPattern
	}
	return regexp.MustCompile(stampPattern.String() + "|" + regexp.QuoteMeta(string(number)))
}

// blocks are the blocks that have something to show, parts resolved.
func (b *builder) blocks(specs []block) []shown {
	var out []shown
	for _, spec := range specs {
		if name := b.fill(spec.Part); name != "" {
			part, ok := b.set.words.Parts[name]
			if !ok && b.err == nil {
				b.err = spec.Part.fault(fmt.Errorf("there is no part %q", name))
			}
			out = join(out, b.blocks(part)...)
		} else if block, ok := b.block(spec); ok {
			out = join(out, block)
		}
	}
	return out
}

// join appends blocks. Facts that follow facts without a heading between them
// are of the same table.
func join(page []shown, more ...shown) []shown {
	for _, block := range more {
		last := len(page) - 1
		if last >= 0 && page[last].Kind == "facts" && block.Kind == "facts" && block.Heading == nil && block.Intro == nil {
			page[last].Facts = append(page[last].Facts, block.Facts...)
		} else {
			page = append(page, block)
		}
	}
	return page
}

// block is one block, and whether it has anything to show.
func (b *builder) block(spec block) (shown, bool) {
	out := b.content(spec)
	out.Heading, out.Intro = b.line(spec.Heading), b.line(spec.Intro)
	return out, len(out.Line)+len(out.Lines)+len(out.Facts)+len(out.Links)+len(out.Tables)+len(out.Image.URL) > 0
}

func (b *builder) content(spec block) shown {
	switch {
	case spec.Text.said():
		return shown{Kind: "text", Line: b.line(spec.Text)}
	case spec.Line.said():
		return shown{Kind: "line", Line: b.line(spec.Line)}
	case spec.Note.said():
		return shown{Kind: "note", Line: b.line(spec.Note)}
	case spec.Strong.said():
		return shown{Kind: "strong", Line: b.line(spec.Strong)}
	case spec.Quote.said():
		return shown{Kind: "quote", Lines: b.lines(b.fill(spec.Quote))}
	case spec.Show.said():
		return b.show(b.fill(spec.Show))
	}
	return shown{Kind: "facts", Facts: b.pairs(spec.Facts)}
}

func (b *builder) pairs(pairs pairs) []fact {
	var facts []fact
	for _, p := range pairs {
		facts = b.fact(facts, b.fill(p.label), b.fill(p.value))
	}
	return facts
}

// fact adds a fact unless its value is empty.
func (b *builder) fact(facts []fact, label, value string) []fact {
	if lines := b.lines(value); lines != nil {
		facts = append(facts, fact{Label: strings.TrimSuffix(cleanLine(label, maxLine), ":") + ":", Lines: lines})
	}
	return facts
}

// fill fills a phrase; after an error it says nothing.
func (b *builder) fill(p phrase) string {
	if b.err != nil {
		return ""
	}
	var filled string
	filled, b.err = p.fill(b.values)
	return filled
}

// line fills a phrase that makes a single line, nil if that is empty.
func (b *builder) line(p phrase) line { return b.spans(cleanLine(b.fill(p), maxWords)) }

// lines breaks a text of many lines, cut at the builder's limit.
func (b *builder) lines(text string) []line {
	short, cut := cutRunes(cleanText(text), b.limit)
	if short == "" {
		return nil
	}
	var lines []line
	for _, l := range strings.Split(short, "\n") {
		lines = append(lines, b.spans(l))
	}
	if cut {
		lines = append(lines, b.spans(b.set.word("cut")))
	}
	return lines
}

// spans finds what must stay in one piece.
func (b *builder) spans(text string) line { return spansOf(text, b.keep) }

// spansOf parts a line at what is kept in one piece.
func spansOf(text string, keep *regexp.Regexp) line {
	var l line
	add := func(text string, keep bool) {
		if text != "" {
			l = append(l, span{Text: text, Keep: keep})
		}
	}
	from := 0
	for _, at := range keep.FindAllStringIndex(text, -1) {
		add(text[from:at[0]], false)
		add(text[at[0]:at[1]], true)
		from = at[1]
	}
	add(text[from:], false)
	return l
}
