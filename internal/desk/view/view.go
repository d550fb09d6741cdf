// Package view is what staff see, as values: the same for the desk in a chat and for the
// desk page, which only paint them and read back what people did.
//
// It knows the domain, the words and what a session's store can be asked. It must not
// know how anything is drawn: neither lines of a card nor HTML. It decides nothing
// either: who may do what comes from session.Allowed and its relatives.
package view

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Store is what the views read of session.Store.
type Store interface {
	List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error)
}

// Desk is what views are made from. All fields are set.
type Desk struct {
	Store Store
	// Leases say who has a new question before them; shared by all replicas.
	Leases connector.Leases
	Now    func() time.Time
}

// Reader is one person before one hour.
type Reader struct {
	*Desk
	Session session.Session
	By      session.Actor
}

// For makes the views of an hour as a person sees them.
func (d *Desk) For(s session.Session, by session.Actor) Reader { return Reader{d, s, by} }
