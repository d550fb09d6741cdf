package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

func decoded(t *testing.T, rec *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v: %s", err, rec.Body)
	}
	return v
}

func TestAPIReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("Answered?", "The answer.")
	w.accept(w.ask(session.Asked{Text: "Accepted?"}))
	w.ask(session.Asked{Text: "Undecided?"})
	list := decoded(t, w.get("/api/v1/sessions"))["sessions"].([]any)[0].(map[string]any)
	for field, want := range map[string]any{"slug": "heating", "title": "Home insulation", "state": "open",
		"start": "2026-11-22T12:00:00Z", "end": "2026-11-22T14:00:00Z", "url": "http://hour.example/s/heating"} {
		if list[field] != want {
			t.Errorf("%s is %v", field, list[field])
		}
	}
	one := decoded(t, w.get("/api/v1/sessions/heating"))
	qs := one["questions"].([]any)
	if len(qs) != 2 {
		t.Fatalf("%v", qs)
	}
	first, second := qs[0].(map[string]any), qs[1].(map[string]any)
	answer := first["answer"].(map[string]any)
	if first["state"] != "published" || answer["text"] != "The answer." || answer["by"] != "Ilze Kalniņa" || answer["revision"] != 1.0 {
		t.Errorf("%v", first)
	}
	if second["state"] != "accepted" || second["answer"] != nil || second["text"] != "Accepted?" {
		t.Errorf("%v", second)
	}
}

func TestAPIAsksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	body := `{"text":"By program?","name":"Zane","key":"k1"}`
	first := w.api("/api/v1/sessions/heating/questions", body)
	again := w.api("/api/v1/sessions/heating/questions", body)
	if first.Code != http.StatusCreated || again.Code != http.StatusOK || first.Body.String() != again.Body.String() {
		t.Fatalf("%d %s, %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	a := decoded(t, first)
	contains(t, w.page("/r/"+a["receipt"].(string)), "By program?")
	if a["number"] != 1.0 || a["url"] != "http://hour.example/r/"+a["receipt"].(string) {
		t.Errorf("%v", a)
	}
	w.address = "203.0.113.9:1"
	if other := w.api("/api/v1/sessions/heating/questions", `{"text":"Guess?","key":"k1"}`); other.Code != http.StatusCreated {
		t.Errorf("a guessed key gave %d %s", other.Code, other.Body)
	}
}

// Every bad call is answered with a problem document and changes nothing.
func TestBadCalls(t *testing.T) {
	t.Parallel()
	ask := "/api/v1/sessions/heating/questions"
	for name, c := range map[string]struct {
		path, body string
		status     int
		code, says string
		field      string
	}{
		"unknown field": {ask, `{"text":"Hm?","colour":"red"}`, 422, "field_unknown", "colour", "colour"},
		"wrong type":    {ask, `{"text":7}`, 422, "field_type", "text", "text"},
		"no JSON":       {ask, `text=hm`, 400, "json_form", "", ""},
		"two values":    {ask, `{"text":"a"} {}`, 400, "json_form", "", ""},
		"empty":         {ask, `{"text":""}`, 422, "question_empty", "", "text"},
		"long key":      {ask, `{"text":"Hm?","key":"` + strings.Repeat("k", 201) + `"}`, 422, "key_form", "", "key"},
		"long name":     {ask, `{"text":"Hm?","name":"` + strings.Repeat("n", 100) + `"}`, 422, "field_too_long", "name", "name"},
		"too large":     {ask, `{"text":"` + strings.Repeat("x", 70_000) + `"}`, 413, "body_too_large", "", ""},
		"unknown hour":  {"/api/v1/sessions/nowhere/questions", `{"text":"Hm?"}`, 404, "session_unknown", "nowhere", ""},
		"odd slug":      {"/api/v1/sessions/%7Bx%7D/questions", `{"text":"Hm?"}`, 404, "page_unknown", "", ""},
		"no such path":  {"/api/v1/nothing", `{}`, 404, "page_unknown", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).open()
			rec := w.api(c.path, c.body)
			checkProblem(t, rec, c.status, c.code, c.says)
			if field, _ := decoded(t, rec)["field"].(string); field != c.field {
				t.Errorf("field is %q, want %q", field, c.field)
			}
			if n := w.received(); n != 0 {
				t.Errorf("%d stored", n)
			}
		})
	}
}

