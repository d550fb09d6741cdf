package routing

import (
	"context"
	"errors"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Enclosing is what the inbox needs to take pictures that come with questions.
type Enclosing struct {
	Most int // of a question
	// Clean makes a picture of a file. Its errors are *session.Error.
	Clean func(ctx context.Context, file []byte) (session.Picture, []byte, error)
	// Keep is session.Service.Enclose.
	Keep func(ctx context.Context, of session.QuestionRef, e session.Enclosure, bytes []byte) error
}

// Enclosed adds a picture to the question that it came with, once. What is wrong with it is noted
// there; that it could not be fetched only if this is the last attempt.
func (i *Inbox) Enclosed(ctx context.Context, e connector.Enclosed, open func(context.Context) ([]byte, error), last bool) error {
	q, err := i.enclosing(ctx, e)
	if err != nil || q.Encloses(e.Key) {
		return err
	}
	made := session.Enclosure{Key: e.Key, Message: e.At.Message}
	var b []byte
	if len(q.Sent()) >= i.Pictures.Most {
		made.Lack = session.LackMore
	} else if b, err = i.fetched(ctx, e, open, &made); err != nil {
		if connector.OutcomeOf(err).Outcome != connector.Refused && !last {
			return err
		}
		made.Lack = session.LackLost
	}
	return i.Pictures.Keep(ctx, q.Ref, made, b)
}

// enclosing is the question of a message, or else the one that its author asked a moment ago there.
func (i *Inbox) enclosing(ctx context.Context, e connector.Enclosed) (session.Question, error) {
	q, err := i.of(ctx, e.At)
	if err == nil || session.KindOf(err) != session.NotFound {
		return q, err
	}
	last, _, lerr := i.lastOf(ctx, e.At)
	switch {
	case lerr != nil:
		return q, lerr
	case last.Ref.Number == 0 || !last.Continues(e.Sent):
		return q, err
	}
	return last, nil
}

// fetched reads a file and makes a picture of it, or notes why it is none.
func (i *Inbox) fetched(ctx context.Context, e connector.Enclosed, open func(context.Context) ([]byte, error), made *session.Enclosure) (
	[]byte, error) {
	file, err := open(ctx)
	if errors.Is(err, connector.ErrTooLarge) {
		made.Lack = session.LackLarge
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p, b, err := i.Pictures.Clean(ctx, file)
	if err != nil {
		if made.Lack = lackOf(err); made.Lack == "" {
			return nil, err
		}
		return nil, nil
	}
	p.Alt = e.Alt
	made.Picture = &p
	return b, nil
}

// lackOf says why a file is no picture; "" is that this is not known yet.
func lackOf(err error) session.Lack {
	e, ok := errors.AsType[*session.Error](err)
	switch {
	case !ok || e.Kind != session.Invalid:
		return ""
	case e.ID == "picture_too_large" || e.ID == "picture_pixels":
		return session.LackLarge
	}
	return session.LackForm
}
