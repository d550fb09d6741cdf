package redisstore

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"experthour/internal/session"
)

var (
	errCopies = errors.New("too few replicas have it")
	errClient = errors.New("cannot wait for replicas")
	errClosed = errors.New("subscription closed")
	errReply  = errors.New("unexpected reply")
)

// refusals begin the replies by which a server says that it did not accept a command.
var refusals = []string{"MISCONF", "OOM", "NOREPLICAS", "READONLY", "LOADING", "TRYAGAIN", "CLUSTERDOWN",
	"MASTERDOWN", "BUSY", "NOAUTH", "NOPERM", "WRONGPASS", "MOVED", "ASK", "CROSSSLOT",
	"ERR max number of clients", "UNKILLABLE"}

// outcome turns an error of the client into one of the domain's. Unavailable means
// that nothing was accepted or that it is not known; the scripts recognise a repeat.
func outcome(err error) error {
	switch {
	case err == nil, errors.Is(err, redis.Nil):
		return nil
	case away(err):
		return unavailable(err)
	}
	return session.Fail(session.Internal, "internal").Because(err)
}

func unavailable(cause error) error {
	return session.Fail(session.Unavailable, "unavailable").Because(cause)
}

// unconfirmed says that something may have been stored: it is to be looked at, or done
// again, which changes nothing then.
func unconfirmed(cause error) error {
	return session.Fail(session.Unavailable, "unconfirmed").Because(cause)
}

// written is outcome of a script that writes: when its reply was lost, nobody knows whether
// it did.
func written(err error) error {
	if err != nil && away(err) && mayHaveArrived(err) {
		return unconfirmed(err)
	}
	return outcome(err)
}

// mayHaveArrived leaves out what a server refused, and commands for which there was no
// connection.
func mayHaveArrived(err error) bool {
	if _, server := errors.AsType[redis.Error](err); server {
		return false
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return false
	}
	return !errors.Is(err, redis.ErrClosed) && !errors.Is(err, redis.ErrPoolTimeout) && !errors.Is(err, redis.ErrPoolExhausted)
}

// away reports whether err says that the server was not there or did not accept.
func away(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	ends := []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
		redis.ErrClosed, redis.ErrPoolTimeout, redis.ErrPoolExhausted}
	if slices.ContainsFunc(ends, func(e error) bool { return errors.Is(err, e) }) {
		return true
	}
	if _, ok := errors.AsType[redis.Error](err); !ok {
		return true // the client's own: no connection, no node for a slot, a broken reply
	}
	return slices.ContainsFunc(refusals, func(r string) bool { return refusal(err.Error(), r) })
}

// refusal finds the prefix also behind the "ERR " that older servers put before the
// error of a command in a script.
func refusal(text, prefix string) bool {
	return strings.HasPrefix(text, prefix) || strings.Contains(text, "-"+prefix+" ") || strings.Contains(text, ": "+prefix+" ")
}

func noSession(id session.ID) error {
	return session.Fail(session.NotFound, "session_unknown", "session", string(id))
}

func noQuestion(number any) error {
	return session.Fail(session.NotFound, "question_unknown", "number", number)
}
