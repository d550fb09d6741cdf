package session

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// opened is a world whose hour is open, with one received question.
func opened(t *testing.T) *world {
	t.Helper()
	w := newWorld()
	w.session(anna, StartSession{})
	if _, err := w.ask("May I start before the decision?"); err != nil {
		t.Fatal(err)
	}
	return w
}

// reviewed is a world whose question has an answer of Edgars in review.
func reviewed(t *testing.T) *world {
	t.Helper()
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	w.must(edgars, SubmitAnswer{On: w.on(1), Text: "No, wait for it."})
	return w
}

// published is a world whose question is answered in public.
func published(t *testing.T) *world {
	t.Helper()
	w := reviewed(t)
	w.approve(t, anna, 1)
	w.calm(t)
	if got := w.q(1).State; got != Published {
		t.Fatalf("state is %s", got)
	}
	return w
}

// approve approves what is in review, as it would be seen now.
func (w *world) approve(t *testing.T, by Actor, n int) {
	t.Helper()
	rev := w.q(n).Latest()
	_, digest := render(w.q(n), rev)
	if _, err := w.do(by, ApproveAnswer{On: w.on(n), Revision: rev.Number, Digest: digest}); err != nil {
		t.Fatal(err)
	}
}

func kind(t *testing.T, err error, want Kind) {
	t.Helper()
	if err == nil || KindOf(err) != want {
		t.Errorf("error is %v (kind %d), want kind %d", err, KindOf(err), want)
	}
}

// TestRoles tries every verb in every role: who may not is Forbidden, whatever the
// state, and nothing changes.
func TestRoles(t *testing.T) {
	t.Parallel()
	for _, r := range questions {
		if slices.Contains([]Verb{Reword, LeaveEmail, Greet, Forget, Conclude, CallTo, NudgeVerb, Enclose, Sent, Parked}, r.verb) {
			continue // no person can give these by NewCommand
		}
		for _, by := range []Actor{anna, edgars, oskars, asker, {"Vilis", ExpertRole}} {
			w := opened(t)
			cmd, err := NewCommand(r.verb, w.on(1).Question, nil)
			if err != nil {
				t.Fatalf("%s: %v", r.verb, err)
			}
			may := slices.Contains(r.roles, w.ses.effective(by).Role)
			before := w.q(1).Version
			_, err = w.do(by, cmd)
			if forbidden := KindOf(err) == Forbidden && err != nil; forbidden && may && r.verb != TakeBack || !may && !forbidden {
				t.Errorf("%s by %s: %v", r.verb, by.Role, err)
			}
			if err != nil && w.q(1).Version != before {
				t.Errorf("%s by %s was refused and changed the question", r.verb, by.Role)
			}
		}
	}
}

func TestNobodyApprovesTheirOwnAnswer(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	w.must(anna, SubmitAnswer{On: w.on(1), Text: "By the moderator."})
	_, digest := render(w.q(1), w.q(1).Latest())
	own := ApproveAnswer{On: w.on(1), Revision: 1, Digest: digest}
	_, err := w.do(anna, own)
	kind(t, err, Forbidden)
	if err := w.session(anna, SelfApprovalExcept{}); KindOf(err) != Invalid {
		t.Errorf("an exception without a reason: %v", err)
	}
	if err := w.session(boris, SelfApprovalExcept{Reason: "Alone on duty"}); err != nil {
		t.Fatal(err)
	}
	w.must(anna, own)
	if a, _ := w.q(1).ApprovalOf(1); !a.Self {
		t.Error("the exception is not recorded")
	}
}

