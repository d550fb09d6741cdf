package chat

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// TestHour runs a question from arrival to the public page, as people do it in a chat.
func TestHour(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("May I deduct the costs of my home office?")
	k.reads(flat(k.card(n).Title, k.card(n).Lines), "#1 · New", "home office", "Citizen, Public page")
	if a := k.press(anna, n, "Accept"); a.Say != "" {
		t.Errorf("accepting says %q", a.Say)
	}
	k.tick()
	call := k.card(n).Call
	if call == nil || len(call.To) != 1 || call.To[0] != account(janis) || !strings.Contains(call.Quote, "home office") {
		t.Fatalf("call %+v", call)
	}
	if a := k.says(janis, n, "x1", "Yes, in part."); !a.Taken {
		t.Errorf("the reply is not taken: %+v", a)
	}
	k.says(janis, n, "x2", "// is that still so?\nKeep the bills.")
	k.says(anna, n, "x3", "Careful with the numbers.")
	k.reads(flat("", k.card(n).Lines), "Draft by Jānis, submitted at 14:00:20", "Yes, in part.\n\nKeep the bills.")
	if a := k.press(janis, n, "Submit now"); a.Say != "" {
		t.Errorf("sending says %q", a.Say)
	}
	f := k.press(olga, n, "Approve").Form
	k.reads(flat(f.Title, f.Lines), "Yes, in part.\n\nKeep the bills.", "Public page", "no limit")
	if strings.Contains(flat("", f.Lines), "still so") || strings.Contains(flat("", f.Lines), "Careful") {
		t.Error("an aside is in the preview")
	}
	if a := k.submit(olga, f, nil); !a.Close || a.Say != "" {
		t.Errorf("approving: %+v", a)
	}
	k.state(n, session.Approved)
}

// TestAGuidelineThatBlocksAsksWhy: the preview has a field for the reason, and wants it.
func TestAGuidelineThatBlocksAsksWhy(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.chat.Views.Guide.Rules = map[screening.Guideline]screening.Rule{screening.Officialese: screening.Blocking}
	k.svc.Broken = k.chat.Views.Guide.Blocking
	n := k.ask("How?")
	k.press(anna, n, "Accept")
	k.says(janis, n, "x1", "In order to ask, write to us.")
	k.reads(flat("", k.card(n).Lines), "Draft by Jānis", "⚠ Words of an office")
	k.press(janis, n, "Submit now")
	f := k.press(olga, n, "Approve").Form
	if len(f.Fields) != 1 || f.Fields[0].ID != "reason" || !strings.Contains(flat("", f.Lines), "⚠ Words of an office") {
		t.Fatalf("the form is %+v", f)
	}
	if a := k.submit(olga, f, nil); len(a.Wrong) == 0 && a.Form == nil {
		t.Errorf("without a reason: %+v", a)
	}
	k.state(n, session.Review)
	k.submit(olga, f, connector.Values{"reason": {"It is a name."}})
	k.state(n, session.Approved)
}

// TestStalePreview: what changed after the preview was opened cannot be approved with it.
func TestStalePreview(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("When is the deadline?")
	k.press(anna, n, "Accept")
	k.says(janis, n, "x1", "On the 1st of June.")
	k.press(janis, n, "Submit now")
	f := k.press(olga, n, "Approve").Form
	k.edits(janis, n, "x1", "On the 1st of July.")
	a := k.submit(olga, f, nil)
	if a.Form == nil || a.Close {
		t.Fatalf("answer %+v", a)
	}
	k.reads(flat("", a.Form.Lines), "⚠", "1st of July")
	k.state(n, session.Review)
	k.submit(olga, a.Form, nil)
	k.state(n, session.Approved)
}

