package redisstore

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// cardClass is the class of a change by its author: what somebody at the desk pressed.
// The scripts know which cards were never posted.
func cardClass(r session.Role) connector.CardClass {
	if r == session.Moderator || r == session.ExpertRole {
		return connector.CardPressed
	}
	return connector.CardOther
}

// questionClass is the class of a question's card, with an "x" behind it where nobody waits for the question.
func questionClass(q session.Stored) string {
	class := cardClass(q.Entry.Role)
	if q.Along {
		class = connector.CardOther
	}
	if q.Awaited() {
		return strconv.Itoa(int(class))
	}
	return strconv.Itoa(int(class)) + "x"
}

// flags are the indices that a question is in, whether its text is accepted, and the
// ms at which its draft is due: rounded up, so that nothing is due too early; or -1 where
// somebody who has withdrawn is to be forgotten.
func flags(q session.Question) string {
	parked := q.Waits()
	b := []byte{bit(q.Open()), bit(parked || q.Moving()), bit(parked), bit(q.AsTold().Accepted())}
	if at := q.SettleAt(); !at.IsZero() {
		b = strconv.AppendInt(b, at.Add(time.Millisecond-1).UnixMilli(), 10)
	} else if q.Leaving() {
		b = append(b, "-1"...)
	}
	return string(b)
}

func bit(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}

// family lists what q is merged into and its followers, for the script that reads them.
func family(q session.Question) string {
	var b strings.Builder
	for _, n := range q.Kin() {
		fmt.Fprintf(&b, "%d ", n)
	}
	return b.String()
}

// moment is at which point of which history a document was read. The number alone does not tell: after a failover that
// lost something, another history may have come as far.
func moment(version int64, head session.Hash) string { return fmt.Sprint(version, " ", head) }

// entryArgs are the eight arguments of a record entry; see common.lua.
func entryArgs(args []any, e session.Entry, s session.Sealed) []any {
	return append(args, e.Version, string(e.Verb), string(e.Role), e.At.UnixMilli(), string(e.Prev),
		string(e.Commitment), s.Salt+" "+s.Payload, e.Sign)
}

func parseSealed(text string) session.Sealed {
	salt, payload, _ := strings.Cut(text, " ")
	return session.Sealed{Salt: salt, Payload: payload}
}

// laneKeys collects the lanes that a commit touches, each key once.
type laneKeys struct {
	of    sessionKeys
	names []string
}

func (l *laneKeys) index(name string) int {
	for i, n := range l.names {
		if n == name {
			return i
		}
	}
	l.names = append(l.names, name)
	return len(l.names) - 1
}

// deliveryArgs are the six arguments of each delivery; a number of 0 is left to the script.
func (l *laneKeys) deliveryArgs(args []any, ds []session.Delivery, numbered bool) []any {
	for _, d := range ds {
		name := laneName(d.Lane())
		who := member(d.Question, d.Copy)
		if !numbered {
			who = "|" + d.Copy
		}
		args = append(args, l.index(name), name, who, int(d.Class), d.Wanted, string(bit(d.Due)))
	}
	return args
}

func (l *laneKeys) keys(keys []string) []string {
	for _, n := range l.names {
		keys = append(keys, l.of.lane(n))
	}
	return keys
}

// leases adds those of every lane.
func (l *laneKeys) leases(keys []string) []string {
	for _, n := range l.names {
		keys = append(keys, l.of.leases(n))
	}
	return keys
}

// question reads the three fields of a question as a reply carries them.
func question(id session.ID, n int, v, doc, h any) (session.Question, error) {
	text, ok := doc.(string)
	if !ok && word(v) == "" {
		return session.Question{}, noQuestion(n)
	}
	q, err := session.ReadQuestion([]byte(text))
	if _, said := errors.AsType[*session.Error](err); err != nil && !said {
		err = damaged(n, err)
	}
	if err != nil {
		return session.Question{}, fmt.Errorf("%s/%d: %w", id, n, err)
	}
	q.Ref, q.Version = session.QuestionRef{Session: id, Number: n}, number(v)
	q.Head = session.Hash(word(h))
	return q, nil
}

// number reads a number of a reply, whether it came as one or as text.
func number(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case string:
		n, _ := strconv.ParseInt(v, 10, 64) // the scripts wrote it
		return n
	}
	return 0
}

func word(v any) string {
	s, _ := v.(string)
	return s
}

func millis(v any) time.Time { return time.UnixMilli(number(v)).UTC() }
