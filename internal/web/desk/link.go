package desk

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"experthour/internal/session"
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

// Slug is a person's name in an address: "Anna Bērziņa" is "anna-berzina". The
// configuration refuses two people with the same one.
func Slug(name session.PersonName) string {
	text := plainLetters.Replace(strings.ToLower(string(name)))
	var b strings.Builder
	for _, r := range norm.NFD.String(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			b.WriteByte(' ')
		}
	}
	if slug := strings.Join(strings.Fields(b.String()), "-"); slug != "" {
		return slug
	}
	return "person"
}

// LinkFor is the address that logs a person in until the token in it expires.
func (t Tokens) LinkFor(publicURL string, name session.PersonName) string {
	return publicURL + home(name) + "?token=" + t.New(name, Life)
}

// LinkTo is LinkFor that leads straight to the desk of one session.
func (t Tokens) LinkTo(publicURL string, name session.PersonName, id session.ID) string {
	return publicURL + home(name) + "/" + string(id) + "?token=" + t.New(name, Life)
}

// home is the path of a person's desk.
func home(name session.PersonName) string { return "/desk/" + Slug(name) }
