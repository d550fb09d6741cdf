package chat

import (
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// sends is a message with something besides words, under card n.
func (k *kit) sends(name session.PersonName, n int, message string, with session.Media, lines ...session.ChatLine) connector.Answer {
	k.Helper()
	a, err := k.chat.Wrote(k.Context(), connector.Written{By: user(name), Place: room, Under: session.MessageID("m" + itoa(n)),
		Message: session.MessageID(message), At: k.chat.Now(), Lines: lines, With: with})
	k.must(err)
	return a
}

// TestOnlyWordsAreAnAnswer: whoever sends what is no picture is told, and words beside it are taken.
func TestOnlyWordsAreAnAnswer(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("How long?")
	k.press(anna, n, "Accept")
	k.press(janis, n, "Claim")
	for _, with := range []session.Media{session.MediaVoice, session.MediaVideo, session.MediaFile} {
		a := k.sends(janis, n, "x-"+string(with), with)
		k.reads(a.Say, "Only words and pictures are taken as an answer to #1")
		if a.Taken || k.q(n).Draft() != "" {
			t.Errorf("%s was taken: %+v", with, a)
		}
	}
	a := k.sends(janis, n, "x1", session.MediaFile, session.ChatLine{Text: "Two weeks."})
	k.reads(a.Say, "Only words and pictures are taken")
	if !a.Taken || k.q(n).Draft() != "Two weeks." {
		t.Errorf("%+v, draft %q", a, k.q(n).Draft())
	}
}

// TestAstray: who writes where nothing is read, or without a role, is told once what to do.
func TestAstray(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("How long?")
	k.press(anna, n, "Accept")
	for _, c := range []struct {
		who   session.PersonName
		under session.MessageID
		want  string
	}{{janis, boardAt, "This is the board"}, {"Nobody", "m1", "not on the list of staff"}, {vilis, "m1", "change nothing"}} {
		say := func(message string) connector.Answer {
			a, err := k.chat.Wrote(t.Context(), connector.Written{By: user(c.who), Place: room, Under: c.under,
				Message: session.MessageID(message), At: k.chat.Now(), Lines: []session.ChatLine{{Text: "Two weeks."}}})
			k.must(err)
			return a
		}
		k.reads(say("a"+string(c.who)).Say, c.want)
		if a := say("b" + string(c.who)); a.Say != "" {
			t.Errorf("%s is told again: %+v", c.who, a)
		}
	}
	if q := k.q(n); q.State != session.Queued || len(q.Said) > 0 {
		t.Errorf("it was taken: %s, %+v", q.State, q.Said)
	}
}
