package wording

import "strings"

// Nearest is the known word that somebody probably meant, or "" when none is near.
func Nearest(word string, known []string) string {
	best, distance := "", len(word)
	for _, k := range known {
		if d := levenshtein(strings.ToLower(word), k); d < distance && d <= (len(k)+2)/3 {
			best, distance = k, d
		}
	}
	return best
}

// levenshtein counts the bytes to insert, delete or replace to get from a to b.
func levenshtein(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