func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Who pays?")
	k.reads(k.press(janis, n, "Accept").Say, "Only moderators", "Accept")
	k.reads(k.press("Stranger", n, "Accept").Say, "Anna, Olga")
	k.state(n, session.Received)
	k.press(anna, n, "Accept")
	k.says(janis, n, "x1", "You do.")
	k.press(janis, n, "Submit now")
	if f := k.press(janis, n, "Approve").Form; f.Submit != "" {
		t.Error("the author is offered to approve")
	}
	k.reads(k.says("Stranger", n, "x9", "Hello").Say, "")
	k.reads(k.says(ilze, n, "x2", "I disagree.").Say, "")
	if got := k.q(n).Latest().Text; got != "You do." {
		t.Errorf("answer %q", got)
	}
}

// TestLostRace: the second click is told who was faster.
func TestLostRace(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("First?")
	old := k.card(n)
	k.press(anna, n, "Accept")
	a, err := k.chat.Pressed(t.Context(), connector.Press{By: user(olga), Action: k.action(old.Buttons, "Accept")})
	k.must(err)
	k.reads(a.Say, "Already accepted by Anna")
	k.press(janis, n, "Claim")
	k.press(ilze, n, "Take over from Jānis") // an expert of another hour looks on
	k.state(n, session.Claimed)
	if got := k.q(n).Holder; got != janis {
		t.Errorf("held by %s", got)
	}
}

// TestTriage: sixty questions in sixty-one presses.
func TestTriage(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for i := range 60 {
		k.ask("Question number " + strings.Repeat("x", i+1) + "?")
	}
	presses := 1
	f := k.press(anna, 0, "Next (60 new)").Form
	for f.Key != "" {
		a := k.inForm(anna, f, "Accept", filled(f))
		presses++
		f = a.Form
	}
	if presses != 61 {
		t.Errorf("%d presses", presses)
	}
	k.reads(flat("", f.Lines), "Nothing new")
	for n := 1; n <= 60; n++ {
		k.state(n, session.Queued)
	}
}

func TestTriageDecisions(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("How do I deduct the costs of my car from the tax?")
	k.ask("You are all thieves!")
	k.ask("How do I deduct the costs of my car from the taxes?")
	k.ask("Is there a form?")
	f := k.types(anna, "next").Form
	f = k.inForm(anna, f, "Accept", filled(f)).Form
	f = k.inForm(anna, f, "Decline", connector.Values{"reason": {"rude"}}).Form
	k.reads(flat("", f.Lines), "Looks like #1")
	f = k.inForm(anna, f, "Merge", filled(f)).Form
	f = k.inForm(anna, f, "Skip", nil).Form
	k.reads(flat("", f.Lines), "question that you skipped")
	k.state(1, session.Queued)
	k.state(2, session.Declined)
	k.state(3, session.Merged)
	k.state(4, session.Received)
	if got := k.q(2).Reason; got != "rude" {
		t.Errorf("reason %q", got)
	}
	k.reads(k.types(janis, "next").Say, "for moderators")
}

// TestTriageChoosesNothingThatOnlySoundsAlike: a moderator who presses Merge there is asked
// for a number.
func TestTriageChoosesNothingThatOnlySoundsAlike(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("What does an energy audit cost for a house of 120 square metres?")
	k.ask("Where is the list of energy auditors in Latgale?")
	f := k.types(anna, "next").Form
	f = k.inForm(anna, f, "Accept", filled(f)).Form
	if into := f.Fields[1]; len(into.Value) > 0 || strings.Contains(flat("", f.Lines), "Looks like") {
		t.Errorf("into %+v", into)
	}
	f = k.inForm(anna, f, "Merge", filled(f)).Form
	k.reads(flat("", f.Lines), "whole number")
	k.state(2, session.Received)
}

