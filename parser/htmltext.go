package parser

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText turns HTML into text a person can read: blocks and <br> are lines,
// table cells are parted by tabs, list items get a dash or a number, quotations
// get "> ", links show where they lead if their text does not. What is not
// displayed (styles, scripts, hidden preheaders) is left out. It stops soon after
// maxText bytes: deep quotations make text longer than its source.
func htmlText(source string) string {
	r := htmlReader{}
	for source != "" && r.out.length() <= maxText {
		source = r.read(source)
	}
	return r.out.String()
}

// maxToken bounds what is buffered of one tag or one run of text.
const maxToken = 256 << 10

// read reads to the end, or past the first token that is too long to buffer,
// and returns what is left.
func (r *htmlReader) read(source string) (rest string) {
	r.z = html.NewTokenizer(strings.NewReader(source))
	r.z.SetMaxBuf(maxToken)
	done := 0
	for r.out.length() <= maxText && r.token() {
		done += len(r.z.Raw())
	}
	if r.z.Err() != html.ErrBufferExceeded || done >= len(source) {
		return ""
	}
	return r.overlong(source[done:])
}

// overlong reads past a token too long to buffer: a tag, such as one that holds
// a whole picture, is dropped, and text is kept.
func (r *htmlReader) overlong(source string) (rest string) {
	if source[0] == '<' {
		_, rest, _ = strings.Cut(source, ">")
		return rest
	}
	end := strings.IndexByte(source, '<')
	if end < 0 {
		end = len(source)
	}
	r.text(source[:end])
	return source[end:]
}

type htmlReader struct {
	z     *html.Tokenizer
	out   textOut
	stack []element
	skip  int // open elements that are not displayed
	pre   int
	lists []int // per open list: the next number, or -1 for bullets
	link  string
	said  int // where the text of the link starts
}

// element is one open element of those that need closing.
type element struct {
	tag    atom.Atom
	name   string
	hidden bool
	quote  bool
	gap    bool // an empty line before and after; Word's paragraphs have none
}

func (r *htmlReader) token() bool {
	switch r.z.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		r.text(string(r.z.Text()))
	case html.StartTagToken:
		r.start(false)
	case html.SelfClosingTagToken:
		r.start(true)
	case html.EndTagToken:
		name, _ := r.z.TagName()
		r.end(atom.Lookup(name), string(name))
	}
	return true
}

func (r *htmlReader) text(raw string) {
	if r.skip > 0 {
		return
	}
	raw = html.UnescapeString(raw)
	if r.pre > 0 {
		r.out.verbatim(raw)
		return
	}
	r.out.words(raw)
}

// void elements have no end tag.
var void = map[atom.Atom]bool{
	atom.Br: true, atom.Hr: true, atom.Img: true, atom.Meta: true, atom.Link: true, atom.Input: true, atom.Col: true, atom.Wbr: true, atom.Base: true, atom.Area: true,
}

// block elements begin and end a line.
var block = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Blockquote: true, atom.Body: true, atom.Center: true, atom.Dd: true, atom.Div: true, atom.Dl: true, atom.Dt: true,
	atom.Fieldset: true, atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Header: true, atom.Hr: true, atom.Html: true, atom.Li: true, atom.Main: true, atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true,
	atom.Table: true, atom.Tbody: true, atom.Tfoot: true, atom.Thead: true, atom.Tr: true, atom.Ul: true, atom.Caption: true,
}

// spaced elements have an empty line around them.
var spaced = map[atom.Atom]bool{
	atom.P: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.Blockquote: true, atom.Ul: true, atom.Ol: true, atom.Pre: true,
}

// unseen elements are never displayed.
var unseen = map[atom.Atom]bool{
	atom.Head: true, atom.Style: true, atom.Script: true, atom.Title: true, atom.Template: true, atom.Noscript: true, atom.Select: true, atom.Object: true, atom.Svg: true,
}

