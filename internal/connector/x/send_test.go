package x

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/session"
)

// TestDoneAndBroken: what X did and broke at is found, with addresses and markup, and taken back.
func TestDoneAndBroken(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"page": worldtest.HTMLPage, "nothing": "", "no id": `{"data":{}}`,
		"strange id": `{"data":{"id":"x"}}`} {
		for _, status := range worldtest.HTMLStatuses {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				p := w.answer("k1", "Skat. https://a.lv/x?a=1&b=2 <šeit> un vid.gov.lv.")
				w.fake.Break(xfake.Create, status, body)
				_, err := w.Reply(t.Context(), p)
				w.Wants("reply", err, connector.Unsure)
				sent, ok, err := w.Find(t.Context(), p)
				if !ok || err != nil || sent.URL != link(string(sent.Message)) {
					t.Fatalf("found %+v, %v, %v", sent, ok, err)
				}
				w.Reads(p.Text)
				if there, err := w.Stands(t.Context(), sent.Message, p); !there || err != nil {
					t.Errorf("it stands: %v, %v", there, err)
				}
				w.fake.Break(xfake.Delete, 500, body)
				w.Wants("retract", w.Retract(t.Context(), sent.Message, p), connector.Unsure)
				w.Must(w.Retract(t.Context(), sent.Message, p))
				w.Reads()
			})
		}
	}
}

// TestNotDone: what a proxy answered was not done, and Find says so.
func TestNotDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.answer("k1", "Atbilde.")
	w.fake.Answer(xfake.Create, 502, worldtest.HTMLPage)
	_, err := w.Reply(t.Context(), p)
	w.Wants("reply", err, connector.Unsure)
	for _, status := range worldtest.HTMLStatuses {
		w.fake.Answer(xfake.Timeline, status, worldtest.HTMLPage)
		if _, ok, err := w.Find(t.Context(), p); ok || err == nil {
			t.Errorf("%d: found %v, %v", status, ok, err)
		}
	}
	if _, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
}

// TestFind: somebody else's post with the same text is not ours, nor is one from before the
// approval, with another text, or under another post.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.fake.Write(janis, "@iestade Un kad?")
	_, err := w.Reply(t.Context(), w.answer("k1", "Jā, rīt!"))
	w.Must(err)
	w.Clock.Pass(time.Hour)
	p := w.answer("k2", "Jā, rīt!")
	w.fake.Under(w.original, janis, p.Text)
	w.fake.Under(other, xfake.Self, p.Text)
	w.fake.Write(xfake.Self, p.Text)
	w.fake.Under(w.original, xfake.Self, "Jā, parīt!")
	if sent, ok, err := w.Find(t.Context(), p); ok || err != nil {
		t.Errorf("found %v, %v, %v", sent, ok, err)
	}
	spaced := w.fake.Under(w.original, xfake.Self, "Jā,\n rīt!")
	if sent, _, err := w.Find(t.Context(), p); err != nil || sent.Message != session.MessageID(spaced) {
		t.Errorf("found %v, %v", sent, err)
	}
	for range mostFound {
		w.fake.Write(xfake.Self, "Cits.")
	}
	if _, ok, err := w.Find(t.Context(), p); ok || err == nil {
		t.Errorf("among more than it read: found %v, %v", ok, err)
	}
}

// keeping is a post whose note is kept as the core does.
func keeping(p connector.Post, note *string) connector.Post {
	p.Note = *note
	p.KeepNote = func(_ context.Context, n string) error { *note = n; return nil }
	return p
}

// TestDuplicate: what X calls a duplicate is looked for. What is there is sent; what comes into the
// timeline late is found then; and what is nowhere is refused, with what to do.
func TestDuplicate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, note := w.answer("k1", "Atbilde."), ""
	first, err := w.Reply(t.Context(), p)
	w.Must(err)
	if again, err := w.Reply(t.Context(), keeping(p, &note)); err != nil || again.Message != first.Message || note != "" {
		t.Errorf("it is %v, %v", again, err)
	}
	w.fake.Lag(time.Minute)
	_, err = w.Reply(t.Context(), keeping(p, &note))
	w.Wants("not seen yet", err, connector.Unsure)
	w.Clock.Pass(time.Minute)
	if found, ok, err := w.Find(t.Context(), keeping(p, &note)); !ok || err != nil || found.Message != first.Message {
		t.Errorf("found %v, %v, %v", found, ok, err)
	}
	w.Must(w.Retract(t.Context(), first.Message, p))
	_, err = w.Reply(t.Context(), keeping(p, &note))
	w.Wants("posted before", err, connector.Refused)
	if e := connector.OutcomeOf(err); !strings.Contains(e.Detail, "Change a word") {
		t.Errorf("it says %q", e.Detail)
	}
	w.Reads()
}

