package screening

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mtibben/confusables"
	"golang.org/x/text/unicode/norm"
)

// Officials are names that nobody else should be taken for.
type Officials struct {
	Institution string
	People      []string
}

// Pose reports whether a reader could take a name for one of them: in other letters that look
// alike, in capitals, without diacritics, with blanks or invisible characters in between, or
// with something added. One word of a person's name is many people's, and a person with
// a single name is only taken for another one with that name alone.
func (o Officials) Pose(name string) bool {
	seen := look(name)
	if len(seen) == 0 {
		return false
	}
	return slices.ContainsFunc(o.People, func(p string) bool { return poses(seen, look(p), 2) }) || poses(seen, look(o.Institution), 1)
}

// poses reports whether words are read as official ones: the same letters however they are
// parted, or all the words in any order, if there are enough of them.
func poses(words, official []string, enough int) bool {
	whole, theirs := strings.Join(words, ""), strings.Join(official, "")
	missing := func(w string) bool { return !slices.Contains(words, w) }
	switch {
	case theirs == "":
		return false
	case whole == theirs:
		return true
	case len(official) >= 2 && strings.Contains(whole, theirs):
		return true
	}
	return len(official) >= enough && !slices.ContainsFunc(official, missing)
}

// look gives the words of a name as they are seen: the skeleton of UTS 39 (what looks alike is
// the same), in small letters and without marks. A large I looks like a small l, so they are one.
func look(name string) []string {
	name = strings.Map(seen, norm.NFKD.String(name))
	name = confusables.Skeleton(strings.ToLower(confusables.Skeleton(name))) // capitals look alike in another way than small letters
	name = strings.Map(seen, norm.NFKD.String(name))
	name = strings.ReplaceAll(name, "i", "l")
	return strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// seen drops what is not seen, and marks on letters.
func seen(r rune) rune {
	if unicode.In(r, unicode.M, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point) {
		return -1
	}
	return r
}
