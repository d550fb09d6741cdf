// Package picture makes of a file that somebody sent a picture that anybody may see: it looks at
// the bytes and not at names, decodes within bounds, and draws the picture anew, so that nothing is
// left of where and with what it was taken, nor of anything that hides in the file.
//
// It knows image formats. It must not know who sends pictures, nor where they are kept.
package picture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	_ "image/gif" // the first frame
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // to read

	"experthour/internal/session"
)

const (
	// MostFile is how many bytes a file has at most.
	MostFile = session.MostFile
	// Most is how many bytes a picture has at most once it is drawn anew.
	Most = session.MostPicture
	// mostPixels bounds what decoding takes: about 400 MB for a moment at the very worst, and a
	// tenth of that for a usual photo.
	mostPixels = 25_000_000
	// longest is how many pixels a picture is wide or high at most.
	longest = 2_048
	// leastSide is from where on making it smaller is given up.
	leastSide = 256
)

// one decodes at a time: memory is bounded by it.
var one = make(chan struct{}, 1)

// strangers lets one of theirs wait for one, so that whoever works here waits for one of them at most.
var strangers = make(chan struct{}, 1)

// CleanAsked is Clean for what somebody of the public sent: however many do, they hold up nobody who
// works here.
func CleanAsked(ctx context.Context, file []byte) (session.Picture, []byte, error) {
	select {
	case strangers <- struct{}{}:
		defer func() { <-strangers }()
		return Clean(ctx, file)
	case <-ctx.Done():
		return session.Picture{}, nil, session.Fail(session.Unavailable, "busy").Because(ctx.Err())
	}
}

// Clean reads a file and draws it anew. Its errors are *session.Error: Invalid for what is no
// picture, with words for whoever sent it, and Unavailable when ctx ended first.
func Clean(ctx context.Context, file []byte) (session.Picture, []byte, error) {
	if len(file) > MostFile {
		return session.Picture{}, nil, TooLarge()
	}
	select {
	case one <- struct{}{}:
		defer func() { <-one }()
	case <-ctx.Done():
		return session.Picture{}, nil, session.Fail(session.Unavailable, "busy").Because(ctx.Err())
	}
	img, err := decode(file)
	if err != nil {
		return session.Picture{}, nil, err
	}
	kind, b, err := encode(img)
	if err != nil {
		return session.Picture{}, nil, session.Fail(session.Invalid, "picture_broken").At("pictures").Because(err)
	}
	sum := sha256.Sum256(b)
	return session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: kind, Size: len(b)}, b, nil
}

// TooLarge is the error of a file that has more than MostFile bytes.
func TooLarge() error {
	return session.Fail(session.Invalid, "picture_too_large", "limit", MostFile>>20).At("pictures")
}

// decode looks at the size before it takes the memory for it.
func decode(file []byte) (*image.NRGBA, error) {
	c, format, err := image.DecodeConfig(bytes.NewReader(file))
	switch {
	case err != nil:
		return nil, session.Fail(session.Invalid, "picture_form").At("pictures").Because(err)
	case c.Width < 1 || c.Height < 1 || c.Width > mostPixels/c.Height:
		return nil, session.Fail(session.Invalid, "picture_pixels", "limit", mostPixels/1_000_000).At("pictures")
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, session.Fail(session.Invalid, "picture_broken").At("pictures").Because(err)
	}
	turn := upright
	if format == "jpeg" {
		turn = orientation(file)
	}
	return turned(fit(img, longest), turn), nil
}

// fit draws a picture into a square of so many pixels, its sides in proportion, and never larger.
func fit(img image.Image, most int) *image.NRGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if side := max(w, h); side > most {
		w, h = max(1, w*most/side), max(1, h*most/side)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

// encode writes PNG where that is small enough, as it is for drawings and screenshots, or where
// something shines through; and else JPEG, smaller and smaller until it fits.
func encode(img *image.NRGBA) (kind string, b []byte, err error) {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return "", nil, err
	}
	if out.Len() <= Most/3 || out.Len() <= Most && !img.Opaque() {
		return "image/png", out.Bytes(), nil
	}
	for {
		for _, quality := range []int{85, 70, 55} {
			out.Reset()
			if err := jpeg.Encode(&out, onWhite(img), &jpeg.Options{Quality: quality}); err != nil {
				return "", nil, err
			}
			if out.Len() <= Most {
				return "image/jpeg", out.Bytes(), nil
			}
		}
		side := max(img.Bounds().Dx(), img.Bounds().Dy()) * 3 / 4
		if side < leastSide {
			return "", nil, session.Fail(session.Invalid, "picture_broken").At("pictures")
		}
		img = fit(img, side)
	}
}

func onWhite(img *image.NRGBA) image.Image {
	if img.Opaque() {
		return img
	}
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, image.Point{}, draw.Over)
	return out
}
