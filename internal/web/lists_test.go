package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

// articles are the numbers of the questions on a page, in its order.
func articles(body string) []int {
	var ns []int
	for _, m := range regexp.MustCompile(`<article [^>]*id="q(\d+)"`).FindAllStringSubmatch(body, -1) {
		n, _ := strconv.Atoi(m[1])
		ns = append(ns, n)
	}
	return ns
}

func (w *world) vote(n int, times int) {
	w.t.Helper()
	for range times {
		if rec := w.post(fmt.Sprintf("/s/heating/q/%d/vote", n), url.Values{"up": {"1"}, "token": {w.token()}}); rec.Code != http.StatusSeeOther {
			w.t.Fatalf("vote: %d", rec.Code)
		}
	}
}

// TestListsHavePagesAndOrders: by their addresses, without any script.
func TestListsHavePagesAndOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for i := range 2*listPage + 3 {
		w.accept(w.ask(session.Asked{Text: fmt.Sprintf("Number %d?", i)}))
	}
	w.vote(7, 2)
	w.vote(53, 2)
	w.vote(9, 1)
	front := w.page("/s/heating")
	if got := articles(front); len(got) != onFront || !slices.Equal(got[:4], []int{7, 53, 9, 1}) {
		t.Errorf("the hour's page begins with %v", got)
	}
	contains(t, front, `href="/s/heating/waiting">Show all (53)`, `href="/s/heating/answered"`, `href="/s/heating/search"`)
	for path, first := range map[string][]int{"": {7, 53, 9, 1, 2}, "?sort=newest": {53, 52}, "?sort=hour": {1, 2, 3}, "?sort=none": {7, 53},
		"?sort=hour&page=2": {26, 27}, "?page=no": {7, 53}} {
		body := w.page("/s/heating/waiting" + path)
		if got := articles(body); len(got) < 3 || !slices.Equal(got[:len(first)], first) {
			t.Errorf("%s begins with %v", path, got)
		}
		contains(t, body, `aria-current="page">Waiting <span class="count" data-count="waiting">53<`)
	}
	seen := map[int]bool{}
	next := "/s/heating/waiting?sort=newest"
	for pages := 0; next != ""; pages++ {
		body := w.page(next)
		for _, n := range articles(body) {
			seen[n] = true
		}
		_, rest, more := strings.Cut(body, `rel="next"`)
		if next = ""; more {
			m := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(body)
			next = strings.ReplaceAll(m[1], "&amp;", "&")
			contains(t, rest, "Last")
		}
	}
	if len(seen) != 53 {
		t.Errorf("%d of 53 questions on all pages", len(seen))
	}
	for _, path := range []string{"waiting?page=4", "waiting?page=9999", "answered?page=2", "nothing"} {
		if code := w.get("/s/heating/" + path).Code; code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
}

func TestAnswersHaveOrdersToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for n := range 3 {
		w.accept(w.ask(session.Asked{Text: fmt.Sprint("Question ", n+1, "?")}))
	}
	w.vote(2, 1)
	for _, n := range []int{3, 1, 2} {
		w.submit(n, "Yes.")
		w.publish(n)
		w.after(time.Minute)
	}
	for path, want := range map[string][]int{"": {2, 1, 3}, "?sort=wanted": {2, 1, 3}, "?sort=hour": {1, 2, 3}} {
		if got := articles(w.page("/s/heating/answered" + path)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

// TestWhatIsBeingAnsweredIsMarked from the claim to the answer.
func TestWhatIsBeingAnsweredIsMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.accept(w.ask(session.Asked{Text: "Is it warm?"}))
	const mark = "Being answered now"
	lacks(t, w.page("/s/heating"), mark)
	w.do(ilze, session.ClaimQuestion{On: on(1)})
	contains(t, w.page("/s/heating"), mark)
	w.do(ilze, session.ReleaseQuestion{On: on(1)})
	lacks(t, w.page("/s/heating"), mark)
	w.submit(1, "Yes.")
	contains(t, w.page("/s/heating/waiting"), mark)
	w.publish(1)
	lacks(t, w.page("/s/heating"), mark)
}

// TestTheSearchOfThePublic reads what they may read, in letters with or without marks.
func TestTheSearchOfThePublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("Cik liels ir nodoklis Jūrmalā?", "Četri procenti.")
	w.accept(w.ask(session.Asked{Text: "Vai nodokli var maksāt pa daļām?", Name: "Žanete"}))
	w.ask(session.Asked{Text: "Nodoklis, ko neviens nav pieņēmis?"})
	w.do(ilze, session.CorrectAnswer{On: on(1), Text: "Pieci procenti."})
	for query, want := range map[string][]int{"nodoklis": {1}, "NODOKLI": {1, 2}, "jurmala": {1}, "četri": {1}, "cetri": {1}, "pieci": nil,
		"zanete": {2}, "#2": {2}, "2": {2}, "3": nil, "pienemis": nil, "%": nil, "nodokli dalam": {2}} {
		body := w.page("/s/heating/search?q=" + url.QueryEscape(query))
		got := articles(body)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
		if want == nil {
			contains(t, body, "Nothing was found")
		}
	}
	hostile := w.page("/s/heating/search?q=" + url.QueryEscape(`"><script>alert(1)</script>`+strings.Repeat("x", 5000)))
	lacks(t, hostile, "<script>alert", strings.Repeat("x", 250))
	w.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(2)})
	if got := articles(w.page("/s/heating/search?q=dalam")); got != nil {
		t.Errorf("withdrawn, and found: %v", got)
	}
}

