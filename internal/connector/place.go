package connector

import (
	"context"

	"experthour/internal/session"
)

// PlaceMaker is a desk that can give every session a place of its own, such as a topic
// of a forum. Where it has none to give, it gives the place that all share.
type PlaceMaker interface {
	// MakePlace gives the session's place, the same again for a session that has one. An
	// outcome of Unsure may leave a place behind that nobody uses.
	MakePlace(ctx context.Context, s session.Session) (session.PlaceID, error)
}