func TestExpertApprovesOnlyAModeratorsEditOfTheirAnswer(t *testing.T) {
	t.Parallel()
	w := reviewed(t)
	_, digest := render(w.q(1), w.q(1).Latest())
	for _, expert := range []Actor{edgars, evita} {
		_, err := w.do(expert, ApproveAnswer{On: w.on(1), Revision: 1, Digest: digest})
		kind(t, err, Forbidden)
	}
	w.must(anna, SubmitAnswer{On: w.on(1), Text: "No, wait for the decision."})
	_, digest = render(w.q(1), w.q(1).Latest())
	_, err := w.do(evita, ApproveAnswer{On: w.on(1), Revision: 2, Digest: digest})
	kind(t, err, Forbidden)
	w.must(edgars, ApproveAnswer{On: w.on(1), Revision: 2, Digest: digest})
}

func TestApprovalIsBoundToWhatWasSeen(t *testing.T) {
	t.Parallel()
	changes := map[string]func(w *world){
		"a new revision": func(w *world) { w.must(edgars, SubmitAnswer{On: w.on(1), Text: "Another text."}) },
		"an accepted edit": func(w *world) {
			w.must(asker, RewordQuestion{On: w.on(1), Text: "Other?"})
			w.must(anna, AcceptQuestion{On: w.on(1)})
		},
		"a new follower": func(w *world) { w.ask("Same?"); w.must(anna, MergeQuestion{On: w.on(2), Into: 1}) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := reviewed(t)
			_, digest := render(w.q(1), w.q(1).Latest())
			change(w)
			_, err := w.do(anna, ApproveAnswer{On: w.on(1), Revision: 1, Digest: digest})
			kind(t, err, Stale)
			if w.q(1).Wanted != 0 {
				t.Error("something is wanted public")
			}
		})
	}
}

func TestSecondClickIsASuccess(t *testing.T) {
	t.Parallel()
	w := reviewed(t)
	_, digest := render(w.q(1), w.q(1).Latest())
	cmd := ApproveAnswer{On: w.on(1), Revision: 1, Digest: digest}
	w.must(anna, cmd)
	for _, by := range []Actor{anna, boris} {
		if d, err := w.do(by, cmd); err != nil || !d.Already {
			t.Errorf("again by %s: %+v, %v", by.Name, d, err)
		}
	}
	_, err := w.do(boris, ApproveAnswer{On: w.on(1), Revision: 2, Digest: digest})
	kind(t, err, Already)
	if ByOf(err) != "Anna" {
		t.Errorf("the loser is not told who was faster: %v", err)
	}
}

func TestClaimNamesTheHolderThatWasSeen(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	w.must(edgars, ClaimQuestion{On: w.on(1)})
	_, err := w.do(evita, ClaimQuestion{On: w.on(1)})
	kind(t, err, Already)
	w.must(evita, ClaimQuestion{On: w.on(1), Holder: "Edgars"})
	_, err = w.do(edgars, SubmitAnswer{On: w.on(1), Text: "Late."})
	kind(t, err, Already)
}

func TestCorrectionKeepsThePublicText(t *testing.T) {
	t.Parallel()
	w := published(t)
	before, _, _ := w.q(1).Public()
	w.must(edgars, CorrectAnswer{On: w.on(1), Text: "Corrected."})
	w.must(anna, SendBackAnswer{On: w.on(1), Comment: "why?"})
	if text, rev, _ := w.q(1).Public(); text != before || rev != 1 {
		t.Errorf("public is revision %d: %q", rev, text)
	}
	w.must(anna, KeepAnswer{On: w.on(1)})
	w.must(edgars, CorrectAnswer{On: w.on(1), Text: "Corrected."})
	w.approve(t, anna, 1)
	if text, _, _ := w.q(1).Public(); text != before {
		t.Errorf("before it went out, public is %q", text)
	}
	w.calm(t)
	if text, rev, _ := w.q(1).Public(); rev < 2 || !strings.Contains(text, "Corrected.") || !w.q(1).Corrected {
		t.Errorf("public is revision %d: %q", rev, text)
	}
}

