package wording

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"experthour/internal/session"
)

// glossary is where the Latvian words are agreed on; the line that begins with avoided
// has the beginnings of those that would say the same in another way.
const (
	glossary = "lv/desk.toml"
	avoided  = "# nelietojam: "
)

// TestOneWordForOneThing finds Latvian texts that use another word for the same thing,
// in the platforms' catalogues too.
func TestOneWordForOneThing(t *testing.T) {
	t.Parallel()
	begins := avoidedWords(t)
	paths, _ := filepath.Glob(filepath.Join(moduleRoot, "internal/connector/*", string(session.Latvian), "*.toml"))
	own, _ := filepath.Glob("lv/*.toml")
	for _, path := range append(paths, own...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if word := otherWord(line, begins); word != "" {
				t.Errorf("%s:%d: “%s”; %s has the word to use", path, i+1, word, glossary)
			}
		}
	}
}

func avoidedWords(t *testing.T) []string {
	text, err := os.ReadFile(glossary)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), avoided)
	line, _, _ := strings.Cut(rest, "\n")
	if words := strings.Fields(line); found && len(words) > 0 {
		return words
	}
	t.Fatalf("%s has no line “%s…”", glossary, avoided)
	return nil
}

// otherWord is the first word of a message that begins like one that is avoided.
func otherWord(line string, begins []string) string {
	if strings.HasPrefix(line, "#") {
		return ""
	}
	for word := range strings.FieldsFuncSeq(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, b := range begins {
			if strings.HasPrefix(word, b) {
				return word
			}
		}
	}
	return ""
}
