package draugiem

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/draugiem/draugiemfake"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
)

// TestConformance: answers under a question, of which there is one.
func TestConformance(t *testing.T) {
	t.Parallel()
	one := "a question has one answer: TestNewsConformance tries this with news"
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		h := newWorld(t).harness()
		h.Except = map[string]string{"two posts": one, "literal text": one, "length": one, "find": one, "retract": one}
		return h
	})
}

// TestNewsConformance: posts that stand on their own.
func TestNewsConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		w := newWorld(t)
		h := w.harness()
		h.Original, h.Unknown, h.Silence = session.Origin{}, news+"999", func() { w.fake.Hang(newsAddCall) }
		return h
	})
}

// TestAnswerBroken: what was done and broke at is found, whatever was answered, and stands once.
func TestAnswerBroken(t *testing.T) {
	t.Parallel()
	for _, body := range []string{worldtest.HTMLPage, "", `{}`, `[]`, `{"status":"FAIL"}`} {
		for _, status := range []int{http.StatusOK, http.StatusInternalServerError, http.StatusBadGateway} {
			w := newWorld(t)
			p := w.answers("Jā, <b>rīt</b> & https://a.lv/x?a=1&b=2.")
			w.fake.Break(faqAnswerCall, status, body)
			_, err := w.Reply(t.Context(), p)
			w.Wants("reply", err, connector.Unsure)
			for _, markup := range []bool{false, true} {
				w.fake.Markup(markup)
				if at, ok, err := w.Find(t.Context(), p); !ok || err != nil || at.Message != session.MessageID(answer+w.original) {
					t.Fatalf("%d %s: found %+v, %v, %v", status, body, at, ok, err)
				}
			}
			_, err = w.Reply(t.Context(), p)
			w.Must(err)
			w.Reads(p.Text)
			if n := w.fake.Calls(faqAnswerCall); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
		}
	}
}