// TestSearchingTakesNothingFromReaders: it is bounded by itself, reads at most a page of
// documents, and leaves what is kept for all readers alone.
func TestSearchingTakesNothingFromReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("Is it warm?", "Yes.")
	w.page("/s/heating")
	w.page("/s/heating/search?q=warm")
	count := &trips{}
	w.store.Client.AddHook(count)
	for n := range 200 {
		w.page(fmt.Sprint("/s/heating/search?q=nothing", n))
	}
	w.page("/s/heating")
	w.page("/s/heating/answered")
	if n := count.n.Load(); n > 2 { // the list's documents and votes
		t.Errorf("%d round trips for 200 searches that find nothing", n)
	}
	c := w.server.Config
	c.Limits = Limits{Search: Pace{PerMinute: 3}}
	s, err := New(c)
	w.must(err)
	w.server, w.handler = s, s.Handler()
	codes := map[int]int{}
	for range 10 {
		codes[w.get("/s/heating/search?q=warm").Code]++
	}
	if codes[200] != 3 || codes[http.StatusTooManyRequests] != 7 {
		t.Errorf("%v", codes)
	}
	if w.get("/s/heating/search").Code != http.StatusOK {
		t.Error("the page of the search is for all")
	}
}

// TestTheReaderChoosesTheLanguage by an address, which every address of the hour keeps; texts
// stay in their own, and say so.
func TestTheReaderChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	w.answered("Is it warm?", "Yes.")
	w.accept(w.ask(session.Asked{Text: "Vai ir silti?", Language: session.Latvian}))
	own := w.page("/s/heating")
	contains(t, own, `<html lang="en">`, `href="/s/heating?lang=lv" lang="lv"`, `lang="lv" dir="auto">Vai ir silti?`)
	lacks(t, own, `lang="en" dir`)
	page := w.page("/s/heating?lang=lv")
	contains(t, page, `<html lang="lv">`, `lang="en">Home insulation`, `lang="en" dir="auto">Is it warm?`, `lang="en" dir="auto">Yes.`,
		`href="/s/heating" lang="en"`, "Uzdot jautājumu", `action="/s/heating/questions?lang=lv#form-errors"`,
		`href="/s/heating/q/1?lang=lv"`, `formaction="/s/heating/q/2/vote?lang=lv"`, `data-events="/s/heating/events?lang=lv&amp;after="`)
	lacks(t, page, "lang=en", `lang="lv" dir`)
	for _, path := range []string{"/answered", "/waiting", "/search", "/q/1"} {
		body := w.page("/s/heating" + path + "?lang=lv")
		contains(t, body, `<html lang="lv">`, `href="/s/heating`+path+`" lang="en"`)
		for _, link := range regexp.MustCompile(`href="/s/heating(?:/q/\d+|/answered|/waiting|/search)?"`).FindAllString(body, -1) {
			if link != `href="/s/heating`+path+`"` {
				t.Errorf("%s loses the language: %s", path, link)
			}
		}
	}
	contains(t, w.page("/?lang=lv"), `href="/s/heating?lang=lv"`)
	contains(t, w.page("/?lang=en"), `href="/s/heating"`)
	lacks(t, w.page("/s/heating?lang=xx"), "lang=xx")
	rec := w.post("/s/heating/questions?lang=lv", url.Values{"text": {" "}})
	contains(t, rec.Body.String(), `<html lang="lv">`, "Jautājums vēl nav nosūtīts")
	begin := w.server.Hub.Position(t.Context(), hourID)
	w.accept(w.ask(session.Asked{Text: "The end?"}))
	contains(t, w.listen("/s/heating/events?lang=lv&after="+begin, "The end?"), "Jauns jautājums: Nr. 3.")
}

// TestAddressesInAnswersAreLinks wherever an answer is read; those in questions are words.
func TestAddressesInAnswersAreLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	n := w.answered("Is https://asked.example/x true?", "See https://a.lv/x.\n\nNot javascript:alert(1), nor https://a.lv@evil.example/.")
	receipt := w.receiptOf(n)
	w.session(session.StopSession{})
	w.session(session.CloseSession{})
	for _, path := range []string{"/s/heating", "/s/heating/answered", "/s/heating/search?q=true", "/s/heating/q/1", "/s/heating/frame",
		receipt, "/s/heating/transcript", "/s/heating/feed.atom", "/s/heating/feed.rss"} {
		body := html.UnescapeString(w.page(path))
		contains(t, body, `<a href="https://a.lv/x" rel="noopener nofollow">https://a.lv/x</a>.`)
		lacks(t, body, `href="https://asked.example`, `href="javascript:`, `href="https://a.lv@`, `href="https://evil`)
	}
	contains(t, w.page("/s/heating/transcript.md"), `(https://a.lv/x)`)
}
