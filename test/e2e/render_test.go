//go:build e2e

package e2e

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestMailsAsPeopleSeeThem has Chromium show every kind of mail: on a desk and
// on a telephone, light and dark.
func TestMailsAsPeopleSeeThem(t *testing.T) {
	c := newChromium(t)
	mails := liveThrough(t)
	for _, kind := range allKinds() {
		if _, ok := mails[kind]; !ok {
			t.Errorf("no mail of the kind %s was sent", kind)
		}
	}
	kinds := slices.Sorted(maps.Keys(mails))
	for _, kind := range kinds {
		c.keep(kind, mails[kind].HTML)
	}
	for _, dark := range []bool{false, true} {
		measures := c.measure(kinds, dark)
		if len(measures) != len(kinds)*len(widths) {
			t.Errorf("%d frames were measured, not %d for each of %d kinds", len(measures), len(widths), len(kinds))
		}
		for _, m := range measures {
			for _, fault := range m.faults(dark) {
				t.Error(fault)
			}
			if *updateImages {
				c.takePicture(m)
			}
		}
	}
}

// widths are those of the page a mail is read on, in CSS pixels: a small
// telephone, and a window.
var widths = []int{phone, window}

const (
	phone  = 360
	window = 680
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
		false: {"is 900 px wide", `the link "Pequeño"`, `contrast 1.61, 16 px: "Claro sobre blanco"`, `10 px: "Letra menuda"`, "hardly a word"},
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
