package reception

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

func (k *kit) texts() (all []string) {
	k.Helper()
	for _, q := range k.questions() {
		if q.State != session.Withdrawn {
			all = append(all, q.Text)
		}
	}
	return all
}

func (k *kit) have(what string, want ...string) {
	k.Helper()
	if got := k.texts(); strings.Join(got, "|") != strings.Join(want, "|") {
		k.Errorf("%s: questions %q, want %q", what, got, want)
	}
}

// TestTwoThoughts: that they became one question is said, and one press parts them.
func TestTwoThoughts(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.says("May I build?")
	k.now = k.now.Add(30 * time.Second)
	reply := k.says("When does the office open?")
	k.reads(reply.Text, "#1")
	k.have("joined", "May I build?\nWhen does the office open?")
	thief := k.who
	thief.Place, thief.User = "8", "8"
	if got, err := k.r.Pressed(t.Context(), thief, offered(t, reply, pressPart)); err != nil || got.Text == "" {
		t.Errorf("somebody else: %+v, %v", got, err)
	}
	k.have("a press of somebody else", "May I build?\nWhen does the office open?")
	for range 2 {
		k.reads(k.press(offered(t, reply, pressPart)).Alert, "#2")
	}
	k.have("parted", "May I build?", "When does the office open?")
	for _, q := range k.questions() {
		if len(q.Copies) != 1 || q.Copies[0].Kind != session.KindReceipt {
			t.Errorf("%s has the copies %+v", q.Ref, q.Copies)
		}
	}
	k.message(connector.Said{Message: "2", At: k.now, Edited: k.now, Text: "When does it close?"})
	k.have("an edit of the part", "May I build?", "When does it close?")
	k.message(connector.Said{Message: "2", At: k.now, Text: "When does the office open?"}) // handed over once more
	k.have("the first version again", "May I build?", "When does it close?")
}

// TestPartingAfterAcceptance: the rest of the question is a new wording, which waits.
func TestPartingAfterAcceptance(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.says("May I build?")
	reply := k.says("When does the office open?")
	ref := session.QuestionRef{Session: "tax", Number: 1}
	_, err := k.svc.Do(t.Context(), anna, session.AcceptQuestion{On: session.On{Question: ref}})
	k.must(err)
	k.reads(k.press(offered(t, reply, pressPart)).Alert, "#2")
	qs, err := k.store.Questions(t.Context(), "tax", 1, 2)
	k.must(err)
	if qs[0].Pending != "May I build?" || qs[1].Text != "When does the office open?" {
		t.Errorf("pending %q, asked %q", qs[0].Pending, qs[1].Text)
	}
}

// TestWhatDoesNotFitIsAsked: two thoughts that are too long together are two questions.
func TestWhatDoesNotFitIsAsked(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.says(strings.Repeat("x", session.DefaultQuestionLimit))
	k.says("And another one?")
	k.have("two", strings.Repeat("x", session.DefaultQuestionLimit), "And another one?")
}

// TestCutText: what the app cut is one text, and refused as one.
func TestCutText(t *testing.T) {
	t.Parallel()
	k := desk(t)
	chunk := func(id session.MessageID, text string, full bool) connector.Reply {
		k.now = k.now.Add(time.Second)
		return k.message(connector.Said{Message: id, At: k.now, Text: text, Full: full})
	}
	if reply := chunk("1", "A long text that", true); reply.Text != "" {
		t.Errorf("it says %q", reply.Text)
	}
	if reply := chunk("2", "goes on here.", false); reply.Text != "" || len(reply.Buttons) > 0 {
		t.Errorf("of what was cut it says %+v", reply)
	}
	k.have("one text", "A long text that goes on here.")
	k.message(connector.Said{Message: "2", At: k.now, Edited: k.now, Text: "ends here."})
	k.have("an edit of the rest", "A long text that ends here.")

	k.now = k.now.Add(time.Hour)
	chunk("3", strings.Repeat("x", session.DefaultQuestionLimit-10), true)
	reply := chunk("4", "and eleven characters more", false)
	k.reads(reply.Text, "shorten")
	k.have("too long in all", "A long text that ends here.")
	chunk("4", "and eleven characters more", false) // handed over once more

	k.now = k.now.Add(time.Hour)
	k.reads(chunk("5", strings.Repeat("x", session.DefaultQuestionLimit+1), true).Text, "shorten")
	for _, id := range []session.MessageID{"6", "7"} {
		if reply := chunk(id, "the rest of it", id == "6"); reply.Text != "" {
			t.Errorf("of the rest it says %q", reply.Text)
		}
	}
	k.have("too long at once", "A long text that ends here.")
}

