package telegram

import (
	"context"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Batcher is a desk that can show several cards in one message, for when a place takes
// fewer messages than there are questions. Each is behind one more press, and gets a
// card of its own with PostCard when somebody has decided about it.
type Batcher interface {
	// PostBatch shows cards of one place together.
	PostBatch(ctx context.Context, cs []connector.Card) (session.MessageID, error)
	// UpdateBatch shows others there: those that are left, or none. Doing it twice is
	// harmless; ErrGone is as in Desk.
	UpdateBatch(ctx context.Context, at session.MessageID, cs []connector.Card) error
}

var _ Batcher = (*Telegram)(nil)

// showCard begins the data of a number button; the number of the card follows.
const showCard = "~n"

// PostBatch posts a list with a button for each card.
func (t *Telegram) PostBatch(ctx context.Context, cs []connector.Card) (session.MessageID, error) {
	if len(cs) == 0 {
		return "", wrongPlace("")
	}
	at, ok := parsePlace(cs[0].Place)
	if !ok {
		return "", wrongPlace(cs[0].Place)
	}
	s, err := t.send(ctx, at, t.paint.batch(cs))
	if err != nil {
		return "", err
	}
	t.rememberBatch(ctx, s, cs)
	return s.id(), nil
}

// UpdateBatch redraws the list.
func (t *Telegram) UpdateBatch(ctx context.Context, at session.MessageID, cs []connector.Card) error {
	if ctx.Err() != nil {
		return notSent(ctx.Err())
	}
	s, ok := parseSpot(at)
	if !ok {
		return wrongMessage(at)
	}
	t.rememberBatch(ctx, s, cs)
	return t.edit(ctx, s, t.paint.batch(cs))
}

// rememberBatch keeps the cards for those who press a number.
func (t *Telegram) rememberBatch(ctx context.Context, at spot, cs []connector.Card) {
	raw, err := pack(cs)
	if err == nil {
		err = t.opts.Memory.Keep(ctx, memoryBatch+string(at.id()), raw, drawnFor)
	}
	if err != nil {
		t.log.Warn("telegram: the cards of a list were not kept", "message", string(at.id()), "err", err)
	}
}

// listed is how much of every question a list shows.
const listed = 200

// batch draws a list: a line for each card, and its number as a button.
func (p painter) batch(cs []connector.Card) message {
	lines := []connector.Line{}
	var keys []models.InlineKeyboardButton
	for _, c := range cs[:min(len(cs), mostButtons)] {
		lines = append(lines, connector.Line{Kind: connector.Head, Text: c.Title}, connector.Line{Text: cut(oneLine(clean(firstQuote(c))), listed)})
		keys = append(keys, own("#"+strconv.Itoa(c.Number), showCard+strconv.Itoa(c.Number)))
	}
	html := p.fit(func(most, count int) *frag { return p.lines(p.heading(p.words.Batch(len(cs))), lines, 0, most, count) }, len(lines))
	return message{html: html, keyboard: rows(keys)}
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
	number, err := strconv.Atoi(strings.TrimPrefix(c.data, showCard))
	raw, ok, lost := t.opts.Memory.Recall(ctx, memoryBatch+string(c.at.id()))
	var cs []connector.Card
	if err != nil || lost != nil || !ok || unpack(raw, &cs) != nil {
		t.answer(ctx, c.query, t.words.Forgotten, "")
		return nil
	}
	for _, card := range cs {
		if card.Number == number {
			t.showCopy(ctx, c, card)
			return nil
		}
	}
	t.answer(ctx, c.query, t.words.Forgotten, "")
	return nil
}

// showCopy sends a card to one person. Its buttons are those of a message to them: it
// goes away when one has done its work.
func (t *Telegram) showCopy(ctx context.Context, c click, card connector.Card) {
	if !t.reachable(ctx, c.user) {
		address := t.botAddress(ctx)
		t.answer(ctx, c.query, t.words.OpenBot(address), address)
		return
	}
	t.answer(ctx, c.query, "", "")
	d := drawn{Buttons: append(card.Buttons, card.More...)}
	m := message{html: t.paint.card(card), keyboard: keyboard(d.Buttons, markSay)}
	t.later(ctx, userKey(c.user), func(ctx context.Context) {
		var at spot
		err := patiently(ctx, func() (err error) { at, err = t.send(ctx, place{chat: c.user}, m); return err })
		if err != nil {
			t.lost(ctx, c.user, err)
			t.log.Warn("telegram: a card of a list was not shown", "err", err)
			return
		}
		t.remember(ctx, at, d)
	})
}
