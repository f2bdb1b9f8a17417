//go:build e2e

package e2e

import (
	"encoding/json"
	"errors"
	"html/template"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// chromium shows the mails kept in its folder.
type chromium struct {
	t   *testing.T
	dir string
}

func newChromium(t *testing.T) *chromium {
	t.Helper()
	need(t, "chromium", "chromium")
	c := &chromium{t: t, dir: t.TempDir()}
	script, err := os.ReadFile("testdata/measure.js")
	if err == nil {
		err = os.WriteFile(c.path("measure.js"), script, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *chromium) path(name string) string { return filepath.Join(c.dir, name) }

// keep keeps a mail's HTML part.
func (c *chromium) keep(kind, html string) {
	c.t.Helper()
	if err := os.WriteFile(c.path(kind+".html"), []byte(html), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// run starts the browser without a window, and returns what it prints.
func (c *chromium) run(dark bool, args ...string) []byte {
	c.t.Helper()
	flags := []string{"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--disable-lcd-text", "--allow-file-access-from-files", "--virtual-time-budget=5000", "--user-data-dir=" + c.t.TempDir()}
	if dark {
		flags = append(flags, "--blink-settings=preferredColorScheme=0")
	}
	cmd := exec.CommandContext(c.t.Context(), "chromium", append(flags, args...)...)
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		c.t.Fatalf("chromium: %v\n%s", err, failed.Stderr)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

var measures = regexp.MustCompile(`<pre id="measures"[^>]*>([^<]+)</pre>`)

// measure shows the mails of all kinds, each at all widths, on one page.
func (c *chromium) measure(kinds []string, dark bool) (found []measure) {
	c.t.Helper()
	var frames []frame
	for _, kind := range kinds {
		for _, width := range widths {
			frames = append(frames, frame{Kind: kind, Width: width, Height: 900})
		}
	}
	dump := c.run(dark, "--dump-dom", c.page("measure.html", frames...))
	written := measures.FindSubmatch(dump)
	if written == nil {
		c.t.Fatalf("the page has no measures:\n%s", dump)
	}
	text, err := url.PathUnescape(string(written[1]))
	if err == nil {
		err = json.Unmarshal([]byte(text), &found)
	}
	if err != nil {
		c.t.Fatalf("reading the measures: %v", err)
	}
	return found
}

// frame shows a mail on a page.
type frame struct {
	Kind          string
	Width, Height int
}

// page writes a page with frames, and returns its address.
func (c *chromium) page(name string, frames ...frame) string {
	c.t.Helper()
	page, err := template.ParseFiles("testdata/measure.html")
	if err != nil {
		c.t.Fatal(err)
	}
	file, err := os.Create(c.path(name))
	if err != nil {
		c.t.Fatal(err)
	}
	if err := errors.Join(page.Execute(file, frames), file.Close()); err != nil {
		c.t.Fatal(err)
	}
	return "file://" + c.path(name)
}
