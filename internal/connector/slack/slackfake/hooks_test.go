package slackfake_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
)

// serve starts an app in HTTP mode; every request waits for one answer.
func serve(t *testing.T, w *slackfake.Workspace) *site {
	t.Helper()
	s := &site{got: make(chan *delivered, 100), answer: make(chan func(http.ResponseWriter), 100)}
	s.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		s.got <- &delivered{path: r.URL.Path, header: r.Header, body: body, form: form}
		if answer := s.await(r); answer != nil {
			answer(rw)
			return
		}
		<-r.Context().Done() // nil is silence
	}))
	t.Cleanup(s.server.Close)
	w.UseHTTP(slackfake.URLs{Events: s.server.URL + "/events", Commands: s.server.URL + "/commands",
		Interactions: s.server.URL + "/interactions"})
	return s
}

func (s *site) await(r *http.Request) func(http.ResponseWriter) {
	select {
	case answer := <-s.answer:
		return answer
	case <-r.Context().Done():
		return nil
	}
}

func (s *site) next(t *testing.T) *delivered {
	t.Helper()
	select {
	case d := <-s.got:
		return d
	case <-within(t).Done():
		t.Fatal("nothing came")
	}
	return nil
}

func say(kind, body string) func(http.ResponseWriter) {
	return func(rw http.ResponseWriter) {
		rw.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(rw, body)
	}
}

func TestEventsAreSigned(t *testing.T) {
	t.Parallel()
	_, w := start(t, slackfake.Options{SigningSecret: "hush"})
	s := serve(t, w)
	s.answer <- status(200)
	w.User("U1", "Anna", "").Say(w.Channel("C1"), "x")
	d := s.next(t)
	stamp := d.header.Get("X-Slack-Request-Timestamp")
	if d.path != "/events" || d.header.Get("X-Slack-Signature") != slackfake.Sign("hush", stamp, d.body) || stamp == "" {
		t.Errorf("%s %v", d.path, d.header)
	}
	if d.header.Get("X-Slack-Retry-Num") != "" || d.json()["event_id"] == "" {
		t.Errorf("%v %s", d.header, d.body)
	}
	if !w.Deliveries()[0].Acked {
		t.Error("Say returns when the first attempt is answered")
	}
}

func TestSignatureOfTheDocumentation(t *testing.T) {
	t.Parallel()
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&" +
		"user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&" +
		"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
		"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	got := slackfake.Sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", []byte(body))
	if got != "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" {
		t.Error(got)
	}
}

func TestHTTPRetries(t *testing.T) {
	t.Parallel()
	_, w := start(t, slackfake.Options{Redeliver: []time.Duration{0, 0, 0}})
	s := serve(t, w)
	s.answer <- status(503)
	w.User("U1", "Anna", "").Say(w.Channel("C1"), "x")
	first := s.next(t)
	s.answer <- nil
	second := s.next(t)
	s.answer <- status(200)
	third := s.next(t)
	for i, d := range []*delivered{second, third} {
		want := []string{"http_error", "http_timeout"}[i]
		if d.header.Get("X-Slack-Retry-Num") != []string{"1", "2"}[i] || d.header.Get("X-Slack-Retry-Reason") != want {
			t.Errorf("%v", d.header)
		}
		if d.json()["event_id"] != first.json()["event_id"] {
			t.Error("another event id")
		}
	}
	if err := w.Await(within(t), func() bool { return w.Deliveries()[0].Acked }); err != nil {
		t.Error(err)
	}
}

func TestNoRetryIsObeyed(t *testing.T) {
	t.Parallel()
	_, w := start(t, slackfake.Options{Redeliver: []time.Duration{0}})
	s := serve(t, w)
	s.answer <- func(rw http.ResponseWriter) { rw.Header().Set("X-Slack-No-Retry", "1"); rw.WriteHeader(500) }
	w.User("U1", "Anna", "").Say(w.Channel("C1"), "x")
	if err := w.Await(within(t), func() bool { return w.Deliveries()[0].Dropped }); err != nil || w.Deliveries()[0].Attempts != 1 {
		t.Errorf("%v %+v", err, w.Deliveries())
	}
}

func TestURLVerification(t *testing.T) {
	t.Parallel()
	_, w := start(t, slackfake.Options{})
	s := serve(t, w)
	s.answer <- say("text/plain", "challenge-0123456789abcdef")
	if err := w.VerifyURL(t.Context()); err != nil {
		t.Error(err)
	}
	s.answer <- say("text/plain", "hello")
	if err := w.VerifyURL(t.Context()); err == nil {
		t.Error("a wrong challenge passed")
	}
}

func TestCommandsOverHTTP(t *testing.T) {
	t.Parallel()
	_, w := start(t, slackfake.Options{Events: []string{}})
	s, anna, c1 := serve(t, w), w.User("U1", "Anna", ""), w.Channel("C1")
	s.answer <- say("text/plain", "Ask *me*")
	if said, err := anna.Command(c1, "/hour", "help"); err != nil || said != "Ask me" {
		t.Errorf("%q %v", said, err)
	}
	d := s.next(t)
	if d.path != "/commands" || d.form.Get("text") != "help" || d.form.Get("user_id") != "U1" || d.form.Get("trigger_id") == "" {
		t.Errorf("%s %v", d.path, d.form)
	}
	s.answer <- say("application/json", `{"response_type":"in_channel","text":"all"}`)
	if said, err := anna.Command(c1, "/hour", ""); err != nil || said != "all" || c1.Find("all") == nil {
		t.Errorf("%q %v", said, err)
	}
	<-s.got
	var shown *slackfake.Shown
	s.answer <- nil
	if _, err := anna.Command(c1, "/hour", ""); !errors.As(err, &shown) || shown.Code != "operation_timeout" {
		t.Errorf("silence: %v", err)
	}
	<-s.got
	s.answer <- status(500)
	if _, err := anna.Command(c1, "/hour", ""); !errors.As(err, &shown) || shown.Code != "http_500" || len(w.Complaints()) != 1 {
		t.Errorf("500: %v", err)
	}
	<-s.got
	select {
	case d := <-s.got:
		t.Errorf("a command came again: %v", d.form)
	default:
	}
	w.UseHTTP(slackfake.URLs{Commands: "http://127.0.0.1:1/"})
	if _, err := anna.Command(c1, "/hour", ""); !errors.As(err, &shown) || shown.Code != "dispatch_failed" {
		t.Errorf("nobody there: %v", err)
	}
}

func TestInteractionsOverHTTP(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{Events: []string{}})
	s, anna := serve(t, w), w.User("U1", "Anna", "")
	w.Channel("C1")
	r.post("blocks", []any{section("x"), actions(button("go", "Go"))})
	s.answer <- status(200)
	if err := w.Channel("C1").Messages()[0].Click(anna, "Go"); err != nil {
		t.Error(err)
	}
	d := s.next(t)
	d.body = []byte(d.form.Get("payload"))
	if d.path != "/interactions" || d.json()["type"] != "block_actions" {
		t.Errorf("%s %s", d.path, d.body)
	}
	got := r.json("views.open", object{"trigger_id": d.json()["trigger_id"], "view": modal("M")})
	wantOK(t, got)
	s.answer <- say("application/json", `{"response_action":"clear"}`)
	after, err := w.Modal(anna).Submit()
	if err != nil || after.Next != nil || w.Modal(anna) != nil {
		t.Errorf("%+v %v", after, err)
	}
}
