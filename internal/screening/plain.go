package screening

import (
	"embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"experthour/internal/session"
)

// longSentence is from how many words on a sentence is hard to read.
const longSentence = 26

// mostWords is how many words of officialese are named at once.
const mostWords = 5

var sentenceEnd = regexp.MustCompile(`[.!?…]+["”“»)]*\s+|\n+`)

func wordy(a answer) (Breach, bool) {
	n := longest(a.text)
	return Breach{Detail: strconv.Itoa(n)}, n >= longSentence
}

func official(a answer) (Breach, bool) {
	words := officialese(a.text, a.language)
	return Breach{Words: words}, len(words) > 0
}

// longest is the number of words of the longest sentence.
func longest(text string) (words int) {
	for _, sentence := range sentenceEnd.Split(text, -1) {
		n := 0
		for _, w := range strings.Fields(sentence) {
			if strings.ContainsFunc(w, unicode.IsLetter) {
				n++
			}
		}
		words = max(words, n)
	}
	return words
}

// Plainer is a word of officialese as it stands in a text, and a plain one.
type Plainer struct{ Word, Plain string }

//go:embed officialese/*.txt
var officialeseFiles embed.FS

// glossary finds the officialese of one language.
type glossary struct {
	pattern *regexp.Regexp
	entries []entry
}

type entry struct {
	whole *regexp.Regexp
	plain string
}

// glossaries are read once each; a language without a list has none.
var glossaries = sync.OnceValue(func() map[session.Language]*glossary {
	all := map[session.Language]*glossary{}
	for _, l := range session.Languages {
		if b, err := officialeseFiles.ReadFile("officialese/" + string(l) + ".txt"); err == nil {
			all[l] = readGlossary(string(b))
		}
	}
	return all
})

// readGlossary compiles a list: a phrase, |, the plain one. The longest phrase that fits is found.
func readGlossary(list string) *glossary {
	type line struct{ pattern, plain string }
	var lines []line
	for text := range strings.Lines(list) {
		phrase, plain, ok := strings.Cut(text, "|")
		if !ok || strings.HasPrefix(text, "#") {
			continue
		}
		var words []string
		for _, w := range strings.Fields(phrase) {
			words = append(words, strings.ReplaceAll(regexp.QuoteMeta(w), `\*`, `\p{L}*`))
		}
		lines = append(lines, line{strings.Join(words, `\s+`), strings.TrimSpace(plain)})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return len(b.pattern) - len(a.pattern) })
	g := &glossary{}
	var patterns []string
	for _, l := range lines {
		g.entries = append(g.entries, entry{regexp.MustCompile(`(?i)\A(?:` + l.pattern + `)\z`), l.plain})
		patterns = append(patterns, l.pattern)
	}
	g.pattern = regexp.MustCompile(`(?i)(?:\A|[^\p{L}\p{M}\p{N}])(` + strings.Join(patterns, "|") + `)(?:\z|[^\p{L}\p{M}\p{N}])`)
	return g
}

// officialese lists words of offices in a text, each once, with plain ones.
func officialese(text string, l session.Language) (all []Plainer) {
	g, ok := glossaries()[l]
	for ok && len(all) < mostWords {
		m := g.pattern.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		word := Plainer{text[m[2]:m[3]], g.plain(text[m[2]:m[3]])}
		if text = text[m[3]:]; !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

// plain is what to say instead of what was found.
func (g *glossary) plain(word string) string {
	i := slices.IndexFunc(g.entries, func(e entry) bool { return e.whole.MatchString(word) })
	return g.entries[i].plain
}
