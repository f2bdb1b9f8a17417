package templates

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// eachPage renders every mail of the story.
func eachPage(t *testing.T, check func(t *testing.T, source string, p htmlPage)) {
	s := builtinSet(t)
	for _, kind := range noticeKeys() {
		t.Run(kind, func(t *testing.T) {
			r, err := s.Render(story(t, s, kind))
			if err != nil {
				t.Fatal(err)
			}
			check(t, r.HTML, parsePage(t, r.HTML))
		})
	}
}

// TestAccessible checks what EN 301 549 asks of a page and can be read off
// its source.
func TestAccessible(t *testing.T) {
	eachPage(t, func(t *testing.T, source string, p htmlPage) {
		if !strings.HasPrefix(source, "<!DOCTYPE html>\n<html lang=\"es\" dir=\"ltr\">") {
			t.Errorf("starts with %.60q", source)
		}
		article := p.elements("body")[0].FirstChild.NextSibling
		if attr(article, "role") != "article" || attr(article, "aria-roledescription") != "email" || attr(article, "lang") != "es" ||
			attr(article, "aria-label") == "" || attr(article, "aria-label") != p.elements("title")[0].FirstChild.Data {
			t.Errorf("wrapped in %v", article.Attr)
		}
		for _, table := range p.elements("table") {
			layout := attr(table, "role") == "presentation"
			data := strings.Contains(attr(table, "class"), "facts") || strings.Contains(attr(table, "class"), "grid")
			if layout == data {
				t.Errorf("a table is neither layout nor data: %v", table.Attr)
			}
		}
		for _, th := range p.elements("th") {
			if scope := attr(th, "scope"); scope != "row" && (scope != "col" || !within(th, "thead")) {
				t.Errorf("th without scope: %v", th.Attr)
			}
		}
		for _, img := range p.elements("img") {
			if attr(img, "alt") == "" {
				t.Errorf("a picture that says nothing: %v", img.Attr)
			}
		}
		checkHeadings(t, p)
	})
}

func checkHeadings(t *testing.T, p htmlPage) {
	t.Helper()
	var levels []string
	for _, n := range p.elements("") {
		if regexp.MustCompile(`^h[1-6]$`).MatchString(n.Data) {
			levels = append(levels, n.Data)
		}
	}
	if levels[0] != "h1" || slices.ContainsFunc(levels[1:], func(l string) bool { return l != "h2" }) {
		t.Errorf("headings %v", levels)
	}
}

// TestNothingIsFetched checks that a mail shows without the network, and that
// its links are mails.
func TestNothingIsFetched(t *testing.T) {
	eachPage(t, func(t *testing.T, source string, p htmlPage) {
		for _, n := range p.elements("") {
			if slices.Contains([]string{"link", "script", "iframe", "object", "form", "base"}, n.Data) {
				t.Errorf("there is a %s", n.Data)
			}
			for _, a := range n.Attr {
				if n.Data == "img" && a.Key == "src" && strings.HasPrefix(a.Val, "cid:") {
					continue // RFC 2392: it is in the mail
				}
				if slices.Contains([]string{"src", "background", "srcset", "action"}, a.Key) || strings.Contains(a.Val, "url(") {
					t.Errorf("%s fetches %s=%q", n.Data, a.Key, a.Val)
				}
			}
		}
		if strings.Contains(source, "@import") || strings.Contains(source, "url(") {
			t.Error("the style fetches something")
		}
		for _, link := range p.links() {
			if !strings.HasPrefix(link, "mailto:") {
				t.Errorf("link to %q", link)
			}
		}
	})
}

var href = regexp.MustCompile(`href="([^"]*)"`)

func TestSource(t *testing.T) {
	eachPage(t, func(t *testing.T, source string, p htmlPage) {
		if len(source) > maxHTML/2 {
			t.Errorf("an ordinary mail has %d octets", len(source))
		}
		for _, m := range href.FindAllStringSubmatch(source, -1) {
			if strings.Contains(strings.ReplaceAll(m[1], "&amp;", ""), "&") {
				t.Errorf("a bare & in %s", m[1])
			}
		}
		if opened, closed := strings.Count(source, "<!--[if"), strings.Count(source, "<![endif]-->"); opened == 0 || opened != closed {
			t.Errorf("%d conditional comments opened, %d closed", opened, closed)
		}
		for line := range strings.Lines(source) {
			if !strings.Contains(source, "Incidencia <span") {
				break // about no ticket: a number is but somebody's word
			}
			if number := strings.Index(line, "I171009_000049"); number >= 0 && !strings.Contains(line, "nowrap\">I171009_000049") &&
				!strings.Contains(line, "aria-label") && !strings.Contains(line, "<title>") && !strings.Contains(line, "href=") {
				t.Errorf("a number may break in %q", line)
			}
		}
	})
}

var (
	size   = regexp.MustCompile(`font-size:(\d+)px`)
	pixels = regexp.MustCompile(`(padding|line-height|border):(\d+)px`)
)

// TestSizes checks that nothing is too small to read or to hit.
func TestSizes(t *testing.T) {
	eachPage(t, func(t *testing.T, source string, p htmlPage) {
		for _, n := range p.elements("") {
			if m := size.FindStringSubmatch(attr(n, "style")); m != nil {
				small := strings.Contains(attr(n, "class"), "soft") && n.Data != "th"
				if px, _ := strconv.Atoi(m[1]); px < 14 || px < 16 && !small {
					t.Errorf("%s in %d px", n.Data, px)
				}
			}
		}
		for _, a := range p.elements("a") {
			height := 0
			for _, m := range pixels.FindAllStringSubmatch(attr(a, "style"), -1) {
				px, _ := strconv.Atoi(m[2])
				if m[1] != "line-height" {
					px *= 2
				}
				height += px
			}
			if height < 44 {
				t.Errorf("a button is %d px high", height)
			}
		}
	})
}

// TestWidths checks that a mail can be read on the narrowest screens: no width
// but those that give way.
func TestWidths(t *testing.T) {
	fixed := regexp.MustCompile(`(?:^|;)(?:min-)?width:(\d+)px`)
	eachPage(t, func(t *testing.T, source string, p htmlPage) {
		for _, n := range p.elements("") {
			if m := fixed.FindStringSubmatch(attr(n, "style")); m != nil {
				t.Errorf("%s is always %s px wide", n.Data, m[1])
			}
			// A picture's percentage is what lets the table around it be narrower.
			if n.Data == "img" && !strings.Contains(attr(n, "style"), ";width:100%;max-width:") {
				t.Errorf("a picture is always as wide as it is: %v", n.Attr)
			}
			if width := attr(n, "width"); (width == "600" || width == "760") && !strings.Contains(attr(n, "style"), "width:100%;max-width:"+width+"px") {
				t.Errorf("%s is always %s px wide", n.Data, width)
			}
		}
	})
}

func TestVisibleTextOfPage(t *testing.T) {
	p := htmlPage{mustParse(t, "<html><head><title>no</title></head><body><p>uno<br>dos <b>t</b><span>r</span>es</p><!-- no --><p>cuatro</p></body></html>")}
	if got := strings.Join(strings.Fields(p.visible()), " "); got != "uno dos t res cuatro" {
		t.Errorf("got %q", got)
	}
}

func mustParse(t *testing.T, source string) *html.Node {
	t.Helper()
	return parsePage(t, source).root
}
