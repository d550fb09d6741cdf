package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Poster is what a picture says that is all words.
type Poster struct {
	Over  string // small, before all
	Title string // large
	When  string
	Who   string
	By    string // at the foot
}

// lines are its parts as far as there are any, from the top, each with the size that it has at most.
func (p Poster) parts() []part {
	return []part{{p.Over, 48, false, accent}, {p.Title, 112, true, ink}, {p.When, 60, true, ink}, {p.Who, 48, false, ink}, {p.By, 44, false, accent}}
}

// Alt is what it says, for whoever cannot see it.
func (p Poster) Alt() string {
	var all []string
	for _, s := range p.parts() {
		if s.text != "" {
			all = append(all, s.text)
		}
	}
	return strings.Join(all, "\n")
}

type part struct {
	text  string
	size  float64
	bold  bool
	color color.NRGBA
}

const (
	posterWidth, posterHeight = 1080, 1350
	margin, gap               = 90, 48
	mostRunes                 = 300 // of a part; the rest is left out
	quality                   = 88
)

// Both inks have a contrast of more than 7 : 1 on the paper, as the guidelines for accessibility ask
// of any text (https://www.w3.org/TR/WCAG22/#contrast-enhanced).
var (
	paper  = color.NRGBA{0x10, 0x2a, 0x43, 0xff}
	ink    = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	accent = color.NRGBA{0xff, 0xd9, 0x8a, 0xff}
)

// fonts are those of the Go project, which have all letters of Latvian.
var fonts = sync.OnceValue(func() map[bool]*sfnt.Font {
	all := map[bool]*sfnt.Font{}
	for bold, ttf := range map[bool][]byte{false: goregular.TTF, true: gobold.TTF} {
		all[bold], _ = opentype.Parse(ttf) // a part of the program
	}
	return all
})

// drawing bounds what posters take: one is drawn at a time.
var drawing sync.Mutex

// Draw makes a JPEG of 1080×1350 pixels, the words wrapped and as large as they can be.
func (p Poster) Draw() ([]byte, error) {
	drawing.Lock()
	defer drawing.Unlock()
	var set []block
	for scale := 1.0; ; scale *= 0.92 {
		height := -gap
		set = nil
		for _, s := range p.parts() {
			if b := typeset(s, scale); len(b.lines) > 0 {
				set = append(set, b)
				height += b.height() + gap
			}
		}
		if height <= posterHeight-2*margin || scale < 0.1 {
			break
		}
	}
	img := image.NewNRGBA(image.Rect(0, 0, posterWidth, posterHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	y := margin
	for i, b := range set {
		if i == len(set)-1 && p.By != "" {
			y = posterHeight - margin - b.height()
		}
		b.draw(img, y)
		y += b.height() + gap
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// block is a part in lines.
type block struct {
	face  font.Face
	lines []string
	color color.NRGBA
}

func (b block) height() int { return len(b.lines) * b.face.Metrics().Height.Ceil() }

func (b block) draw(on draw.Image, y int) {
	d := font.Drawer{Dst: on, Src: image.NewUniform(b.color), Face: b.face}
	for _, line := range b.lines {
		d.Dot = fixed.Point26_6{X: fixed.I(margin), Y: fixed.I(y) + b.face.Metrics().Ascent}
		d.DrawString(line)
		y += b.face.Metrics().Height.Ceil()
	}
}

// typeset wraps a part at a size.
func typeset(s part, scale float64) block {
	f := fonts()[s.bold]
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: s.size * scale, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return block{}
	}
	b := block{face: face, color: s.color}
	for _, line := range strings.Split(shown(f, s.text), "\n") {
		b.lines = append(b.lines, wrapped(face, strings.Fields(line))...)
	}
	return b
}

// shown leaves out what the font does not have, such as emoji, and what is too much.
func shown(f *sfnt.Font, text string) string {
	var b sfnt.Buffer
	runes := []rune(strings.Map(func(r rune) rune {
		if i, err := f.GlyphIndex(&b, r); r != '\n' && (err != nil || i == 0) {
			return -1
		}
		return r
	}, text))
	if len(runes) > mostRunes {
		return string(runes[:mostRunes-1]) + "…"
	}
	return string(runes)
}

// wrapped are words in lines; one that is too long for a line is cut.
func wrapped(face font.Face, words []string) (lines []string) {
	fits := func(s string) bool { return font.MeasureString(face, s).Ceil() <= posterWidth-2*margin }
	line := ""
	for _, word := range words {
		if longer := strings.TrimSpace(line + " " + word); fits(longer) {
			line = longer
			continue
		}
		if line != "" {
			lines, line = append(lines, line), ""
		}
		for _, r := range word {
			if !fits(line + string(r)) {
				lines, line = append(lines, line), ""
			}
			line += string(r)
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
