package telegram

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
)

// TestReceiptBecomesAnswer is the life of an answer in private: the receipt with its
// buttons, the answer in its place, a correction, and nothing.
func TestReceiptBecomesAnswer(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	p := q.start()
	asked := q.write("Why?")
	sent, m := q.reply(p, postTo(asked, "Question #3 received", session.KindReceipt))
	if m.ReplyTo() != asked || !slices.Equal(actions(m), []string{"p:withdraw|13/" + numberOf(asked)}) || sent.URL != "" {
		t.Errorf("the receipt %+v: %s %q", sent, m, actions(m))
	}
	m.Press(q.carl, "Withdraw")
	if got(t, &q.reception.inbox, &q.reception.presses, 1).action != "withdraw|"+string(messageID{13, asked.ID()}.id()) {
		t.Errorf("pressed %+v", q.reception.presses)
	}
	edit := func(text string, kind session.CopyKind, buttons int) {
		t.Helper()
		for range 2 {
			again, err := p.Edit(t.Context(), sent.Message, postTo(asked, text, kind))
			if err != nil || again.Message != sent.Message || m.Text() != text || len(m.Labels()) != buttons {
				t.Errorf("edited %+v, %v: %s", again, err, m)
			}
		}
	}
	edit("Question #3 is being answered", session.KindReceipt, 1)
	edit("Because.", session.KindAnswer, 0)
	edit("Because of that.", session.KindAnswer, 0)
	_, ping := q.reply(p, postTo(asked, "Answered ↑", session.KindOutcome))
	if ping.ReplyTo() != asked || len(ping.Labels()) != 0 || len(q.carl.Notifications()) != 2 {
		t.Errorf("the ping: %s, %d rings", ping, len(q.carl.Notifications()))
	}
	for range 2 {
		if err := p.Retract(t.Context(), sent.Message, postTo(asked, "Because of that.", session.KindAnswer)); err != nil || !m.Deleted() {
			t.Errorf("taken back: %v", err)
		}
	}
	if _, err := p.Edit(t.Context(), sent.Message,
		postTo(asked, "x", session.KindAnswer)); connector.OutcomeOf(err).Outcome != connector.Refused ||
		connector.OutcomeOf(err).Detail != "the message is not there any more" {
		t.Errorf("an edit of what is gone: %v", err)
	}
}

// TestReceiptInGroup has no buttons: everybody could press them.
func TestReceiptInGroup(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	sent, m := q.reply(q.make(), postTo(q.talk.Say(q.carl, "/ask Why?"), "Question #3 accepted", session.KindReceipt))
	if len(m.Labels()) != 0 || sent.URL != "https://t.me/c/2000000001/"+numberOf(m) {
		t.Errorf("%+v: %s", sent, m)
	}
}

// TestAskersLeave: the original was deleted, or its author wants to hear nothing more.
func TestAskersLeave(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	p := q.make()
	asked := q.talk.Say(q.carl, "/ask Why?")
	q.carl.Delete(asked)
	if _, m := q.reply(p, postTo(asked, "Because.", session.KindAnswer)); m == nil || m.ReplyTo() != nil {
		t.Errorf("an answer to nothing: %s", m)
	}
	private := q.write("Why?")
	sent, _ := q.reply(p, postTo(private, "Question #3 received", session.KindReceipt))
	q.carl.Block()
	wantRefused(t, p, postTo(private, "Because.", session.KindAnswer), "blocked by the user")
	if _, err := p.Edit(t.Context(), sent.Message,
		postTo(private, "Because.", session.KindAnswer)); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("edited for somebody who blocked the bot: %v", err)
	}
	if _, err := p.Reply(t.Context(), postTo(private, "Because.", session.KindAnswer)); !connector.OutcomeOf(err).Unreachable {
		t.Errorf("somebody would be asked what to do: %v", err)
	}
	q.carl.Deactivate()
	wantRefused(t, p, postTo(private, "Because.", session.KindAnswer), "deactivated")
	if len(p.t.Trouble()) != 0 {
		t.Errorf("that is no trouble: %v", p.t.Trouble())
	}
}

// TestOthersQuestionsStayPrivate: a copy in the channel shows nothing of a question
// that was asked in private.
func TestOthersQuestionsStayPrivate(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{channel: true})
	post := postTo(q.write("Why?"), "#3 Why? – Because.", session.KindAnswer)
	post.Place = ""
	if sent, m := q.reply(q.make(), post); m.ReplyTo() != nil || m.Chat() != q.chat || sent.URL != "https://t.me/the_news/"+numberOf(m) {
		t.Errorf("%+v: %s", sent, m)
	}
}