// TestFirstPublication: when an answer was public first stays, whatever becomes of it later, and
// of what an earlier version published too.
func TestFirstPublication(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, q := range map[string]Question{"now": {}, "before": {PublishedAt: at, Prior: 1},
		"kept": {Publications: []Publication{{1, at}, {2, at.Add(1)}}, PublishedAt: at.Add(1), Corrected: true, Prior: 2}} {
		x := Context{At: at.Add(time.Hour)}
		if name == "now" {
			x.At = at
		}
		if q.published(x); !q.Publications[0].At.Equal(at) || !q.PublishedAt.Equal(x.At) {
			t.Errorf("%s: %v, now %s", name, q.Publications, q.PublishedAt)
		}
	}
	unknown := Question{PublishedAt: at, Corrected: true, Prior: 2} // stored before this was kept
	if unknown.published(Context{At: at.Add(time.Hour)}); !unknown.Publications[0].At.IsZero() || len(unknown.Publications) != 3 {
		t.Errorf("made up: %v", unknown.Publications)
	}
}

// TestReplaced: everybody may read what a correction took the place of, and nobody what was
// retracted.
func TestReplaced(t *testing.T) {
	t.Parallel()
	w := published(t)
	first, _, _ := w.q(1).Public()
	w.must(edgars, CorrectAnswer{On: w.on(1), Text: "Corrected."})
	w.approve(t, anna, 1)
	if w.calm(t); len(w.q(1).Replaced()) != 1 || !strings.Contains(first, w.q(1).Revision(w.q(1).Replaced()[0].Revision).Text) {
		t.Errorf("replaced: %v of %v", w.q(1).Replaced(), w.q(1).Publications)
	}
	w.must(anna, RetractAnswer{On: w.on(1), Remark: "It named somebody."})
	w.calm(t)
	w.must(anna, RestoreQuestion{On: w.on(1)})
	w.must(edgars, ClaimQuestion{On: w.on(1)})
	w.must(edgars, SubmitAnswer{On: w.on(1), Text: "Anew."})
	w.approve(t, anna, 1)
	if w.calm(t); w.q(1).State != Published || len(w.q(1).Replaced()) != 0 {
		t.Errorf("%s, and retracted texts are shown: %v", w.q(1).State, w.q(1).Replaced())
	}
}

func TestWithdrawalErases(t *testing.T) {
	t.Parallel()
	w := published(t)
	w.ask("A follower?")
	w.must(anna, AcceptQuestion{On: w.on(2)})
	w.must(anna, NoteQuestion{On: w.on(1), Text: "secret note"})
	w.must(anna, MergeQuestion{On: w.on(2), Into: 1})
	d, err := w.do(asker, WithdrawQuestion{On: w.on(1)})
	if err != nil || !d.Changed[0].Erase {
		t.Fatalf("%+v, %v", d, err)
	}
	doc, _ := json.Marshal(w.q(1))
	for _, text := range []string{"May I start", "No, wait", "secret note"} {
		if strings.Contains(string(doc), text) {
			t.Errorf("%q is still in %s", text, doc)
		}
	}
	if q := w.q(2); q.State != Queued || q.Into != 0 {
		t.Errorf("the follower is %s", q.State)
	}
	w.calm(t)
	for k, v := range w.truth {
		if v != 0 && strings.HasPrefix(k, "1/") {
			t.Errorf("%s still stands", k)
		}
	}
}

// TestFollowerOfAWithdrawnQuestionAfterClosing ends as not reached: nobody could answer
// it any more.
func TestFollowerOfAWithdrawnQuestionAfterClosing(t *testing.T) {
	t.Parallel()
	w := published(t)
	w.ask("A follower?")
	w.must(anna, MergeQuestion{On: w.on(2), Into: 1})
	w.calm(t)
	w.session(anna, StopSession{})
	if err := w.session(anna, CloseSession{}); err != nil {
		t.Fatal(err)
	}
	w.must(asker, WithdrawQuestion{On: w.on(1)})
	if q := w.q(2); q.State != Expired || q.Reason != NotReached {
		t.Errorf("the follower is %s", q.State)
	}
	for _, by := range []Actor{anna, Program} {
		if _, err := w.do(by, RestoreQuestion{On: w.on(2)}); err == nil {
			t.Errorf("restored by %s after closing", by.Role)
		}
	}
}

