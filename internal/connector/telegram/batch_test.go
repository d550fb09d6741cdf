package telegram

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// crowd are cards of questions from 3 on.
func (w *world) crowd(count int) []connector.Card {
	var cs []connector.Card
	for n := 3; n < 3+count; n++ {
		c := w.card()
		c.Number, c.Title = n, fmt.Sprintf("#%d · new", n)
		cs = append(cs, c)
	}
	return cs
}

func (w *world) batch(tg *Telegram, cs []connector.Card) (map[int]session.MessageID, *telegramfake.Message) {
	w.t.Helper()
	at, err := tg.PostBatch(w.t.Context(), cs)
	if err != nil {
		w.t.Fatal(err)
	}
	return at, w.desk.Last()
}

// followed waits for what somebody set off, which is more than what they see of it.
func followed(tg *Telegram, by *telegramfake.User) {
	done := make(chan struct{})
	tg.runner.After(context.Background(), userKey(by.ID()), func(context.Context) { close(done) })
	<-done
}

func wantGone(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, connector.ErrGone) {
		t.Errorf("%s: %v", what, err)
	}
}

func TestBatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg := w.start()
	cs := w.crowd(3)
	at, list := w.batch(tg, cs)
	if !slices.Equal(list.Labels(), []string{"#3", "#4", "#5"}) || !strings.HasPrefix(list.Text(), english.Count("telegram.batch", 3)) {
		t.Errorf("the list is %s", list)
	}
	list.Press(w.anna, "#4")
	copied := w.anna.Await(testenv.Soon(t), says2("#4 · new", "Why is <b>tax</b>"))
	followed(tg, w.anna)
	if !slices.Equal(copied.Labels(), []string{"Accept", "Withdraw", "Redirect"}) {
		t.Errorf("buttons %q", copied.Labels())
	}
	copied.Press(w.anna, "Accept")
	if p := got(t, w.inbox, &w.inbox.presses, 1); p.Action != "1.accept" || p.Message != at[4] {
		t.Errorf("the inbox got %+v, want one at %s", p, at[4])
	}
	w.await("the copy to go", copied.Deleted)
	if a := list.Click(w.bob, "#4").Await(testenv.Soon(t)); a.URL == "" {
		t.Errorf("Bob is told %+v", a)
	}
	for range 2 {
		wantGone(t, "a card on a list", tg.UpdateCard(t.Context(), at[4], cs[1]))
	}
	if !slices.Equal(list.Labels(), []string{"#3", "#5"}) || !strings.HasPrefix(list.Text(), english.Count("telegram.batch", 2)) {
		t.Errorf("left: %s", list)
	}
	forgotten := actions(list)[0][:2] + "4" + actions(list)[0][3:]
	if got := list.ClickData(w.anna, forgotten).Await(testenv.Soon(t)); got.Text != english.Text("telegram.forgotten") {
		t.Errorf("a number that was taken off says %+v", got)
	}
	wantGone(t, "another one", w.make().UpdateCard(t.Context(), at[3], cs[0])) // by another replica
	wantGone(t, "the last one", tg.UpdateCard(t.Context(), at[5], cs[2]))
	if !list.Deleted() {
		t.Errorf("an empty list stands there: %s", list)
	}
	wantGone(t, "a card of a list that is gone", tg.UpdateCard(t.Context(), at[5], cs[2]))
}

// TestBatchLater: a list that cannot be drawn again now is drawn later.
func TestBatchLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg, cs := w.make(), w.crowd(3)
	at, list := w.batch(tg, cs)
	w.fake.Fault("editMessageText", 1, telegramfake.TooMany(7))
	err := tg.UpdateCard(t.Context(), at[4], cs[1])
	if e := connector.OutcomeOf(err); errors.Is(err, connector.ErrGone) || e.Outcome != connector.Deferred {
		t.Errorf("%v", err)
	}
	wantGone(t, "again", tg.UpdateCard(t.Context(), at[4], cs[1]))
	if !slices.Equal(list.Labels(), []string{"#3", "#5"}) {
		t.Errorf("left: %s", list)
	}
	w.fake.Fault("editMessageText", 1, telegramfake.Refuse(400, "Bad Request: no"))
	wantGone(t, "a list that cannot be drawn", tg.UpdateCard(t.Context(), at[3], cs[0]))
	w.anna.Delete(list)
	wantGone(t, "a list that somebody removed", tg.UpdateCard(t.Context(), at[5], cs[2]))
	forgetful := w.make(func(o *Options) { o.Memory = nothing{} })
	wantGone(t, "a list that was forgotten", forgetful.UpdateCard(t.Context(), at[3], cs[0]))
}

