package main

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"experthour/internal/testenv"
)

// subscriber reads the feeds of an hour as a reader does that keeps what it has seen.
type subscriber struct {
	at     *institution
	tokens map[string]string
	feeds  map[string]*subscription // by format
}

// subscription is one feed and what was in it.
type subscription struct {
	address, tag, body string
	entries            map[string]*gofeed.Item // by id
}

var feedTypes = map[string]string{"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}

func subscribe(i *institution, slug string) *subscriber {
	s := &subscriber{at: i, tokens: map[string]string{}, feeds: map[string]*subscription{}}
	for _, name := range []string{"Anna Bērziņa", "Edgars Ozols"} {
		s.tokens[name] = i.token(name)
	}
	for format := range feedTypes {
		s.feeds[format] = &subscription{address: i.base + "/s/" + slug + "/feed." + format, entries: map[string]*gofeed.Item{}}
	}
	return s
}

// poll asks each feed whether it is new, and keeps the entries.
func (s *subscriber) poll() {
	s.at.t.Helper()
	for format, feed := range s.feeds {
		r, err := http.NewRequestWithContext(s.at.t.Context(), http.MethodGet, feed.address, nil)
		if err != nil {
			s.at.t.Fatal(err)
		}
		r.Header.Set("If-None-Match", feed.tag)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			s.at.t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode == http.StatusNotModified {
			continue
		}
		kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
		if err != nil || resp.StatusCode != http.StatusOK || kind != feedTypes[format] {
			s.at.t.Fatalf("%s: %d %s %v: %s", feed.address, resp.StatusCode, kind, err, body)
		}
		feed.tag = resp.Header.Get("ETag")
		s.read(format, feed, body)
	}
}

func (s *subscriber) read(format string, feed *subscription, body []byte) {
	s.at.t.Helper()
	got, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil || got.FeedType != format || got.FeedLink != feed.address || got.Link != strings.TrimSuffix(feed.address, "/feed."+format) {
		s.at.t.Fatalf("%s: %v, %+v in\n%s", feed.address, err, got, body)
	}
	feed.body = string(body)
	for _, e := range got.Items {
		if old := feed.entries[e.GUID]; old != nil && old.PublishedParsed != nil && !old.PublishedParsed.Equal(*e.PublishedParsed) {
			s.at.t.Errorf("%s was public first at %s, and now at %s", e.GUID, old.Published, e.Published)
		}
		feed.entries[e.GUID] = e
	}
}

// await waits until the entry says something, in every format.
func (s *subscriber) await(id string, says ...string) {
	s.at.t.Helper()
	testenv.Until(s.at.t, "every feed has "+id+" with "+strings.Join(says, ", "), func() bool {
		s.poll()
		for _, feed := range s.feeds {
			e := feed.entries["tag:127.0.0.1,2026:s/homes"+id]
			if e == nil || e.PublishedParsed == nil || slices.ContainsFunc(says, func(part string) bool {
				return !strings.Contains(e.Title+e.Content+e.Description, part)
			}) {
				return false
			}
		}
		return true
	})
}

// never fails where a feed as it is now has a text.
func (s *subscriber) never(text string) {
	s.at.t.Helper()
	s.poll()
	for _, feed := range s.feeds {
		if strings.Contains(feed.body, text) {
			s.at.t.Errorf("%s has %q:\n%s", feed.address, text, feed.body)
		}
	}
}

// give gives a command about the hour, or about one of its questions.
func (s *subscriber) give(who, command string, in map[string]any) {
	s.at.t.Helper()
	if status, out := s.at.api(s.tokens[who], http.MethodPost, "/api/v1/desk/sessions/homes/"+command, in); status != http.StatusOK {
		s.at.t.Fatalf("%s by %s: %d %v", command, who, status, out)
	}
}

// ask asks a question and accepts it.
func (s *subscriber) ask(n int, text string) {
	s.at.t.Helper()
	status, out := s.at.api("", http.MethodPost, "/api/v1/sessions/homes/questions", map[string]any{"text": text})
	if status != http.StatusCreated {
		s.at.t.Fatalf("ask: %d %v", status, out)
	}
	s.give("Anna Bērziņa", "questions/"+strconv.Itoa(n)+"/accept", map[string]any{})
}

// answer brings an answer, or a correction, to the public.
func (s *subscriber) answer(n int, verb, text string) {
	s.at.t.Helper()
	at := "questions/" + strconv.Itoa(n) + "/"
	s.give("Edgars Ozols", at+verb, map[string]any{"text": text})
	_, out := s.at.api(s.tokens["Anna Bērziņa"], http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
	for _, v := range out["questions"].([]any) {
		if q := v.(map[string]any); q["number"] == float64(n) {
			s.give("Anna Bērziņa", at+"approve", map[string]any{"revision": q["revision"], "digest": q["digest"]})
		}
	}
}

// TestFeedsOfAnHour reads all three feeds through a whole hour: what happens is told once, under
// an id that stays, and what is not public is not told.
func TestFeedsOfAnHour(t *testing.T) {
	t.Parallel()
	s := subscribe(found(t, "embedded"), "homes")
	s.at.plan(s.tokens["Anna Bērziņa"], "homes", time.Now().Add(time.Hour))
	s.await("/announced", "Announced: Hour homes", "Edgars Ozols")
	s.give("Anna Bērziņa", "start", map[string]any{})
	s.await("/open", "Now open: Hour homes")

	s.ask(1, "May I begin before the decision?\n\nAnswer: yes.")
	s.never("May I begin")
	s.answer(1, "submit", "No: wait for it.")
	s.await("/q/1", "Question 1: May I begin", "No: wait for it.")
	s.answer(1, "correct", "No: wait for it, or the grant is lost.")
	s.await("/q/1", "No: wait for it, or the grant is lost.", "Answer corrected")

	s.ask(2, "Is there a next round?")
	s.answer(2, "submit", "In spring.")
	s.await("/q/2", "In spring.")
	s.give("Anna Bērziņa", "questions/2/retract", map[string]any{"reason": "wrong"})
	s.await("/q/2", "The answer was retracted.")
	s.never("In spring.")

	s.ask(3, "May my neighbour Secret?")
	s.answer(3, "submit", "Secret may.")
	s.await("/q/3", "Secret may.")
	s.give("Anna Bērziņa", "questions/3/withdraw", map[string]any{"reason": "asked to"})
	s.await("/q/3", "removed at the asker")
	s.never("Secret")

	s.give("Anna Bērziņa", "stop", map[string]any{})
	s.give("Anna Bērziņa", "close", map[string]any{})
	s.await("/closed", "Over, with the transcript: Hour homes", s.at.base+"/s/homes/transcript")
	for format, feed := range s.feeds {
		if len(feed.entries) != 6 {
			t.Errorf("%s had %d entries: %v", format, len(feed.entries), feed.entries)
		}
	}
	const tombstone = `deleted-entry xmlns="http://purl.org/atompub/tombstones/1.0" ref="tag:127.0.0.1,2026:s/homes`
	for _, id := range []string{"/q/2", "/q/3"} {
		if !strings.Contains(s.feeds["atom"].body, tombstone+id) {
			t.Errorf("no tombstone of %s:\n%s", id, s.feeds["atom"].body)
		}
	}
}
