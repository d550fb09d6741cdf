package youtube

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/youtube/youtubefake"
	"experthour/internal/session"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return newWorld(t).harness() })
}

// TestBelow: an answer to a question below an announcement stands there too and calls who asked;
// where the address of one is given, it is found.
func TestBelow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	top := w.announce()
	w.fake.Write(janis, janisName, "Un kad?", top)
	w.Must(w.look(w.YouTube))
	o := w.Inbox.Questions()[1].Origin
	if got := address(o); got != janisName || w.Inbox.Questions()[1].Session != "h" {
		t.Errorf("it begins %q, of %+v", got, w.Inbox.Questions()[1])
	}
	p := w.answer("k1", janisName+" Rīt.")
	p.Original = o
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	if own := w.Own(); len(own) != 2 || own[1].Under != session.MessageID(top) {
		t.Errorf("it stands %+v", own)
	}
	if found, ok, err := w.Find(t.Context(), p); !ok || err != nil || found != sent {
		t.Errorf("found %+v, %v, %v", found, ok, err)
	}
	if m, ok := w.Locate(w.Place(), sent.URL); !ok || m != sent.Message {
		t.Errorf("%s is %q, %v", sent.URL, m, ok)
	}
	right := "://www.youtube.com/watch?v=" + youtubefake.Video
	for _, wrong := range []string{"http" + right + "&lc=" + top, "https" + right, strings.Replace(sent.URL, "v=", "v=x", 1),
		strings.Replace(sent.URL, ".com", ".com.evil.lv", 1), "%"} {
		if m, ok := w.Locate(w.Place(), wrong); ok {
			t.Errorf("%s is %q", wrong, m)
		}
	}
	w.fake.Answer(getComments, 200, `{"items":[{"id":"`+string(o.Message)+`","snippet":{"parentId":"Ugz_another_one"}}]}`)
	if above, there, err := w.top(t.Context(), string(o.Message)); above != "Ugz_another_one" || !there || err != nil {
		t.Errorf("it stands below %q, %v, %v", above, there, err)
	}
	w.fake.Remove(string(o.Message))
	p.Key, p.Text = "k2", "Vēl."
	_, err = w.Reply(t.Context(), p)
	w.Wants("the question is gone", err, connector.Refused)
	for name, user := range map[string]session.UserRef{"": "UCx Ilze", "@ilze": "UCx @ilze"} {
		o.User = user
		if got := address(o); got != name {
			t.Errorf("%q begins %q", user, got)
		}
	}
	if got := address(w.at(w.original)); got != "" {
		t.Errorf("who asked at the top is called %q", got)
	}
}

// status is what became of a comment.
func (w *world) status(id string) string {
	for _, c := range w.fake.Comments() {
		if c.ID == id {
			return c.Status
		}
	}
	return ""
}

// TestHide: what the channel's people held stays so when it is no longer to be hidden, also after it
// was hidden and shown again; what they threw away is left alone.
func TestHide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	below := w.fake.Write(janis, janisName, "Un kad?", w.announce())
	hide := func(id string, hidden bool, want string) {
		t.Helper()
		w.Must(w.Hide(t.Context(), w.at(id), hidden))
		if got := w.status(id); got != want {
			t.Errorf("hidden %t: it is %s, want %s", hidden, got, want)
		}
	}
	for _, id := range []string{w.original, below} {
		hide(id, true, youtubefake.Held)
		hide(id, true, youtubefake.Held)
		hide(id, false, youtubefake.Published)
		w.fake.Change(id, func(c *youtubefake.Comment) { c.Status = youtubefake.Held })
		hide(id, true, youtubefake.Held)
		hide(id, false, youtubefake.Held)
		w.fake.Change(id, func(c *youtubefake.Comment) { c.Status = youtubefake.Published })
		hide(id, true, youtubefake.Held)
		w.fake.Change(id, func(c *youtubefake.Comment) { c.Status = youtubefake.Rejected })
		hide(id, false, youtubefake.Rejected)
	}
	w.fake.Quota(0)
	w.Wants("no units", w.Hide(t.Context(), w.at(w.original), true), connector.Deferred)
	w.Wants("no comment", w.Hide(t.Context(), w.at("../x"), true), connector.Refused)
}

