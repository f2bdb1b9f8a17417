//go:build e2e

package e2e

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// pictures names the kinds of mail that docs/images shows.
var pictures = map[string]string{
	"dgt.open.requester":    "confirmation",
	"dgt.open.staff":        "new-incident",
	"dgt.resolve.requester": "validation",
	"dgt.correction":        "correction",
}

// takePicture writes the picture of a mail as it was measured: in light colours,
// in dark ones ("-dark"), and on a telephone ("-phone").
func (c *chromium) takePicture(m measure) {
	c.t.Helper()
	name, wanted := pictures[m.Kind]
	switch {
	case !wanted || m.Dark && m.Frame == phone:
		return
	case m.Dark:
		name += "-dark"
	case m.Frame == phone:
		name += "-phone"
	}
	f := frame{Kind: m.Kind, Width: m.Frame, Height: int(m.Height)}
	c.write(filepath.Join("..", "..", "docs", "images", name+".png"), c.shot(f, m.Dark))
}

// shot is a mail as Chromium shows it. Its window is at least 500 pixels wide,
// so that what lies beside the frame is cut away.
func (c *chromium) shot(f frame, dark bool) image.Image {
	c.t.Helper()
	path := c.path("shot.png")
	c.run(dark, fmt.Sprintf("--window-size=%d,%d", max(f.Width, 500), f.Height), "--screenshot="+path, c.page("shot.html", f))
	file, err := os.Open(path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer file.Close()
	shot, err := png.Decode(file)
	if err != nil {
		c.t.Fatal(err)
	}
	return fewColours(shot, image.Rect(0, 0, f.Width, f.Height))
}

// fewColours keeps the 256 colours that occur most, so that the file is small;
// the others, of some edges of letters, become the nearest of those.
func fewColours(shot image.Image, part image.Rectangle) image.Image {
	count := map[color.Color]int{}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			count[shot.At(x, y)]++
		}
	}
	byCount := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return cmp.Compare(count[b], count[a]) })
	small := image.NewPaletted(part, byCount[:min(len(byCount), 256)])
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			small.Set(x, y, shot.At(x, y))
		}
	}
	return small
}

func (c *chromium) write(path string, shot image.Image) {
	c.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer file.Close()
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(file, shot); err != nil {
		c.t.Fatal(err)
	}
}