// TestTooOldToDelete: a notice stands in place of what Telegram does not delete.
func TestTooOldToDelete(t *testing.T) {
	t.Parallel()
	var late atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	q := newSquare(t, publicSetup{setup: setup{fake: telegramfake.Options{Now: now}}, in: []telegramfake.Setup{}})
	p := q.make()
	asked := q.talk.Say(q.carl, "/ask@desk_bot Why?")
	answer, notice := postTo(asked, "Because.", session.KindAnswer), postTo(asked, "Moved.", session.KindOutcome)
	a, m := q.reply(p, answer)
	b, n := q.reply(p, notice)
	late.Store(int64(49 * time.Hour))
	for range 2 {
		if err := errors.Join(p.Retract(t.Context(), a.Message, answer), p.Retract(t.Context(), b.Message, notice)); err != nil {
			t.Fatal(err)
		}
	}
	if m.Text() != "The answer was removed." || n.Text() != "This message was removed." {
		t.Errorf("left: %s, %s", m, n)
	}
	q.anna.Delete(m)
	q.fake.Fault("deleteMessage", 1, telegramfake.Refuse(400, "Bad Request: message can't be deleted"))
	if err := p.Retract(t.Context(), a.Message, answer); err != nil {
		t.Errorf("somebody else was faster: %v", err)
	}
	q.talk.Remove(q.anna, q.fake.Bot())
	if err := p.Retract(t.Context(), b.Message, notice); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("without the bot in the group: %v", err)
	}
}

// withPicture is an answer with a picture.
func withPicture(t *testing.T, post connector.Post, b []byte) connector.Post {
	t.Helper()
	post.Pictures = []session.Picture{{Hash: "abc", Type: "image/png", Alt: "A map.", Author: "Ilze"}}
	post.Open = func(context.Context, session.Picture) ([]byte, error) { return b, nil }
	return post
}

// TestPictureInPlaceOfAReceipt: an answer with a picture is one message, the receipt, and so are its corrections. What
// became of an edit nobody needs to know.
func TestPictureInPlaceOfAReceipt(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	p := q.make()
	asked := q.write("Why?")
	sent, m := q.reply(p, postTo(asked, "Question #3 received", session.KindReceipt))
	q.fake.Fault("editMessageMedia", 1, telegramfake.DropAfter)
	for i, text := range []string{"Because <of> that.", "Because <of> that.", "Because of this."} {
		_, err := p.Edit(t.Context(), sent.Message, withPicture(t, postTo(asked, text, session.KindAnswer), drawing(t)))
		if (i == 0) != (err != nil) || m.Text() != text || !bytes.Equal(m.Picture(), drawing(t)) || len(m.Labels()) != 0 {
			t.Errorf("%v: %s with %d bytes", err, m, len(m.Picture()))
		}
	}
	wantRefused(t, p, withPicture(t, postTo(asked, strings.Repeat("x", 1025), session.KindAnswer), drawing(t)), "caption is too long")
	broken := withPicture(t, postTo(asked, "See.", session.KindAnswer), nil)
	broken.Open = nil
	_, err := p.Edit(t.Context(), sent.Message, broken)
	if connector.OutcomeOf(err).Outcome != connector.Refused || len(asked.Chat().FromBot()) != 1 {
		t.Errorf("a picture that is not there: %v", err)
	}
}

// TestPictureIsTooOldToDelete: nothing of it is seen any more.
func TestPictureIsTooOldToDelete(t *testing.T) {
	t.Parallel()
	var late atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	q := newSquare(t, publicSetup{setup: setup{fake: telegramfake.Options{Now: now}}, in: []telegramfake.Setup{}})
	p := q.make()
	answer := withPicture(t, postTo(q.talk.Say(q.carl, "/ask@desk_bot Why?"), "Because.", session.KindAnswer), drawing(t))
	sent, m := q.reply(p, answer)
	late.Store(int64(49 * time.Hour))
	for range 2 {
		err := p.Retract(t.Context(), sent.Message, answer)
		if err != nil || m.Text() != "The answer was removed." || len(m.Picture()) == 0 || bytes.Equal(m.Picture(), drawing(t)) {
			t.Errorf("%v: left is %s", err, m)
		}
	}
}

