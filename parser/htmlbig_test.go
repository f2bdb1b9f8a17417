package parser

import (
	"strings"
	"testing"
)

// A tag or a text too long to buffer does not swallow what stands around it.
func TestHTMLWithLongTokens(t *testing.T) {
	long := strings.Repeat("palabra ", maxToken/4)
	for name, source := range map[string]string{
		"picture in a tag": `<p>antes</p><img src="data:image/png;base64,` + strings.Repeat("A", 3*maxToken) + `"><p>después</p>`,
		"text":             "<p>antes</p>" + long + "<p>después</p>",
		"style":            "<p>antes</p><style>" + strings.Repeat("a{b:c}", maxToken) + "</style><p>después</p>",
		"tag without end":  "<p>antes</p><p>después</p><img src=" + strings.Repeat("A", 2*maxToken),
	} {
		text := htmlText(source)
		if !strings.HasPrefix(text, "antes") || !strings.HasSuffix(text, "después") {
			t.Errorf("%s: %.40q … %q", name, text, text[max(0, len(text)-40):])
		}
		if strings.Contains(text, "AAAA") || strings.Contains(text, "b:c") {
			t.Errorf("%s: what is not displayed is in the text", name)
		}
	}
	if !strings.Contains(htmlText("<p>antes</p>"+long), "palabra palabra") {
		t.Error("the long text was lost")
	}
}