// TestDoneAndBroken: what YouTube did and broke at is found, or can be done again, and stands once.
func TestDoneAndBroken(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"page": worldtest.HTMLPage, "nothing": "", "no id": `{"kind":"youtube#comment"}`,
		"no words": `{"kind":"youtube#comment","snippet":{}}`} {
		for _, status := range worldtest.HTMLStatuses {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				for method, p := range map[string]connector.Post{addComment: w.answer("k1", "Skat. https://a.lv/x?a=1&b=2 <šeit>."),
					addThread: {Key: "k2", Text: "Sākam https://a.lv", Approved: w.Clock.Now()}} {
					w.fake.Break(method, status, body)
					_, err := w.Reply(t.Context(), p)
					w.Wants("reply", err, connector.Unsure)
					sent, ok, err := w.Find(t.Context(), p)
					if !ok || err != nil || !strings.Contains(sent.URL, "&lc="+string(sent.Message)) {
						t.Fatalf("found %+v, %v, %v", sent, ok, err)
					}
					w.Reads(p.Text)
					if status != http.StatusOK {
						w.fake.Break(deleteComment, status, body)
						w.Wants("retract", w.Retract(t.Context(), sent.Message, p), connector.Unsure)
					}
					w.Must(w.Retract(t.Context(), sent.Message, p))
					w.Reads()
				}
			})
		}
	}
}

// TestNotDone: what a proxy answered was not done, and Find says so.
func TestNotDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Answer(addComment, 502, worldtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	for _, status := range worldtest.HTMLStatuses {
		for _, body := range []string{worldtest.HTMLPage, `{}`, `{"items":[{"id":"x"}]}`} {
			w.fake.Answer(getComments, status, body)
			if _, ok, err := w.Find(t.Context(), p); ok || err == nil {
				t.Errorf("%d: found %v, %v", status, ok, err)
			}
		}
	}
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	for _, body := range []string{worldtest.HTMLPage, `{}`, `{"items":[{}]}`} {
		w.fake.Break(getComments, 200, body)
		if stands, err := w.Stands(t.Context(), session.MessageID(w.original), p); stands || err == nil {
			t.Errorf("%s: it stands: %v, %v", body, stands, err)
		}
	}
}

// TestFind: somebody else's comment with the same text is not ours, nor is one from before the
// approval; it is found behind others, and where YouTube changed a mark.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Jā, rīt!")
	_, err := w.Reply(t.Context(), p)
	w.Must(err)
	w.Clock.Pass(time.Hour)
	p = w.answer("k2", "Jā, rīt!")
	w.fake.Write(janis, janisName, p.Text, w.original)
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	changed := w.fake.Write(youtubefake.Self, youtubefake.SelfName, "*Jā* rīt", w.original)
	exact := w.fake.Write(youtubefake.Self, youtubefake.SelfName, "Jā,\n rīt!", w.original)
	w.fake.Pages(1)
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(exact) {
		t.Errorf("found %v, %v", sent, err)
	}
	w.fake.Remove(exact)
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(changed) {
		t.Errorf("found %v, %v", sent, err)
	}
	for range mostPages {
		w.fake.Write(janis, janisName, "Paldies.", w.original)
	}
	if _, ok, err := w.Find(t.Context(), p); ok || !errors.Is(err, errDeep) {
		t.Errorf("of too many: found %v, %v", ok, err)
	}
	w.fake.Remove(w.original)
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("with the question: found %v, %v", ok, err)
	}
}

// TestRefusals: what YouTube lets nobody do is refused in plain words, before it costs anything.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		change func(w *world)
		words  string
		cost   int
	}{
		"locked": {func(w *world) { w.fake.Change(w.original, func(c *youtubefake.Comment) { c.Locked = true }) }, "nobody reply", 1},
		"held": {func(w *world) {
			w.fake.Change(w.original, func(c *youtubefake.Comment) { c.Status = youtubefake.Held })
		}, "review", 1},
		"gone":         {func(w *world) { w.fake.Remove(w.original) }, "not there any more", 1},
		"gone, strict": {func(w *world) { w.fake.Strict(true); w.fake.Remove(w.original) }, "not there any more", 1},
		"disabled":     {func(w *world) { w.fake.Disable(true) }, "turned off", 51},
		"no channel":   {func(w *world) { w.fake.Ineligible(true) }, "no channel", 51},
		"failed": {func(w *world) { w.fake.Answer(addComment, 400, youtubefake.Body(400, "processingFailure")) },
			"look whether it stands", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			x.change(w)
			_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
			w.Wants(name, err, connector.Refused)
			if e := connector.OutcomeOf(err); !strings.Contains(e.Detail, x.words) || w.fake.Used() != x.cost {
				t.Errorf("it says %q for %d units", e.Detail, w.fake.Used())
			}
		})
	}
}

