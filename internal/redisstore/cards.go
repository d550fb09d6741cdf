package redisstore

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
)

// deskKeys are the keys of a desk lane's cards.
func (s *Store) deskKeys(id session.ID, lane session.Lane) []string {
	r, name := s.keys.of(id), laneName(lane)
	return []string{r.dirty(name), r.cards(name), r.cardLeases(name), r.waiting(name)}
}

// Outdated is delivery.Cards'. It is one round trip.
func (s *Store) Outdated(ctx context.Context, id session.ID, lane session.Lane) (delivery.Backlog, error) {
	reply, err := s.run(ctx, outdatedScript, s.deskKeys(id, lane))
	if err != nil {
		return delivery.Backlog{}, err
	}
	v, _ := reply.([]any)
	if len(v) != 2*int(connector.CardClasses)+2 {
		return delivery.Backlog{}, fmt.Errorf("outdated %s: %w: %v", id, errReply, reply)
	}
	var b delivery.Backlog
	for class := range b.Cards {
		b.Cards[class] = cardLine(v[2*class:])
	}
	b.Calls = cardLine(v[2*connector.CardClasses:])
	return b, nil
}

func cardLine(v []any) delivery.CardLine {
	return delivery.CardLine{Dirty: int(number(v[0])), Busy: word(v[1]) == "1"}
}

// Dirty is delivery.Cards'. A repeat of it after a lost reply gives the same lease.
func (s *Store) Dirty(ctx context.Context, id session.ID, lane session.Lane, class connector.CardClass, ttl time.Duration) (delivery.CardLease, bool, error) {
	reply, err := s.commit(ctx, dirtyScript, s.deskKeys(id, lane)[:3], rand.Text(), ttl.Milliseconds(), int(class))
	v, ok := reply.([]any)
	if err != nil || !ok {
		return delivery.CardLease{}, false, err
	}
	return delivery.CardLease{Lane: lane, Class: class, Number: int(number(v[0])), Fence: number(v[1]),
		Message: session.MessageID(word(v[2])), Open: word(v[3]) == "1", Stamp: number(v[4])}, true, nil
}

// Drawn is delivery.Cards'.
func (s *Store) Drawn(ctx context.Context, id session.ID, c delivery.CardLease, at session.MessageID, call int) error {
	reply, err := s.commit(ctx, drawnScript, s.deskKeys(id, c.Lane), int(c.Class), c.Fence, c.Number, string(c.Message), c.Stamp,
		string(at), call)
	if err != nil {
		return err
	}
	return fenced(reply, "card", session.QuestionRef{Session: id, Number: c.Number})
}

// cardEnds are the names of delivery.CardEnd in undrawn.lua.
var cardEnds = [...]string{delivery.CardUnused: "unused", delivery.CardLater: "later", delivery.CardUnsure: "unsure", delivery.CardRefused: "refused",
	delivery.CardLost: "lost", delivery.CardGone: "gone"}

// Undrawn is delivery.Cards'.
func (s *Store) Undrawn(ctx context.Context, id session.ID, c delivery.CardLease, why delivery.CardEnd, wait time.Duration) error {
	reply, err := s.commit(ctx, undrawnScript, s.deskKeys(id, c.Lane), int(c.Class), c.Fence, c.Number, string(c.Message), c.Stamp,
		cardEnds[why], millisUp(wait))
	if err != nil {
		return err
	}
	return fenced(reply, "card", session.QuestionRef{Session: id, Number: c.Number})
}
