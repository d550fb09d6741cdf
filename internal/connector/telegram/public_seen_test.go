package telegram

import (
	"slices"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

// TestQuestionIsSeen: in a group the bot marks what it took as a question, and nothing else.
func TestQuestionIsSeen(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.start()
	talk := q.talk.Say(q.carl, "Good morning")
	asked := q.talk.Say(q.carl, "/ask Why?")
	q.await("the mark", func() bool { return slices.Equal(asked.BotReactions(), []string{seen}) })
	if got := talk.BotReactions(); len(got) != 0 {
		t.Errorf("talk is marked with %v", got)
	}
}

// TestQuestionIsTakenUnseen: a chat that allows no such mark loses no question. Marks
// are made side by side, so both calls are refused.
func TestQuestionIsTakenUnseen(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	q.fake.Fault("setMessageReaction", 2, telegramfake.Refuse(400, "Bad Request: REACTION_INVALID"))
	q.start()
	asked := q.talk.Say(q.carl, "/ask Why?")
	q.talk.Say(q.carl, "/ask And when?")
	if all := texts(q.askLast()); !slices.Equal(all, []string{"Why?", "And when?"}) {
		t.Errorf("asked %q", all)
	}
	if got := asked.BotReactions(); len(got) != 0 {
		t.Errorf("marked with %v", got)
	}
}

// TestMarksAreBounded: in a flood of questions some are taken without a mark.
func TestMarksAreBounded(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	held := q.fake.Fault("setMessageReaction", mostMarks, telegramfake.HangAfter)
	p := q.make()
	t.Cleanup(func() { // nothing is logged after the test
		held.Release()
		for range mostMarks {
			p.eyes <- struct{}{}
		}
	})
	for range mostMarks {
		asked := q.talk.Say(q.carl, "/ask Why?")
		p.sees(t.Context(), messageID{asked.Chat().ID(), asked.ID()})
	}
	one := q.talk.Say(q.carl, "/ask One more?")
	p.sees(t.Context(), messageID{one.Chat().ID(), one.ID()})
	if got := one.BotReactions(); len(p.eyes) != mostMarks || len(got) != 0 {
		t.Errorf("%d are under way, marked with %v", len(p.eyes), got)
	}
}

// TestSilentWord: what a group is told of a question that nobody accepted makes no sound.
func TestSilentWord(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	p := q.make()
	for _, silent := range []bool{true, false} {
		post := postTo(q.talk.Say(q.carl, "/ask Why?"), "Off topic.", session.KindOutcome)
		post.Silent = silent
		q.reply(p, post)
		sends := q.fake.Ledger("sendMessage")
		if last := sends[len(sends)-1]; last.Silent != silent {
			t.Errorf("silent %t was sent as %t", silent, last.Silent)
		}
	}
}