// TestOutcomes: what each of YouTube's reasons means for a post.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for reason, x := range map[string]struct {
		status int
		want   connector.Outcome
		wait   time.Duration
	}{
		"forbidden":               {403, connector.Refused, 0},
		"commentTextTooLong":      {400, connector.Refused, 0},
		"rateLimitExceeded":       {403, connector.Deferred, fastWait},
		"tooMany":                 {429, connector.Deferred, fastWait},
		"insufficientPermissions": {403, connector.Deferred, mendWait},
		"quotaExceeded":           {403, connector.Deferred, 22 * time.Hour},
		"dailyLimitExceeded":      {403, connector.Deferred, 22 * time.Hour},
		"backendError":            {500, connector.Unsure, 0},
		"conflict":                {409, connector.Unsure, 0},
	} {
		w.fake.Answer(addComment, x.status, youtubefake.Body(x.status, reason))
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants(reason, err, x.want)
		if e := connector.OutcomeOf(err); e.Wait != x.wait {
			t.Errorf("%s: it waits for %v", reason, e.Wait)
		}
	}
	w.Reads()
}

// TestMidnight: a day without units ends at midnight of Pacific time, also on the days on which
// clocks are moved there.
func TestMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for at, want := range map[time.Time]time.Duration{
		time.Date(2026, 11, 30, 7, 59, 0, 0, time.UTC): time.Minute,    // 23:59 PST
		time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC):  24 * time.Hour, // midnight
		time.Date(2026, 11, 1, 7, 0, 0, 0, time.UTC):   25 * time.Hour, // an hour comes twice
		time.Date(2026, 7, 1, 6, 0, 0, 0, time.UTC):    time.Hour,      // 23:00 PDT
	} {
		w.Clock.Pass(at.Sub(w.Clock.Now()))
		w.original = w.fake.Write(ilze, ilzeName, "Kas ir?", "")
		w.fake.Answer(addComment, 403, youtubefake.Body(403, usedUp))
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		if e := connector.OutcomeOf(err); e.Outcome != connector.Deferred || e.Wait != want {
			t.Errorf("%v: it waits for %v, %v", at, e.Wait, err)
		}
	}
}

// TestCosts: what the program believes that a day costs is what the fake counts, so that YouTube never
// has to say no; of one day's units there are 190 answers.
func TestCosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Quota(costPost)
	_, err := w.self(t.Context()) // once, which is among the units that are kept back
	w.Must(err)
	sent, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	if used := w.fake.Used() - 1; used > w.budget().Cost(connector.RequestPost) {
		t.Errorf("an answer takes %d", used)
	}
	_, err = w.Edit(t.Context(), sent.Message, w.answer("k1", "Cita."))
	w.Wants("there are none left", err, connector.Deferred)
	if n := w.account.Units / w.budget().Cost(connector.RequestPost); n < 190 {
		t.Errorf("%d answers a day", n)
	}
}

// TestGone: a comment that is not there cannot be edited, and was taken back.
func TestGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	sent, err := w.Reply(t.Context(), p)
	w.Must(err)
	for _, strict := range []bool{false, true} {
		w.fake.Strict(strict)
		stands, err := w.Stands(t.Context(), sent.Message, p)
		if stands == (len(w.Own()) == 0) || err != nil {
			t.Errorf("it stands: %v, %v", stands, err)
		}
		w.fake.Remove(w.original)
	}
	if stands, err := w.Stands(t.Context(), sent.Message, p); stands || err != nil {
		t.Errorf("it stands: %v, %v", stands, err)
	}
	_, err = w.Edit(t.Context(), sent.Message, p)
	w.Wants("edit", err, connector.Refused)
	w.Must(w.Retract(t.Context(), sent.Message, p))
	for _, id := range []session.MessageID{"", "x", "../../videos"} {
		_, err = w.Edit(t.Context(), id, p)
		w.Wants("edit", err, connector.Refused)
		w.Wants("retract", w.Retract(t.Context(), id, p), connector.Refused)
	}
	p.Pictures = []session.Picture{{}}
	_, err = w.Reply(t.Context(), p)
	w.Wants("a picture", err, connector.Refused)
}
