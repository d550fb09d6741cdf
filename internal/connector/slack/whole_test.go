package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"experthour/internal/connector"
	"experthour/internal/testenv"
)

// previewOf is a form that approves public copies, as package desk makes it.
func previewOf(texts ...string) connector.Form {
	f := connector.Form{Key: "k", Title: "Approve #1", Submit: "Approve"}
	for i, text := range texts {
		f.Lines = append(f.Lines, connector.Line{Kind: connector.Head, Text: fmt.Sprint("place ", i)})
		for r := []rune(text); len(r) > 0; {
			n := min(len(r), 2500)
			f.Lines = append(f.Lines, connector.Line{Kind: connector.Quote, Text: string(r[:n])})
			r = r[n:]
		}
		f.Lines = append(f.Lines, connector.Line{Kind: connector.Small, Text: "length"})
	}
	return f
}

// counted is a long text in which no part is like another.
func counted(word string, times int) string {
	var b strings.Builder
	for i := range times {
		fmt.Fprint(&b, i, word)
	}
	return b.String()
}

// dense is a text without white space, as it stands in a view.
func dense(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, entities.Replace(clean(text)))
}

// visible is all text of a view without white space.
func visible(t *testing.T, v slack.ModalViewRequest) string {
	t.Helper()
	var b strings.Builder
	var walk func(any)
	walk = func(part any) {
		switch part := part.(type) {
		case []any:
			for _, p := range part {
				walk(p)
			}
		case map[string]any:
			for _, key := range []string{"text", "elements"} {
				walk(part[key])
			}
		case string:
			b.WriteString(part)
		}
	}
	raw, err := json.Marshal(v.Blocks)
	var blocks any
	if err == nil {
		err = json.Unmarshal(raw, &blocks)
	}
	if err != nil {
		t.Fatal(err)
	}
	walk(blocks)
	return strings.ReplaceAll(dense(b.String()), "&amp;amp;", "&amp;")
}

// unseen are the lines that must be seen and are not, or not whole.
func unseen(t *testing.T, f connector.Form, v slack.ModalViewRequest) (missing []connector.Line) {
	t.Helper()
	all := visible(t, v)
	for _, l := range f.Lines {
		if text := strings.ReplaceAll(dense(l.Text), "&amp;amp;", "&amp;"); l.Kind != connector.Small && !strings.Contains(all, text) {
			missing = append(missing, l)
		}
	}
	return missing
}

// Whoever approves has seen every word: a form that does not fit cannot be submitted,
// and says so first.
func TestFormThatIsNotSeenWholeCannotBeSubmitted(t *testing.T) {
	t.Parallel()
	var many, long []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("short answer of copy %d.", i))
	}
	for range 40 {
		long = append(long, strings.Repeat("word ", 1800)+"END")
	}
	for name, texts := range map[string][]string{"40 copies": many, "40 long copies": long, "a book": {counted("grāmata ", 40_000)},
		"Cyrillic": {counted("слово ", 20_000)}} {
		f := previewOf(texts...)
		f.Fields = []connector.Field{{ID: "comment", Label: "Comment", Kind: connector.TextField}}
		v := brush.modal(f)
		if len(unseen(t, f, v)) == 0 {
			t.Fatalf("%s: all is seen", name)
		}
		if v.Submit != nil || !strings.HasPrefix(visible(t, v), dense(brush.words.Text("slack.too_much"))) {
			t.Errorf("%s: submit %v; it begins with %.80q", name, v.Submit, visible(t, v))
		}
	}
}

// Ordinary answers fit, whatever is in them.
func TestOrdinaryAnswersAreSeenWhole(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 1800) + "END"
	var places []string
	for i := range 20 {
		places = append(places, fmt.Sprint("Atbilde par nodokļiem, vieta ", i, ". ", strings.Repeat("Vārds & vārds. ", 30)))
	}
	for name, texts := range map[string][]string{"4 long copies": {long, long, long, long}, "20 places": places,
		"ampersands": {strings.Repeat("R&D ", 600) + "END"},
		"emoji":      {strings.Repeat("😀", 2400) + "END"}, "markup": {strings.Repeat("<&>", 2000)}, "one word": {strings.Repeat("x", 9000)}} {
		f := previewOf(texts...)
		v := brush.modal(f)
		if missing := unseen(t, f, v); v.Submit == nil || len(missing) != 0 {
			t.Errorf("%s: submit %v, %d lines are missing", name, v.Submit, len(missing))
		}
	}
}

func TestNothingUnseenIsEverSubmitted(t *testing.T) {
	t.Parallel()
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(hostile().Draw(t, "text"), rapid.SampledFrom([]int{1, 1, 3, 40, 900}).Draw(t, "times"))
	})
	rapid.Check(t, func(r *rapid.T) {
		f := connector.Form{Key: "k", Title: "Approve", Submit: "Approve"}
		for range rapid.SampledFrom([]int{1, 5, 60, 120}).Draw(r, "lines") {
			l := connector.Line{Kind: connector.LineKind(rapid.IntRange(0, 3).Draw(r, "kind")), Text: text.Draw(r, "line")}
			l.Link = rapid.SampledFrom([]connector.Link{{}, {URL: "https://example.lv"}, {URL: "https://example.lv", Label: "Open"}}).Draw(r, "link")
			f.Lines = append(f.Lines, l)
			if len(f.Lines) > 3 { // one text is as good as many
				text = rapid.Just(l.Text)
			}
		}
		v := brush.modal(f)
		if n := weight(v); n > 250_000 || len(v.Blocks.BlockSet) > mostInView {
			r.Fatalf("%d bytes, %d blocks", n, len(v.Blocks.BlockSet))
		}
		if v.Submit == nil {
			return
		}
		// A link's text is escaped, where plain text stands for itself.
		all := unescape.Replace(unescape.Replace(visible(t, v)))
		for _, l := range f.Lines {
			if want := unescape.Replace(unescape.Replace(dense(l.Text))); l.Kind != connector.Small && !strings.Contains(all, want) {
				r.Fatalf("%q is not seen", l.Text)
			}
		}
	})
}

// What has no room in a form is not sent either: a field that is missing would be empty.
func TestFormWithTooManyFieldsCannotBeSubmitted(t *testing.T) {
	t.Parallel()
	f := connector.Form{Key: "k", Title: "Edit", Submit: "Send", Fields: []connector.Field{
		{ID: "answer", Label: "Answer", Kind: connector.TextField, Value: []string{strings.Repeat("word ", 80_000)}}}}
	if v := brush.modal(f); v.Submit != nil || len(v.Blocks.BlockSet) != 1 {
		t.Errorf("submit %v, %d blocks", v.Submit, len(v.Blocks.BlockSet))
	}
}

// Who cannot submit is told where they can.
func TestFormThatDoesNotFitLeadsToTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprint("copy ", i))
	}
	f := previewOf(many...)
	f.Buttons = []connector.Button{{Label: "Send back", Action: "back"}}
	w.opener(f)
	v := w.fake.WaitModal(testenv.Soon(t), w.anna, w.words.Text("slack.too_much"))
	if v.SubmitLabel() != "" || len(v.Buttons()) != 1 {
		t.Errorf("submit %q, buttons %q", v.SubmitLabel(), v.Buttons())
	}
	if n := len(got(w.inbox, &w.inbox.presses)); n != 1 {
		t.Errorf("%d presses", n)
	}
}