// TestApproveOneAfterAnother: each approval brings the next preview; a correction shows what
// is public now, and Skip goes on.
func TestApproveOneAfterAnother(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for i := range 3 {
		n := k.ask("Who pays " + itoa(i) + "?")
		k.press(anna, n, "Accept")
		k.says(janis, n, "x"+itoa(n), "The buyer.")
		k.press(janis, n, "Submit now")
	}
	k.press(anna, 0, "To approve (3)")
	f := k.types(anna, "approve").Form
	k.reads(flat("", f.Lines), "3 answers wait", "Who pays 0?", "The buyer.", "https://x.lv/s/tax/q/1")
	f = k.inForm(anna, f, "Skip", nil).Form
	k.reads(flat("", f.Lines), "Who pays 1?")
	f = k.submit(anna, f, filled(f)).Form
	k.state(2, session.Approved)
	k.reads(flat("", f.Lines), "2 answers wait", "Who pays 2?")
	f = k.submit(anna, f, filled(f)).Form
	k.reads(flat("", f.Lines), "the 1 answer that you skipped")
	k.reads(k.types(janis, "approve").Say, "for moderators")
}

func TestForms(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Where do I send it?")
	f := k.press(anna, n, "Redirect").Form
	a := k.submit(anna, f, nil)
	if a.Wrong["institution"] == "" || a.Close {
		t.Errorf("an empty redirect: %+v", a)
	}
	k.submit(anna, f, connector.Values{"institution": {"VID"}})
	k.state(n, session.Redirected)
	if c := k.card(n); !c.Folded || len(c.Buttons) != 0 {
		t.Errorf("card %+v", c)
	}
	k.press(anna, n, "Restore")
	k.press(anna, n, "Accept")
	k.submit(anna, k.press(anna, n, "Note").Form, connector.Values{"text": {"Ask Ilze."}})
	k.reads(flat("", k.card(n).Lines), "Note by Anna: Ask Ilze.")
	k.press(janis, n, "Claim")
	k.submit(janis, k.press(janis, n, "Answer").Form, connector.Values{"text": {"By post."}})
	k.state(n, session.Review)
	a = k.submit(olga, k.press(olga, n, "Send back").Form, connector.Values{"comment": {"By e-mail, too."}})
	if !a.Close {
		t.Errorf("sent back: %+v", a)
	}
	k.reads(flat("", k.card(n).Lines), "Olga sent it back: By e-mail, too.")
	if call := k.card(n).Call; call == nil || call.Number != 1 || !strings.Contains(call.Text, "By e-mail") {
		t.Errorf("call %+v", call)
	}
}

func TestLaterMessages(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("How much?")
	k.press(anna, n, "Accept")
	k.says(janis, n, "x1", "Ten.")
	k.press(janis, n, "Submit now")
	a := k.says(janis, n, "x2", "Per month.")
	if len(a.Buttons) != 3 || a.Taken {
		t.Fatalf("answer %+v", a)
	}
	_, err := k.chat.Pressed(t.Context(), connector.Press{By: user(janis), Action: k.action(a.Buttons, "Add")})
	k.must(err)
	if got := k.q(n).Latest().Text; got != "Ten.\n\nPer month." {
		t.Errorf("answer %q", got)
	}
}

// TestNothingIsLeftOutInSilence: an author reads which words their answer does without.
func TestNothingIsLeftOutInSilence(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("How much?")
	k.press(anna, n, "Accept")
	writes := func(message string, lines ...session.ChatLine) connector.Answer {
		a, err := k.chat.Wrote(t.Context(), connector.Written{By: user(janis), Place: room, Under: "m1", Message: session.MessageID(message),
			At: k.chat.Now(), Lines: lines})
		k.must(err)
		return a
	}
	a := writes("x1", session.ChatLine{Text: "@Anna is it ten?", Mentions: true})
	k.reads(a.Say, "not taken as an answer to #1", "@Anna is it ten?")
	if k.q(n).Draft() != "" || a.Taken {
		t.Errorf("it was taken: %+v", a)
	}
	if a := writes("x2", session.ChatLine{Text: "// let me look"}); a.Say != "" {
		t.Errorf("a note is answered with %q", a.Say)
	}
	a = writes("x3", session.ChatLine{Text: "Ten."}, session.ChatLine{Text: "// I think"}, session.ChatLine{Text: "// code", Code: true},
		session.ChatLine{Text: "@Anna right?", Mentions: true})
	k.reads(a.Say, "Not in the answer to #1", "// I think\n@Anna right?")
	if got := k.q(n).Draft(); got != "Ten.\n// code" || !a.Taken {
		t.Errorf("the draft is %q, %+v", got, a)
	}
	if a := writes("x4", session.ChatLine{Text: "Per month, says @tax_office."}); a.Say != "" || !a.Taken {
		t.Errorf("nothing is left out, and it says %+v", a)
	}
	k.reads(k.q(n).Draft(), "@tax_office")
}

