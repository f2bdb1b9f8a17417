// Package chart draws the pictures that travel with reports. It knows nothing
// of tickets; what it is given is all words and figures. The same input gives
// the same picture. It fails only if there is nothing to draw or the picture
// cannot be encoded.
package chart

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Bar is one bar of shares: its label and how much of it each series takes.
type Bar struct {
	Label  string
	Values []float64 // one for each series
}

// Bars is a picture of lying, stacked bars, the first at the top.
type Bars struct {
	Title  string
	Series []string // names, in the order of Values; at most as many as there are colours
	Bars   []Bar
}

// The colours keep apart also for those who see no red or green, and in print.
var colours = []color.Color{
	color.RGBA{R: 0x1b, G: 0x6c, B: 0xa8, A: 0xff},
	color.RGBA{R: 0xd9, G: 0x5f, B: 0x02, A: 0xff},
	color.RGBA{R: 0x99, G: 0x99, B: 0x99, A: 0xff},
}

const (
	width     = 600 // pixels, as wide as mails are
	rowHeight = 34
	margin    = 110
	edge      = 12

	legendHeight = 46

	maxBars   = 30
	maxTicks  = 8
	dpi       = 96
	thickness = 18
)

// PNG draws the bars, at most 30 of them.
func (b Bars) PNG() ([]byte, error) {
	if len(b.Bars) == 0 || len(b.Series) == 0 || len(b.Series) > len(colours) {
		return nil, errors.New("chart: nothing to draw, or too many series")
	}
	b.Bars = b.Bars[:min(len(b.Bars), maxBars)]
	p, legend, err := b.plot()
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	pixels := func(n int) vg.Length { return vg.Length(n) * vg.Inch / dpi }
	canvas := vgimg.NewWith(vgimg.UseWH(pixels(width), pixels(margin+rowHeight*len(b.Bars))), vgimg.UseDPI(dpi))
	all := draw.New(canvas)
	all.SetColor(color.White)
	all.Fill(all.Rectangle.Path())
	p.Draw(draw.Crop(all, 0, -pixels(edge), 0, -pixels(legendHeight)))
	legend.Draw(draw.Crop(all, 0, -pixels(edge), all.Max.Y-pixels(legendHeight), 0))
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&out); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return out.Bytes(), nil
}

// plot lays the bars out, and what their colours mean beside them.
func (b Bars) plot() (*plot.Plot, plot.Legend, error) {
	p, legend := plot.New(), plot.NewLegend()
	p.Title.Text, p.BackgroundColor = b.Title, color.White
	p.X.Min, legend.Top = 0, true
	p.X.Tick.Marker = wholes{}
	p.Title.TextStyle.Font.Variant, p.X.Tick.Label.Font.Variant, p.Y.Tick.Label.Font.Variant = sans, sans, sans
	legend.TextStyle.Font.Variant, legend.Padding = sans, vg.Points(3)
	p.NominalY(b.labels()...)
	var below *plotter.BarChart
	for i, name := range b.Series {
		bars, err := plotter.NewBarChart(b.values(i), vg.Points(thickness))
		if err != nil {
			return nil, legend, err
		}
		bars.Horizontal, bars.Color, bars.LineStyle.Width = true, colours[i], 0
		if below != nil {
			bars.StackOn(below)
		}
		below = bars
		p.Add(bars)
		legend.Add(name, bars)
	}
	return p, legend, nil
}

const sans font.Variant = "Sans"

// wholes puts ticks at whole numbers: what is counted comes in no halves.
type wholes struct{}

// Ticks implements plot.Ticker.
func (wholes) Ticks(least, most float64) []plot.Tick {
	step := math.Max(1, math.Ceil((most-least)/maxTicks))
	var ticks []plot.Tick
	for at := math.Ceil(least); at <= most; at += step {
		ticks = append(ticks, plot.Tick{Value: at, Label: strconv.Itoa(int(at))})
	}
	return ticks
}

// labels and values go from the bottom up, as the axis does.
func (b Bars) labels() []string {
	labels := make([]string, len(b.Bars))
	for i, bar := range b.Bars {
		labels[len(labels)-1-i] = bar.Label
	}
	return labels
}

func (b Bars) values(series int) plotter.Values {
	values := make(plotter.Values, len(b.Bars))
	for i, bar := range b.Bars {
		if series < len(bar.Values) {
			values[len(values)-1-i] = bar.Values[series]
		}
	}
	return values
}