// TestPublicOutcomes: what is known after each way in which a call can go wrong.
func TestPublicOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault telegramfake.Fault
		want  connector.Outcome
		posts int
	}{
		"busy":          {telegramfake.TooMany(7), connector.Deferred, 0},
		"lost call":     {telegramfake.DropBefore, connector.Unsure, 0},
		"lost answer":   {telegramfake.DropAfter, connector.Unsure, 1},
		"broken answer": {telegramfake.CutShort, connector.Unsure, 1},
		"500":           {telegramfake.ErrorAfter, connector.Unsure, 1},
		"502":           {telegramfake.Refuse(502, "Bad Gateway"), connector.Unsure, 0},
		"token":         {telegramfake.Refuse(401, "Unauthorized"), connector.Deferred, 0},
		"kicked":        {telegramfake.Refuse(403, "Forbidden: bot was kicked from the supergroup chat"), connector.Refused, 0},
		"no chat":       {telegramfake.Refuse(400, "Bad Request: chat not found"), connector.Refused, 0},
		"no right":      {telegramfake.Refuse(400, "Bad Request: not enough rights to send text messages to the chat"), connector.Refused, 0},
		"closed":        {telegramfake.Refuse(400, "Bad Request: TOPIC_CLOSED"), connector.Refused, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newSquare(t, publicSetup{})
			p, asked := q.make(), q.talk.Say(q.carl, "/ask Why?")
			q.fake.Fault("sendMessage", 1, c.fault)
			_, err := p.Reply(t.Context(), postTo(asked, "Because.", session.KindAnswer))
			e := connector.OutcomeOf(err)
			if err == nil || e.Outcome != c.want || name == "busy" && e.Wait != 7*time.Second || strings.Contains(err.Error(), q.fake.Token()) {
				t.Errorf("%v, wait %v", err, e.Wait)
			}
			if n := len(q.talk.FromBot()); n != c.posts {
				t.Errorf("%d posts", n)
			}
			if (name == "kicked") != (len(p.Trouble()) > 0 && p.Trouble()[0].ID == "telegram.chat_refused") && name != "no chat" {
				t.Errorf("troubles %v", p.Trouble())
			}
		})
	}
}

// TestWrongNames: what another connector named is refused and never reaches Telegram.
func TestWrongNames(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{change: func(o *PublicOptions) { o.Chat = "" }})
	p := q.make()
	post := connector.Post{Text: "x"}
	for _, place := range []session.PlaceID{"", "C123", "0", "-1/x"} {
		post.Place = place
		wantRefused(t, p, post, "no place in Telegram")
	}
	_, err := p.Edit(t.Context(), "C1/1.2", post)
	for _, err := range []error{err, p.Retract(t.Context(), "C1/1.2", post)} {
		if connector.OutcomeOf(err).Outcome != connector.Refused {
			t.Errorf("a strange message: %v", err)
		}
	}
	if n := len(q.fake.Calls("")); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestLinksAreLinks: addresses can be pressed as they are, and nobody's text makes
// markup.
func TestLinksAreLinks(t *testing.T) {
	t.Parallel()
	q := newSquare(t, publicSetup{})
	text := "See https://hour.example/s/a/q/3?x=1&y=<2> & <a href=\"https://evil.example\">this</a> <b>#tag</b> @carl_x"
	_, m := q.reply(q.make(), postTo(q.talk.Say(q.carl, "/ask Why?"), text, session.KindAnswer))
	var links []string
	for _, e := range m.Entities() {
		if !e.Detected {
			t.Errorf("markup: %+v", e)
		}
		if e.Type == "url" {
			links = append(links, e.Text)
		}
	}
	if m.Text() != text || len(links) == 0 || !strings.HasPrefix(links[0], "https://hour.example/s/a/q/3") {
		t.Errorf("%s with links %q", m, links)
	}
}

func TestPublicLimits(t *testing.T) {
	t.Parallel()
	group := newSquare(t, publicSetup{desk: true}).make().Limits()
	alone := newSquare(t, publicSetup{change: func(o *PublicOptions) { o.Chat = "" }}).make().Limits()
	if time.Minute/group.PerPlace.Per > 20 || alone.PerPlace != (connector.Rate{Most: 1, Per: time.Second}) ||
		alone.Overall.Most != 30 || group.Overall.Most >= 30 {
		t.Errorf("limits %+v, %+v", group, alone)
	}
	for _, l := range []connector.Limits{group, alone} {
		if !l.Slots || !l.Notices || !roomy(l.Longest) || l.Timeout != 30*time.Second {
			t.Errorf("limits %+v", l)
		}
	}
}

// TestLocate reads the links that Telegram's apps copy.
func TestLocate(t *testing.T) {
	t.Parallel()
	p := newSquare(t, publicSetup{}).make()
	here := session.PlaceID("-1002000000001")
	for address, want := range map[string]session.MessageID{
		"https://t.me/c/2000000001/12":               "-1002000000001/12",
		"https://t.me/c/2000000001/7/12":             "-1002000000001/12",
		"https://t.me/the_talk/12?single":            "-1002000000001/12",
		"https://telegram.me/the_talk/12/":           "-1002000000001/12",
		"https://t.me/the_news/5?comment=12":         "-1002000000001/12",
		"https://t.me/c/2000000002/12":               "",
		"https://t.me/c/12":                          "",
		"https://t.me/the_talk":                      "",
		"https://t.me/the_talk/0":                    "",
		"https://example.org/the_talk/12":            "",
		"the twelfth":                                "",
		"https://t.me/the_talk/99999999999999999999": "",
	} {
		if got, ok := p.Locate(here, address); ok != (want != "") || ok && got != want {
			t.Errorf("%s is %q %v, want %q", address, got, ok, want)
		}
	}
}