// TestAnswerSaysNo: a plain no is one only if the answer is not there.
func TestAnswerSaysNo(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"error":{"code":7,"description":"No"}}`, `{"error":"No"}`, `{"error":{}}`} {
		w := newWorld(t)
		p := w.answers("Jā.")
		w.fake.Answer(faqAnswerCall, 200, body)
		_, err := w.Reply(t.Context(), p)
		w.Wants("not done", err, connector.Refused)
		w.fake.Break(faqAnswerCall, 200, body)
		_, err = w.Reply(t.Context(), p)
		w.Must(err)
		w.Reads("Jā.")
	}
}

// TestSecondAnswer: what another person wrote there stays, and a correction is a success only when
// it is seen.
func TestSecondAnswer(t *testing.T) {
	t.Parallel()
	for how, want := range map[draugiemfake.Again]connector.Outcome{draugiemfake.Refuses: connector.Refused,
		draugiemfake.Keeps: connector.Unsure} {
		w := newWorld(t)
		sent, err := w.Reply(t.Context(), w.answers("Rīt."))
		w.Must(err)
		w.fake.Again(how)
		_, err = w.Edit(t.Context(), sent.Message, w.answers("Parīt."))
		w.Wants("correction", err, want)
		w.Reads("Rīt.")
		w.fake.Again(draugiemfake.Overwrites)
		for range 2 {
			_, err = w.Edit(t.Context(), sent.Message, w.answers("Rīt?"))
			w.Must(err)
		}
		w.Reads("Rīt?")
	}
	w := newWorld(t)
	w.fake.Reply(w.original, "No cita cilvēka.")
	_, err := w.Reply(t.Context(), w.answers("Rīt."))
	w.Wants("another answer", err, connector.Refused)
	if _, ok, err := w.Find(t.Context(), w.answers("Rīt.")); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	w.Reads("No cita cilvēka.")
}

// TestVanishedQuestion: a question that is not there takes no answer, and an answer to it is gone.
func TestVanishedQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, err := w.Reply(t.Context(), w.answers("Rīt."))
	w.Must(err)
	w.fake.Remove(w.original)
	_, err = w.Reply(t.Context(), w.answers("Rīt."))
	w.Wants("reply", err, connector.Refused)
	_, err = w.Edit(t.Context(), sent.Message, w.answers("Parīt."))
	w.Wants("edit", err, connector.Refused)
	w.Must(w.Retract(t.Context(), sent.Message, connector.Post{}))
	if there, err := w.Stands(t.Context(), sent.Message, connector.Post{}); there || err != nil {
		t.Errorf("it stands: %v, %v", there, err)
	}
}

// TestTakenBack: taking an answer back deletes its question, and a question without one stays.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := session.MessageID(answer + w.original)
	w.Must(w.Retract(t.Context(), at, connector.Post{}))
	if len(w.fake.Questions()) != 1 {
		t.Error("a question without an answer was deleted")
	}
	_, err := w.Reply(t.Context(), w.answers("Rīt."))
	w.Must(err)
	w.fake.Break(faqDeleteCall, 502, worldtest.HTMLPage)
	w.Wants("broken", w.Retract(t.Context(), at, connector.Post{}), connector.Unsure)
	w.Must(w.Retract(t.Context(), at, connector.Post{}))
	if len(w.fake.Questions()) != 0 {
		t.Error("it stands")
	}
}

// TestMuteAnswer: where nothing says whether a question has an answer, what was sent there stands
// until the question is gone, and a correction is not taken for done.
func TestMuteAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.AnswerIn("atbilde")
	sent, err := w.Reply(t.Context(), w.answers("Rīt."))
	w.Must(err)
	_, err = w.Edit(t.Context(), sent.Message, w.answers("Parīt."))
	w.Wants("correction", err, connector.Unsure)
	for _, want := range []bool{true, false} {
		if there, err := w.Stands(t.Context(), sent.Message, connector.Post{}); there != want || err != nil {
			t.Errorf("it stands: %v, %v", there, err)
		}
		w.Must(w.Retract(t.Context(), sent.Message, connector.Post{}))
	}
	w.Reads()
}

// TestNewsWithoutID: where the id of news is not told, or nothing is, they are found.
func TestNewsWithoutID(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*draugiemfake.Draugiem){
		"pid": func(f *draugiemfake.Draugiem) { f.NewsID("pid") }, "none": func(f *draugiemfake.Draugiem) { f.NewsID("") },
		"an error": func(f *draugiemfake.Draugiem) { f.Break(newsAddCall, 200, `{"error":"No"}`) },
		"markup":   func(f *draugiemfake.Draugiem) { f.NewsID(""); f.Markup(true) },
		"arrays":   func(f *draugiemfake.Draugiem) { f.NewsID(""); f.Arrays(true) },
		"titles":   func(f *draugiemfake.Draugiem) { f.NewsID(""); f.Titles(true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			old := w.fake.Publish("Ekspertstunda", "Stunda\nir <beigusies> & viss.")
			change(w.fake)
			p, note := w.announces("Stunda\nir <beigusies> & viss.")
			sent, err := w.Reply(t.Context(), p)
			w.Must(err)
			all := w.fake.News()
			if len(all) != 2 || sent.Message != session.MessageID(news+all[1].ID) || *note != old || all[1].Title != "Ekspertstunda" {
				t.Errorf("%+v, noted %q, sent %q", all, *note, sent.Message)
			}
		})
	}
}

// TestNewsLost: what was lost is looked for behind the newest of before; what is not found may be
// late, so a person is asked.
func TestNewsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Publish("Ekspertstunda", "Sākam.") // of another hour
	p, note := w.announces("Sākam.")
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("before anything was noted: %v, %v", ok, err)
	}
	w.fake.Break(newsAddCall, 500, worldtest.HTMLPage)
	w.fake.Lag(time.Minute)
	w.Clock.Pass(time.Minute)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	p.Note = *note
	_, ok, err := w.Find(t.Context(), p)
	if w.Wants("late", err, connector.Deferred); ok {
		t.Error("it found that of another hour")
	}
	w.Clock.Pass(time.Minute)
	sent, ok, err := w.Find(t.Context(), p)
	if !ok || err != nil || sent.Message != session.MessageID(news+w.fake.News()[1].ID) {
		t.Errorf("found %+v, %v, %v", sent, ok, err)
	}
	again, err := w.Reply(t.Context(), p)
	if w.Must(err); again != sent {
		t.Errorf("the repeat is %+v", again)
	}
	w.Reads("Sākam.", "Sākam.")
}

// TestNewsLife: news are edited and deleted, also when they are not in the list any more.
func TestNewsLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _ := w.announces("Sākam.")
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.fake.Answer(newsListCall, 200, `{"posts":[]}`)
	if there, err := w.Stands(t.Context(), sent.Message, p); !there || err != nil {
		t.Errorf("stands %v, %v", there, err)
	}
	p.Text = "Sākam vēlāk."
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Must(err)
	w.Reads("Sākam vēlāk.")
	w.fake.Answer("pages/news delete", 200, `{"error":"No"}`)
	w.Wants("a no that is one", w.Retract(t.Context(), sent.Message, p), connector.Refused)
	w.Must(w.Retract(t.Context(), sent.Message, p))
	w.Reads()
}

// TestRevoked: without the key nothing is sent, so nothing is refused for good.
func TestRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Revoke()
	p, _ := w.announces("Sākam.")
	_, err := w.Reply(t.Context(), p)
	w.Wants("news", err, connector.Deferred)
	_, err = w.Reply(t.Context(), w.answers("Rīt."))
	w.Wants("answer", err, connector.Deferred)
	if e := connector.OutcomeOf(err); e.Wait != mendWait {
		t.Errorf("it comes again in %v", e.Wait)
	}
	w.fake.Restore()
	_, err = w.Reply(t.Context(), w.answers("Rīt."))
	w.Must(err)
}

// TestCheck: all is well, but for what is not.
func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants := func(what string, want ...string) {
		t.Helper()
		got := worldtest.Found(w.Check(t.Context()), "draugiem")
		if want = append([]string{"experimental"}, want...); !slices.Equal(got, want) {
			t.Errorf("%s: found %q", what, got)
		}
	}
	wants("well", "works", "longest")
	w.fake.Dates(draugiemfake.None)
	wants("no times", "works", "longest", "no_times")
	w.fake.Answer(faqListCall, 200, `{"faq":{"7":{"jautajums":"Kas?"}}}`)
	wants("other names", "works", "longest", "unreadable")
	w.fake.Reply(w.fake.Ask(ilze, "Ilze K.", "Kur?"), "Te.")
	wants("with an answer", "works", "longest", "no_times")
	w.fake.AnswerIn("atbilde")
	wants("answers called otherwise", "works", "longest", "no_answers", "no_times")
	w.fake.AnswerIn("answer")
	w.fake.Answer("pages/dashboard", 200, `{"fans":2}`)
	wants("no dashboard", "no_dashboard")
	w.fake.Answer(newsListCall, 502, worldtest.HTMLPage)
	wants("news", "works", "longest", "no_times", "no_answer")
	w.fake.Revoke()
	wants("revoked", "refused")
}