func (r *htmlReader) start(closed bool) {
	name, more := r.z.TagName()
	tag := atom.Lookup(name)
	e := element{tag: tag, name: string(name), hidden: unseen[tag]}
	attrs := r.attributes(more)
	e.hidden = e.hidden || attrs.hidden
	if tag == atom.Body && r.skip > 0 {
		r.show() // a head that was never closed ends here
	}
	if r.skip == 0 && !e.hidden {
		r.open(&e, attrs)
	}
	if void[tag] || closed || len(r.stack) >= maxHTMLNesting {
		return
	}
	if e.hidden {
		r.skip++
	}
	r.stack = append(r.stack, e)
}

func (r *htmlReader) show() {
	r.skip = 0
	for i := range r.stack {
		r.stack[i].hidden = false
	}
}

// attrs is what the reader wants to know of a start tag.
type attrs struct {
	hidden    bool
	href, alt string
	class     string
}

func (r *htmlReader) attributes(more bool) attrs {
	var a attrs
	for more {
		var key, value []byte
		key, value, more = r.z.TagAttr()
		switch string(key) {
		case "style":
			a.hidden = a.hidden || hiddenStyle(value)
		case "hidden":
			a.hidden = true
		case "href":
			a.href = string(value)
		case "alt":
			a.alt = string(value)
		case "class":
			a.class = string(value)
		}
	}
	return a
}

func hiddenStyle(style []byte) bool {
	style = bytes.ToLower(bytes.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, style))
	return bytes.Contains(style, []byte("display:none")) || bytes.Contains(style, []byte("mso-hide:all")) ||
		bytes.Contains(style, []byte("visibility:hidden")) ||
		bytes.Contains(style, []byte("max-height:0")) && bytes.Contains(style, []byte("overflow:hidden"))
}

func (r *htmlReader) open(e *element, a attrs) {
	e.gap = spaced[e.tag] && !strings.Contains(a.class, "Mso")
	if block[e.tag] {
		r.out.line(e.gap)
	}
	switch e.tag {
	case atom.Br:
		r.out.lineBreak()
	case atom.Td, atom.Th:
		r.out.cell()
	case atom.Ul:
		r.lists = append(r.lists, -1)
	case atom.Ol:
		r.lists = append(r.lists, 1)
	case atom.Li:
		r.item()
	case atom.Pre:
		r.pre++
	case atom.Blockquote:
		e.quote = true
		r.out.quote(+1)
	case atom.A:
		r.link, r.said = a.href, r.out.length()
	}
}

func (r *htmlReader) item() {
	if len(r.lists) == 0 || r.lists[len(r.lists)-1] < 0 {
		r.out.marker("- ")
		return
	}
	n := &r.lists[len(r.lists)-1]
	r.out.marker(itoa(*n) + ". ")
	*n++
}

// end closes the innermost open element of that name, and those within it.
func (r *htmlReader) end(tag atom.Atom, name string) {
	if tag == atom.Br && r.skip == 0 {
		r.out.lineBreak()
	}
	for i := len(r.stack) - 1; i >= 0 && i >= len(r.stack)-50; i-- {
		if r.stack[i].name == name {
			for j := len(r.stack) - 1; j >= i; j-- {
				r.close(r.stack[j])
			}
			r.stack = r.stack[:i]
			return
		}
	}
}

func (r *htmlReader) close(e element) {
	if e.hidden {
		r.skip--
	}
	if r.skip > 0 || e.hidden {
		return
	}
	switch e.tag {
	case atom.Pre:
		r.pre--
	case atom.Ul, atom.Ol:
		r.lists = r.lists[:max(0, len(r.lists)-1)]
	case atom.A:
		r.endLink()
	}
	if e.quote {
		r.out.line(false)
		r.out.quote(-1)
	}
	if block[e.tag] {
		r.out.line(e.gap)
	}
}

// endLink shows where a web link leads when its text does not say so.
func (r *htmlReader) endLink() {
	href := strings.TrimSpace(r.link)
	r.link = ""
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") || len(href) > 500 {
		return
	}
	said := r.out.since(r.said)
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(href, "https://"), "http://"), "/")
	if strings.TrimSpace(said) == "" || strings.Contains(said, bare) {
		return
	}
	r.out.words(" <" + href + ">")
}
