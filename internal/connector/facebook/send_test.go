package facebook

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/facebook/facebookfake"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/graph/graphfake"
	"experthour/internal/session"
)

// TestDoneAndBroken: what Facebook did and broke at is found, and stands once. It is known to have
// made seven copies of a post for whom it answered 500 and who tried again.
func TestDoneAndBroken(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"page": htmlPage, "nothing": "", "1": graphfake.Body(1, 0, "Unknown"),
		"2": graphfake.Body(2, 0, "An unexpected error has occurred."), "no id": `{}`} {
		for _, status := range statuses {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				p := w.answer("k1", "Skat. https://a.lv/x?a=1&b=2 <šeit>, @[17].")
				w.fake.Break(addComment, status, body)
				_, err := w.Reply(t.Context(), p)
				w.Wants("reply", err, connector.Unsure)
				sent, ok, err := w.Find(t.Context(), p)
				if !ok || err != nil || !strings.HasPrefix(sent.URL, "https://www.facebook.com/") {
					t.Fatalf("found %+v, %v, %v", sent, ok, err)
				}
				w.stands(p.Text)
				w.fake.Break(deletes, 500, body)
				w.Wants("retract", w.Retract(t.Context(), sent.Message, p), connector.Unsure)
				w.Must(w.Retract(t.Context(), sent.Message, p))
				w.stands()
			})
		}
	}
}

// TestPostDoneAndBroken: the same for an announcement.
func TestPostDoneAndBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Sākam stundu!")
	p.Original = session.Origin{}
	w.fake.Break(addPost, 500, graphfake.Body(2, 0, "Retry"))
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	sent, ok, err := w.Find(t.Context(), p)
	if !ok || err != nil || !strings.HasPrefix(string(sent.Message), place+"_") {
		t.Fatalf("found %+v, %v, %v", sent, ok, err)
	}
	p.Text = "Sākam vēlāk!"
	if _, err := w.Edit(t.Context(), sent.Message, p); err != nil {
		t.Error(err)
	}
	w.stands(p.Text)
}

// TestNotDone: what a proxy answered was not done, and Find says so; a look that fails finds nothing.
func TestNotDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Answer(addComment, 502, htmlPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	for _, status := range statuses {
		for _, body := range []string{htmlPage, "{}"} {
			w.fake.Answer(getReplies, status, body)
			if _, ok, err := w.Find(t.Context(), p); ok || err == nil {
				t.Errorf("%d: found %v, %v", status, ok, err)
			}
		}
	}
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
}

// TestDuplicate: what Facebook calls a duplicate, or will not have for a while, is looked for at
// once, and what stands there already is not posted again.
func TestDuplicate(t *testing.T) {
	t.Parallel()
	for _, code := range []int{506, 368} {
		w := newWorld(t)
		w.fake.Duplicates(true)
		first, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Must(err)
		if code == 368 {
			w.fake.Answer(addComment, 403, graphfake.Body(368, 1390008, "The action attempted has been deemed abusive"))
		}
		sent, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		if err != nil || sent.Message != first.Message {
			t.Errorf("%d: sent %+v, %v", code, sent, err)
		}
		w.stands("Atbilde.")
	}
}

// TestBlocked: who is blocked for a while waits, and looks before trying again.
func TestBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	p.KeepNote = func(_ context.Context, note string) error { p.Note = note; return nil }
	w.fake.Answer(addComment, 403, graphfake.Body(368, 0, "Blocked"))
	_, err := w.Reply(t.Context(), p)
	w.Wants("blocked", err, connector.Deferred)
	if e := connector.OutcomeOf(err); e.Wait != blockedWait || p.Note != lookNote {
		t.Errorf("it waits %v, and keeps %q", e.Wait, p.Note)
	}
	late := w.fake.Write(w.original, place, facebookfake.SelfName, "Atbilde.") // it had arrived after all
	if sent, err := w.Reply(t.Context(), p); err != nil || string(sent.Message) != late {
		t.Errorf("sent %+v, %v", sent, err)
	}
	p = w.answer("k2", "Cita.")
	p.KeepNote = func(_ context.Context, note string) error { p.Note = note; return nil }
	for _, want := range []connector.Outcome{connector.Unsure, connector.Refused} { // and then a person is asked
		w.fake.Answer(addComment, 400, graphfake.Body(506, 0, "Duplicate"))
		_, err = w.Reply(t.Context(), p)
		w.Wants("duplicate of nothing", err, want)
	}
}

