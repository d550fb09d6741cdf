package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"experthour/internal/session"
)

var (
	red  = color.NRGBA{200, 20, 20, 255}
	blue = color.NRGBA{20, 20, 200, 255}
)

// halves is red on the left and blue on the right.
func halves(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, blue)
			if x < w/2 {
				img.SetNRGBA(x, y, red)
			}
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photo is a JPEG as a phone makes it, with an orientation and a secret place.
func photo(t testing.TB, img image.Image, orientation uint16, order binary.ByteOrder) []byte {
	t.Helper()
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01")
	if order == binary.LittleEndian {
		tiff = []byte("II\x2a\x00\x08\x00\x00\x00\x01\x00")
	}
	row := make([]byte, 12)
	order.PutUint16(row, 0x0112)
	order.PutUint16(row[2:], 3)
	order.PutUint32(row[4:], 1)
	order.PutUint16(row[8:], orientation)
	exif := append(append(append([]byte("Exif\x00\x00"), tiff...), row...), "GPS 56.9496 N 24.1052 E"...)
	b := jpegOf(t, img)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{}, b[:2]...), append(segment, exif...)...), b[2:]...)
}

func clean(t *testing.T, file []byte) (session.Picture, image.Image, []byte) {
	t.Helper()
	p, b, err := Clean(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	img, format, err := image.Decode(bytes.NewReader(b))
	if err != nil || p.Type != "image/"+format || p.Size != len(b) || p.Size > Most {
		t.Fatalf("%+v is %s: %v", p, format, err)
	}
	return p, img, b
}

func isRed(c color.Color) bool {
	r, _, b, _ := c.RGBA()
	return r > b
}

// TestPlaceIsForgotten: nothing of the file is left but what is seen.
func TestPlaceIsForgotten(t *testing.T) {
	t.Parallel()
	file := photo(t, halves(64, 32), 1, binary.BigEndian)
	if !bytes.Contains(file, []byte("56.9496")) {
		t.Fatal("the file says no place")
	}
	p, _, b := clean(t, append(file, "<script>alert(1)</script>"...))
	for _, secret := range []string{"Exif", "GPS", "56.9496", "script"} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("%q is left", secret)
		}
	}
	if again, _, _ := clean(t, file); again.Hash != p.Hash || len(p.Hash) != 64 {
		t.Errorf("the same picture is %s and %s", p.Hash, again.Hash)
	}
}

// TestUpright: a photo stands as it was seen, however the camera was held.
func TestUpright(t *testing.T) {
	t.Parallel()
	// Where red is of a picture that has it on the left: left, right, top or bottom.
	for o, where := range map[uint16]string{1: "l", 2: "r", 3: "r", 4: "l", 5: "t", 6: "t", 7: "b", 8: "b", 9: "l", 0: "l"} {
		for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
			_, img, _ := clean(t, photo(t, halves(64, 32), o, order))
			w, h := img.Bounds().Dx(), img.Bounds().Dy()
			if (w < h) != strings.Contains("tb", where) {
				t.Errorf("%d: %d by %d", o, w, h)
			}
			ends := map[string]image.Point{"l": {2, h / 2}, "r": {w - 3, h / 2}, "t": {w / 2, 2}, "b": {w / 2, h - 3}}
			opposite := map[string]string{"l": "r", "r": "l", "t": "b", "b": "t"}
			at, other := ends[where], ends[opposite[where]]
			if !isRed(img.At(at.X, at.Y)) || isRed(img.At(other.X, other.Y)) {
				t.Errorf("%d (%v): red is not at %s", o, order, where)
			}
		}
	}
}

// TestFits: what is large is made smaller, in proportion, and what shines through stays so.
func TestFits(t *testing.T) {
	t.Parallel()
	noise := image.NewNRGBA(image.Rect(0, 0, 4000, 1000))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(r.Uint32()) | 1
	}
	for i := 3; i < len(noise.Pix); i += 4 {
		noise.Pix[i] = 255
	}
	p, img, _ := clean(t, jpegOf(t, noise))
	if w, h := img.Bounds().Dx(), img.Bounds().Dy(); p.Type != "image/jpeg" || w > longest || w/h < 3 || w/h > 4 {
		t.Errorf("%s of %d by %d", p.Type, w, h)
	}
	glass := halves(40, 40)
	glass.SetNRGBA(1, 1, color.NRGBA{})
	p, img, _ = clean(t, pngOf(t, glass))
	if _, _, _, a := img.At(1, 1).RGBA(); p.Type != "image/png" || a != 0 {
		t.Errorf("%s, %d", p.Type, a)
	}
	var b bytes.Buffer
	if err := gif.Encode(&b, halves(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	clean(t, b.Bytes())
}

// bomb is a PNG that says it has so many pixels.
func bomb(t testing.TB, w, h uint32) []byte {
	t.Helper()
	b := pngOf(t, halves(8, 8))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// TestRefused: everything else is refused with words that say what to do.
func TestRefused(t *testing.T) {
	t.Parallel()
	whole := jpegOf(t, halves(64, 64))
	for what, c := range map[string]struct {
		file []byte
		id   string
	}{
		"nothing":      {nil, "picture_form"},
		"a drawing":    {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "picture_form"},
		"a page":       {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "picture_form"},
		"a document":   {[]byte("%PDF-1.7"), "picture_form"},
		"50 MB":        {make([]byte, 50<<20), "picture_too_large"},
		"one too many": {make([]byte, MostFile+1), "picture_too_large"},
		"a bomb":       {bomb(t, 50_000, 50_000), "picture_pixels"},
		"a line":       {bomb(t, 1<<20, 1<<12), "picture_pixels"},
		"half of it":   {whole[:len(whole)-40], "picture_broken"},
	} {
		_, _, err := Clean(t.Context(), c.file)
		if e, ok := err.(*session.Error); !ok || e.ID != c.id || e.Field != "pictures" {
			t.Errorf("%s: %v, want %s", what, err, c.id)
		}
	}
}

// TestOneAtATime: whoever has waited too long is told to come again.
func TestOneAtATime(t *testing.T) {
	one <- struct{}{}
	defer func() { <-one }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Clean(ctx, pngOf(t, halves(8, 8))); session.KindOf(err) != session.Unavailable {
		t.Error(err)
	}
}

// FuzzClean: whatever bytes come, what comes out is a picture or an error with words.
func FuzzClean(f *testing.F) {
	f.Add(jpegOf(f, halves(16, 8)))
	f.Add(photo(f, halves(16, 8), 6, binary.LittleEndian))
	f.Add(pngOf(f, halves(8, 8)))
	f.Add(bomb(f, 9_000, 9_000))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1<<16 && c.Width*c.Height <= mostPixels {
			t.Skip("as the others, and slow")
		}
		p, b, err := Clean(context.Background(), file)
		if err != nil {
			if _, ok := err.(*session.Error); !ok {
				t.Fatalf("no words: %v", err)
			}
			return
		}
		if _, format, err := image.Decode(bytes.NewReader(b)); err != nil || p.Type != "image/"+format {
			t.Fatal(p, err)
		}
	})
}
