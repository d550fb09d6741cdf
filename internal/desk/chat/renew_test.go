package chat

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// renewed is a form as its reader sees it after a while.
func (k *kit) renewed(name session.PersonName, f *connector.Form) *connector.Form {
	k.Helper()
	r, err := k.chat.Renewed(k.Context(), user(name), *f)
	k.must(err)
	if r.Key != f.Key || !reflect.DeepEqual(r.Fields, f.Fields) {
		k.Errorf("another form: %+v", r)
	}
	return &r
}

func offers(f *connector.Form) []string { return labels(f.Offered()) }

// TestButtonsGoWithTheirTime: the button that takes a decision back stands in the window, and on
// the page of its reader, for as long as it works; nothing else of them changes.
func TestButtonsGoWithTheirTime(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.svc.Undo = 10 * time.Second
	k.ask("Where do I send it?")
	k.ask("Who is a thief?")
	f := k.inForm(anna, k.press(anna, 0, "Next (2 new)").Form, "Accept", nil).Form
	if f.Until.IsZero() || f.Until.After(k.chat.Now().Add(10*time.Second)) {
		t.Fatalf("looked at again %s", f.Until)
	}
	k.pass(9 * time.Second)
	if now := k.renewed(anna, f); !slices.Equal(offers(now), offers(f)) || !now.Until.Equal(noon.Add(10*time.Second)) {
		t.Errorf("after nine seconds %q, then at %s", offers(now), now.Until)
	}
	k.pass(time.Second)
	now := k.renewed(anna, f)
	if slices.Contains(offers(now), "Undo #1") || !slices.Contains(offers(now), "Accept") || now.Until.IsZero() {
		t.Errorf("after ten seconds %q", offers(now))
	}
	k.pass(2 * time.Hour)
	if now := k.renewed(anna, f); !now.Until.IsZero() {
		t.Errorf("looked at for ever: %s", now.Until)
	}
}

// TestWhatIsOverGoes: what a colleague did takes the buttons off the forms of others, with a word
// why and what shows it as it is now; nothing that was typed goes.
func TestWhatIsOverGoes(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Who pays?")
	triage := k.press(olga, 0, "Next (1 new)").Form
	decline := k.press(olga, n, "Decline").Form
	home, err := k.chat.Home(t.Context(), user(olga))
	k.must(err)
	for _, f := range []*connector.Form{triage, decline, &home} {
		if now := k.renewed(olga, f); !slices.Equal(offers(now), offers(f)) || now.Submit != f.Submit || len(now.Lines) != len(f.Lines) {
			t.Errorf("nothing happened, and it is %+v", now)
		}
	}
	k.press(anna, n, "Accept")
	now := k.renewed(olga, triage)
	k.reads(flat("", now.Lines), "⚠ Already accepted by Anna.")
	if !slices.Equal(offers(now), []string{"Look again", "Skip"}) {
		t.Errorf("triage has %q", offers(now))
	}
	k.reads(flat("", k.inForm(olga, now, "Look again", nil).Form.Lines), "Nothing new")
	if now := k.renewed(olga, &home); len(offers(now)) != 0 {
		t.Errorf("the page has %q", offers(now))
	}
	now = k.renewed(olga, decline)
	k.reads(flat("", now.Lines), "⚠ Already accepted by Anna.")
	if now.Submit != "" || !slices.Equal(offers(now), []string{"Look again"}) {
		t.Errorf("submit %q, buttons %q", now.Submit, offers(now))
	}
	again := k.inForm(olga, now, "Look again", connector.Values{"reason": {"rude"}, "remark": {"Third time."}}).Form
	if v := filled(again); v.First("remark") != "Third time." || again.Submit == "" {
		t.Errorf("typed %v, submit %q", v, again.Submit)
	}
	k.submit(olga, again, filled(again))
	k.state(n, session.Declined)
}

// TestAStalePreviewCannotBeApproved, and says so before anybody presses: what is approved is what
// was read.
func TestAStalePreviewCannotBeApproved(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Who pays?")
	k.answerIn(n)
	preview := k.press(olga, n, "Approve").Form
	queue := k.press(anna, 0, "To approve (1)").Form
	if now := k.renewed(olga, preview); now.Submit == "" || !slices.Equal(offers(now), offers(preview)) {
		t.Fatalf("nothing happened, and it is %+v", now)
	}
	k.pass(time.Second)
	edit := k.press(anna, n, "Edit").Form
	v := filled(edit)
	for _, f := range edit.Fields {
		v[f.ID] = []string{"Another answer."}
	}
	k.submit(anna, edit, v)
	now := k.renewed(olga, preview)
	if now.Submit != "" || !slices.Equal(offers(now), []string{"Look again"}) {
		t.Errorf("submit %q, buttons %q", now.Submit, offers(now))
	}
	fresh := k.inForm(olga, now, "Look again", nil).Form
	k.reads(flat("", fresh.Lines), "Another answer.")
	k.submit(olga, fresh, nil)
	k.state(n, session.Approved)
	now = k.renewed(anna, queue)
	if now.Submit != "" || !slices.Equal(offers(now), []string{"Look again", "Skip"}) {
		t.Errorf("the queue: submit %q, buttons %q", now.Submit, offers(now))
	}
	k.reads(flat("", k.inForm(anna, now, "Look again", nil).Form.Lines), "Nothing waits")
}

// TestAnOldBoardInPrivate has the buttons of the hour only for as long as they do what they say.
func TestAnOldBoardInPrivate(t *testing.T) {
	t.Parallel()
	k := hour(t)
	board, extend := k.types(anna, "board").Form, k.types(anna, "extend").Form
	k.press(olga, 0, "Pause")
	now := k.renewed(anna, board)
	for _, gone := range []string{"Pause", "Stop"} {
		if slices.Contains(offers(now), gone) || !slices.Contains(offers(board), gone) {
			t.Errorf("%q of %q is in %q", gone, offers(board), offers(now))
		}
	}
	now = k.renewed(anna, extend)
	if now.Submit != "" || !slices.Equal(offers(now), []string{"Look again"}) {
		t.Errorf("submit %q, buttons %q", now.Submit, offers(now))
	}
	if again := k.inForm(anna, now, "Look again", filled(extend)).Form; again == nil || again.Submit == "" {
		t.Errorf("again: %+v", again)
	}
}

// TestWhoLeftHasNoButtons: somebody who is no staff any more.
func TestWhoLeftHasNoButtons(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("Who pays?")
	f := k.press(anna, 0, "Next (1 new)").Form
	now, err := k.chat.Renewed(t.Context(), connector.User{Desk: chat, ID: "U-nobody"}, *f)
	if err != nil || len(now.Offered()) != 0 || !now.Until.IsZero() {
		t.Errorf("%+v, %v", now, err)
	}
}