func TestFollowersMoveAlong(t *testing.T) {
	t.Parallel()
	w := opened(t)
	for range 3 {
		w.ask("Again?")
	}
	w.must(anna, MergeQuestion{On: w.on(2), Into: 1})
	w.must(anna, MergeQuestion{On: w.on(3), Into: 1})
	w.must(anna, MergeQuestion{On: w.on(1), Into: 4})
	for n := 1; n <= 3; n++ {
		if w.q(n).Into != 4 {
			t.Errorf("%d follows %d", n, w.q(n).Into)
		}
	}
	w.must(anna, RestoreQuestion{On: w.on(2)})
	if fs := w.q(4).Followers; len(fs) != 2 {
		t.Errorf("4 has followers %v", fs)
	}
	_, err := w.do(anna, MergeQuestion{On: w.on(2), Into: 3})
	kind(t, err, Refused)
}

func TestReasonsAreConfigured(t *testing.T) {
	t.Parallel()
	w := opened(t)
	_, err := w.do(anna, DeclineQuestion{On: w.on(1), Reason: "because I say so"})
	kind(t, err, Invalid)
	w.must(anna, DeclineQuestion{On: w.on(1), Reason: "off_topic", Remark: "internal"})
	if q := w.q(1); q.Reason != "off_topic" || q.Acts[Decline].Note != "internal" {
		t.Errorf("%+v", q)
	}
}

func TestClosingNeedsOutcomes(t *testing.T) {
	t.Parallel()
	w := reviewed(t)
	w.session(anna, StopSession{})
	kind(t, w.session(anna, CloseSession{}), Refused)
	kind(t, w.session(anna, CloseSession{Force: true}), Invalid)
	if err := w.session(anna, CloseSession{Force: true, Reason: "The building is on fire"}); err != nil {
		t.Fatal(err)
	}
	w.leftovers()
	if got := w.q(1).State; got != Expired {
		t.Errorf("state is %s", got)
	}
	_, err := w.do(anna, RestoreQuestion{On: w.on(1)})
	kind(t, err, Refused)
}

// TestLateFormIsTaken: for two minutes, when it was opened before the end, and nothing else is.
func TestLateFormIsTaken(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.session(anna, StopSession{})
	stopped := w.at
	ask := func(after time.Duration, opened time.Time) error {
		_, err := w.ses.receive(Asked{Session: w.ses.ID, Key: "k", Text: "In time?", Opened: opened}, stopped.Add(after))
		return err
	}
	if err := ask(FormGrace-time.Second, stopped.Add(-time.Second)); err != nil {
		t.Error(err)
	}
	kind(t, ask(FormGrace, stopped.Add(-time.Second)), Refused)
	kind(t, ask(time.Second, stopped), Refused)
	kind(t, ask(time.Second, time.Time{}), Refused)
	w.ses.IntakePaused = true
	kind(t, ask(time.Second, stopped.Add(-time.Second)), Refused)
}

func TestStaleWordingIsNotAccepted(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.must(asker, RewordQuestion{On: w.on(1), Text: "Something else?"})
	_, err := w.do(anna, AcceptQuestion{On: w.on(1), Wording: 1})
	kind(t, err, Stale)
	w.must(anna, AcceptQuestion{On: w.on(1), Wording: 2})
	w.must(asker, RewordQuestion{On: w.on(1), Text: "Third?"})
	if w.q(1).Text != "Something else?" {
		t.Errorf("an unaccepted wording is public: %q", w.q(1).Text)
	}
}

