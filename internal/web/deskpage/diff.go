package deskpage

import (
	"slices"
	"strings"
	"unicode"
)

// span is a stretch of a text that was kept, removed or added.
type span struct {
	Text           string
	Removed, Added bool
}

// comparedWords bounds the table of a comparison: longer texts are shown as one
// removed and one added stretch.
const comparedWords = 1500

// diff shows word by word what changed between two texts.
func diff(before, after string) []span {
	a, b := words(before), words(after)
	if len(a) > comparedWords || len(b) > comparedWords {
		return []span{{Text: before, Removed: true}, {Text: after, Added: true}}
	}
	var spans []span
	lcs := common(a, b)
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			spans = add(spans, span{Text: a[i]})
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || lcs[i+1][j] >= lcs[i][j+1]):
			spans = add(spans, span{Text: a[i], Removed: true})
			i++
		default:
			spans = add(spans, span{Text: b[j], Added: true})
			j++
		}
	}
	return spans
}

// add joins a stretch to the last one of its kind.
func add(spans []span, s span) []span {
	if n := len(spans); n > 0 && spans[n-1].Removed == s.Removed && spans[n-1].Added == s.Added {
		spans[n-1].Text += s.Text
		return spans
	}
	return append(spans, s)
}

// words cuts a text after every stretch of white space, losing nothing.
func words(text string) []string {
	var ws []string
	for len(text) > 0 {
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			return append(ws, text)
		}
		rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
		n := len(text) - len(rest)
		ws, text = append(ws, text[:n]), rest
	}
	return ws
}

// common is the table of the longest common subsequences of all ends of a and b.
func common(a, b []string) [][]int16 {
	table := make([][]int16, len(a)+1)
	for i := range table {
		table[i] = make([]int16, len(b)+1)
	}
	for i := range slices.Backward(a) {
		for j := range slices.Backward(b) {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}