// TestFind: somebody else's comment with the same text is not ours, nor is one from before the
// approval, and one that Facebook changed a little is.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Reply(t.Context(), w.answer("k1", "Jā, rīt!"))
	w.Must(err)
	w.Clock.Pass(time.Hour)
	p := w.answer("k2", "Jā, rīt!")
	w.fake.Write(w.original, janis, "Jānis", p.Text)
	w.fake.Write(w.post, place, facebookfake.SelfName, p.Text) // under the announcement itself
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	w.fake.Answer(getReplies, 200, `{"data":[{"id":"1_2","from":{"id":"`+place+
		`"},"message":"Jā, rīt!","created_time":"2026-11-22T12:55:59+0000"}]}`)
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil { // where since is passed over
		t.Errorf("found %v, %v", ok, err)
	}
	changed := w.fake.Write(w.original, place, facebookfake.SelfName, "Jā rīt")
	exact := w.fake.Write(w.original, place, facebookfake.SelfName, "Jā,\n rīt!")
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(exact) {
		t.Errorf("found %v, %v", sent, err)
	}
	w.fake.Remove(exact)
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(changed) {
		t.Errorf("found %v, %v", sent, err)
	}
}

// TestOutcomes: what each code means for an answer, and how long it waits.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		status, code int
		want         connector.Outcome
		wait         time.Duration
	}{
		{400, 100, connector.Refused, 0}, {403, 10, connector.Refused, 0}, {403, 200, connector.Refused, 0},
		{400, 190, connector.Deferred, graph.MendWait}, {401, 190, connector.Deferred, graph.MendWait},
		{400, 102, connector.Deferred, graph.MendWait},
		{403, 4, connector.Deferred, graph.RateWait}, {403, 32, connector.Deferred, graph.RateWait},
		{400, 80001, connector.Deferred, graph.RateWait},
		{400, 1, connector.Unsure, 0}, {500, 2, connector.Unsure, 0}, {503, 2, connector.Unsure, 0}, {200, 2, connector.Unsure, 0},
	} {
		w.fake.Answer(addComment, c.status, graphfake.Body(c.code, 0, "No"))
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants("code", err, c.want)
		if e := connector.OutcomeOf(err); e.Wait != c.wait {
			t.Errorf("%d: it waits %v", c.code, e.Wait)
		}
	}
	w.stands()
}

// TestRate: when the calls are used up, the header says how long to wait, and shortly before that
// looks become seldom.
func TestRate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Rate(0, 80001)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("no calls left", err, connector.Deferred)
	if e := connector.OutcomeOf(err); e.Wait != 7*time.Minute {
		t.Errorf("it waits %v", e.Wait)
	}
	w.fake.Rate(2, 32)
	w.Must(w.look(w.Facebook))
	if w.next.Wait != sparingWait {
		t.Errorf("the next look is in %v", w.next.Wait)
	}
}

// TestClosed: what cannot be answered so that its author sees it is told, and nothing is posted.
func TestClosed(t *testing.T) {
	t.Parallel()
	for what, make := range map[string]func(*world){
		"takes no replies":         func(w *world) { w.fake.Close(w.original, true) },
		"is hidden":                func(w *world) { w.fake.Hide(w.original, true) },
		"is not there any more":    func(w *world) { w.fake.Remove(w.original) },
		"the question is no comm":  func(w *world) { w.original = "x" },
		"pages_read_user_content'": func(w *world) { w.fake.Forbid("pages_read_user_content") },
	} {
		w := newWorld(t)
		make(w)
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants(what, err, connector.Refused)
		if e := connector.OutcomeOf(err); !strings.Contains(e.Detail, what) {
			t.Errorf("%s: %q", what, e.Detail)
		}
		w.stands()
	}
}

