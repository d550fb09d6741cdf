package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector/bluesky/blueskytest"
	"experthour/internal/testenv"
)

const (
	listed = "app.bsky.notification.listNotifications"
	looked = "app.bsky.feed.getPosts"
	put    = "com.atproto.repo.putRecord"
	remove = "com.atproto.repo.deleteRecord"
)

// TestBluesky lives an hour on a fake one.
func TestBluesky(t *testing.T) {
	t.Parallel()
	openSky(t, newFakeSky(t), "question").hour()
}

// TestBlueskyOnARealServer does the same on the server and the view that Bluesky itself runs,
// and ends the program there without warning.
func TestBlueskyOnARealServer(t *testing.T) {
	t.Parallel()
	server := blueskytest.Start(t)
	for name, live := range map[string]func(*sky){"hour": (*sky).hour, "kills": (*sky).kills} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live(openSky(t, newRealSky(t, server, name), name))
		})
	}
}

// hour is one as people live it: announced, asked by a mention, a reply and the hashtag,
// answered, corrected, taken back, withdrawn by its asker, and closed.
func (s *sky) hour() {
	s.at.schedule("homes")
	announced := s.posted("Warmer homes")
	asked := s.ask(s.office + " When is the next round?")
	s.under(announced.at, "What does it cost?")
	s.ask("Who decides? #" + s.tag)
	s.ask("We talk about questions.")
	q := s.question(3, "When is the next round?")
	s.submit(q, "In spring.")
	s.approve("Jānis Kalniņš", 3, "When is the next round?")
	answer := s.posted("In spring.")
	if answer.under != asked {
		s.Errorf("the answer stands under %q", answer.under)
	}
	s.give("Edgars Ozols", q, "correct", map[string]any{"text": "In spring, in March."})
	s.approve("Anna Bērziņa", 3, "When is the next round?")
	if corrected := s.posted("in March."); corrected.at != answer.at || corrected.under != asked {
		s.Errorf("the correction stands at %+v, the answer at %+v", corrected, answer)
	}
	s.give("Anna Bērziņa", q, "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(s, "the answer is gone", func() bool { return !s.stands(answer) })
	s.changesOfMind()
	s.close()
}

// changesOfMind is what askers and readers do about questions that wait.
func (s *sky) changesOfMind() {
	s.Helper()
	p := s.ask(s.office + " Is it warm?")
	s.question(4, "Is it warm?")
	s.edit(p, s.office+" Is it warm enough?")
	s.give("Anna Bērziņa", s.question(4, "Is it warm enough?"), "accept", nil)
	s.like(p)
	s.like(p)
	s.public("two votes", func(said string) bool {
		return strings.Contains(said, "Is it warm enough?") && strings.Contains(said, "votes:2")
	})
	s.remove(p)
	s.public("it is withdrawn", func(said string) bool { return !strings.Contains(said, "Is it warm") })
}

// close answers one question with a picture, declines the other, and reads what stands there in the end.
func (s *sky) close() {
	s.Helper()
	s.illustrate(s.question(4, "Who decides?"), "The board does.")
	s.approve("Jānis Kalniņš", 4, "Who decides?")
	if p := s.posted("The board does."); !slices.Equal(p.alts, []string{"A map.\nPicture: Ilze Ozola"}) {
		s.Errorf("with it stand the pictures %q", p.alts)
	}
	s.tell("Anna Bērziņa", "/stop", nil)
	s.give("Anna Bērziņa", s.question(4, "What does it cost?"), "decline", map[string]any{"reason": "off_topic"})
	s.becomes(4, "What does it cost?", "declined")
	testenv.Until(s, "the hour is closed", func() bool {
		status, _ := s.at.api(s.tokens["Anna Bērziņa"], http.MethodPost, "/api/v1/desk/sessions/homes/close", map[string]any{})
		return status == http.StatusOK
	})
	link := s.posted("The expert hour is over").text
	resp, err := http.Get(strings.TrimSpace(link[strings.Index(link, "http"):]))
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	for part, want := range map[string]bool{"The board does.": true, "in March.": false, "Is it warm": false} {
		if strings.Contains(string(page), part) != want {
			s.Errorf("the transcript has %q: %v\n%s", part, !want, page)
		}
	}
}

// kills ends the program at each step: when a question was received, and when it was stored;
// before an answer was sent, when it was sent, and when that was recorded; and when a
// correction and a take-back were sent.
func (s *sky) kills() {
	s.at.schedule("homes")
	s.posted("Warmer homes")
	s.ask(s.office + " What is first?")
	s.give("Anna Bērziņa", s.question(1, "What is first?"), "accept", nil)
	s.killedWhileReceiving()
	s.give("Edgars Ozols", s.question(3, "What is first?"), "submit", map[string]any{"text": "Answer one."})
	s.submit(s.question(3, "What is received?"), "Answer two.")

	held := s.gate.After(put)
	s.approve("Jānis Kalniņš", 3, "What is first?")
	s.kill(held)
	s.becomes(3, "What is first?", "published")
	one := s.posted("Answer one.")

	held = s.gate.Before(put)
	s.approve("Jānis Kalniņš", 3, "What is received?")
	s.kill(held)
	s.becomes(3, "What is received?", "published")
	s.posted("Answer two.")

	s.killedAfterwards(one)
}

// frozen runs do while the program waits for the list of what is new, so that the next one
// that it gets has all of that.
func (s *sky) frozen(do func()) {
	s.Helper()
	s.reach(s.gate.Before(listed))
	do()
}

func (s *sky) killedWhileReceiving() {
	s.Helper()
	s.frozen(func() { s.ask(s.office + " What is received?") })
	s.kill(s.gate.After(listed))
	s.question(2, "What is received?")
	s.frozen(func() { s.ask(s.office + " What is stored?") })
	held := s.gate.Before(looked) // the open questions, which are read when the list was stored
	s.gate.Let(listed)
	s.kill(held)
	s.question(3, "What is stored?")
}

// killedAfterwards corrects and takes back an answer that stands, and looks that nothing of
// it was done again when a later one is there.
func (s *sky) killedAfterwards(one skyPost) {
	s.Helper()
	held := s.gate.After(put)
	q := s.question(3, "What is first?")
	s.give("Edgars Ozols", q, "correct", map[string]any{"text": "Answer one, corrected."})
	s.approve("Anna Bērziņa", 3, "What is first?")
	s.kill(held)
	if now := s.posted("Answer one, corrected."); now.at != one.at || now.under != one.under {
		s.Errorf("the correction stands at %+v, the answer at %+v", now, one)
	}
	held = s.gate.After(remove)
	s.give("Anna Bērziņa", q, "retract", map[string]any{"reason": "It is not decided."})
	s.kill(held)
	s.becomes(3, "What is first?", "retracted")
	calls := s.gate.Calls(put)
	s.submit(s.question(3, "What is stored?"), "Answer three.")
	s.approve("Jānis Kalniņš", 3, "What is stored?")
	s.becomes(3, "What is stored?", "published")
	s.posted("Answer two.")
	s.posted("Answer three.")
	if again := s.gate.Calls(put) - calls; s.stands(one) || again != 1 {
		s.Errorf("the answer that was taken back stands: %v; records put: %d, want 1", s.stands(one), again)
	}
}
