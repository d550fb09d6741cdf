package reception

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// staff makes the visitor of a kit somebody who works here.
func (k *kit) staff(role session.Role) {
	k.r.Staff = session.Directory{{Name: "Olga", Role: role, Accounts: map[session.ConnectorID]session.UserRef{k.who.Connector: k.who.User}}}
}

// TestStaffWordsAreNoQuestion: whatever staff write in private, however they write it,
// asks nothing before they have pressed the button that says so.
func TestStaffWordsAreNoQuestion(t *testing.T) {
	t.Parallel()
	for _, role := range []session.Role{session.Moderator, session.ExpertRole, session.Observer} {
		k := desk(t)
		k.says("May I ask something?") // as a citizen, a moment ago
		k.staff(role)
		for _, text := range []string{"Internal: the lawyer says no", "/ask Is this right?", "/ask@bot Is this right?", "/unknown", "!!!"} {
			k.says(text)
		}
		k.message(connector.Said{Message: "2", At: k.now, Text: "Internal: it is wrong", Edited: k.now})
		k.message(connector.Said{Message: "77", At: k.now, Text: "never seen before", Edited: k.now})
		if qs := k.questions(); len(qs) != 1 || qs[0].Text != "May I ask something?" {
			t.Errorf("%s: questions %+v", role, qs)
		}
	}
}

func TestStaffAskAsCitizens(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.staff(session.Moderator)
	first := k.says("/ask May I ask something?")
	k.reads(first.Text, "May I ask something?")
	second := k.says("About my car.")
	k.now = k.now.Add(5 * time.Minute) // a question is what was written together, whenever it is decided
	reply := k.message(connector.Said{Message: "2", At: k.now, Text: "About my bicycle.", Edited: k.now})
	k.reads(reply.Text, "About my bicycle.")
	for range 2 {
		k.press(offered(t, first, pressAsk))
		k.press(offered(t, second, pressAsk))
	}
	if qs := k.questions(); len(qs) != 1 || qs[0].Text != "May I ask something?\nAbout my bicycle." {
		t.Errorf("questions %+v", qs)
	}
	k.reads(k.press(offered(t, first, pressNothing)).Alert, "decided already")
	k.message(connector.Said{Message: "2", At: k.now, Text: "About my boat.", Edited: k.now}) // of a question now
	if got := k.questions()[0].Text; got != "May I ask something?\nAbout my boat." {
		t.Errorf("after the edit %q", got)
	}
}

// TestStaffLongText: what the app cut is asked about once, and goes together.
func TestStaffLongText(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.staff(session.Moderator)
	first := connector.Said{Message: "1", At: k.now, Text: "A long text that", Full: true,
		Into: []connector.Option{{Value: "a", Label: "Note"}}}
	reply := k.message(first)
	for range 2 { // handed over once more
		if rest := k.message(connector.Said{Message: "2", At: k.now, Text: "goes on here."}); rest.Text != "" {
			t.Errorf("of the rest it says %q", rest.Text)
		}
	}
	if put := k.press(offered(t, reply, pressInto)).Put; put == nil || len(put.Said) != 2 || put.Said[1].Text != "goes on here." {
		t.Errorf("for the form %+v", put)
	}
	k.press(offered(t, reply, pressAsk))
	k.have("one text", "A long text that goes on here.")
}

// TestStaffChooseNothing: nothing is kept of it, and nobody else may choose.
func TestStaffChooseNothing(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.staff(session.ExpertRole)
	reply := k.says("Internal")
	thief := k.who
	thief.Place, thief.User = "8", "8"
	if got, err := k.r.Pressed(t.Context(), thief, offered(t, reply, pressAsk)); err != nil || got.Alert == "" {
		t.Errorf("somebody else: %+v, %v", got, err)
	}
	k.reads(k.press(offered(t, reply, pressNothing)).Alert, "Nothing")
	k.reads(k.press(offered(t, reply, pressAsk)).Alert, "decided already")
	k.message(connector.Said{Message: "1", At: k.now, Text: "Internal", Edited: k.now})
	if n := len(k.questions()); n != 0 {
		t.Errorf("%d questions", n)
	}
}

// TestStaffChoiceExpires: what is not kept any more is not lost without a word.
func TestStaffChoiceExpires(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.staff(session.Moderator)
	reply := k.says("A question after all?")
	if err := k.r.Memory.Forget(t.Context(), undecidedKey(visit{Visitor: k.who}, "1")); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{pressAsk, pressNothing} {
		k.reads(k.press(offered(t, reply, word)).Alert, "write it again")
	}
	if n := len(k.questions()); n != 0 {
		t.Errorf("%d questions", n)
	}
}

// TestStaffChooseAForm: the connector gets the text for the form that it named.
func TestStaffChooseAForm(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.staff(session.ExpertRole)
	m := connector.Said{Message: "5", At: k.now, Text: "It is better so.",
		Into: []connector.Option{{Value: "a.0", Label: "Correct #1"}, {Value: "a.1", Label: "Note"}}}
	reply := k.message(m)
	if len(reply.Buttons) != 4 || !strings.Contains(reply.Buttons[0].Label, "Correct #1") {
		t.Fatalf("buttons %+v", reply.Buttons)
	}
	for range 2 { // the form may have been left by then: the text is still there
		got := k.press(reply.Buttons[1].Action)
		if got.Put == nil || got.Put.Into != "a.1" || len(got.Put.Said) != 1 || got.Put.Said[0].Text != m.Text {
			t.Errorf("reply %+v", got)
		}
	}
	for _, wrong := range []string{"into:2:5", "into::5", "into:-1:5", "into:x"} {
		if got := k.press(wrong); got.Put != nil || got.Alert == "" {
			t.Errorf("%q: %+v", wrong, got)
		}
	}
}

// TestStaffAskTooEarly: a text that cannot be asked now can still be chosen for.
func TestStaffAskTooEarly(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.staff(session.Moderator)
	k.now = noon.Add(-time.Hour)
	reply := k.says("Too early?")
	k.reads(k.press(offered(t, reply, pressAsk)).Text, "14:00")
	k.reads(k.press(offered(t, reply, pressNothing)).Alert, "Nothing")
}

// offered is what the button of a choice carries.
func offered(t *testing.T, r connector.Reply, word string) string {
	t.Helper()
	for _, b := range r.Buttons {
		if strings.HasPrefix(b.Action, word+":") {
			return b.Action
		}
	}
	t.Fatalf("no button %q in %+v", word, r)
	return ""
}
