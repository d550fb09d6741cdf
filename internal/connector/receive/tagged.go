package receive

import (
	"slices"
	"strings"
	"unicode"
)

// Tagged reports whether a text has a hashtag, in whatever letters; tag is without "#", and "" is in
// no text. It is for platforms that do not mark hashtags themselves.
func Tagged(text, tag string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return r != '#' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return tag != "" && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, "#"+tag) })
}
