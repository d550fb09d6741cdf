package session

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// asks is what the asker of question 1 does with one of its messages.
func (w *world) part(c RewordQuestion) error {
	c.On = w.on(1)
	_, err := w.do(asker, c)
	return err
}

// inParts is a question of two messages, 1 and 2, of which the first one is the original.
func inParts(t *testing.T) *world {
	t.Helper()
	w := opened(t)
	q := w.q(1)
	q.Text, q.Origin.Message, q.Asked = "May I ask something?", "1", w.at
	w.put(q)
	w.part(RewordQuestion{Message: "2", At: w.at.Add(time.Second), Text: "About my car."})
	return w
}

func TestPartsOfAQuestion(t *testing.T) {
	t.Parallel()
	at := func(w *world, s int) time.Time { return w.at.Add(time.Duration(s) * time.Second) }
	for name, c := range map[string]struct {
		does []func(w *world) RewordQuestion
		want string
	}{
		"two": {nil, "May I ask something?\nAbout my car."},
		"edit": {does(func(w *world) RewordQuestion {
			return RewordQuestion{Message: "1", Edited: at(w, 9), Text: "Hello!"}
		}), "Hello!\nAbout my car."},
		"edits":                        {does(edits("2", 9, "C"), edits("1", 9, "A"), edits("2", 10, "B")), "A\nB"},
		"edits the wrong way round":    {does(edits("2", 10, "B"), edits("2", 9, "C")), "May I ask something?\nB"},
		"an edit back, and a late one": {does(edits("2", 10, "About my car."), edits("2", 9, "B")), "May I ask something?\nAbout my car."},
		"the first version once more":  {does(edits("2", 9, "B"), edits("2", 0, "About my car.")), "May I ask something?\nB"},
		"one that was written earlier": {does(func(w *world) RewordQuestion {
			return RewordQuestion{Message: "0", At: at(w, -1), Text: "Hello!"}
		}), "Hello!\nMay I ask something?\nAbout my car."},
		"a tail": {does(cutOff("3", 2, "and boat.")), "May I ask something?\nAbout my car.\nand boat."},
		"a tail of half a sentence": {does(edits("2", 9, "About my car"), cutOff("3", 2, "and boat.")),
			"May I ask something?\nAbout my car and boat."},
		"without one":                    {does(removed("2")), "May I ask something?"},
		"without the first":              {does(removed("1")), "About my car."},
		"a late version of what is gone": {does(removed("2"), edits("2", 99, "B")), "May I ask something?"},
		"all of it anew":                 {does(func(*world) RewordQuestion { return RewordQuestion{Text: "Anew?"} }), "Anew?"},
		"an edit after that":             {does(func(*world) RewordQuestion { return RewordQuestion{Text: "Anew?"} }, edits("1", 9, "A")), "A"},
	} {
		w := inParts(t)
		for _, do := range c.does {
			if err := w.part(do(w)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := w.q(1).Text; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func does(all ...func(*world) RewordQuestion) []func(*world) RewordQuestion { return all }

func edits(m MessageID, s int, text string) func(*world) RewordQuestion {
	return func(w *world) RewordQuestion {
		c := RewordQuestion{Message: m, Text: text}
		if s > 0 {
			c.Edited = w.at.Add(time.Duration(s) * time.Second)
		}
		return c
	}
}

func cutOff(m MessageID, s int, text string) func(*world) RewordQuestion {
	return func(w *world) RewordQuestion {
		return RewordQuestion{Message: m, At: w.at.Add(time.Duration(s) * time.Second), Text: text, Cut: true}
	}
}

func removed(m MessageID) func(*world) RewordQuestion {
	return func(*world) RewordQuestion { return RewordQuestion{Message: m, Removed: true} }
}

// TestPartsRefused: what would leave no question, or too much of one, changes nothing.
func TestPartsRefused(t *testing.T) {
	t.Parallel()
	w := inParts(t)
	if err := w.part(removed("2")(w)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]RewordQuestion{
		"nothing is left": {Message: "1", Removed: true},
		"no words":        {Message: "1", Edited: w.at.Add(time.Second), Text: "!!!"},
		"too long":        {Message: "3", At: w.at, Text: strings.Repeat("x", DefaultQuestionLimit)},
	} {
		before := w.q(1)
		kind(t, w.part(c), Invalid)
		if got := w.q(1); got.Text != before.Text || got.Wording != before.Wording {
			t.Errorf("%s: %q", name, got.Text)
		}
	}
	if err := w.part(RewordQuestion{Message: "1", Text: "May I ask something?"}); err != nil || w.q(1).Wording != 3 {
		t.Errorf("the same again: %v, wording %d", err, w.q(1).Wording)
	}
}

// TestPartsAfterAcceptance: an edit of a part is a new wording of the whole, which waits.
func TestPartsAfterAcceptance(t *testing.T) {
	t.Parallel()
	w := inParts(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	w.part(RewordQuestion{Message: "1", Edited: w.at.Add(time.Minute), Text: "Hello!"})
	if q := w.q(1); q.Text != "May I ask something?\nAbout my car." || q.Pending != "Hello!\nAbout my car." {
		t.Errorf("%q, pending %q", q.Text, q.Pending)
	}
	w.part(RewordQuestion{Message: "2", Edited: w.at.Add(time.Minute), Text: "About my boat."})
	w.must(anna, AcceptQuestion{On: w.on(1)})
	if q := w.q(1); q.Text != "Hello!\nAbout my boat." || q.Pending != "" {
		t.Errorf("%q, pending %q", q.Text, q.Pending)
	}
	w.must(asker, WithdrawQuestion{On: w.on(1)})
	if q := w.q(1); len(q.Parts) > 0 {
		t.Errorf("after the withdrawal %+v", q.Parts)
	}
}

// TestQuestionWithoutParts: a document of a version that had none, and every question
// of one message.
func TestQuestionWithoutParts(t *testing.T) {
	t.Parallel()
	w := opened(t)
	var q Question
	doc := `{"schema":1,"state":"received","since":"2026-11-22T12:00:00Z","asked":"2026-11-22T12:00:00Z","text":"Why?\nHow?","wording":2,
		"language":"en","origin":{"connector":"tg","place":"7","message":"7/1","user":"7","private":true}}`
	if err := json.Unmarshal([]byte(doc), &q); err != nil {
		t.Fatal(err)
	}
	q.Ref, q.Version = w.q(1).Ref, w.q(1).Version
	w.put(q)
	if !q.Continues(q.Asked.Add(time.Minute)) || q.Continues(q.Asked.Add(61*time.Second)) || q.Continues(q.Asked.Add(-61*time.Second)) {
		t.Error("it goes on for another time than a minute")
	}
	w.part(RewordQuestion{Message: "7/1", Edited: q.Asked.Add(time.Minute), Text: "Why not?"})
	if got := w.q(1).Text; got != "Why not?" {
		t.Errorf("after the edit %q", got)
	}
}
