package templates

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// minContrast is what WCAG 2.1, success criterion 1.4.3, asks of text.
const minContrast = 4.5

// TestContrast computes the contrast of every text of every mail with what is
// behind it, in light and in dark mode, from the colours that are declared.
func TestContrast(t *testing.T) {
	eachPage(t, func(t *testing.T, source string, p htmlPage) {
		dark := darkRules(t, source)
		for mode, rules := range map[string]map[string]style{"light": nil, "dark": dark} {
			seen := map[string]bool{}
			for n := range p.root.Descendants() {
				if n.Type != html.TextNode || strings.TrimSpace(n.Data) == "" || within(n, "head") {
					continue
				}
				colour, ground := inherited(n, "color", rules), inherited(n, "background-color", rules)
				if ratio := contrast(t, colour, ground); ratio < minContrast && !seen[colour+ground] {
					seen[colour+ground] = true
					t.Errorf("%s: %s on %s is %.2f: %q", mode, colour, ground, ratio, n.Data)
				}
			}
		}
	})
}

type style map[string]string

func parseStyle(declarations string) style {
	s := style{}
	for _, d := range strings.Split(declarations, ";") {
		if name, value, ok := strings.Cut(d, ":"); ok {
			s[strings.TrimSpace(name)] = strings.TrimSuffix(strings.TrimSpace(value), "!important")
		}
	}
	return s
}

var (
	darkBlock = regexp.MustCompile(`(?s)@media \(prefers-color-scheme:dark\)\{\n(.*?)\n\}`)
	rule      = regexp.MustCompile(`\.([a-z]+)\{([^}]*)\}`)
)

// darkRules are the classes that change in dark mode.
func darkRules(t *testing.T, source string) map[string]style {
	t.Helper()
	block := darkBlock.FindStringSubmatch(source)
	if block == nil {
		t.Fatal("there is no dark mode")
	}
	rules := map[string]style{}
	for _, m := range rule.FindAllStringSubmatch(block[1], -1) {
		if strings.Count(m[2], "!important") != strings.Count(m[2], ":") {
			t.Errorf(".%s would lose to the styles in the elements", m[1])
		}
		rules[m[1]] = parseStyle(m[2])
	}
	return rules
}

// inherited is the value of a property that is nearest to a text. Every mail
// declares both colours on its outermost element.
func inherited(n *html.Node, property string, rules map[string]style) string {
	for a := range n.Ancestors() {
		value := parseStyle(attr(a, "style"))[property]
		for _, class := range strings.Fields(attr(a, "class")) {
			if v := rules[class][property]; v != "" {
				value = v
			}
		}
		if value != "" {
			return value
		}
	}
	return ""
}

// contrast is the ratio WCAG defines.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 || colour[0] != '#' {
		t.Fatalf("colour %q", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		part, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(part) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestContrastFormula(t *testing.T) {
	for pair, want := range map[[2]string]string{{"#000000", "#ffffff"}: "21.00", {"#0b4f8a", "#ffffff"}: "8.40", {"#0b4f8a", "#262626"}: "1.80"} {
		if got := fmt.Sprintf("%.2f", contrast(t, pair[0], pair[1])); got != want {
			t.Errorf("%v: %s, want %s", pair, got, want)
		}
	}
}
