package threads

import (
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// emoji are the letters that an emoji is made of: those with the property Extended_Pictographic
// as far as they are in use, flags, keycaps, the selector of the form in colour, and what joins
// two of them. A few signs besides cost a little room, and never too much text.
var emoji = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00a9, Hi: 0x00ae, Stride: 5}, {Lo: 0x200d, Hi: 0x200d, Stride: 1}, {Lo: 0x203c, Hi: 0x2049, Stride: 13},
		{Lo: 0x20e3, Hi: 0x20e3, Stride: 1}, {Lo: 0x2122, Hi: 0x2139, Stride: 23}, {Lo: 0x2190, Hi: 0x21ff, Stride: 1},
		{Lo: 0x2300, Hi: 0x23ff, Stride: 1},
		{Lo: 0x24c2, Hi: 0x24c2, Stride: 1}, {Lo: 0x25a0, Hi: 0x27bf, Stride: 1}, {Lo: 0x2934, Hi: 0x2935, Stride: 1},
		{Lo: 0x2b00, Hi: 0x2bff, Stride: 1}, {Lo: 0x3030, Hi: 0x303d, Stride: 13}, {Lo: 0x3297, Hi: 0x3299, Stride: 2},
		{Lo: 0xfe0f, Hi: 0xfe0f, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x1f000, Hi: 0x1faff, Stride: 1}, {Lo: 0xe0020, Hi: 0xe007f, Stride: 1}},
}

// count is the length of a text as Threads counts it: an emoji is as long as its bytes of UTF-8
// (https://developers.facebook.com/documentation/threads/reference/publishing, "text"). How a
// letter beyond 16 bits is counted is not said, and it is two here.
func count(text string) (n int) {
	for _, r := range text {
		if unicode.Is(emoji, r) {
			n += utf8.RuneLen(r)
		} else {
			n += utf16.RuneLen(r)
		}
	}
	return n
}