// TestGone: what is taken back is read back; while the token may not read, nothing counts as gone.
func TestGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.fake.Answer(deletes, 200, `{"success":false}`)
	w.Wants("not deleted", w.Retract(t.Context(), sent.Message, p), connector.Unsure)
	for range 2 {
		w.fake.Answer(deletes, 400, graphfake.Body(100, 33, "Unsupported delete request"))
		w.Must(w.Retract(t.Context(), sent.Message, p))
	}
	if there, err := w.Stands(t.Context(), sent.Message, p); !there || err != nil {
		t.Errorf("it stands not: %v, %v", there, err)
	}
	w.Must(w.Retract(t.Context(), sent.Message, p))
	w.fake.Forbid("pages_read_user_content")
	w.fake.Answer(getComment, 400, graphfake.Body(100, 33, "Unsupported get request"))
	if there, err := w.Stands(t.Context(), sent.Message, p); err == nil {
		t.Errorf("who may not read says that it stands: %v", there)
	}
	w.fake.Allow()
	if there, err := w.Stands(t.Context(), sent.Message, p); there || err != nil {
		t.Errorf("it stands: %v, %v", there, err)
	}
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Wants("edit of nothing", err, connector.Refused)
}

// TestEditReadBack: an edit counts when it is read.
func TestEditReadBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	p := w.answer("k2", "Cita.")
	w.fake.Answer(editComment, 200, `{"success":true}`) // and nothing was done
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Wants("not done", err, connector.Deferred)
	w.fake.Break(editComment, 500, graphfake.Body(2, 0, "Retry"))
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Wants("done and broken", err, connector.Unsure)
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Must(err)
	w.stands("Cita.")
	_, err = w.Edit(t.Context(), session.MessageID(w.original), p)
	w.Wants("somebody else's", err, connector.Refused)
}

// TestPictures: one that cannot be handed over is no post; one that stays after an edit is told.
func TestPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Karte.")
	p.Pictures = []session.Picture{{Hash: "abc", Type: "image/png", Alt: "Karte ar ceļu", Author: "Ilze"}}
	p.Open = func(context.Context, session.Picture) ([]byte, error) { return []byte("\x89PNG\r\n\x1a\n"), nil }
	for _, status := range statuses {
		w.fake.Answer("POST page/photos", status, htmlPage)
		_, err := w.Reply(t.Context(), p)
		w.Wants("picture", err, connector.Deferred)
	}
	w.stands()
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	if got := w.own()[0].Pictures; len(got) != 1 || !strings.HasPrefix(got[0].Alt, "Karte ar ceļu · ") {
		t.Errorf("it has %+v", got)
	}
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Must(err)
	_, err = w.Edit(t.Context(), sent.Message, w.answer("k2", "Bez kartes."))
	w.Wants("the picture stays", err, connector.Refused)
	p.Original = session.Origin{}
	_, err = w.Reply(t.Context(), p)
	w.Wants("a post of its own", err, connector.Refused)
}

// TestCheck: all is well, but for what is not.
func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants := func(what string, c *Facebook, want ...string) {
		t.Helper()
		var got []string
		for _, f := range c.Check(t.Context()) {
			got = append(got, strings.TrimPrefix(f.ID, "facebook."))
			if f.Bad {
				got[len(got)-1] += "!"
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q", what, got)
		}
	}
	wants("well", w.Facebook, "works", "lasts", "reads", "not_yet", "review")
	w.Must(w.look(w.Facebook))
	wants("called", w.Facebook, "works", "lasts", "reads", "called", "review")
	w.fake.Unnamed(true)
	w.fake.Expire(w.Clock.Now().Add(soon + time.Hour))
	wants("no access", w.Facebook, "works", "ends", "unnamed!", "called", "review")
	w.fake.Expire(w.Clock.Now().Add(soon - time.Hour))
	w.fake.Unmoderate(true)
	wants("no task", w.Facebook, "works", "ends!", "no_ids!", "called", "review")
	w.fake.Remove(w.original)
	w.fake.Forbid("pages_manage_engagement")
	w.account.VerifyToken = settingNone
	wants("polled", w.replica(Settings{}), "works", "ends!", "lacks!", "no_sample", "polled", "review")
	wants("another page", w.replica(Settings{Page: "7"}), "wrong_page!")
	w.fake.Revoke()
	wants("revoked", w.Facebook, "token_refused!")
	w.fake.Answer("GET debug_token", 502, htmlPage)
	wants("down", w.Facebook, "no_answer!")
	w.account.AppID = "7"
	wants("another app", w.replica(Settings{}), "app_refused!")
}