// TestNotHere: where X allows no reply a person is told what to do, and a post on its own goes out.
func TestNotHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	news := w.fake.Write(xfake.Self, "Sākam!")
	p := w.answer("k1", "Atbilde.")
	p.Original = w.origin(w.fake.Under(news, janis, "Un kad?"))
	_, err := w.Reply(t.Context(), p)
	w.Wants("not mentioned", err, connector.Refused)
	if e := connector.OutcomeOf(err); !strings.Contains(e.Detail, "Answer elsewhere") || e.Unreachable {
		t.Errorf("it says %q", e.Detail)
	}
	p.Kind = session.KindOutcome
	_, err = w.Reply(t.Context(), p)
	if w.Wants("a notice", err, connector.Refused); !connector.OutcomeOf(err).Unreachable {
		t.Error("a person is asked about a notice")
	}
	w.fake.Implicit(true)
	_, err = w.Reply(t.Context(), p)
	w.Must(err)
	p.Original = session.Origin{}
	_, err = w.Reply(t.Context(), p)
	w.Must(err)
}

// TestOutcomes: what each of X's refusals means for a post.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		status int
		detail string
		want   connector.Outcome
	}{
		{400, "Bad", connector.Refused}, {401, "Unauthorized", connector.Deferred}, {402, "CreditsDepleted", connector.Deferred},
		{403, "Your account is suspended.", connector.Refused}, {403, "The original Tweet author restricted who can reply", connector.Refused},
		{403, "Your client app is not configured with the appropriate oauth1 app permissions", connector.Deferred},
		{429, "Usage cap exceeded: Monthly product cap", connector.Deferred}, {503, "Over capacity", connector.Unsure},
	} {
		w.fake.Answer(xfake.Create, c.status, `{"title":"No","detail":"`+c.detail+`"}`)
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants(c.detail, err, c.want)
		if e := connector.OutcomeOf(err); c.want == connector.Deferred && e.Wait == 0 {
			t.Errorf("%s: it comes again at once", c.detail)
		}
	}
	w.fake.Rate(xfake.Create, 0)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("rate", err, connector.Deferred)
	if e := connector.OutcomeOf(err); e.Wait != window {
		t.Errorf("it waits %v", e.Wait)
	}
	w.Wants("somebody else's", w.Retract(t.Context(), session.MessageID(w.original), connector.Post{}), connector.Refused)
	w.Reads()
}

// TestNoCredit: the desk says that there is none until something was posted.
func TestNoCredit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Credit(0)
	for range 2 {
		_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
		w.Wants("no credit", err, connector.Deferred)
		if got := w.Trouble(); len(got) != 1 || got[0].ID != "x.no_credit" {
			t.Errorf("trouble %+v", got)
		}
	}
	w.fake.Credit(1000)
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Must(err)
	if got := w.Trouble(); len(got) > 0 {
		t.Errorf("trouble %+v", got)
	}
	w.Reads("Atbilde.")
}

// TestLocate: addresses are read as people copy them.
func TestLocate(t *testing.T) {
	t.Parallel()
	x := newWorld(t).X
	for address, want := range map[string]session.MessageID{
		"https://x.com/iestade/status/1812345678901234567":            "1812345678901234567",
		"https://twitter.com/iestade/status/1812345678901234567?s=20": "1812345678901234567",
		link("18"): "18", "https://x.com/iestade": "", "https://x.com.evil.lv/a/status/1": "", "http://x.com/a/status/1": "",
	} {
		if got, ok := x.Locate(place, address); got != want || ok != (want != "") {
			t.Errorf("%s is %q, %v", address, got, ok)
		}
	}
}

// TestCheck: all is well, but for what is not, and nothing is posted.
func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants := func(what string, c *X, want ...string) {
		t.Helper()
		got := worldtest.Found(c.Check(t.Context()), "x")
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q", what, got)
		}
	}
	wants("well", w.X, "works", "by_keys", "reads", "polled")
	w.fake.ReadOnly(true)
	wants("read only", w.X, "works", "by_keys", "read_only", "reads", "polled")
	_, err := w.Reply(t.Context(), w.answer("k1", "Atbilde."))
	w.Wants("read only", err, connector.Deferred)
	w.fake.Answer(xfake.Search, 403, `{"title":"Forbidden","detail":"Not in your plan"}`)
	wants("no search", w.X, "works", "by_keys", "read_only", "no_answer")
	w.fake.Revoke()
	wants("revoked", w.X, "login_refused")
	w.fake.Restore()
	w.fake.Credit(0)
	wants("no credit", w.X, "no_credit")
	w.Reads()
}

// TestLimits: what the windows and the money of a day allow.
func TestLimits(t *testing.T) {
	t.Parallel()
	l := newWorld(t).Limits()
	if l.Ceiling != 5000 {
		t.Errorf("an hour may cost %d", l.Ceiling)
	}
	if i := slices.IndexFunc(l.Budgets, func(b connector.Budget) bool { return b.Name == "money" }); i < 0 ||
		l.Budgets[i].Rate.Most != 20_000 || l.Budgets[i].Rate.Day != time.UTC ||
		l.Budgets[i].Charge(connector.RequestPost, pricePost) != pricePost {
		t.Errorf("budgets %+v", l.Budgets)
	}
}

// FuzzParse: whatever stands in a list, what is taken has an id and an author, and fits a letter.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"1812345678901234567","author_id":"2","text":"@a x https://t.co/1","display_text_range":[3,9],
		"entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://a.lv"}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, ok := parse(raw)
		if !ok {
			return
		}
		e := p.event("k", letter{Do: doAsk})
		if !number.MatchString(p.first()) || len(e.Raw) > connector.LongestLetter || len(question(p.said(), "a", "b")) > len(p.said()) {
			t.Errorf("%+v", e)
		}
	})
}