// TestBatchOrphan: nobody knows where the list stands, and pressing one of its cards says
// it.
func TestBatchOrphan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg, cs := w.start(), w.crowd(3)
	w.fake.Fault("sendMessage", 1, telegramfake.DropAfter)
	if at, err := tg.PostBatch(t.Context(), cs); err == nil || len(at) > 0 || connector.OutcomeOf(err).Outcome != connector.Unsure {
		t.Fatalf("posted at %v, %v", at, err)
	}
	list := w.desk.Last()
	list.Press(w.anna, "#5")
	copied := w.anna.Await(testenv.Soon(t), says2("#5 · new"))
	followed(tg, w.anna)
	copied.Press(w.anna, "Accept")
	p := got(t, w.inbox, &w.inbox.presses, 1)
	if m, ok := parseMember(p.Message); !ok || m.messageID != (messageID{deskChat, list.ID()}) || m.number != 5 {
		t.Errorf("the press was at %q", p.Message)
	}
	wantGone(t, "the orphan", tg.UpdateCard(t.Context(), p.Message, cs[2]))
	if !slices.Equal(list.Labels(), []string{"#3", "#4"}) {
		t.Errorf("left: %s", list)
	}
}

// TestBatchRefused leaves nothing behind.
func TestBatchRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg, cs := w.make(), w.crowd(2)
	kept := &keeping{Memory: w.memory, keys: map[string]bool{}}
	tg.opts.Memory = kept
	w.fake.Fault("sendMessage", 1, telegramfake.Refuse(400, "Bad Request: no"))
	if _, err := tg.PostBatch(t.Context(), cs); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("%v", err)
	}
	if len(kept.keys) != 0 {
		t.Errorf("kept %v", slices.Collect(maps.Keys(kept.keys)))
	}
	cs[0].Place = "x"
	for _, none := range [][]connector.Card{nil, cs} {
		if _, err := tg.PostBatch(t.Context(), none); connector.OutcomeOf(err).Outcome != connector.Refused {
			t.Errorf("%d cards: %v", len(none), err)
		}
	}
}

// TestBatchCalls: the call is a reply to the list, and a reply to it is one to the card.
func TestBatchCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	tg, cs := w.start(), w.crowd(3)
	at, list := w.batch(tg, cs)
	c := cs[1]
	c.Call = &connector.Call{Number: 1, To: []session.UserRef{"12"}, Text: "#4 waits for you"}
	if _, err := tg.PostCall(t.Context(), at[4], c); err != nil {
		t.Fatal(err)
	}
	m := w.desk.Find(says2("#4 waits for you"))
	if m == nil || m.ReplyTo() != list {
		t.Fatalf("the desk reads\n%s", w.desk)
	}
	w.desk.Say(w.bob, "because", telegramfake.ReplyTo(m))
	if wrote := got(t, w.inbox, &w.inbox.wrote, 1); wrote.Under != at[4] {
		t.Errorf("a reply to a call is under %q, want %q", wrote.Under, at[4])
	}
	w.anna.Delete(list)
	_, err := tg.PostCall(t.Context(), at[4], c)
	wantGone(t, "a call under a list that is gone", err)
}

func TestMember(t *testing.T) {
	t.Parallel()
	m := member{messageID{-1001, 7}, 12, "LIST"}
	if got, ok := parseMember(m.id()); !ok || got != m || m.id() != "-1001/7#12.LIST" {
		t.Errorf("%q is %+v, %v", m.id(), got, ok)
	}
	if at, ok := whereStands(m.id()); !ok || at != m.messageID {
		t.Errorf("it stands at %+v, %v", at, ok)
	}
	for _, wrong := range []session.MessageID{"", "-1001/7", "-1001#12.LIST", "-1001/7#", "-1001/7#0.LIST", "-1001/7#x.LIST", "#12.LIST"} {
		if got, ok := parseMember(wrong); ok {
			t.Errorf("%q is %+v", wrong, got)
		}
		if _, ok := parseMessageID(m.id()); ok {
			t.Error("a card of a list is taken for a message")
		}
	}
}

// keeping knows what is kept.
type keeping struct {
	connector.Memory
	keys map[string]bool
}

func (k *keeping) Keep(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	k.keys[key] = true
	return k.Memory.Keep(ctx, key, value, ttl)
}

func (k *keeping) Forget(ctx context.Context, key string) error {
	delete(k.keys, key)
	return k.Memory.Forget(ctx, key)
}
