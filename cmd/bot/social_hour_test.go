package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"experthour/internal/testenv"
)

// socialHours are the hours that are held at each network, side by side: after each kill the
// program waits until the call that it was killed in is surely over. It is killed when a
// question was received, and when it was stored; when an answer was sent, and before; and when
// a correction and a take-back were sent.
var socialHours = map[string]func(*social){"hour": (*social).hour, "received": (*social).killedReceiving, "sent": (*social).killedSent,
	"unsent": (*social).killedUnsent, "corrected": (*social).killedCorrecting, "retracted": (*social).killedRetracting}

// hour is one as people live it: announced, asked by a mention, a reply and the hashtag,
// answered, corrected, taken back, withdrawn by its asker, and closed.
func (s *social) hour() {
	asked := s.asked()
	answer := s.answered(asked)
	s.corrected(answer)
	s.give("Anna Bērziņa", s.question(3, "When is the next round?"), "retract", map[string]any{"reason": "It is not decided."})
	testenv.Until(s, "the answer is gone", func() bool { return !s.stands(answer) })
	s.changesOfMind(2)
	s.close(map[string]bool{"The board does.": true, "in March.": false, "Is it warm": false, "leaking": false})
}

// asked announces the hour, and asks in each way; asked is the first question, which has a picture.
func (s *social) asked() (asked string) {
	s.Helper()
	s.at.schedule("homes")
	announced := s.once("Warmer homes")
	asked = s.askWith(s.office()+" When is the next round?", "A leaking roof.", aRoof(s.T))
	s.under(announced.at, "What does it cost?")
	s.ask("Who decides? #" + s.tag)
	s.ask("We talk about questions.")
	s.sent(s.question(3, "When is the next round?"), "A leaking roof.")
	return asked
}

func (s *social) answered(asked string) posted {
	s.Helper()
	s.submit(s.question(3, "When is the next round?"), "In spring.")
	s.approve("Jānis Kalniņš", 3, "When is the next round?")
	answer := s.once("In spring.")
	if answer.under != asked {
		s.Errorf("the answer stands under %q", answer.under)
	}
	return answer
}

func (s *social) corrected(answer posted) {
	s.Helper()
	s.give("Edgars Ozols", s.question(3, "When is the next round?"), "correct", map[string]any{"text": "In spring, in March."})
	s.approve("Anna Bērziņa", 3, "When is the next round?")
	if now := s.once("in March."); now.at != answer.at || now.under != answer.under {
		s.Errorf("the correction stands at %+v, the answer at %+v", now, answer)
	}
}

// changesOfMind is what askers and readers do about questions that wait; so many like one.
func (s *social) changesOfMind(likes int) {
	s.Helper()
	p := s.ask(s.office() + " Is it warm? #" + s.tag)
	s.question(4, "Is it warm?")
	s.edit(p, s.office()+" Is it warm enough? #"+s.tag)
	s.give("Anna Bērziņa", s.question(4, "Is it warm enough?"), "accept", nil)
	for range likes {
		s.like(p)
	}
	s.public("its votes", func(said string) bool {
		return strings.Contains(said, "Is it warm enough?") && strings.Contains(said, fmt.Sprint("votes:", likes))
	})
	s.remove(p)
	s.public("it is withdrawn", func(said string) bool { return !strings.Contains(said, "Is it warm") })
}

// close answers one question with a picture, declines the other, and reads what the transcript
// has in the end, and has not.
func (s *social) close(transcript map[string]bool) {
	s.Helper()
	s.illustrate(s.question(4, "Who decides?"), "The board does.")
	s.approve("Jānis Kalniņš", 4, "Who decides?")
	if p := s.once("The board does."); !slices.Equal(p.alts, mapAlts) {
		s.Errorf("with it stand the pictures %q", p.alts)
	}
	s.tell("Anna Bērziņa", "/stop", nil)
	s.give("Anna Bērziņa", s.question(4, "What does it cost?"), "decline", map[string]any{"reason": "off_topic"})
	s.becomes(4, "What does it cost?", "declined")
	s.clerks.close()
	page := s.transcript()
	for part, want := range transcript {
		if strings.Contains(page, part) != want {
			s.Errorf("the transcript has %q: %v\n%s", part, !want, page)
		}
	}
}

