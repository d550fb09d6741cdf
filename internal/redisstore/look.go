package redisstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

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
	args := []any{rand.Text(), t.TTL.Milliseconds(), t.Batch, string(bit(t.Calls)), string(bit(t.Board)),
		s.opts.WaitReplicas}
	for class, take := range t.Cards {
		args = append(args, string(bit(take)), t.Budgets[class])
	}
	reply, err := run(ctx, lookScript, keys, append(args, codes()...)...)
	v, ok := reply.([]any)
	switch {
	case err != nil && ok:
		w, parsed := parseWork(id, t.Lane, v)
		return delivery.Work{}, errors.Join(err, parsed, s.unlook(ctx, id, w))
	case err != nil:
		return delivery.Work{}, err
	case !ok:
		return delivery.Work{}, noSession(id)
	}
	return parseWork(id, t.Lane, v)
}

// unlook gives back leases that too few replicas have: nothing is posted under them, and
// nobody shall wonder whether it was.
func (s *Store) unlook(ctx context.Context, id session.ID, w delivery.Work) (err error) {
	for _, c := range w.Cards {
		err = errors.Join(err, s.Undrawn(ctx, id, c, delivery.CardUnused, 0))
	}
	if w.Call != nil {
		err = errors.Join(err, s.Uncalled(ctx, id, *w.Call, 0, delivery.Unused))
	}
	return err
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

// parseCall reads fence, open, tries and number of a call, its card, and the calls that stand.
func parseCall(s session.Session, v []any) (*delivery.CallLease, error) {
	card, err := parseCard(s, list(v[4]))
	l := &delivery.CallLease{StoredCard: card, Fence: number(v[0]), Open: word(v[1]) == "1", Tries: int(number(v[2])),
		Wanted: int(number(v[3]))}
	for _, escaped := range strings.Fields(word(v[5])) {
		m, bad := url.QueryUnescape(escaped)
		l.Stand, err = append(l.Stand, session.MessageID(m)), errors.Join(err, bad)
	}
	return l, err
}

// parseCard reads n, message, and v, doc, h and votes of its question; for the board how
// many cards were never posted, which are lost, the counts, and whether somebody pressed on it.
func parseCard(s session.Session, v []any) (c delivery.StoredCard, err error) {
	c.Number, c.Message, c.Session = int(number(v[0])), session.MessageID(word(v[1])), s
	if c.Number == 0 {
		c.Pressed = number(v[5]) == 1
		c.Unposted, c.Counts = int(number(v[2])), parseCounts(list(v[4]))
		for _, n := range list(v[3]) {
			c.Lost = append(c.Lost, int(number(n)))
		}
		return c, nil
	}
	c.Question, err = question(s.ID, c.Number, v[2], v[3], v[4])
	if isDamaged(err) {
		c.Question, err = session.Question{Ref: session.QuestionRef{Session: s.ID, Number: c.Number}, Damaged: true}, nil
	}
	c.Votes = int(number(v[5]))
	return c, err
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}
