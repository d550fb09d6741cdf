package facebook

import (
	"strings"
	"unicode"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
)

// joiner keeps apart what Facebook would take for a mention, and nobody sees it.
const joiner = "\u2060"

// markup is a text as it is sent. Facebook has one mark-up in comments, @[id], which calls
// somebody (https://developers.facebook.com/documentation/pages-api/comments-mentions); nothing
// here is meant to.
func markup(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return strings.ReplaceAll(text, "@[", "@"+joiner+"[")
}

// stored is how long a text is.
func stored(text string) int { return connector.UTF16Units(markup(text)) }

// same reports whether a comment is what was sent, whatever became of its spaces.
func same(shown, sent string) bool { return folded(shown) == folded(sent) }

func folded(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(markup(text), joiner, "")), " ")
}

// alike reports whether it has the same letters and digits, whatever Facebook made of the rest.
func alike(shown, sent string) bool { return same(shown, sent) || graph.Alike(shown, sent) }
