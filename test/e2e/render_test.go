//go:build e2e

package e2e

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
)

// TestMailsOfAllDesks is about the mails of the five desks' lives: there is one
// of every kind, none shows what opens somebody else's door, and each is one
// that people can read.
func TestMailsOfAllDesks(t *testing.T) {
	l := liveThrough(t)
	mails := l.byKind()
	t.Run("every kind", func(t *testing.T) {
		for _, kind := range allKinds(t) {
			if _, sent := mails[kind]; sent == (unsent[kind] != "") {
				t.Errorf("a mail of the kind %s was sent: %v %s", kind, sent, unsent[kind])
			}
		}
	})
	t.Run("tokens", func(t *testing.T) { keepTheirTokens(t, l.mails) })
	t.Run("as people see them", func(t *testing.T) {
		shown := failures(t)
		for kind, mail := range mails {
			shown[kind] = withPictures(mail)
		}
		show(t, shown)
	})
}

// show has Chromium show HTML parts, by kind: on a desk and on a telephone,
// light and dark.
func show(t *testing.T, mails map[string]string) {
	t.Helper()
	c := newChromium(t)
	for kind, html := range mails {
		c.keep(kind, html)
	}
	for batch := range slices.Chunk(slices.Sorted(maps.Keys(mails)), mailsOnPage) {
		c.look(batch, false)
		c.look(batch, true)
	}
}

// mailsOnPage are measured by one start of the browser.
const mailsOnPage = 40

// look measures mails and says what is wrong with them.
func (c *chromium) look(kinds []string, dark bool) {
	c.t.Helper()
	measures := c.measure(kinds, dark)
	if len(measures) != len(kinds)*len(widths) {
		c.t.Errorf("%d frames were measured, not %d for each of %d kinds", len(measures), len(widths), len(kinds))
	}
	for _, m := range measures {
		for _, fault := range m.faults(dark) {
			c.t.Error(fault)
		}
		if *updateImages {
			c.takePicture(m)
		}
	}
}

// withPictures is a mail's HTML part with the pictures it shows in their place.
func withPictures(m mailclient.Mail) string {
	html := m.HTML
	for _, file := range m.Attachments {
		if file.ContentID != "" {
			html = strings.ReplaceAll(html, "cid:"+file.ContentID, "data:"+file.ContentType+";base64,"+base64.StdEncoding.EncodeToString(file.Data))
		}
	}
	return html
}

// widths are those of the page a mail is read on, in CSS pixels: a small
// telephone, and a window.
var widths = []int{phone, window}

const (
	phone  = 360
	window = 800
)

// measure is how a mail is shown in one frame.
type measure struct {
	Kind                             string
	Frame                            int // its width
	Dark                             bool
	ScrollWidth, ClientWidth, Height float64
	Targets                          []struct {
		Text          string
		Width, Height float64
	}
	Texts []struct {
		Text           string
		Contrast, Size float64
	}
	Broken []string // pictures that are not shown
}

// What WCAG 2.1 asks for: contrast by 1.4.3, targets by 2.5.5; reflow, which is
// no scrolling sideways, by 1.4.10.
const (
	leastContrast = 4.5
	leastTarget   = 44
	leastText     = 14 // px; ours
	fewestTexts   = 5  // pieces of text on a page; ours
)

// faults are what is wrong with a mail as it is shown.
func (m measure) faults(dark bool) []string {
	var found []string
	fault := func(words string, args ...any) {
		place := fmt.Sprintf("%s, %d px, dark %v: ", m.Kind, m.Frame, dark)
		found = append(found, place+fmt.Sprintf(words, args...))
	}
	if m.Dark != dark {
		fault("was shown in the other colours")
	}
	if m.ScrollWidth != m.ClientWidth || int(m.ClientWidth) != m.Frame {
		fault("is %v px wide, of which %v are shown", m.ScrollWidth, m.ClientWidth)
	}
	for _, target := range m.Targets {
		if min(target.Height, target.Width) < leastTarget {
			fault("the link %q is %v × %v px", target.Text, target.Width, target.Height)
		}
	}
	for _, text := range m.Texts {
		if text.Contrast < leastContrast || text.Size < leastText {
			fault("contrast %.2f, %v px: %q", text.Contrast, text.Size, text.Text)
		}
	}
	for _, picture := range m.Broken {
		fault("the picture %q is not shown", picture)
	}
	if len(m.Texts) < fewestTexts {
		fault("has hardly a word: %v", m.Texts)
	}
	return found
}

// TestFaultsAreSeen shows that a bad mail does not get through: testdata/bad.html
// says which fault each of its parts has.
func TestFaultsAreSeen(t *testing.T) {
	c := newChromium(t)
	bad, err := os.ReadFile("testdata/bad.html")
	if err != nil {
		t.Fatal(err)
	}
	c.keep("bad", string(bad))
	for dark, want := range map[bool][]string{
		false: {"is 900 px wide", `the link "Pequeño"`, `contrast 1.61, 16 px: "Claro sobre blanco"`, `10 px: "Letra menuda"`, `the picture "Rota"`, "hardly a word"},
		true:  {"is 900 px wide", `contrast 1.00, 16 px: "Negro sobre negro"`},
	} {
		found := strings.Join(c.measure([]string{"bad"}, dark)[0].faults(dark), "\n")
		for _, fault := range want {
			if !strings.Contains(found, fault) {
				t.Errorf("dark %v: %s is not among the faults:\n%s", dark, fault, found)
			}
		}
	}
}
