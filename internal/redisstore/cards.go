package redisstore

import (
	"context"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/delivery"
	"experthour/internal/session"
)

// deskKeys are the keys of a desk lane's cards.
func (s *Store) deskKeys(id session.ID, lane session.Lane) []string {
	r, name := s.keys.of(id), laneName(lane)
	return []string{r.dirty(name), r.cards(name), r.cardLeases(name), r.waiting(name)}
}

// Drawn is delivery.Cards'.
func (s *Store) Drawn(ctx context.Context, id session.ID, c delivery.CardLease, drawn map[int]delivery.Drawing) (more bool, err error) {
	var args []any
	for n, d := range drawn {
		args = append(args, n, string(d.At), d.Call)
	}
	reply, err := s.endCards(ctx, drawnScript, id, c, args...)
	return reply == "more", err
}

// cardEnds are the names of delivery.CardEnd in undrawn.lua.
var cardEnds = [...]string{delivery.CardUnused: "unused", delivery.CardLater: "later", delivery.CardUnsure: "unsure",
	delivery.CardRefused: "refused", delivery.CardLost: "lost", delivery.CardGone: "gone"}

// Undrawn is delivery.Cards'.
func (s *Store) Undrawn(ctx context.Context, id session.ID, c delivery.CardLease, why delivery.CardEnd, wait time.Duration) error {
	_, err := s.endCards(ctx, undrawnScript, id, c, cardEnds[why], millisUp(wait))
	return err
}

func (s *Store) endCards(ctx context.Context, sc *redis.Script, id session.ID, c delivery.CardLease, args ...any) (any, error) {
	reply, err := s.commit(ctx, sc, s.deskKeys(id, c.Lane), append([]any{int(c.Class), c.Fence}, args...)...)
	if err == nil && reply != "more" {
		err = fenced(reply, "card", session.QuestionRef{Session: id, Number: c.Cards[0].Number})
	}
	return reply, err
}

// Called is delivery.Cards'.
func (s *Store) Called(ctx context.Context, id session.ID, c delivery.CallLease, e delivery.CallEnd) error {
	return s.endCall(ctx, id, c, "called", e, 0)
}

// Uncalled is delivery.Cards'.
func (s *Store) Uncalled(ctx context.Context, id session.ID, c delivery.CallLease, wait time.Duration, how delivery.Back) error {
	return s.endCall(ctx, id, c, backs[how], delivery.CallEnd{}, wait)
}

func (s *Store) endCall(ctx context.Context, id session.ID, c delivery.CallLease, how string, e delivery.CallEnd,
	wait time.Duration) error {
	r, name := s.keys.of(id), laneName(c.Lane)
	keys := []string{r.waiting(name), r.cards(name), r.cardLeases(name)}
	reply, err := s.commit(ctx, calledScript, keys, c.Fence, how, c.Wanted, string(bit(e.Posted)), millisUp(wait),
		url.QueryEscape(string(e.At)), url.QueryEscape(string(e.Taken)))
	if err != nil {
		return err
	}
	return fenced(reply, "call", session.QuestionRef{Session: id, Number: c.Number})
}
