package wording

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plainLetters are letters that are no Latin letter with a mark.
var plainLetters = func() *strings.Replacer {
	pairs := strings.Fields(`ł l đ d ø o ß ss æ ae œ oe þ th ð d ı i ŋ n
		а a б b в v г g ґ g д d е e ё e є e ж zh з z и i і i ї i й i к k л l м m н n о o п p
		р r с s т t у u ф f х h ц c ч ch ш sh щ sch ъ - ы i ь - э e ю ju я ja`)
	for i, p := range pairs {
		if p == "-" {
			pairs[i] = ""
		}
	}
	return strings.NewReplacer(pairs...)
}()

// Slug is a name or a title as a part of an address: "Anna Bērziņa" is "anna-berzina", and
// otherwise where nothing of it can be written in Latin letters. Different texts may share one.
func Slug(text, otherwise string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(plainLetters.Replace(strings.ToLower(text))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			b.WriteByte(' ')
		}
	}
	return cmp.Or(strings.Join(strings.Fields(b.String()), "-"), otherwise)
}
