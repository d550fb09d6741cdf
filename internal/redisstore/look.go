package redisstore

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// Look is delivery.Outbox's. It is one round trip; a repeat of it after a lost reply
// gives the same leases.
func (s *Store) Look(ctx context.Context, id session.ID, t delivery.Take) (delivery.Work, error) {
	r := s.keys.of(id)
	keys, run := []string{r.session(), r.lanes()}, s.run
	if t.Lane != nil {
		keys = slices.Concat(keys, s.deskKeys(id, *t.Lane), []string{r.questions(), r.votes()}, r.counted())
		run = s.commit // its leases must survive
	}
	args := []any{rand.Text(), t.TTL.Milliseconds(), t.Batch, string(bit(t.Calls)), string(bit(t.Board))}
	for class, take := range t.Cards {
		args = append(args, string(bit(take)), t.Budgets[class])
	}
	reply, err := run(ctx, lookScript, keys, append(args, codes()...)...)
	if err != nil {
		return delivery.Work{}, err
	}
	v, ok := reply.([]any)
	if !ok {
		return delivery.Work{}, noSession(id)
	}
	return parseWork(id, t.Lane, v)
}

// parseWork reads v, doc and h of the session, lanes, counts, cards, a call and the board;
// see look.lua.
func parseWork(id session.ID, desk *session.Lane, v []any) (w delivery.Work, err error) {
	if len(v) != 8 {
		return w, fmt.Errorf("look at %s: %w: %v", id, errReply, v)
	}
	if w.Session, err = parseSession(id, v[:3]); err != nil {
		return w, err
	}
	if w.Lanes, err = parseLanes(id, list(v[3])); err != nil || desk == nil {
		return w, err
	}
	for line, n := range list(v[4]) {
		w.Dirty[line] = int(number(n))
	}
	for _, lease := range list(v[5]) {
		c, err := parseCards(w.Session, list(lease))
		if err != nil {
			return w, err
		}
		c.Lane = *desk
		w.Cards = append(w.Cards, c)
	}
	if call := list(v[6]); len(call) > 0 {
		w.Call, err = parseCall(w.Session, call)
		w.Call.Lane = *desk
	}
	if board := list(v[7]); len(board) > 0 && err == nil {
		var c delivery.StoredCard
		c, err = parseCard(w.Session, board)
		w.Board = c.Subject
	}
	return w, err
}

// parseCards reads class, fence, open, since and each card that was taken.
func parseCards(s session.Session, v []any) (delivery.CardLease, error) {
	c := delivery.CardLease{Class: connector.CardClass(number(v[0])), Fence: number(v[1]), Open: word(v[2]) == "1"}
	if c.Open {
		c.Since = millis(v[3])
	}
	for _, about := range v[4:] {
		one, err := parseCard(s, list(about))
		if err != nil {
			return c, err
		}
		c.Cards = append(c.Cards, one)
	}
	return c, nil
}

// parseCall reads fence, open, tries and number of a call, and its card.
func parseCall(s session.Session, v []any) (*delivery.CallLease, error) {
	card, err := parseCard(s, list(v[4]))
	return &delivery.CallLease{StoredCard: card, Fence: number(v[0]), Open: word(v[1]) == "1", Tries: int(number(v[2])),
		Wanted: int(number(v[3]))}, err
}

// parseCard reads n, message, and v, doc, h and votes of its question; for the board how
// many cards were never posted, which are lost, and the counts.
func parseCard(s session.Session, v []any) (c delivery.StoredCard, err error) {
	c.Number, c.Message, c.Session = int(number(v[0])), session.MessageID(word(v[1])), s
	if c.Number == 0 {
		c.Unposted, c.Counts = int(number(v[2])), parseCounts(list(v[4]))
		for _, n := range list(v[3]) {
			c.Lost = append(c.Lost, int(number(n)))
		}
		return c, nil
	}
	c.Question, err = question(s.ID, c.Number, v[2], v[3], v[4])
	c.Votes = int(number(v[5]))
	return c, err
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}