// TestAlone: what an expert writes outside of any thread is never taken by itself.
func TestAlone(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("How long?")
	k.press(anna, n, "Accept")
	k.reads(k.says(janis, 0, "x1", "Two weeks.").Say, "not taken as an answer", "reply to its card")
	if a := k.says(janis, 0, "x1b", "Two weeks, I say."); a.Say != "" {
		t.Errorf("told again: %+v", a)
	}
	if a := k.says(anna, 0, "x1c", "Good morning"); a.Say != "" {
		t.Errorf("a moderator's talk is answered with %+v", a)
	}
	k.press(janis, n, "Claim")
	a := k.says(janis, 0, "x2", "Two weeks.")
	k.reads(a.Say, "#1", "How long?")
	if k.q(n).Draft() != "" {
		t.Error("it was taken by itself")
	}
	for _, name := range []session.PersonName{anna, janis} {
		_, err := k.chat.Pressed(t.Context(), connector.Press{By: user(name), Action: k.action(a.Buttons, "Use as answer")})
		k.must(err)
		if got := k.q(n).Draft() != ""; got != (name == janis) {
			t.Errorf("%s pressed, draft %q", name, k.q(n).Draft())
		}
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.reads(k.types(anna, "").Say, "/hour schedule", "/hour next", "moderator")
	if say := k.types(janis, "help").Say; strings.Contains(say, "schedule") || !strings.Contains(say, "/hour stats") {
		t.Errorf("an expert's help: %s", say)
	}
	k.reads(k.types(anna, "shedule").Say, "/hour schedule")
	k.reads(k.types(janis, "pause").Say, "for moderators", "Anna, Olga")
	k.reads(k.types("Stranger", "help").Say, "not on the list")
	k.reads(k.types(vilis, "stats").Say, "Tax hour", "No questions yet")
	k.reads(k.types(anna, "pause").Say, "Publishing is paused")
	k.reads(k.types(anna, "resume").Say, "goes on")
	k.reads(k.types(anna, "start").Say, "not possible now", "Open")
	f := k.types(anna, "extend").Form
	k.submit(anna, f, connector.Values{"minutes": {"30"}})
	if got := k.session().End; !got.Equal(noon.Add(150 * time.Minute)) {
		t.Errorf("ends at %v", got)
	}
	k.reads(k.types(anna, "stop").Say, "No more questions")
	k.reads(k.types(anna, "transcript").Say, "https://x.lv/s/tax/transcript")
	k.reads(k.types(anna, "list").Say, "Tax hour")
}

// TestFind: everybody may search; what is found leads to its card.
func TestFind(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for range 12 {
		k.ask("Cik liels ir nodoklis?")
	}
	k.ask("When?")
	k.press(anna, 13, "Accept")
	f := k.types(vilis, "find NODOKLIS").Form
	if k.reads(flat(f.Title, f.Lines), "12 questions", "The first 10", "#12 · New · Cik liels", "m12"); len(f.Lines) != 12 {
		t.Errorf("%d lines", len(f.Lines))
	}
	f = k.types(janis, "find tax #13").Form // of the hour that is named
	k.reads(flat(f.Title, f.Lines), "1 question was found", "#13 · ", "When?", "m13")
	k.reads(k.types(anna, "find").Say, "/hour find land tax")
	k.reads(flat("", k.types(anna, "find ferry").Form.Lines), "0 questions were found")
}

func TestCloseForm(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("Still open?")
	k.types(anna, "stop")
	f := k.types(anna, "close").Form
	k.reads(flat("", f.Lines), "1 question has no outcome", "#1 Still open?")
	again := k.submit(anna, f, connector.Values{"reason": {" "}})
	if again.Close || again.Form == nil {
		t.Fatalf("the form is gone: %+v", again)
	}
	k.reads(flat("", again.Form.Lines), "⚠", "outcome", "#1 Still open?")
	k.submit(anna, f, connector.Values{"reason": {"Fire alarm"}})
	if s := k.session(); s.State != session.Closed || s.Forced == nil {
		t.Errorf("%s, forced %+v", s.State, s.Forced)
	}
	k.reads(flat("", k.card(0).Lines), "https://x.lv/s/tax/transcript")
	if call := k.card(0).Call; call == nil || !strings.Contains(call.Text, "/transcript") {
		t.Errorf("call %+v", call)
	}
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	k := desk(t)
	f := k.types(anna, "schedule").Form
	v := filled(f)
	if len(v["targets"]) != 1 {
		t.Errorf("places %v are not all chosen", v["targets"])
	}
	if a := k.submit(anna, f, v); a.Wrong["title"] == "" && a.Wrong["experts"] == "" {
		t.Errorf("an empty form: %+v", a)
	}
	v["title"], v["experts"] = []string{"Ziemas nodokļi"}, []string{string(account(vilis))}
	if a := k.submit(anna, f, v); a.Wrong["experts"] == "" {
		t.Errorf("an observer as expert: %+v", a)
	}
	v["experts"] = []string{string(account(janis))}
	a := k.submit(anna, f, v)
	if len(a.Buttons) != 1 || a.Buttons[0].URL != "https://x.lv/s/ziemas-nodokli" {
		t.Errorf("buttons %+v", a.Buttons)
	}
	s, err := k.store.Session(t.Context(), "ziemas-nodokli")
	k.must(err)
	if s.Desk.Place != room || s.Targets[0].Connector != "square" || s.SettleSeconds != 20 || !s.Start.Equal(noon.Add(time.Hour)) {
		t.Errorf("session %+v", s)
	}
	if a := k.submit(anna, f, v); a.Wrong["start"] == "" && a.Wrong["title"] == "" {
		t.Errorf("the same hour twice: %+v", a)
	}
	if a := k.submit(janis, f, v); len(a.Wrong) == 0 {
		t.Errorf("an expert schedules: %+v", a)
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("One?")
	k.ask("Two?")
	k.pass(5 * time.Minute)
	k.press(anna, 1, "Accept")
	k.press(janis, 1, "Claim")
	k.shelf.waiting = 12
	b := k.card(0)
	k.reads(flat(b.Title, b.Lines), "12 questions wait for their card", "Tax hour · Open", "left", "Questions: 2",
		"Longest wait: 5 min", "Jānis: #1", "#2 m2")
	if b.Call == nil || b.Call.Number != 2 {
		t.Errorf("call %+v", b.Call)
	}
}

func TestOrphan(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Lost?")
	k.shelf.lost = []int{n}
	k.reads(flat("", k.card(0).Lines), "Nobody knows whether the card of #1")
	if a := k.press(vilis, 0, "Post #1 again"); a.Say == "" || len(k.shelf.reposted) != 0 {
		t.Errorf("an observer posts: %+v", a)
	}
	k.press(anna, 0, "Post #1 again")
	if len(k.shelf.reposted) != 1 {
		t.Errorf("reposted %v", k.shelf.reposted)
	}
	k.press(anna, n, "Accept")
	if k.shelf.adopted[n] != "m1" {
		t.Errorf("adopted %v", k.shelf.adopted)
	}
	known, fresh := k.ask("Where am I?"), k.ask("And I?")
	k.shelf.unnoted = []int{fresh}
	k.press(anna, known, "Accept")
	k.press(anna, fresh, "Accept")
	if at := k.shelf.adopted; at[known] != "" || at[fresh] != "m3" {
		t.Errorf("adopted %v", at)
	}
}

func TestRemoved(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Gone?")
	k.must(k.chat.Removed(t.Context(), room, "m1"))
	k.must(k.chat.Removed(t.Context(), "elsewhere", "m1"))
	k.must(k.chat.Removed(t.Context(), room, "no card"))
	if len(k.shelf.touched) != 1 || k.shelf.touched[0] != n {
		t.Errorf("touched %v", k.shelf.touched)
	}
}

func TestOldButton(t *testing.T) {
	t.Parallel()
	k := hour(t)
	for _, action := range []string{"", "x", "1.nonsense." + string(connector.TagOf("tax")) + ".0.0.",
		"1.accept." + string(connector.TagOf("gone")) + ".1.0."} {
		a, err := k.chat.Pressed(t.Context(), connector.Press{By: user(anna), Action: action})
		if err != nil || a.Say == "" {
			t.Errorf("%q: %+v, %v", action, a, err)
		}
	}
}

// TestStoreAway: a press that nothing is known of is reported as that, so that the
// person is asked to try again and the platform's event is kept.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("Now?")
	action := k.action(k.card(n).Buttons, "Accept")
	ctx, cancel := context.WithCancel(t.Context())
	k.store.Break(session.Fail(session.Unavailable, "unavailable"))
	_, err := k.chat.Pressed(ctx, connector.Press{By: user(anna), Action: action})
	cancel()
	if session.KindOf(err) != session.Unavailable && !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	k := hour(t)
	k.ask("How do I deduct a car?")
	k.ask("Is milk cheaper?")
	k.ask("How do I deduct my car?")
	f := k.press(anna, 3, "Merge").Form
	for query, want := range map[string]string{"": "#1", "milk": "#2", "2": "#2", "#1": "#1"} {
		os, err := k.chat.Searched(t.Context(), connector.Searching{By: user(anna), Key: f.Key, Field: "into", Query: query})
		if err != nil || len(os) == 0 || !strings.HasPrefix(os[0].Label, want) {
			t.Errorf("%q finds %+v, %v", query, os, err)
		}
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	k := hour(t)
	n := k.ask("For you?")
	k.press(anna, n, "Accept")
	f, err := k.chat.Home(t.Context(), user(janis))
	k.must(err)
	k.reads(flat(f.Title, f.Lines), "Tax hour", "What waits for you (1)", "#1", "m1")
	f, err = k.chat.Home(t.Context(), user("Stranger"))
	k.must(err)
	k.reads(flat("", f.Lines), "not on the list")
}

// TestNothingIsCut: the preview of the longest answer shows every character.
func TestNothingIsCut(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("Pārāk garš teksts. ", 400)
	if got := strings.Join(pieces(text), ""); got != text {
		t.Errorf("%d of %d bytes are left", len(got), len(text))
	}
	for _, p := range pieces(strings.Repeat("ā", 10_000)) {
		if len([]rune(p)) > longestPiece {
			t.Errorf("a piece of %d", len([]rune(p)))
		}
	}
}

// TestTextsExist reads the ids that this package asks for off its code.
func TestTextsExist(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	used := map[string]bool{}
	id := regexp.MustCompile(`c\.text\("([a-z_]+)"[,)]|"chat\.([a-z_]+)"`)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range id.FindAllStringSubmatch(string(b), -1) {
			if m[1]+m[2] != "help_" { // the role follows
				used["chat."+m[1]+m[2]] = true
			}
		}
	}
	for u := range used {
		if !wording.Known(u) {
			t.Errorf("%s: no such message", u)
		}
	}
	for _, have := range wording.IDs() {
		if strings.HasPrefix(have, "chat.") && strings.Count(have, ".") == 1 && !used[have] && !strings.HasPrefix(have, "chat.help_") {
			t.Errorf("%s: nothing uses it", have)
		}
	}
	for _, c := range commands {
		if !wording.Known("chat.command." + c.name) {
			t.Errorf("chat.command.%s: missing", c.name)
		}
	}
}
