package redisstore

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

// Reserve is session.SessionStore's. A new session whose id is taken is Already, so
// that it does not touch what the other one holds.
func (s *Store) Reserve(ctx context.Context, ses session.Session) error {
	if ses.Version == 0 {
		taken, err := s.client.Exists(ctx, s.keys.of(ses.ID).session()).Result()
		if err != nil {
			return outcome(err)
		}
		if taken > 0 {
			return slugTaken(ses.ID)
		}
	}
	args := []any{string(ses.ID), ses.Start.UnixMilli(), ses.End.UnixMilli(), string(bit(ses.State == session.Cancelled))}
	for _, p := range ses.Places() {
		args = append(args, strings.ReplaceAll(p, "\n", " "))
	}
	reply, err := s.commit(ctx, reserveScript, []string{s.keys.agenda()}, args...)
	if other, ok := reply.([]any); ok && err == nil {
		return session.Fail(session.Refused, "overlap", "session", word(other[0])).At("start")
	}
	return err
}

func slugTaken(id session.ID) error {
	return session.Fail(session.Already, "slug_taken", "session", string(id)).At("slug")
}

// CreateSession is session.SessionStore's. The id enters the agenda first, where
// Sessions finds it; an id without a session is left out there.
func (s *Store) CreateSession(ctx context.Context, c session.SessionChange) error {
	if err := s.client.HSetNX(ctx, s.keys.agenda(), string(c.Session.ID), "").Err(); err != nil {
		return outcome(err)
	}
	return s.writeSession(ctx, c, "")
}

// CommitSession is session.SessionStore's.
func (s *Store) CommitSession(ctx context.Context, c session.SessionChange) error {
	return s.writeSession(ctx, c, moment(c.Session.Version, c.Session.Head))
}

func (s *Store) writeSession(ctx context.Context, c session.SessionChange, read string) error {
	doc, err := json.Marshal(c.Session)
	if err != nil {
		return fmt.Errorf("session %s: %w", c.Session.ID, err)
	}
	r := s.keys.of(c.Session.ID)
	keys := []string{r.session(), r.log(), r.payloads(), r.open(), r.moving(), r.unresolved(), r.voters(), r.deliveries(), r.lanes(),
		r.networks(), r.refs(), r.typing()}
	lane := ""
	if c.Cards != nil {
		lane = laneName(*c.Cards)
	}
	keys = cardKeys(keys, r, c.Cards)
	keys, ending := leaseKeys(keys, r, c.Finish)
	args := []any{read, c.Op, s.keys.wake(), s.wake(c.Session.ID), doc, string(c.Entry.Hash()),
		gate(c.Session), string(bit(c.Session.Voting())), lane, string(bit(c.Quiet)), string(bit(c.Forget)) + string(bit(c.Unlink))}
	args = append(append(args, ending...), len(c.Deliveries), int(cardClass(c.Entry.Role)))
	args = entryArgs(args, c.Entry, c.Sealed)
	lanes := laneKeys{of: r}
	args = lanes.deliveryArgs(args, c.Deliveries, true)
	reply, err := s.commit(ctx, sessionScript, lanes.keys(keys), args...)
	if err != nil {
		return err
	}
	return sessionReply(c, reply)
}

// gate names in a session what may leave; see lease.lua.
func gate(s session.Session) string {
	switch {
	case s.Leaves(session.ClassAnswer):
		return "1"
	case s.Leaves(session.ClassAnnouncement):
		return "2"
	}
	return "0"
}

func sessionReply(c session.SessionChange, reply any) error {
	id := c.Session.ID
	switch r := reply.(type) {
	case []any:
		return session.Fail(session.Refused, "close_unsettled", "questions", int(number(r[0])), "copies", int(number(r[1])))
	case string:
		switch r {
		case "ok":
			return nil
		case "conflict":
			return session.ErrConflict
		case "fenced":
			return fmt.Errorf("commit %s %s: %w", id, c.Finish.Copy, session.ErrFenced)
		case "unknown":
			return noSession(id)
		case "taken":
			return slugTaken(id)
		}
	}
	return fmt.Errorf("session %s: %w: %v", id, errReply, reply)
}

// Session is session.SessionStore's.
func (s *Store) Session(ctx context.Context, id session.ID) (session.Session, error) {
	v, err := s.client.HMGet(ctx, s.keys.of(id).session(), "v", "doc", "h").Result()
	if err != nil {
		return session.Session{}, outcome(err)
	}
	return parseSession(id, v)
}

func parseSession(id session.ID, v []any) (session.Session, error) {
	doc, ok := v[1].(string)
	if !ok {
		return session.Session{}, noSession(id)
	}
	ses, err := session.ReadSession([]byte(doc))
	if err != nil {
		return ses, fmt.Errorf("session %s: %w", id, err)
	}
	ses.Version, ses.Head = number(v[0]), session.Hash(word(v[2]))
	return ses, nil
}

// Sessions is session.SessionStore's.
func (s *Store) Sessions(ctx context.Context) ([]session.Session, error) {
	ids, err := s.client.HKeys(ctx, s.keys.agenda()).Result()
	if err != nil || len(ids) == 0 {
		return nil, outcome(err)
	}
	replies := make([]*redis.SliceCmd, len(ids))
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			replies[i] = p.HMGet(ctx, s.keys.of(session.ID(id)).session(), "v", "doc", "h")
		}
		return nil
	})
	if err != nil {
		return nil, outcome(err)
	}
	return parseSessions(ids, replies)
}

func parseSessions(ids []string, replies []*redis.SliceCmd) ([]session.Session, error) {
	var all []session.Session
	for i, id := range ids {
		ses, err := parseSession(session.ID(id), replies[i].Val())
		if _, said := errors.AsType[*session.Error](err); err != nil && (!said || session.KindOf(err) == session.NotFound) {
			continue // its places were reserved, and then it was not created; or it is damaged, which costs no other one
		}
		if err != nil {
			return nil, err
		}
		all = append(all, ses)
	}
	slices.SortFunc(all, func(a, b session.Session) int {
		return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}
