package picture

import (
	"bytes"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
)

var aPoster = Poster{Over: "Ekspertu stunda", Title: "Kā aizpildīt gada ienākumu deklarāciju?", When: "30. novembrī no 10:00 līdz 11:00",
	Who: "Ilze Ozola, Valsts ieņēmumu dienests", By: "Valsts iestāde"}

// luminance is that of the guidelines for accessibility.
func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// TestPoster: a JPEG of one size, whatever is on it; within its margins, and with enough contrast.
func TestPoster(t *testing.T) {
	t.Parallel()
	long := Poster{Over: strings.Repeat("ā", 500), Title: strings.Repeat("Ģ", 5000), When: "\n\n", Who: strings.Repeat("vārds 😀 ", 900), By: "x"}
	for name, p := range map[string]Poster{"usual": aPoster, "long": long, "nothing": {}, "emoji": {Title: "😀"}} {
		b, err := p.Draw()
		if err != nil || len(b) > 2<<20 {
			t.Fatalf("%s: %d bytes, %v", name, len(b), err)
		}
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() != posterWidth || img.Bounds().Dy() != posterHeight {
			t.Fatalf("%s: %v, %v", name, img.Bounds(), err)
		}
		seen := 0
		for y := range posterHeight {
			for x := range posterWidth {
				r, _, _, _ := img.At(x, y).RGBA()
				bright := r > 0x8000
				if bright {
					seen++
				}
				if edge := x < margin-8 || x > posterWidth-margin+8 || y < margin-8 || y > posterHeight-margin+8; bright && edge {
					t.Fatalf("%s: something is at %d, %d", name, x, y)
				}
			}
		}
		if words := name != "nothing" && name != "emoji"; words != (seen > 1000) {
			t.Errorf("%s: %d pixels are bright", name, seen)
		}
		if to := os.Getenv("POSTERS"); to != "" { // for looking at them
			if err := os.WriteFile(to+"/"+name+".jpg", b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []color.NRGBA{ink, accent} {
		if ratio := (luminance(c) + 0.05) / (luminance(paper) + 0.05); ratio < 7 {
			t.Errorf("the contrast is %.1f", ratio)
		}
	}
}

// TestPosterLetters: all letters of Latvian, and the signs of dates and quotations, can be drawn.
func TestPosterLetters(t *testing.T) {
	t.Parallel()
	for _, f := range fonts() {
		var b sfnt.Buffer
		for _, r := range "aābcčdeēfgģhiījkķlļmnņoprsštuūvzžAĀBCČDEĒFGĢHIĪJKĶLĻMNŅOPRSŠTUŪVZŽ„”“–—…€§0123456789.,:;!?()/&%-" {
			if i, err := f.GlyphIndex(&b, r); err != nil || i == 0 {
				t.Errorf("%q cannot be drawn", r)
			}
		}
	}
	if alt := aPoster.Alt(); !strings.Contains(alt, "Ekspertu stunda\nKā") || !strings.HasSuffix(alt, "\nValsts iestāde") {
		t.Errorf("it says %q", alt)
	}
}

func BenchmarkPoster(b *testing.B) {
	for b.Loop() {
		if _, err := aPoster.Draw(); err != nil {
			b.Fatal(err)
		}
	}
}
