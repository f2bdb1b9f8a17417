package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"
)

var attainment = Bars{
	Title: "Cumplimiento de los plazos", Series: []string{"En plazo", "Fuera de plazo"},
	Bars: []Bar{
		{Label: "Acuse de enterado, Crítica", Values: []float64{8, 2}},
		{Label: "Corrección, Crítica", Values: []float64{0, 10}},
		{Label: "Validación, Alta", Values: []float64{10, 0}},
	},
}

// The bars show what they were given: of the second all is of the second
// series' colour, of the third nothing.
func TestTheBarsShowTheFigures(t *testing.T) {
	raw, err := attainment.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("CHART_DIR"); dir != "" { // to look at it
		if err := os.WriteFile(dir+"/chart.png", raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	met, missed := count(picture, colours[0]), count(picture, colours[1])
	if met == 0 || missed == 0 {
		t.Fatalf("%d and %d pixels of the two colours", met, missed)
	}
	if ratio := float64(met) / float64(missed); ratio < 1.3 || ratio > 1.7 { // 18 to 12
		t.Errorf("the colours stand as %.2f to 1, not as 1.5", ratio)
	}
	again, err := attainment.PNG()
	if err != nil || !bytes.Equal(raw, again) {
		t.Errorf("drawn again it is another picture, %v", err)
	}
}

func count(picture image.Image, c color.Color) int {
	n := 0
	r, g, b, _ := c.RGBA()
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if pr, pg, pb, _ := picture.At(x, y).RGBA(); pr == r && pg == g && pb == b {
				n++
			}
		}
	}
	return n
}

func TestNothingToDraw(t *testing.T) {
	if _, err := (Bars{Title: "nada"}).PNG(); err == nil {
		t.Error("no bars, and a picture")
	}
}
