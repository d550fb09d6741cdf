package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

func form(text string) url.Values { return url.Values{"text": {text}, "key": {"k"}} }

// askForm sends the form and follows it to the receipt.
func (w *world) askForm(f url.Values) string {
	w.t.Helper()
	rec := w.post("/s/heating/questions", f)
	if rec.Code != http.StatusSeeOther {
		w.t.Fatalf("form: %d\n%s", rec.Code, rec.Body)
	}
	return rec.Header().Get("Location")
}

func TestAskingGivesAReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	receipt := w.askForm(url.Values{"text": {"Is it <b>warm</b>?"}, "name": {"Jānis"}, "email": {"janis@example.com"}})
	rec := w.get(receipt)
	contains(t, rec.Body.String(), "Your question no. 1", "Is it &lt;b&gt;warm&lt;/b&gt;?", "Thank you!", "A moderator looks at it", "noindex")
	if got := rec.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
	lacks(t, w.page("/s/heating"), "warm", "Jānis")
}

// from is the form of one page, with the token of its reader.
func (w *world) from(token, text string) url.Values {
	return url.Values{"text": {text}, "key": {token}}
}

// token opens the page and reads the token of its forms.
func (w *world) token() string {
	w.t.Helper()
	_, rest, _ := strings.Cut(w.page("/s/heating"), `name="key" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	if !w.server.tokens.valid(hourID, token) {
		w.t.Fatalf("token %q", token)
	}
	return token
}

func TestTheSameQuestionTwiceIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	mine := w.token()
	first := w.askForm(w.from(mine, "Double click?"))
	w.address = "198.51.100.7:99" // the telephone has left the house
	if again := w.askForm(w.from(mine, " Double click? \r\n")); again != first {
		t.Errorf("%s and %s", first, again)
	}
	if other := w.askForm(w.from(mine, "Another question from the same page?")); other == first {
		t.Error("another question was taken for the first")
	}
	if n := w.received(); n != 2 {
		t.Errorf("%d questions", n)
	}
}

// Two colleagues behind one address with the same browser who ask the same.
func TestNobodyGetsTheLinkOfSomebodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	first := w.askForm(w.from(w.token(), "Who pays?"))
	seen := map[string]bool{first: true}
	for name, f := range map[string]url.Values{
		"a page of their own": w.from(w.token(), "Who pays?"),
		"no token":            {"text": {"Who pays?"}},
		"no token, again":     {"text": {"Who pays?"}},
		"a made-up token":     w.from(strings.Repeat("a", 32), "Who pays?"),
		"the same made-up":    w.from(strings.Repeat("a", 32), "Who pays?"),
		"of another hour":     w.from(w.server.tokens.make("other", noon), "Who pays?"),
	} {
		link := w.askForm(f)
		if seen[link] {
			t.Errorf("%s: %s is somebody else's", name, link)
		}
		seen[link] = true
	}
	w.accept(1)
	if link := w.askForm(w.from(w.token(), "Who pays?")); seen[link] {
		t.Errorf("after it was accepted: %s", link)
	}
}

func TestAfterAWithdrawalTheSameTextIsANewQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	mine := w.token()
	links := map[string]bool{}
	for range 3 {
		link := w.askForm(w.from(mine, "Again?"))
		if links[link] || w.askForm(w.from(mine, "Again?")) != link {
			t.Errorf("%s came back", link)
		}
		links[link] = true
		w.post(link+"/withdraw", nil)
	}
}

// Every bad form is answered with one sentence, keeps what was typed and changes nothing.
func TestBadForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		form url.Values
		code int
		says string
		at   string // the input that is marked
	}{
		"empty":         {form(" \n "), 422, "Please write your question.", "text"},
		"control":       {form("\x00\x01\x02"), 422, "Please write your question.", "text"},
		"too long":      {form(strings.Repeat("ā", 2001)), 422, "2001 characters", "text"},
		"many lines":    {form(strings.Repeat("a\n\n", 150)), 422, "lines", "text"},
		"too large":     {form(strings.Repeat("line\n", 100_000)), 413, "too large", ""},
		"invalid UTF-8": {form("\xff\xfe"), 422, "Please write your question.", "text"},
		"identity code": {form("My code is 010190-12345, why?"), 422, "personal identity code", "text"},
		"bad e-mail":    {url.Values{"text": {"Fine?"}, "email": {"anna@"}}, 422, "e-mail address", "email"},
		"long name":     {url.Values{"text": {"Fine?"}, "name": {strings.Repeat("n", 100)}}, 422, "name", "name"},
		"code as name":  {url.Values{"text": {"Fine?"}, "name": {"010190-12345"}}, 422, "personal identity code", "name"},
		"long e-mail":   {url.Values{"text": {"Fine?"}, "email": {strings.Repeat("e", 250) + "@x.lv"}}, 422, "e-mail", "email"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).open()
			rec := w.post("/s/heating/questions", c.form)
			body := rec.Body.String()
			if rec.Code != c.code || !strings.Contains(body, c.says) {
				t.Errorf("%d, want %d and %q in\n%s", rec.Code, c.code, c.says, body)
			}
			if c.code == 422 {
				contains(t, body, "<title>Error:", `role="alert"`, `<a href="#`+c.at+`">`, `id="`+c.at+`-error"`)
			}
			if typed := c.form.Get("text"); typed == "Fine?" {
				contains(t, body, "Fine?</textarea>")
			}
			if n := w.received(); n != 0 {
				t.Errorf("%d questions were stored", n)
			}
		})
	}
}

func TestTooManyFromOneAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.server = w.limited(3)
	w.handler = w.server.Handler()
	codes := map[int]int{}
	for i := range 1000 {
		codes[w.post("/s/heating/questions", form("Question "+strings.Repeat("x", i%900+1))).Code]++
	}
	if codes[303] != 3 || codes[429] != 997 || w.received() != 3 {
		t.Errorf("%v, %d stored", codes, w.received())
	}
	rec := w.post("/s/heating/questions", form("One more?"))
	contains(t, rec.Body.String(), "One more?</textarea>", "Too much came")
	if rec.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.after(time.Minute)
	w.askForm(form("A minute later?"))
}

func (w *world) limited(perMinute int) *Server {
	w.t.Helper()
	c := w.server.Config
	c.Limits = Limits{Ask: Pace{PerMinute: perMinute}, Vote: Pace{PerMinute: perMinute}}
	s, err := New(c)
	w.must(err)
	return s
}

func TestAskingOutsideTheHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contains(t, w.page("/s/heating"), "Send your question now")
	w.askForm(form("Early?"))
	w.open()
	w.after(2 * time.Hour)
	opened := w.token()
	w.after(time.Minute)
	w.session(session.StopSession{})
	w.after(time.Minute)
	w.askForm(w.from(opened, "The form was opened before the end?"))
	lacks(t, w.page("/s/heating"), "<textarea")
	late := w.server.tokens.make(hourID, w.clock())
	for name, f := range map[string]url.Values{"no form": form("Too late?"), "a form from after the end": w.from(late, "Too late?")} {
		if rec := w.post("/s/heating/questions", f); rec.Code != http.StatusConflict {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	if rec := w.api("/api/v1/sessions/heating/questions", `{"text":"Too late?"}`); rec.Code != http.StatusConflict {
		t.Errorf("the API: %d", rec.Code)
	}
	w.after(time.Minute)
	rec := w.post("/s/heating/questions", w.from(opened, "Too late?"))
	if rec.Code != http.StatusConflict {
		t.Errorf("%d", rec.Code)
	}
	contains(t, rec.Body.String(), "takes no more questions", "Too late?</textarea>")
	if rec := w.post("/s/unknown/questions", form("Where?")); rec.Code != http.StatusNotFound {
		t.Errorf("unknown hour: %d", rec.Code)
	}
}

func TestStoreAwayKeepsTheText(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("Before the outage?", "Yes.")
	w.page("/s/heating")
	w.store.Break(errors.New("away"))
	rec := w.post("/s/heating/questions", form("During the outage?"))
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	contains(t, rec.Body.String(), "During the outage?</textarea>", `class="banner"`, "Before the outage?")
	if rec := w.get("/s/heating"); rec.Code != http.StatusServiceUnavailable || !strings.Contains(rec.Body.String(), "Yes.") {
		t.Errorf("%d", rec.Code)
	}
	if rec := w.get("/"); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("list: %d", rec.Code)
	}
	w.store.Break(nil)
	w.askForm(form("During the outage?"))
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	r, err := http.NewRequest(http.MethodPost, "http://hour.example/s/heating/questions", strings.NewReader(form("Forged?").Encode()))
	w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	if rec := w.request(r); rec.Code != http.StatusForbidden || w.received() != 0 {
		t.Errorf("%d, %d stored", rec.Code, w.received())
	}
}

// An hour is full of what waits, not of what was declined.
func TestAFullHourTakesMoreAfterADecline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.service.Schedule(t.Context(), anna, session.Hour{Slug: "small", Title: "Small", Language: session.English, Zone: "Europe/Riga",
		Experts: []session.Expert{{Name: "Ilze Kalniņa"}}, AskFrom: noon.Add(-time.Hour), Start: noon.Add(24 * time.Hour),
		End: noon.Add(26 * time.Hour), Reasons: []string{"off_topic", session.NotReached}, QuestionCount: 2})
	w.must(err)
	ask := func(text string) int { return w.post("/s/small/questions", form(text)).Code }
	if a, b, c := ask("One?"), ask("Two?"), ask("Three?"); a != 303 || b != 303 || c != http.StatusTooManyRequests {
		t.Errorf("%d %d %d", a, b, c)
	}
	w.do(anna, session.DeclineQuestion{On: session.On{Question: session.QuestionRef{Session: "small", Number: 1}}, Reason: "off_topic"})
	if code := ask("Three?"); code != 303 {
		t.Errorf("after a decline: %d", code)
	}
}

// Loading the page again makes another voter, but one network has so many votes for a question.
func TestVotesOfANetworkAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.accept(w.ask(session.Asked{Text: "Vote for me?"}))
	w.accept(w.ask(session.Asked{Text: "Or for me?"}))
	c := w.server.Config
	c.Limits = Limits{Ballots: Pace{PerDay: 3}}
	s, err := New(c)
	w.must(err)
	w.server, w.handler = s, s.Handler()
	codes := map[int]int{}
	for range 10 {
		codes[w.post("/s/heating/q/1/vote", url.Values{"up": {"1"}, "token": {w.token()}}).Code]++
	}
	if codes[303] != 3 || codes[http.StatusTooManyRequests] != 7 {
		t.Errorf("%v", codes)
	}
	for _, form := range []url.Values{{"up": {"0"}, "token": {w.token()}}} { // taking back is free
		if rec := w.post("/s/heating/q/1/vote", form); rec.Code != 303 {
			t.Errorf("taken back: %d", rec.Code)
		}
	}
	if rec := w.post("/s/heating/q/2/vote", url.Values{"up": {"1"}, "token": {w.token()}}); rec.Code != 303 {
		t.Errorf("another question: %d", rec.Code)
	}
}

// While a moderator takes no questions none comes in from anywhere, what was typed stays, and
// answering goes on; publishing is another switch.
func TestPausedIntake(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.accept(w.ask(session.Asked{Text: "Before?"}))
	w.session(session.PauseIntakeSession{})
	page := w.page("/s/heating")
	contains(t, page, "No questions just now")
	lacks(t, page, "<textarea")
	rec := w.post("/s/heating/questions", form("In the flood?"))
	if rec.Code != http.StatusConflict {
		t.Errorf("%d", rec.Code)
	}
	contains(t, rec.Body.String(), "taking no questions just now", "In the flood?</textarea>")
	_, _, err := w.service.Ask(t.Context(), session.Asked{Session: hourID, Key: "tg", Text: "From elsewhere?",
		Origin: session.Origin{Connector: "telegram"}})
	if session.KindOf(err) != session.Refused {
		t.Errorf("from elsewhere: %v", err)
	}
	w.submit(1, "Answered meanwhile.")
	w.publish(1)
	contains(t, w.page("/s/heating"), "Answered meanwhile.")
	w.session(session.ResumeIntakeSession{})
	w.askForm(form("Again?"))
	if n := w.received(); n != 2 {
		t.Errorf("%d questions", n)
	}
}

// TestANetworkHasANameForAnHour: page and API name the network of whoever asks: a /24 or a /48
// has one name, an hour has its own, no address can be read in it, and closing forgets it.
func TestANetworkHasANameForAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for i, address := range []string{"192.0.2.1:1", "192.0.2.200:1", "192.0.3.1:1",
		"[2001:db8:1:2::3]:1", "[2001:db8:1:fff::4]:1", "[2001:db8:2::]:1"} {
		w.address = address
		if i%2 == 0 {
			w.askForm(url.Values{"text": {address}})
		} else if rec := w.api("/api/v1/sessions/heating/questions", `{"text":"`+address+`"}`); rec.Code != http.StatusCreated {
			t.Fatal(rec.Code, rec.Body)
		}
	}
	w.ask(session.Asked{Text: "From a platform"})
	ns, err := w.store.Networks(t.Context(), hourID)
	w.must(err)
	if len(ns) != 6 || ns[1] != ns[2] || ns[2] == ns[3] || ns[4] != ns[5] || ns[5] == ns[6] || ns[7] != "" {
		t.Errorf("networks %v", ns)
	}
	other := w.server.network(httptest.NewRequest(http.MethodGet, "/", nil), "another")
	if other == "" || other == w.server.network(httptest.NewRequest(http.MethodGet, "/", nil), hourID) {
		t.Error("two hours name a network alike")
	}
	w.session(session.StopSession{})
	w.session(session.CloseSession{Force: true, Reason: "a test"})
	if ns, err := w.store.Networks(t.Context(), hourID); len(ns) != 0 || err != nil {
		t.Errorf("after closing: %v, %v", ns, err)
	}
}