// TestAlbum: pictures that are sent together are one question.
func TestAlbum(t *testing.T) {
	t.Parallel()
	k := desk(t)
	picture := func(id session.MessageID, album, text string) connector.Reply {
		return k.message(connector.Said{Message: id, At: k.now, Text: text, Album: album})
	}
	for _, m := range [][2]string{{"1", "May I build this?"}, {"2", ""}, {"3", "Or this?"}, {"4", ""}} {
		if reply := picture(session.MessageID(m[0]), "a", m[1]); reply.Text != "" {
			t.Errorf("of picture %s it says %q", m[0], reply.Text)
		}
	}
	k.have("an album", "May I build this?\nOr this?")
	k.reads(picture("5", "b", "").Text, "write your question")
	if reply := picture("6", "b", ""); reply.Text != "" {
		t.Errorf("of the second picture it says %q", reply.Text)
	}
}

// TestEditToAsk: an edit may make a question of what was none, and arrive first.
func TestEditToAsk(t *testing.T) {
	t.Parallel()
	k := desk(t)
	at := k.now
	k.reads(k.says(strings.Repeat("x", session.DefaultQuestionLimit+1)).Text, "shorten")
	k.now = k.now.Add(10 * time.Minute)
	k.message(connector.Said{Message: "1", At: at, Edited: k.now, Text: "In short?"})
	k.have("shortened", "In short?")
	k.now = k.now.Add(10 * time.Minute)
	k.message(connector.Said{Message: "9", At: k.now, Edited: k.now.Add(time.Second), Text: "The second version?"})
	k.message(connector.Said{Message: "9", At: k.now, Text: "The first version?"})
	k.have("the wrong way round", "In short?", "The second version?")
	for _, m := range []connector.Said{{Message: "10", At: at, Edited: at.Add(2 * time.Hour), Text: "Long ago?"},
		{Message: "11", At: k.now, Edited: k.now, Text: "/my"}} {
		if reply := k.message(m); reply.Text != "" {
			t.Errorf("%s: it says %q", m.Message, reply.Text)
		}
	}
	k.have("others", "In short?", "The second version?")
}

// TestRemovedParts: what was removed is no part any more, and nothing but a withdrawal is
// left at last.
func TestRemovedParts(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.says("May I build?")
	k.says("When does the office open?")
	origin := func(m session.MessageID) session.Origin {
		return session.Origin{Connector: k.who.Connector, Place: k.who.Place, Message: m}
	}
	k.must(k.r.Inbox.Removed(t.Context(), origin("1")))
	k.have("without the first", "When does the office open?")
	k.message(connector.Said{Message: "1", At: k.now, Edited: k.now, Text: "May I build after all?"})
	k.have("it does not come back", "When does the office open?")
	k.must(k.r.Inbox.Removed(t.Context(), origin("2")))
	k.have("without any")
	k.message(connector.Said{Message: "2", At: k.now, Text: "When does the office open?"})
	k.have("handed over once more")
}

// TestPublicAndPrivateAreNotOne: what somebody writes in private is no part of what they
// asked a moment ago where others read along.
func TestPublicAndPrivateAreNotOne(t *testing.T) {
	t.Parallel()
	k := desk(t)
	_, _, err := k.svc.Ask(t.Context(), session.Asked{Session: "tax", Key: "c1", Text: "When is the next round?",
		At: k.now, Language: session.English,
		Origin: session.Origin{Connector: k.who.Connector, Place: "group", Message: "c1", User: k.who.User}})
	k.must(err)
	k.says("My wife must not know that I ask.")
	k.have("asked in public, then in private", "When is the next round?", "My wife must not know that I ask.")
}

// TestPublicBetweenPrivate: a question in public does not come between the parts of one
// in private, also when a part is handed over once more.
func TestPublicBetweenPrivate(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.says("May I build?")
	k.says("Near the river?")
	_, err := k.r.Inbox.Asked(t.Context(), connector.Asked{Key: "c1", Text: "When is the next round?", At: k.now,
		Origin: session.Origin{Connector: k.who.Connector, Place: "group", Message: "c1", User: k.who.User}})
	k.must(err)
	k.message(connector.Said{Message: "2", At: k.now, Text: "Near the river?"})
	k.have("a part once more", "May I build?\nNear the river?", "When is the next round?")
	k.says("With a cellar?")
	k.have("a third part", "May I build?\nNear the river?\nWith a cellar?", "When is the next round?")
}
