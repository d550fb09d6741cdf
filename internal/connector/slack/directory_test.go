package slack

import (
	"slices"
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestNamesInAnAnswer: who is not on the staff, and a channel, stand in an answer by their
// names; one that the bot cannot see has none. A long message is known to be full.
func TestNamesInAnAnswer(t *testing.T) {
	t.Parallel()
	listening(t, fast, func(t *testing.T, w *world) {
		w.fake.User("U0TAX", "Tax Office", "")
		w.fake.User("U0EVA", "Eva Kalna", "eva@example.org")
		w.fake.Channel("C0LAW")
		roster, err := w.Roster(t.Context(), []session.Person{{Name: "Eva", Email: "eva@example.org"}})
		if err != nil || len(roster) != 1 {
			t.Fatalf("%+v, %v", roster, err)
		}
		root := w.must(card(1))
		for i, want := range []session.ChatLine{
			{Text: "Write to @Tax Office."}, {Text: "Is that so, @Eva?", Mentions: true}, {Text: "See #c0law and #…."},
		} {
			said := []string{"Write to <@U0TAX>.", "Is that so, <@U0EVA>?", "See <#C0LAW> and <#C0SECRET|>."}[i]
			w.fake.Emit(map[string]any{"type": "message", "channel": string(place), "user": "U0ANNA", "text": said,
				"ts": "12.00000" + string(rune('1'+i)), "thread_ts": root.TS()})
			if got := w.written(i + 1)[i]; !slices.Equal(got.Lines, []session.ChatLine{want}) || got.Full {
				t.Errorf("%q reads %+v, want %+v", said, got.Lines, want)
			}
		}
		w.anna.Reply(root, strings.Repeat("word ", nearlyFull/5))
		if got := w.written(4)[3]; !got.Full {
			t.Error("a message of 3,500 units is not full")
		}
	})
}
