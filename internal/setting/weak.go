package setting

import (
	"strings"
	"unicode"
)

// MakeSecret is the line that makes a secret in a file that nobody else can read.
const MakeSecret = "(umask 077; openssl rand -hex 32 > secret)"

// Weak says why a secret can be guessed although it is long, as the end of a sentence that
// begins with "it", or "". What chance made passes; a secret that passes may be weak still.
func Weak(secret string) string {
	for _, w := range []struct {
		why string
		is  func([]rune) bool
	}{
		{"has too few different characters", fewLetters},
		{"repeats itself", repeats},
		{"is a row of neighbouring characters", rows},
		{"is made of words", words},
	} {
		if w.is([]rune(secret)) {
			return w.why
		}
	}
	return ""
}

// fewestLetters is less than any 32 random hexadecimal digits have: the chance of fewer
// is below one in ten million.
const fewestLetters = 8

func fewLetters(s []rune) bool {
	seen := map[rune]bool{}
	for _, c := range s {
		seen[c] = true
	}
	return len(seen) < fewestLetters
}

// repeats finds a text that is one part written twice or more, also with a cut end.
func repeats(s []rune) bool {
	for n := 1; n <= len(s)/2; n++ {
		if string(s[n:]) == string(s[:len(s)-n]) {
			return true
		}
	}
	return false
}

// rows finds a text in which most characters follow the one before, as in "1234" and
// "zyx": with random ones less than a fifth do.
func rows(s []rune) bool {
	near := 0
	for i := 1; i < len(s); i++ {
		if d := s[i] - s[i-1]; -1 <= d && d <= 1 {
			near++
		}
	}
	return 3*near > 2*len(s)
}

// words finds a text that is mostly runs of four letters or more in which vowels are as
// frequent as in languages; base64 has no such runs, hexadecimal digits are not so often
// letters, and random letters are not so often vowels.
func words(s []rune) bool {
	letters, vowels, digits := 0, 0, 0
	for _, c := range s {
		if unicode.IsDigit(c) {
			digits++
		}
	}
	for _, run := range strings.FieldsFunc(string(s), func(c rune) bool { return !unicode.IsLetter(c) }) {
		if len([]rune(run)) < 4 || mixed(run) {
			continue
		}
		for _, c := range strings.ToLower(run) {
			letters++
			if strings.ContainsRune("aeiouāēīū", c) {
				vowels++
			}
		}
	}
	return 4*digits < len(s) && 2*letters > len(s) && 10*vowels > 3*letters
}

// mixed reports upper case in the middle of a run, as words do not have.
func mixed(run string) bool {
	rest := []rune(run)[1:]
	return strings.ToLower(string(rest)) != string(rest) && strings.ToUpper(run) != run
}
