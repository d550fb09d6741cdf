package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"experthour/internal/session"
	"experthour/internal/testenv"
)

// secrets are planted in everything that the public must not read.
var secrets = []string{"SECRET-UNDECIDED", "SECRET-DECLINED", "SECRET-EMAIL", "SECRET-NOTE", "SECRET-REMARK", "SECRET-DRAFT",
	"SECRET-COMMENT", "SECRET-PENDING", "SECRET-WITHDRAWN", "SECRET-USER", "SECRET-HIDDEN", "SECRET-EXPIRED", "SECRET-RETRACTED",
	"SECRET-MERGED", "SECRET-INSTITUTION", "SECRET-SALT", "SECRET-HASH", "secret-user", "Anna"}

// planted is an hour with questions in every state.
func planted(t *testing.T) *world { return newWorld(t).open().plant() }

func (w *world) plant() *world {
	ask := func(text string) int {
		n := w.ask(session.Asked{Text: text, Email: "SECRET-EMAIL@example.com", Proof: session.Proof{Salt: "SECRET-SALT", Hash: "SECRET-HASH"},
			Origin: session.Origin{Connector: session.Page, User: "SECRET-USER", Message: session.MessageID(text)}})
		w.do(anna, session.NoteQuestion{On: on(n), Text: "SECRET-NOTE"})
		return n
	}
	ask("SECRET-UNDECIDED?")
	w.do(anna, session.DeclineQuestion{On: on(ask("SECRET-DECLINED?")), Reason: "off_topic", Remark: "SECRET-REMARK"})
	plantAnswers(w, ask)
	gone := ask("SECRET-WITHDRAWN?")
	w.accept(gone)
	w.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(gone)})
	w.do(anna, session.RedirectQuestion{On: on(ask("SECRET-HIDDEN redirected?")), Forward: session.Forward{Institution: "SECRET-INSTITUTION"}})
	w.do(anna, session.ExpireQuestion{On: on(ask("SECRET-EXPIRED?"))})
	w.do(anna, session.MergeQuestion{On: on(ask("SECRET-MERGED?")), Into: 3})
	return w
}

// plantAnswers makes questions that are public, with answers that are not.
func plantAnswers(w *world, ask func(string) int) {
	public := ask("Public question?") // 3
	w.accept(public)
	w.submit(public, "SECRET-DRAFT one")
	w.do(anna, session.SendBackAnswer{On: on(public), Comment: "SECRET-COMMENT"})
	w.do(ilze, session.SubmitAnswer{On: on(public), Text: "Public answer."})
	w.publish(public)
	w.do(ilze, session.CorrectAnswer{On: on(public), Text: "SECRET-DRAFT correction"})
	review := ask("Reviewed question?")
	w.accept(review)
	w.submit(review, "SECRET-DRAFT two")
	w.do(session.Actor{Role: session.Asker}, session.RewordQuestion{On: on(review), Text: "SECRET-PENDING wording?"})
	back := ask("Retracted question?")
	w.accept(back)
	w.submit(back, "SECRET-RETRACTED answer")
	w.publish(back)
	w.do(anna, session.RetractAnswer{On: on(back), Remark: "SECRET-REMARK"})
}

// addresses are all that the public can get of an hour.
func addresses(count int) []string {
	all := []string{"/", "/?lang=lv", "/feed.atom", "/feed.rss", "/feed.json", "/api/v1/sessions", "/robots.txt", "/healthz",
		"/frame", "/oembed?url=http://hour.example/s/heating"}
	for _, end := range []string{"", "/transcript", "/transcript.md", "/transcript.json", "/transcript.csv",
		"/feed.atom", "/feed.rss", "/feed.json", "/session.ics", "/frame", "?lang=lv", "/answered", "/answered?sort=wanted", "/waiting",
		"/waiting?sort=hour", "/other", "/search"} {
		all = append(all, "/s/heating"+end)
	}
	all = append(all, "/api/v1/sessions/heating")
	for n := range count + 2 {
		all = append(all, "/s/heating/q/"+strconv.Itoa(n))
	}
	return all
}

// searches look for what is internal.
func searches() []string {
	var all []string
	for _, s := range append([]string{"answer", "question"}, secrets...) {
		all = append(all, "/s/heating/search?q="+strings.TrimPrefix(strings.ToLower(s), "secret-"))
	}
	return all
}

func TestNothingInternalIsPublic(t *testing.T) {
	t.Parallel()
	w := planted(t)
	steps := []struct {
		name string
		do   func()
	}{
		{"open", func() {}},
		{"paused", func() { w.session(session.PauseSession{}) }},
		{"closing", func() { w.session(session.ResumeSession{}); w.session(session.StopSession{}) }},
		{"closed", func() { w.session(session.CloseSession{Force: true, Reason: "end of the day"}) }},
		{"settled", func() {
			ses, err := w.store.Session(t.Context(), hourID)
			w.must(err)
			w.must(w.service.Tick(t.Context(), ses))
		}},
	}
	for _, step := range steps {
		step.do()
		for _, path := range append(addresses(w.received()), searches()...) {
			body := w.get(path).Body.String()
			for _, s := range secrets {
				if strings.Contains(body, s) {
					t.Errorf("%s: %s shows %s", step.name, path, s)
				}
			}
		}
	}
	contains(t, w.page("/s/heating"), "Public answer.", "Reviewed question?")
}

// The record of the whole hour, told to a reader whose page is from its beginning.
func TestLiveUpdatesTellNothingInternal(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	begin := w.server.Hub.Position(t.Context(), hourID)
	w.plant()
	w.accept(w.ask(session.Asked{Text: "The end?"}))
	text := w.listen("/s/heating/events?after="+begin, "The end?")
	lacks(t, text, secrets...)
	contains(t, text, "Public answer.")
}

// listen reads a stream until it has said something.
func (w *world) listen(path, until string) string {
	w.t.Helper()
	server := httptest.NewServer(w.handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(testenv.Soon(w.t), http.MethodGet, server.URL+path, nil)
	w.must(err)
	res, err := http.DefaultClient.Do(r)
	w.must(err)
	defer res.Body.Close()
	var b strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(b.String(), until) {
		n, err := res.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			w.t.Fatalf("stream ended: %v\n%s", err, b.String())
		}
	}
	return b.String()
}

func TestUndecidedIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.ask(session.Asked{Text: "Hidden?"})
	for _, number := range []int{0, n, n + 1, -1} {
		path := fmt.Sprintf("/s/heating/q/%d", number)
		if code := w.get(path).Code; code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
	w.do(anna, session.DeclineQuestion{On: on(n), Reason: "off_topic"})
	contains(t, w.page(fmt.Sprintf("/s/heating/q/%d", n)), "tombstone", "Not about the topic.")
}
