package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

// TestUntilWhen: an end after midnight is a time like any other, for the sentence has no room for a date.
func TestUntilWhen(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.session(session.ExtendSession{End: noon.Add(11 * time.Hour)})
	contains(t, w.page("/s/heating"), "Open until <time", ">01:00</time>")
}

func TestThePageInEveryState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contains(t, w.page("/"), "Home insulation", "Not started")
	contains(t, w.page("/s/heating"), "Not started", "Starts in", "session.ics", "Ilze Kalniņa", "Head of Home Energy")
	w.open()
	w.after(20 * time.Minute)
	contains(t, w.page("/s/heating"), "1 h 40 min", "Open until", `role="status" id="status"`, `id="pause"`, "No answers yet")
	w.session(session.StopSession{})
	contains(t, w.page("/s/heating"), "Questions are no longer taken", "Asking has ended")
	w.session(session.CloseSession{})
	body := w.page("/s/heating")
	contains(t, body, "This expert hour is over", "/s/heating/transcript", "No question was answered.")
	lacks(t, body, `id="pause"`, "No answers yet", "data-events=\"/s")
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(session.Asked{Text: "Early?"})
	w.session(session.CancelSession{Reason: "SECRET", Public: "The <expert> is ill.", NewDate: "2026-12-24"})
	told := []string{"Reason: The &lt;expert&gt; is ill.", "New date: Thursday, 24 December 2026"}
	body := w.page("/s/heating")
	contains(t, body, append(told, "cancelled")...)
	lacks(t, body, "SECRET", "<textarea", "closed", "Ended")
	list := w.page("/")
	contains(t, list, "<h2>Cancelled</h2>")
	lacks(t, list, "<h2>Past")
	ses, err := w.store.Session(t.Context(), "heating")
	w.must(err)
	w.must(w.service.Tick(t.Context(), ses))
	contains(t, w.page(w.receiptOf(n)), append(told, "This expert hour was cancelled.")...)
	contains(t, w.get("/api/v1/sessions/heating").Body.String(),
		`"called_off":{"reason":"The \u003cexpert\u003e is ill.","new_date":"2026-12-24"}`)
}

func TestPagesHaveOneStatusAndNothingInline(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("Answered?", "Yes.")
	n := w.ask(session.Asked{Text: "Open?"})
	for _, path := range []string{"/", "/s/heating", "/s/heating/q/1", w.receiptOf(n), "/nowhere", "/frame", "/s/heating/frame"} {
		body := w.get(path).Body.String()
		if strings.Count(body, "<h1") != 1 {
			t.Errorf("%s has not one h1", path)
		}
		if strings.Count(body, `id="status"`) > 1 {
			t.Errorf("%s has more than one status line", path)
		}
		account := `<a href="https://social.example/@housing" rel="me">Mastodon</a>`
		if framed := strings.HasSuffix(path, "/frame"); framed == strings.Contains(body, account) {
			t.Errorf("%s lists the official accounts: %t", path, framed)
		}
		lacks(t, body, " style=", "<style", "onclick", "src=\"http", "ZgotmplZ")
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	h := w.get("/s/heating").Header()
	if h.Get("Set-Cookie") != "" {
		t.Error("a reader got a cookie")
	}
	if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", h)
	}
	css := w.server.Site.Asset("site.css")
	if got := w.get(css).Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("%s: %q", css, got)
	}
	icon := w.get("/favicon.ico")
	if icon.Code != http.StatusOK || icon.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("the icon: %d %s", icon.Code, icon.Header().Get("Content-Type"))
	}
	contains(t, w.page("/s/heating"), `<link rel="icon" href="`+w.server.Site.Asset("icon.svg")+`"`)
}

func TestACorrectionKeepsThePublicText(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.answered("How much?", "Up to 40 %.")
	w.do(ilze, session.CorrectAnswer{On: on(n), Text: "Up to 49 %."})
	body := w.page("/s/heating")
	contains(t, body, "Up to 40 %.", `Answered <span class="count" data-count="answered">1<`,
		`Waiting for an answer <span class="count" data-count="waiting">0<`)
	lacks(t, body, "Up to 49 %.")
	w.publish(n)
	body = w.page("/s/heating")
	contains(t, body, "Up to 49 %.", "Answer corrected:")
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("How much?", "Up to 49 %.")
	if rec := w.get("/s/heating/transcript"); rec.Code != http.StatusNotFound || !strings.Contains(rec.Body.String(), "has been closed") {
		t.Errorf("early: %d", rec.Code)
	}
	checkProblem(t, w.get("/s/heating/transcript.json"), 404, "transcript_early", "closed")
	contains(t, w.page("/s/heating/feed.atom"), "How much?")
	w.session(session.StopSession{})
	w.session(session.CloseSession{})
	for path, want := range map[string]string{"transcript": "text/html", "transcript.md": "text/markdown",
		"transcript.json": "application/json",
		"transcript.csv":  "text/csv", "feed.atom": "application/atom+xml",
		"feed.rss": "application/rss+xml", "feed.json": "application/feed+json", "session.ics": "text/calendar"} {
		rec := w.get("/s/heating/" + path)
		if got := rec.Header().Get("Content-Type"); rec.Code != http.StatusOK || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %d %s", path, rec.Code, got)
		}
	}
	contains(t, w.page("/s/heating/transcript"), "Up to 49 %.", "application/ld+json", "transcript.csv")
	for _, format := range []string{"atom", "rss", "json"} {
		contains(t, w.page("/feed."+format), "Home insulation")
		contains(t, w.page("/"), `href="/feed.`+format+`"`)
		contains(t, w.page("/s/heating"), `href="/s/heating/feed.`+format+`"`)
		contains(t, w.page("/s/heating/feed."+format), "How much?", "/s/heating/feed."+format)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.Ready = func(context.Context) error { return errors.New("away") }
	if w.get("/healthz").Code != http.StatusOK || w.get("/readyz").Code != http.StatusServiceUnavailable {
		t.Error("the process answers, the store does not")
	}
	m := httptest.NewRecorder()
	w.server.Metrics.Question(session.Page, true, nil)
	w.server.Metrics.Command(session.Accept, session.Question{}, session.Fail(session.Stale, "stale"))
	first := session.Question{State: session.Published, Asked: noon, PublishedAt: noon.Add(90 * time.Second),
		Acts: map[session.Verb]session.Act{session.Sent: {At: noon.Add(90 * time.Second)}}}
	w.server.Metrics.Command(session.Sent, first, nil)
	w.server.Metrics.Handler().ServeHTTP(m, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	contains(t, m.Body.String(), `experthour_questions_total{connector="page",result="ok"} 1`,
		`experthour_commands_total{result="stale",verb="accept"} 1`,
		`experthour_first_answer_seconds_sum 90`)
}

func TestLanguageOfTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contains(t, w.page("/?lang=lv"), `<html lang="lv">`, "Eksperta stundas")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Language", "lv-LV,lv;q=0.9,en;q=0.5")
	contains(t, w.request(r).Body.String(), `<html lang="lv">`)
	r.Header.Set("Accept-Language", "de")
	contains(t, w.request(r).Body.String(), `<html lang="en">`)
}
