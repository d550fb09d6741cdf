package routing

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"experthour/internal/session"
)

func numbers(qs []session.Question) []int {
	var ns []int
	for _, q := range qs {
		ns = append(ns, q.Ref.Number)
	}
	return ns
}

// alikeness are questions of which is known which of them ask the same.
type alikeness struct {
	texts    []string
	readings []Reading
	groups   []int
}

// labelled reads testdata: questions without an empty line between them ask the same.
func labelled(t *testing.T, lang string) (a alikeness) {
	t.Helper()
	b, err := os.ReadFile("testdata/alike-" + lang + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, group := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
		for _, text := range strings.Split(group, "\n") {
			a.texts, a.readings, a.groups = append(a.texts, text), append(a.readings, ReadingOf(text)), append(a.groups, i)
		}
	}
	return a
}

// figures are what a rule makes of all pairs: those that it takes for alike and are not, and
// of those that are, which share it takes.
func (a alikeness) figures(rule func(x, y Reading) bool) (wrong []string, recall float64) {
	right, missed := 0, 0
	for i := range a.readings {
		for j := range i {
			same, taken := a.groups[i] == a.groups[j], rule(a.readings[i], a.readings[j])
			switch {
			case same && taken:
				right++
			case same:
				missed++
			case taken:
				wrong = append(wrong, a.texts[i]+" | "+a.texts[j])
			}
		}
	}
	return wrong, float64(right) / float64(right+missed)
}

// TestAlikeIsMeasured: what is chosen beforehand must be right, what is offered must be
// complete. The figures stand in docs/architecture.md.
func TestAlikeIsMeasured(t *testing.T) {
	t.Parallel()
	offered := func(x, y Reading) bool { _, near := x.Near(y); return near }
	for lang, want := range map[string]struct{ recall, offered float64 }{"en": {0.35, 0.93}, "lv": {0.23, 0.95}} {
		a := labelled(t, lang)
		wrong, recall := a.figures(Reading.Alike)
		if len(wrong) > 0 || recall < want.recall-0.005 {
			t.Errorf("%s: chosen beforehand: recall %.2f, want %.2f, and wrongly %q", lang, recall, want.recall, wrong)
		}
		if _, recall = a.figures(offered); recall < want.offered-0.005 {
			t.Errorf("%s: offered: recall %.2f, want %.2f", lang, recall, want.offered)
		}
	}
}

func TestAlike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Where is the list of auditors in Latgale?", "What does an energy audit cost for a house of 120 square metres?", false},
		{"Kad jāiesniedz gada ienākumu deklarācija?", "KAD JAIESNIEDZ GADA IENAKUMU DEKLARACIJA", true},
		{"Kad jāiesniedz gada ienākumu deklarācija?", "Vai par suni jāmaksā nodoklis?", false},
		{"How long does it take from the application to the money?", "Can I start the work before the decision?", false},
		{"When is it due?", "When is it due", true},
		{"When is it due?", "What is due for a dog?", false}, // they share the only word
		{"", "", false}, {"?!", "?!", false}, {"👍", "👍", false},
	} {
		if got := ReadingOf(c.a).Alike(ReadingOf(c.b)); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}

// TestNearIsBounded: of a long text the beginning is compared.
// TestAddressesAreNotAlike: what two questions share must be words, and not the beginning of an address.
func TestAddressesAreNotAlike(t *testing.T) {
	t.Parallel()
	a := ReadingOf("Kas notiek ar norēķinu kartēm? https://t.co/eAXLDwRtru https://t.co/eAXL")
	b := ReadingOf("Vīriešu horoskops https://t.co/bGAqAt5rfq https://t.co/x2b6")
	if _, near := a.Near(b); near || a.Alike(b) {
		t.Error("they share only addresses")
	}
	if only := ReadingOf("https://t.co/eAXLDwRtru"); !only.Alike(only) {
		t.Error("a text that is only an address is like itself")
	}
}

func TestNearIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("aaa bbb ", comparedLetters/8)
	if score, _ := ReadingOf(long + "one").Near(ReadingOf(long + "two")); score < 0.999 {
		t.Errorf("the end counts: %.3f", score)
	}
}

func BenchmarkNear(b *testing.B) {
	var among []Reading
	for i := range 5000 {
		among = append(among, ReadingOf(fmt.Sprintf("%d %s", i, strings.Repeat("kā un kad jāmaksā nodoklis ", 80))))
	}
	for b.Loop() {
		for _, o := range among {
			if _, near := among[0].Near(o); near {
				among[0].Alike(o)
			}
		}
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
