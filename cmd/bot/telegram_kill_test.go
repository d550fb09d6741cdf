package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"
)

// kill ends the program without warning.
func (s *square) kill() {
	s.Helper()
	s.run.cmd.Process.Kill()
	s.run.cmd.Wait()
}

// stored lists the questions as the desk's programs see them.
func (s *square) stored() []map[string]any {
	s.Helper()
	if s.token == "" {
		s.token = s.at.token("Anna Bērziņa")
	}
	_, out := s.at.api(s.token, http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
	var qs []map[string]any
	list, _ := out["questions"].([]any)
	for _, q := range list {
		qs = append(qs, q.(map[string]any))
	}
	return qs
}

// TestTelegramKills ends the program without warning while many people write and press:
// what was received and not stored comes again, what was stored is done, once.
func TestTelegramKills(t *testing.T) {
	inBothModes(t, func(t *testing.T, mode string) {
		s := openSquare(t, mode, realRedis(t), chatPublic+fmt.Sprintf(chatDesk, "5m"), telegramfake.Options{})
		s.openHour()
		s.ilze.Start("")
		s.ilze.Write("What is lost?")
		s.press(1, s.anna, "Accept")
		card := s.card(1, "Claim")
		var parts []string
		var crowd []*telegramfake.User
		for round := range 3 {
			crowd = append(crowd, s.arrive(round, 2)...)
			for i := range 5 {
				parts = append(parts, fmt.Sprintf("part %d-%d.", round, i))
				s.desk.Say(s.edgars, parts[len(parts)-1], telegramfake.ReplyTo(card))
			}
			if round > 0 {
				s.stands(round + 1)
				s.card(round+1, "Accept").Click(s.anna, "Accept")
			}
			s.kill()
			s.begin()
		}
		s.everybodyOnce(crowd)
		s.drafted(parts)
		s.stands(2)
		s.stands(3)
		s.reads(2, "Waiting for an expert")
		s.reads(3, "Waiting for an expert")
		s.healthy()
	})
}

// arrive lets new people ask in private.
func (s *square) arrive(round, count int) []*telegramfake.User {
	var crowd []*telegramfake.User
	for i := range count {
		u := s.tg.User(int64(100+10*round+i), fmt.Sprintf("Person %d-%d", round, i))
		u.Start("")
		u.Write("I am " + u.Name() + ". What is mine?")
		crowd = append(crowd, u)
	}
	return crowd
}

// everybodyOnce wants one question for everybody, with one card, and one receipt unless
// a person is asked about it because nobody can know.
func (s *square) everybodyOnce(crowd []*telegramfake.User) {
	s.Helper()
	for _, u := range crowd {
		question := "I am " + u.Name() + ". What is mine?"
		receipt := "what became of the receipt of " + u.Name()
		s.tg.Await(s.patient(), receipt, func() bool { return s.receipts(u.Chat()) > 0 || s.parked(question) })
		if n := s.receipts(u.Chat()); n > 1 {
			s.Errorf("%s got %d receipts", u.Name(), n)
		} else if n == 0 {
			s.Logf("somebody is asked about the receipt of %s", u.Name())
		}
		if n := s.posts(question); n != 1 {
			s.Errorf("the question of %s was posted %d times at the desk", u.Name(), n)
		}
	}
	if got := len(s.stored()); got != len(crowd)+1 {
		s.Errorf("%d questions for %d people", got, len(crowd)+1)
	}
}

// receipts counts the receipts that were posted in a chat. Whoever is accepted before theirs is
// sent reads of that at once.
func (s *square) receipts(c *telegramfake.Chat) (n int) {
	for _, e := range s.tg.Ledger("sendMessage") {
		if e.Chat == c.ID() && (strings.Contains(e.Text, "has arrived") || strings.Contains(e.Text, "is accepted")) {
			n++
		}
	}
	return n
}

// parked reports whether a copy of a question waits for a person.
func (s *square) parked(question string) bool {
	s.Helper()
	for _, q := range s.stored() {
		if q["text"] == question {
			return q["parked"] != nil
		}
	}
	return false
}

// stands waits until a question has its card. Whether one was posted when the program
// ended nobody can know: then a moderator sees that it is not there, and says so.
func (s *square) stands(n int) {
	s.Helper()
	card, asked := telegramfake.IsCard(n), lost(n)
	s.tg.Await(s.patient(), fmt.Sprintf("the card of #%d, or the question about it", n), func() bool {
		return s.desk.Find(card) != nil || s.desk.Find(asked) != nil
	})
	if s.desk.Find(card) == nil {
		s.Logf("somebody is asked about the card of #%d", n)
		s.again(n, s.anna)
	}
}

// lost is the board that asks for a card.
func lost(n int) func(*telegramfake.Message) bool {
	return telegramfake.All((*telegramfake.Message).Pinned,
		telegramfake.Says(fmt.Sprintf("Nobody knows whether the card of #%d was posted", n)))
}

// again says on the board that a card is not there.
func (s *square) again(n int, who *telegramfake.User) {
	s.Helper()
	label := fmt.Sprintf("Post #%d again", n)
	s.desk.Await(s.patient(), lost(n))
	s.board("⋯").Press(who, "⋯")
	has := telegramfake.Offers(label)
	s.tg.Await(s.patient(), "the button "+label, func() bool { return s.desk.Find(has) != nil || who.Chat().Find(has) != nil })
	m := s.desk.Find(has)
	if m == nil {
		m = who.Chat().Find(has)
	}
	m.Press(who, label)
	s.desk.Await(s.patient(), telegramfake.IsCard(n))
}

// numbered gives the number of the question that says something.
func (s *square) numbered(text string) (n int) {
	s.Helper()
	testenv.Until(s, "the question is stored: "+text, func() bool {
		for _, q := range s.stored() {
			if q["text"] == text {
				n = int(q["number"].(float64))
			}
		}
		return n > 0
	})
	return n
}

// posts waits until a card says something, and counts the messages that were posted
// with it.
func (s *square) posts(text string) (n int) {
	s.Helper()
	s.stands(s.numbered(text))
	s.desk.Await(s.patient(), func(m *telegramfake.Message) bool {
		return strings.HasPrefix(m.Text(), "#") && strings.Contains(m.Text(), text)
	})
	for _, e := range s.tg.Ledger("sendMessage") {
		if e.Chat == s.desk.ID() && strings.Contains(e.Text, text) && strings.HasPrefix(e.Text, "#") {
			n++
		}
	}
	return n
}

// drafted wants each part in the answer, once.
func (s *square) drafted(parts []string) {
	s.Helper()
	s.stands(1)
	for _, p := range parts { // what the dead had in hand is given out again after eight seconds
		s.reads(1, p)
	}
	s.press(1, s.edgars, "Submit now")
	text := s.reads(1, "revision 1").Text()
	for _, p := range parts {
		if n := strings.Count(text, p); n != 1 {
			s.Errorf("%q is in the answer %d times", p, n)
		}
	}
}

// TestTelegramKilledWhileSending ends the program between what it did at Telegram and
// the note of it, at each step of a question's way.
func TestTelegramKilledWhileSending(t *testing.T) {
	inBothModes(t, func(t *testing.T, mode string) {
		s := openSquare(t, mode, realRedis(t), chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
		s.openHour()
		s.answerable(1, s.ilze, "Is it edited twice?", "Answer one.")
		s.answerable(2, s.maris, "Is it noted?", "Answer two.")
		s.killedAfterPosting()
		s.killedWhileEditing(1, telegramfake.HangBefore)
		s.killedWhileEditing(2, telegramfake.HangAfter)
		s.settled()
	})
}

// TestTelegramKilledBeforePosting ends the program when it has noted that it posts a
// receipt and a card, and Telegram has done neither: a moderator sees that the card is
// missing, and it is posted then.
func TestTelegramKilledBeforePosting(t *testing.T) {
	inBothModes(t, func(t *testing.T, mode string) {
		s := openSquare(t, mode, realRedis(t), chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
		s.openHour()
		s.ruta.Start("")
		s.await(s.ruta.Chat(), "Just write")
		hang := s.tg.Fault("sendMessage", 2, telegramfake.HangBefore)
		s.ruta.Write("Am I here at all?")
		hang.Await(s.patient(), 2)
		s.kill()
		hang.Release()
		s.begin()
		s.again(1, s.anna)
		s.card(1, "Accept").Press(s.anna, "Accept")
		s.reads(1, "Waiting for an expert")
		if n := s.posts("Am I here at all?"); n != 1 {
			s.Errorf("the card was posted %d times", n)
		}
	})
}

// answerable is a question from private that waits for approval.
func (s *square) answerable(n int, who *telegramfake.User, question, answer string) {
	s.Helper()
	who.Start("")
	who.Write(question)
	s.await(who.Chat(), "has arrived")
	s.press(n, s.anna, "Accept")
	s.reply(n, answer)
	s.reads(n, "revision 1")
	s.await(who.Chat(), number(n)+" is accepted")
}

// killedAfterPosting: a receipt and a card stand there, and nobody has noted either.
func (s *square) killedAfterPosting() {
	s.Helper()
	s.ruta.Start("")
	s.await(s.ruta.Chat(), "Just write")
	hang := s.tg.Fault("sendMessage", 2, telegramfake.HangAfter)
	s.ruta.Write("Am I here twice?")
	hang.Await(s.patient(), 2)
	s.kill()
	hang.Release()
	s.begin()
}

// killedWhileEditing: the answer is approved, and the program ends before or after the
// edit took effect.
func (s *square) killedWhileEditing(n int, when telegramfake.Fault) {
	s.Helper()
	who := map[int]*telegramfake.User{1: s.ilze, 2: s.maris}[n]
	s.press(n, s.janis, "Approve")
	preview := s.janis.Await(s.patient(), telegramfake.All(saying("Approve "+number(n)), telegramfake.Offers("Approve")))
	hang := s.tg.Fault("editMessageText", 100, when)
	preview.Press(s.janis, "Approve")
	s.tg.Await(s.patient(), "the edit of the answer", func() bool { return s.editing(who) })
	s.kill()
	hang.Stop()
	s.begin()
}

// editing reports whether somebody asked Telegram to edit a message of that person
// into an answer.
func (s *square) editing(who *telegramfake.User) bool {
	for _, c := range s.tg.Calls("editMessageText") {
		if c.Params["chat_id"] == fmt.Sprint(who.ID()) && strings.Contains(c.Params["text"], "Answer ") {
			return true
		}
	}
	return false
}

// settled wants everything in its place once, and a person asked about the receipt and
// the card of which nobody can know.
func (s *square) settled() {
	s.Helper()
	s.await(s.ilze.Chat(), "Question #1 is answered ↑")
	s.await(s.maris.Chat(), "Question #2 is answered ↑")
	s.became(s.ilze.Chat().Find(saying("Answer one.")), "has arrived", "Answer one.")
	s.became(s.maris.Chat().Find(saying("Answer two.")), "has arrived", "Answer two.")
	s.once(s.ilze.Chat(), "has arrived", "Answer one.", "is answered ↑")
	s.once(s.maris.Chat(), "has arrived", "Answer two.", "is answered ↑")
	testenv.Until(s, "the receipt waits for a person", func() bool {
		q := s.stored()
		return len(q) == 3 && q[2]["parked"] != nil
	})
	s.once(s.ruta.Chat(), "has arrived")
	orphan := s.await(s.desk, "Am I here twice?")
	s.desk.Await(s.patient(), telegramfake.Says("Nobody knows whether the card of #3 was posted"))
	orphan.Press(s.anna, "Accept")
	if m := s.reads(3, "Waiting for an expert"); m != orphan {
		s.Errorf("the orphan was not adopted: %s", m)
	}
	if n := s.posts("Am I here twice?"); n != 1 {
		s.Errorf("the card was posted %d times", n)
	}
}