// killedReceiving has questions wait for the program, which ends when it was told of one, and of
// the next when that is stored and the open ones are read again.
func (s *social) killedReceiving() {
	s.begun()
	s.meanwhile(func() { s.ask(s.office() + " What is received?") }, s.gate.After, s.calls().lists)
	s.question(2, "What is received?")
	s.meanwhile(func() { s.ask(s.office() + " What is stored?") }, s.gate.Before, s.calls().looks)
	s.question(3, "What is stored?")
	s.question(3, "What is first?")
}

// meanwhile does something while the program is away, and ends it again at the first call of a name.
func (s *social) meanwhile(do func(), hold func(call string) *testenv.Hold, call string) {
	s.Helper()
	testenv.Kill(s.run.cmd)
	do()
	held := hold(call)
	s.begin()
	s.kill(held)
}

// transcript reads what the last post leads to, which is there in a moment.
func (s *social) transcript() (page string) {
	s.Helper()
	link := s.once("The expert hour is over").text
	link = strings.Fields(link[strings.Index(link, "http"):])[0]
	testenv.Until(s, "the transcript at "+link, func() bool {
		resp, err := http.Get(link)
		if err != nil {
			s.Fatal(err)
		}
		defer resp.Body.Close()
		all, err := io.ReadAll(resp.Body)
		page = string(all)
		return err == nil && resp.StatusCode == http.StatusOK
	})
	return page
}

// begun announces an hour and asks one question.
func (s *social) begun() (asked string) {
	s.Helper()
	s.at.schedule("homes")
	s.once("Warmer homes")
	asked = s.ask(s.office() + " What is first?")
	s.question(1, "What is first?")
	return asked
}

// killedSent ends the program when an answer was sent, and killedUnsent before: it stands once.
func (s *social) killedSent() { s.killedAnswering(s.gate.After) }

func (s *social) killedUnsent() { s.killedAnswering(s.gate.Before) }

func (s *social) killedAnswering(hold func(call string) *testenv.Hold) {
	asked := s.begun()
	s.submit(s.question(1, "What is first?"), "Answer one.")
	held := hold(s.calls().posts)
	s.approve("Jānis Kalniņš", 1, "What is first?")
	s.kill(held)
	s.becomes(1, "What is first?", "published")
	if answer := s.once("Answer one."); answer.under != asked {
		s.Errorf("the answer stands under %q", answer.under)
	}
}

// published begins an hour and answers its question.
func (s *social) published() posted {
	s.Helper()
	s.begun()
	s.submit(s.question(1, "What is first?"), "Answer one.")
	s.approve("Jānis Kalniņš", 1, "What is first?")
	s.becomes(1, "What is first?", "published")
	return s.once("Answer one.")
}

func (s *social) killedCorrecting() {
	one := s.published()
	held := s.gate.After(s.calls().edits)
	s.give("Edgars Ozols", s.question(1, "What is first?"), "correct", map[string]any{"text": "Answer one, corrected."})
	s.approve("Anna Bērziņa", 1, "What is first?")
	s.kill(held)
	s.becomes(1, "What is first?", "published")
	if now := s.once("Answer one, corrected."); now.at != one.at || now.under != one.under {
		s.Errorf("the correction stands at %+v, the answer at %+v", now, one)
	}
	s.once("Answer one")
}

// killedRetracting looks that what was taken back stays so when a later answer is there.
func (s *social) killedRetracting() {
	one := s.published()
	held := s.gate.After(s.calls().removes)
	s.give("Anna Bērziņa", s.question(1, "What is first?"), "retract", map[string]any{"reason": "It is not decided."})
	s.kill(held)
	s.becomes(1, "What is first?", "retracted")
	s.ask(s.office() + " What is next?")
	s.submit(s.question(2, "What is next?"), "Answer two.")
	s.approve("Jānis Kalniņš", 2, "What is next?")
	s.becomes(2, "What is next?", "published")
	s.once("Answer two.")
	for _, p := range s.posts() {
		if p.at == one.at || strings.Contains(p.text, "Answer one") {
			s.Errorf("what was taken back stands: %+v", p)
		}
	}
}
