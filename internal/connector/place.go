package connector

import (
	"context"

	"experthour/internal/session"
)

// Placed is a connector that works at one place: where hours are held, or the desk is.
type Placed interface {
	// Place is that place as sessions name it; empty if people only write in private.
	Place() session.PlaceID
}

// PlaceMaker is a desk that can give every session a place of its own, such as a topic
// of a forum. Where it has none to give, it gives the place that all share.
type PlaceMaker interface {
	// MakePlace gives the session's place, the same again for a session that has one. An
	// outcome of Unsure may leave a place behind that nobody uses.
	MakePlace(ctx context.Context, s session.Session) (session.PlaceID, error)
}
