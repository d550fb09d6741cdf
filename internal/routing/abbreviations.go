package routing

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"experthour/internal/session"
)

// shortened are words that are written with a full stop in the middle of a
// sentence. Single letters and letters with stops between them ("u.c.", "e.g.")
// need not be listed.
var shortened = words(
	// Latvian
	"plkst nr piem utt tml u.tml tālr iel lpp pk red resp sk dz īp adr apm gs milj mljrd tūkst min max vid st pag nov prof doc dr inž " +
		// English
		"mr mrs ms mx messrs jr sr vs etc approx art arts sec para fig ch vol ed dept est inc ltd co corp tel ext ave rd blvd " +
		"jan feb mar apr jun jul aug sept oct nov dec " +
		// Russian
		"ул руб напр др см тел стр обл гор тыс млн млрд им")

// beforeNumbers are abbreviations only in front of a number: alone they are words.
var beforeNumbers = words("no p pp para")

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// abbreviation reports whether the full stop after word (lower case) does not end
// a sentence. next is what follows; atStart says that word begins its line, as the
// number of a list does.
func abbreviation(word, next string, lang session.Language, atStart bool) bool {
	switch {
	case digits(word): // an ordinal: "2026. gada", "14. Saeima"; in English a number may end a sentence
		return lang != session.English || atStart
	case shortened[word], initials(word):
		return true
	}
	return beforeNumbers[word] && digits(next)
}

func digits(word string) bool {
	return word != "" && strings.IndexFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// initials reports whether word is one letter, or parts of one or two letters with
// stops between them.
func initials(word string) bool {
	parts := strings.Split(word, ".")
	for _, p := range parts {
		n := utf8.RuneCountInString(p)
		if n == 0 || n > 2 || n > 1 && len(parts) == 1 || strings.IndexFunc(p, func(r rune) bool { return !unicode.IsLetter(r) }) >= 0 {
			return false
		}
	}
	return true
}
