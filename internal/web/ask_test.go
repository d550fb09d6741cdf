package web

import (
	"errors"
	"net/http"
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

func TestTheSameQuestionTwiceIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	first := w.askForm(form("Double click?"))
	if again := w.askForm(url.Values{"text": {" Double click? \r\n"}, "key": {"another render"}}); again != first {
		t.Errorf("%s and %s", first, again)
	}
	w.address = "198.51.100.7:99"
	if other := w.askForm(form("Double click?")); other == first {
		t.Error("somebody else got the same receipt")
	}
	if n := w.received(); n != 2 {
		t.Errorf("%d questions", n)
	}
}

func TestAfterAWithdrawalTheSameTextIsANewQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	first := w.askForm(form("Again?"))
	w.post(first+"/withdraw", nil)
	if again := w.askForm(form("Again?")); again == first {
		t.Error("the withdrawn question came back")
	}
}

func TestHoneypotPretendsAndStoresNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	rec := w.post("/s/heating/questions", url.Values{"text": {"Buy now"}, "website": {"http://spam.example"}})
	if rec.Code != http.StatusSeeOther || w.received() != 0 {
		t.Errorf("%d, %d questions", rec.Code, w.received())
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
	w.server.AskPerMinute = 0
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
	contains(t, rec.Body.String(), "One more?</textarea>", "too many")
	if rec.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.after(time.Minute)
	w.askForm(form("A minute later?"))
}

func (w *world) limited(perMinute int) *Server {
	w.t.Helper()
	c := w.server.Config
	c.AskPerMinute, c.VotePerMinute = perMinute, perMinute
	s, err := New(c)
	w.must(err)
	return s
}

func TestAskingOutsideTheHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contains(t, w.page("/s/heating"), "Ask early")
	w.askForm(form("Early?"))
	w.open()
	w.after(2 * time.Hour)
	w.session(session.StopSession{})
	w.after(time.Minute)
	w.askForm(form("The form was opened before the end?"))
	lacks(t, w.page("/s/heating"), "<textarea")
	w.after(2 * time.Minute)
	rec := w.post("/s/heating/questions", form("Too late?"))
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

// Many people share an address and a browser, and everybody can read a question that
// was accepted: sending it again must not open the receipt of whoever asked it.
func TestRepeatingAPublicQuestionIsNoReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	receipt := w.askForm(form("Who pays?"))
	w.accept(1)
	for _, f := range []url.Values{form("Who pays?"), {"text": {"Who pays?"}}} {
		if again := w.askForm(f); again != "/s/heating/q/1" {
			t.Errorf("sent to %s", again)
		}
	}
	if n := w.received(); n != 1 {
		t.Errorf("%d questions", n)
	}
	w.post(receipt+"/withdraw", nil)
	if again := w.askForm(url.Values{"text": {"Who pays?"}}); again == receipt || w.received() != 2 {
		t.Errorf("after the withdrawal it was lost: %s, %d questions", again, w.received())
	}
}
