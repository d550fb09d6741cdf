package telegram

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var _ connector.Batcher = (*Telegram)(nil)

// showCard begins the data of a number button; the number of the card follows, and the
// name of the list.
const showCard = "~n"

// PostBatch posts a list with a button for each card: whoever presses one is shown the
// card in private. The list is kept by a name that its buttons carry, before it is
// posted: so it works also when nobody knows where it stands.
func (t *Telegram) PostBatch(ctx context.Context, cs []connector.Card) (map[int]session.MessageID, error) {
	if len(cs) == 0 {
		return nil, wrongPlace("")
	}
	at, ok := parsePlace(cs[0].Place)
	if !ok {
		return nil, wrongPlace(cs[0].Place)
	}
	list := rand.Text()[:listName]
	t.keepList(ctx, list, cs)
	s, err := t.send(ctx, at, t.paint.batch(cs, list))
	if err != nil {
		t.dropList(ctx, list, err)
		return nil, err
	}
	stand := make(map[int]session.MessageID, len(cs))
	for _, c := range cs {
		stand[c.Number] = member{s, c.Number, list}.id()
	}
	return stand, nil
}

// listName is how long the name of a list is.
const listName = 12

// takeOff takes a card off its list, and the last one with the list. It is gone from
// there then, also when the list could not be drawn again, unless that is to be tried
// later.
func (t *Telegram) takeOff(ctx context.Context, m member) error {
	cs, ok, err := t.recallList(ctx, m.list)
	if err != nil {
		return notSent(err)
	}
	cs = slices.DeleteFunc(cs, func(c connector.Card) bool { return c.Number == m.number })
	switch {
	case !ok: // it was forgotten
	case len(cs) == 0:
		t.keepList(ctx, m.list, cs)
		t.remove(ctx, m.chat, m.message)
	default:
		t.keepList(ctx, m.list, cs)
		err = t.edit(ctx, m.messageID, t.paint.batch(cs, m.list))
	}
	if err != nil && connector.OutcomeOf(err).Outcome == connector.Deferred {
		return err
	}
	return fmt.Errorf("%w: it is on no list any more: %q", connector.ErrGone, m.id())
}

// dropList forgets a list that was not posted, as far as is known.
func (t *Telegram) dropList(ctx context.Context, list string, err error) {
	if connector.OutcomeOf(err).Outcome == connector.Unsure {
		return
	}
	if err := t.opts.Memory.Forget(ctx, memoryBatch+list); err != nil {
		t.log.Info("telegram: the cards of a list that was not posted are kept", "error", err)
	}
}

// keepList keeps the cards for those who press a number.
func (t *Telegram) keepList(ctx context.Context, list string, cs []connector.Card) {
	raw, err := pack(cs)
	if err == nil {
		err = t.opts.Memory.Keep(ctx, memoryBatch+list, raw, drawnFor)
	}
	if err != nil {
		t.log.Warn("telegram: the cards of a list were not kept", "error", err)
	}
}

// recallList gives the cards that are left on a list; ok is false when it was forgotten.
func (t *Telegram) recallList(ctx context.Context, list string) (cs []connector.Card, ok bool, err error) {
	raw, ok, err := t.opts.Memory.Recall(ctx, memoryBatch+list)
	if err != nil || !ok || unpack(raw, &cs) != nil {
		return nil, false, err
	}
	return cs, true, nil
}

// listed is how much of every question a list shows.
const listed = 200

// batch draws a list: a line for each card, and its number as a button.
func (p painter) batch(cs []connector.Card, list string) message {
	lines := []connector.Line{}
	var keys []models.InlineKeyboardButton
	for _, c := range cs[:min(len(cs), connector.MostBatch)] {
		lines = append(lines, connector.Line{Kind: connector.Head, Text: c.Title},
			connector.Line{Text: cut(oneLine(clean(firstQuote(c))), listed)})
		number := strconv.Itoa(c.Number)
		keys = append(keys, own("#"+number, showCard+number+" "+list))
	}
	title := p.words.Count("telegram.batch", len(cs))
	html := p.fit(func(most, count int) *frag { return p.lines(p.heading(title), lines, 0, most, count) }, len(lines))
	return message{html: html, keyboard: rows(keys), silent: true}
}

func firstQuote(c connector.Card) string {
	for _, l := range c.Lines {
		if l.Kind == connector.Quote {
			return l.Text
		}
	}
	return ""
}

// showOne shows a card of a list to the person who pressed its number: in private, so
// that several people can work through one list and the group pays nothing for it.
func (t *Telegram) showOne(ctx context.Context, c click) error {
	number, list, _ := strings.Cut(strings.TrimPrefix(c.data, showCard), " ")
	cs, _, err := t.recallList(ctx, list)
	if err != nil {
		t.answer(ctx, c.query, t.words.Text("adapter.try_again"), "")
		return nil
	}
	for _, card := range cs {
		if strconv.Itoa(card.Number) == number {
			t.showCopy(ctx, c, card, member{c.at, card.Number, list})
			return nil
		}
	}
	t.answer(ctx, c.query, t.words.Text("telegram.forgotten"), "")
	return nil
}

// showCopy sends a card to one person. Its buttons are those of a message to them: it
// goes away when one has done its work. Pressing them is pressing the card on the list.
func (t *Telegram) showCopy(ctx context.Context, c click, card connector.Card, on member) {
	if !t.reachable(ctx, c.user) {
		address := t.botAddress(ctx)
		t.answer(ctx, c.query, t.words.Text("telegram.open_bot", "address", address), address)
		return
	}
	t.answer(ctx, c.query, "", "")
	d := drawn{Buttons: append(card.Buttons, card.More...), Of: on.id()}
	m := message{html: t.paint.card(card), keyboard: keyboard(d.Buttons, markSay)}
	t.runner.After(ctx, userKey(c.user), func(ctx context.Context) {
		var at messageID
		err := patiently(ctx, func() (err error) { at, err = t.send(ctx, place{chat: c.user}, m); return err })
		if err != nil {
			t.lost(ctx, c.user, err)
			t.log.Warn("telegram: a card of a list was not shown", "error", err)
			return
		}
		t.remember(ctx, at, d)
	})
}
