package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// upright is the orientation of a picture that is not to be turned; EXIF has eight.
const upright = 1

// turns say of each orientation which pixel of a w×h picture is at x, y of the upright one, and
// whether its sides are swapped.
var turns = map[int]struct {
	swap bool
	from func(x, y, w, h int) (int, int)
}{
	2: {false, func(x, y, w, _ int) (int, int) { return w - 1 - x, y }},
	3: {false, func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y }},
	4: {false, func(x, y, _, h int) (int, int) { return x, h - 1 - y }},
	5: {true, func(x, y, _, _ int) (int, int) { return y, x }},
	6: {true, func(x, y, _, h int) (int, int) { return y, h - 1 - x }},
	7: {true, func(x, y, w, h int) (int, int) { return w - 1 - y, h - 1 - x }},
	8: {true, func(x, y, w, _ int) (int, int) { return w - 1 - y, x }},
}

// turned draws a picture upright.
func turned(img *image.NRGBA, orientation int) *image.NRGBA {
	t, ok := turns[orientation]
	if !ok {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if t.swap {
		out = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			ox, oy := t.from(x, y, w, h)
			out.SetNRGBA(x, y, img.NRGBAAt(ox, oy))
		}
	}
	return out
}

// orientation reads how a camera held a JPEG: the tag 0x0112 of the first directory of its EXIF.
// Whatever is not as it should be is upright.
func orientation(file []byte) int {
	at := 2 // after the mark of the beginning
	for at+4 <= len(file) && file[at] == 0xff && file[at+1] != 0xda {
		end := at + 2 + int(binary.BigEndian.Uint16(file[at+2:]))
		if end > len(file) {
			return upright
		}
		if tiff, ok := bytes.CutPrefix(file[at+4:max(end, at+4)], []byte("Exif\x00\x00")); ok && file[at+1] == 0xe1 {
			return tagged(tiff)
		}
		at = max(end, at+4)
	}
	return upright
}

func tagged(tiff []byte) int {
	order := binary.ByteOrder(binary.BigEndian)
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(tiff) < 8 {
		return upright
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	rows := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(rows) < 12 {
			break
		}
		if order.Uint16(rows) == 0x0112 {
			return int(order.Uint16(rows[8:]))
		}
		rows = rows[12:]
	}
	return upright
}
