package telegram

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
)

// correction is a form with one text, which is filled in.
func correction() connector.Form {
	return connector.Form{Key: "k1", Title: "Correct #1", Submit: "Correct", Fields: []connector.Field{
		{ID: "answer", Label: "Answer", Kind: connector.TextField, Value: []string{"It is so."}}}}
}

// TestOneTextIsAskedForAtOnce: filled in or not, what one writes next is the text; what
// follows belongs to it, and an edit changes its own part.
func TestOneTextIsAskedForAtOnce(t *testing.T) {
	t.Parallel()
	for _, public := range []bool{true, false} {
		q := newSquare(t, publicSetup{desk: true})
		q.opens(correction())
		if public {
			q.start()
		} else {
			q.world.start()
		}
		_, card := q.post(q.world.make(), q.card())
		card.Press(q.anna, "Accept")
		q.says("Correct #1", "▸ Answer", "It is so.", english.Text("telegram.write"))
		first := q.anna.Write("It is not so.")
		q.says("It is not so.")
		second := q.anna.Write("And look:", telegramfake.With("photo"))
		q.says("And look:")
		q.anna.EditText(first, "It is so and so.")
		m := q.says("It is so and so.")
		q.anna.EditText(second, "And see:")
		q.says("And see:")
		m.Press(q.anna, "Correct")
		if s := got(t, q.inbox, &q.inbox.submitted, 1); s.Values.First("answer") != "It is so and so.\n\nAnd see:" {
			t.Errorf("submitted %+v", s)
		}
		q.anna.EditText(first, "It is late.") // nobody waits for it
		q.anna.Write("/home")
		if n := q.reception.count(func() int { return len(q.reception.said) }); n > 1 {
			t.Errorf("the reception heard %+v", q.reception.said)
		}
	}
}

// TestOneTextAgain: its button asks for all of it anew, and its length is bounded.
func TestOneTextAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	f := correction()
	f.Fields[0].Most = 4000
	w.opens(f)
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	w.says("Correct #1", "▸ Answer")
	w.anna.Write("One.")
	w.says("One.").Press(w.anna, "✎ Answer")
	w.says("▸ Answer")
	w.anna.Write("Two.")
	m := w.says("Two.")
	if strings.Contains(m.Text(), "One.") {
		t.Errorf("the form says %q", m.Text())
	}
	w.anna.Write(strings.TrimSpace(strings.Repeat("word ", 780))) // Telegram cuts a long text here
	w.anna.Write(strings.TrimSpace(strings.Repeat("rest ", 100)))
	m = w.says("⚠ "+english.Text("telegram.too_long", "limit", 4000), "Two.")
	if strings.Contains(m.Text(), "word") || strings.Contains(m.Text(), "rest") {
		t.Errorf("half of a text that is too long was taken: %q", m.Text())
	}
}

// TestTextForAFormBelow: a text that its author meant for a form that waits goes there.
func TestTextForAFormBelow(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{desk: true})
	q.opens(correction())
	q.inbox.home = connector.Form{Title: "Look", Lines: []connector.Line{{Text: "at this"}}}
	q.reception.onSaid = func(saidBy) (connector.Reply, error) {
		return connector.Reply{Text: "What is it for?", Buttons: []connector.Button{{Label: "That form", Action: "into|0"}}}, nil
	}
	q.reception.onPressed = func(pressBy) (connector.Reply, error) {
		return connector.Reply{Put: &connector.Put{Into: q.reception.said[0].Into[0].Value, Said: []connector.Said{q.reception.said[0].Said}}},
			nil
	}
	q.start()
	_, card := q.post(q.world.make(), q.card())
	card.Press(q.anna, "Accept")
	q.says("Correct #1")
	q.anna.Write("It is not so.")
	q.says("Correct #1", "It is not so.")
	q.anna.Write("/home")
	q.says("Look", "at this")
	q.anna.Write("Not at all.")
	s := got(t, &q.reception.inbox, &q.reception.said, 1)
	if len(s.Into) != 1 || s.Into[0].Label != "Correct #1: Answer" {
		t.Fatalf("for the reception it could be for %+v", s.Into)
	}
	which := q.says("What is it for?")
	which.Press(q.anna, "That form")
	m := q.says("Correct #1", "It is not so.\n\nNot at all.")
	which.Press(q.anna, "That form") // once more changes nothing
	q.await("the form to be shown anew", m.Deleted)
	q.says("Correct #1", "Not at all.").Press(q.anna, "Correct")
	if s := got(t, q.inbox, &q.inbox.submitted, 1); s.Values.First("answer") != "It is not so.\n\nNot at all." {
		t.Errorf("submitted %+v", s)
	}
	q.says("Look", "at this") // which waited below
	if got := which.Press(q.anna, "That form"); got != english.Text("telegram.over") {
		t.Errorf("of a form that is over it says %q", got)
	}
}