func checkProblem(t *testing.T, rec *httptest.ResponseRecorder, status int, code, says string) {
	t.Helper()
	p := decoded(t, rec)
	if rec.Code != status || p["code"] != code || p["status"] != float64(status) || p["detail"] == "" || p["title"] == "" {
		t.Errorf("%d %v", rec.Code, p)
	}
	if !strings.Contains(p["detail"].(string), says) {
		t.Errorf("%q is missing in %q", says, p["detail"])
	}
	if ct := rec.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
}

func TestWrongContentTypeAndLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	r := httptest.NewRequest(http.MethodPost, "/api/v1/sessions/heating/questions", strings.NewReader(`{"text":"Hm?"}`))
	r.Header.Set("Content-Type", "text/plain")
	r.Header.Set("Accept-Language", "lv")
	checkProblem(t, w.request(r), 415, "media_type", "Lūdzu")
}

func TestAPIRateAndEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.server = w.limited(1)
	w.handler = w.server.Handler()
	w.api("/api/v1/sessions/heating/questions", `{"text":"One?"}`)
	rec := w.api("/api/v1/sessions/heating/questions", `{"text":"Two?"}`)
	checkProblem(t, rec, 429, "too_fast", "try again in")
	w.after(2 * time.Hour)
	w.session(session.StopSession{})
	w.after(3 * time.Minute)
	checkProblem(t, w.api("/api/v1/sessions/heating/questions", `{"text":"Late?"}`), 409, "ask_over", "no more questions")
}

func TestVoting(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "Vote for me?"})
	mine := w.token()
	vote := func(n int, token, up string) *httptest.ResponseRecorder {
		return w.post(fmt.Sprintf("/s/heating/q/%d/vote", n), url.Values{"up": {up}, "token": {token}})
	}
	if rec := vote(1, mine, "1"); rec.Code != http.StatusConflict {
		t.Errorf("undecided: %d", rec.Code)
	}
	if rec := vote(9, mine, "1"); rec.Code != http.StatusConflict {
		t.Errorf("unknown: %d", rec.Code)
	}
	w.accept(n)
	for range 2 { // without script the question's page follows, on which the vote can be taken back
		rec := vote(1, mine, "1")
		to := "/s/heating/q/1?by=" + mine + "&voted=1"
		if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != to {
			t.Errorf("%d %v", rec.Code, rec.Header())
		}
		contains(t, w.page(to), `aria-pressed="true"`, "1 vote<", "You voted", `name="token" value="`+mine+`"`)
		lacks(t, w.page("/s/heating?by="+mine), mine) // an address may be handed on, and with it a receipt
	}
	vote(1, w.token(), "1") // a colleague with the same address and browser
	contains(t, w.page("/s/heating"), "2 votes")
	vote(1, mine, "0")
	contains(t, w.page("/s/heating"), "1 vote<")
	lacks(t, w.page("/s/heating/q/1?voted=1"), ">You voted") // not for whoever has no token
	w.session(session.StopSession{})
	w.session(session.CloseSession{Force: true, Reason: "over"})
	if rec := vote(1, mine, "1"); rec.Code != http.StatusConflict {
		t.Errorf("closed: %d", rec.Code)
	}
}

// A repeat is recognised by its key from anywhere, and a key that somebody else uses too
// opens nothing.
func TestAPIKeyNamesAQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	first := w.api("/api/v1/sessions/heating/questions", `{"text":"Mine?","key":"1"}`)
	w.address = "198.51.100.1:1"
	again := w.api("/api/v1/sessions/heating/questions", `{"text":"Mine?","key":"1"}`)
	if again.Code != http.StatusOK || again.Body.String() != first.Body.String() {
		t.Errorf("%d %s, first %s", again.Code, again.Body, first.Body)
	}
	if other := w.api("/api/v1/sessions/heating/questions", `{"text":"Yours?","key":"1"}`); other.Code != http.StatusCreated {
		t.Errorf("another question under the same key: %d %s", other.Code, other.Body)
	}
}

// Without a key nothing is a repeat: what everybody can read proves nothing.
func TestAPIRepeatingAPublicQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	first := decoded(t, w.api("/api/v1/sessions/heating/questions", `{"text":"Who pays?"}`))
	w.accept(1)
	again := decoded(t, w.api("/api/v1/sessions/heating/questions", `{"text":"Who pays?"}`))
	if again["receipt"] == first["receipt"] {
		t.Error("the receipt of somebody else")
	}
}

// What the form refuses, the API does not let in either.
func TestAPIRefusesPersonalCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for _, body := range []string{`{"text":"My code is 010190-12345, why?"}`, `{"text":"Why?","name":"010190-12345"}`} {
		checkProblem(t, w.api("/api/v1/sessions/heating/questions", body), 422, "personal_data", "")
	}
}
