package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/bluesky/blueskyfake"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/connector/wordpress/wordpressfake"
	"experthour/internal/testenv"
)

// In these tests the announcement of next week's hour stands, and the program is killed before it
// knows that. Whoever has replied meanwhile has asked a question of that hour; what others ask in
// other ways waits for nothing.

// heldIn waits for the one question of an hour.
func (i *institution) heldIn(token, slug, says string) {
	i.t.Helper()
	var last any
	defer func() {
		if i.t.Failed() {
			i.t.Logf("in %s: %v", slug, last)
		}
	}()
	testenv.Until(i.t, says+" in "+slug, func() bool {
		_, out := i.api(token, http.MethodGet, "/api/v1/desk/sessions/"+slug+"/questions", nil)
		last = out["questions"]
		all, _ := last.([]any)
		return len(all) == 1 && strings.Contains(fmt.Sprint(all), says)
	})
}

func nextWeek() time.Time { return time.Now().AddDate(0, 0, 7).Truncate(time.Hour) }

func TestReplyBeforeItsAnnouncementIsNoted(t *testing.T) {
	t.Parallel()
	networks := map[string]func(t *testing.T) (on network, other func(text string)){
		"mastodon": func(t *testing.T) (network, func(string)) {
			f := newFakeMastodon(t)
			return f, func(text string) { f.Write(mastodonfake.Person{ID: "8", Acct: "juris@social.example"}, text, "") }
		},
		"bluesky": func(t *testing.T) (network, func(string)) {
			s := blueskyfake.New(t, blueskyfake.Options{})
			juris := s.User("juris.test")
			return &fakeSky{s, s.User("ilze.test")}, func(text string) { juris.Write(text) }
		},
	}
	for name, open := range networks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on, other := open(t)
			s := openSocial(t, on, "question")
			s.at.schedule("homes")
			s.once("We have started")
			s.rests(0)
			held := s.gate.After(s.calls().posts)
			s.at.plan(s.tokens[anna], "next", nextWeek())
			s.reach(held)
			s.under(s.once("Hour next").at, "Is it in the town hall?")
			other(s.office() + " Who decides?")
			s.at.heldIn(s.tokens[anna], "homes", "Who decides?")
			s.kill(held)
			s.at.heldIn(s.tokens[anna], "next", "Is it in the town hall?")
			s.at.heldIn(s.tokens[anna], "homes", "Who decides?")
			s.once("Hour next")
		})
	}
}

// In Telegram nobody can look whether it stands, so that a person says so.
func TestCommentBeforeItsAnnouncementIsNoted(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", realRedis(t), chatPublic, telegramfake.Options{})
	token := s.at.token(anna)
	s.at.schedule("homes")
	started := s.await(s.channel, "We have started")
	held := s.tg.Fault("sendMessage", 1, telegramfake.HangAfter)
	s.at.plan(token, "next", nextWeek())
	held.Await(s.patient(), 1)
	next := s.await(s.channel, "Hour next")
	s.talk.Say(s.ilze, "Is it in the town hall?", telegramfake.ReplyTo(s.talk.AutomaticForward(next)))
	s.talk.Say(s.maris, "Who decides?", telegramfake.ReplyTo(s.talk.AutomaticForward(started)))
	s.at.heldIn(token, "homes", "Who decides?")
	s.kill()
	held.Release()
	s.begin()
	parked := s.at.parked(token, "next")
	status, out := s.at.api(token, http.MethodPost, "/api/v1/desk/sessions/next/is_out", map[string]any{"copy": parked["copy"],
		"attempt": parked["attempt"], "url": fmt.Sprintf("https://t.me/c/2000/%d", next.ID())})
	if status != http.StatusOK {
		t.Fatalf("it is out: %d %v", status, out)
	}
	s.at.heldIn(token, "next", "Is it in the town hall?")
	s.at.heldIn(token, "homes", "Who decides?")
	s.once(s.channel, "Hour next")
}

// At WordPress only comments under what is known are read. Those under what becomes known later
// are older than what was read last, and a page behind it.
func TestBlogCommentBeforeItsAnnouncementIsNoted(t *testing.T) {
	t.Parallel()
	site := wordpressfake.New(t)
	b := openBlog(t, blogSite{site.URL, wordpressfake.User, wordpressfake.Password}, realRedis(t))
	b.at.schedule("homes")
	started := b.announced("We have started")
	came := b.gate.hold(moment{http.MethodPost, "/posts", "Hour next", true})
	b.at.plan(b.as[anna], "next", nextWeek())
	<-came
	b.ask(b.announced("Hour next"), "ilze@example.test", "Is it in the town hall?", false)
	const crowd = 30
	for i := range crowd {
		b.ask(started, fmt.Sprintf("juris%d@example.test", i), fmt.Sprintf("Who decides about %d?", i), false)
	}
	b.question(crowd, "", "")
	b.kill()
	b.begin()
	b.at.heldIn(b.as[anna], "next", "Is it in the town hall?")
}
