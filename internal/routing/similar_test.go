package routing

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"experthour/internal/session"
)

func asked(n int, text string) session.Question {
	return session.Question{Ref: session.QuestionRef{Session: "h", Number: n}, State: session.Queued, Text: text}
}

func numbers(qs []session.Question) []int {
	var ns []int
	for _, q := range qs {
		ns = append(ns, q.Ref.Number)
	}
	return ns
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	merged := asked(5, "Kad jāiesniedz gada ienākumu deklarācija?")
	merged.State = session.Merged
	among := []session.Question{
		asked(1, "Kad jāiesniedz gada ienākumu deklarācija?"),
		asked(2, "Līdz kuram datumam jāiesniedz ienākumu deklarācija par gadu?"),
		asked(3, "Vai par suni jāmaksā nodoklis?"),
		asked(4, "KAD JAIESNIEDZ GADA IENAKUMU DEKLARACIJA"),
		merged,
	}
	if got := numbers(Similar(among[0], among, 5)); !slices.Equal(got, []int{4, 2}) {
		t.Errorf("similar to 1: %v, want [4 2]", got)
	}
	if got := numbers(Similar(among[0], among, 1)); !slices.Equal(got, []int{4}) {
		t.Errorf("the most similar to 1: %v", got)
	}
	if got := Similar(among[2], among, 5); got != nil {
		t.Errorf("similar to 3: %v", numbers(got))
	}
}

// Questions about one topic share words; a warning on most of them would be read by
// nobody.
func TestAlike(t *testing.T) {
	t.Parallel()
	due := asked(1, "Kad jāiesniedz gada ienākumu deklarācija?")
	for text, want := range map[string]bool{
		"Līdz kuram datumam jāiesniedz ienākumu deklarācija par gadu?": true,
		"KAD JAIESNIEDZ GADA IENAKUMU DEKLARACIJA":                     true,
		"Vai par suni jāmaksā nodoklis?":                               false,
	} {
		if Alike(due, asked(2, text)) != want {
			t.Errorf("%q: %v (%.2f)", text, !want, profileOf(due.Text).alike(profileOf(text)))
		}
	}
	a, b := asked(1, "How long does it take from the application to the money?"), asked(2,
		"Can I start the work before the decision, or do I lose the grant then?")
	if Alike(a, b) {
		t.Error("two questions about one topic count as the same")
	}
}

func TestSimilarWithNothingToCompare(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "?!", "👍", "a"} {
		if got := Similar(asked(1, text), []session.Question{asked(2, text), asked(3, "Something else")}, 3); len(got) > 1 {
			t.Errorf("%q: %v", text, numbers(got))
		}
	}
	if got := Similar(asked(1, "When is it due?"), []session.Question{asked(2, "When is it due?")}, -1); len(got) != 0 {
		t.Errorf("asked for -1: %v", numbers(got))
	}
}

func TestSimilarIsBounded(t *testing.T) {
	t.Parallel()
	q := asked(1, "When is it due?")
	among := make([]session.Question, comparedQuestions, comparedQuestions+1)
	for i := range among {
		among[i] = asked(i+2, "zzz zzz")
	}
	among = append(among, asked(99999, "When is it due?"))
	if got := Similar(q, among, 3); len(got) != 0 {
		t.Errorf("looked beyond its bound: %v", numbers(got))
	}
}

func BenchmarkSimilar(b *testing.B) {
	var among []session.Question
	for i := range comparedQuestions {
		among = append(among, asked(i+1, fmt.Sprintf("%d %s", i, strings.Repeat("kā un kad jāmaksā nodoklis ", 80))))
	}
	for b.Loop() {
		Similar(among[0], among, 5)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"Ķēniņš, Šodien!": " kenins sodien ", "": " ", "2026. GADA": " 2026 gada "} {
		if got := string(fold(text)); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
}