func TestAttemptOfAParkedCopy(t *testing.T) {
	t.Parallel()
	w := reviewed(t)
	w.approve(t, anna, 1)
	r := copyRef{1, "answer:blind:b:1"}
	for range 2 {
		w.lease(r)
		w.land(r, "unsure-not")
		w.must(anna, ResolveCopy{On: w.on(1), Decision: SendAgain, Copy: r.key})
	}
	w.lease(r)
	w.land(r, "unsure-out")
	_, err := w.do(anna, ResolveCopy{On: w.on(1), Decision: SendAgain, Copy: r.key, Attempt: 2})
	kind(t, err, Already)
	w.must(anna, ResolveCopy{On: w.on(1), Decision: IsOut, Copy: r.key, Attempt: 3, URL: "https://example.org/1"})
	if q := w.q(1); q.State != Published {
		t.Errorf("state is %s", q.State)
	}
}

// TestFollowersOfAWithdrawnQuestion: an asker who withdraws must not publish what
// somebody else asked and no moderator ever accepted.
func TestFollowersOfAWithdrawnQuestion(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.ask("Never accepted?")
	w.ask("Accepted?")
	w.must(anna, AcceptQuestion{On: w.on(3)})
	for n := 2; n <= 3; n++ {
		w.must(anna, MergeQuestion{On: w.on(n), Into: 1})
	}
	w.must(asker, WithdrawQuestion{On: w.on(1)})
	if q := w.q(2); q.Accepted() || q.State != Received {
		t.Errorf("%s: nobody accepted it", q.State)
	}
	if q := w.q(3); !q.Accepted() || q.State != Queued {
		t.Errorf("%s: it was accepted", q.State)
	}
}

// TestExpertsDoNotApproveEachOther: an expert may approve only a moderator's edit of
// the expert's own answer.
func TestExpertsDoNotApproveEachOther(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.must(anna, AcceptQuestion{On: w.on(1)})
	w.must(edgars, SubmitAnswer{On: w.on(1), Text: "Yes."})
	w.must(evita, SubmitAnswer{On: w.on(1), Text: "No."})
	_, digest := render(w.q(1), w.q(1).Latest())
	_, err := w.do(edgars, ApproveAnswer{On: w.on(1), Revision: 2, Digest: digest})
	kind(t, err, Forbidden)
	if vs := Allowed(w.ses, w.q(1), edgars); slices.Contains(vs, Approve) {
		t.Errorf("Edgars is offered %v", vs)
	}
	w.must(anna, SubmitAnswer{On: w.on(1), Text: "No, never."})
	_, digest = render(w.q(1), w.q(1).Latest())
	w.must(evita, ApproveAnswer{On: w.on(1), Revision: 3, Digest: digest})
}

// TestPreviewIsOfTheQuestionToo: "Yes" to one question is "No" to another, even where
// no copy repeats the question.
func TestPreviewIsOfTheQuestionToo(t *testing.T) {
	t.Parallel()
	onPage := func(q Question, rev Revision) ([]Rendered, string) {
		rs := []Rendered{{Slot: Slot{Kind: KindAnswer, Connector: Page, Original: q.Ref.Number}, Text: rev.Text}}
		return rs, Digest(q, rev.Number, rs)
	}
	for name, change := range map[string]func(*world){
		"reworded": func(w *world) { w.must(asker, RewordQuestion{On: w.on(1), Text: "Is it forbidden?"}) },
		"merged":   func(w *world) { w.must(anna, MergeQuestion{On: w.on(2), Into: 1}) },
	} {
		w := reviewed(t)
		w.ask("Another one?")
		_, digest := onPage(w.q(1), w.q(1).Latest())
		change(w)
		c := Context{By: anna, At: w.at, Session: w.ses, Render: onPage}
		_, err := Decide(ApproveAnswer{On: w.on(1), Revision: 1, Digest: digest}, c, w.q(1), nil)
		if KindOf(err) != Stale {
			t.Errorf("%s: %v", name, err)
		}
	}
}
