package routing

import (
	"context"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

const (
	// askedFor is how long a list of what was asked is used, and mostAsked bounds it, for each
	// hour: whoever asks a platform again about what may have changed needs no newer one.
	askedFor  = 20 * time.Second
	mostAsked = 500
)

// Hours are what is on at a connector, some seconds old at most.
func (i *Inbox) Hours(ctx context.Context, c session.ConnectorID) (connector.Hours, error) {
	all, err := i.sessions(ctx)
	if err != nil {
		return connector.Hours{}, err
	}
	var h connector.Hours
	for _, s := range all {
		if !reaches(s, c) || i.Now().Sub(s.End) >= announcedFor || s.State == session.Cancelled {
			continue
		}
		h.Busy = h.Busy || s.Asking(i.Now())
		if at := s.Acts[session.Schedule].At; h.Since.IsZero() || at.Before(h.Since) {
			h.Since = at
		}
		h.Under = append(h.Under, announcements(s, c)...)
	}
	return h, nil
}

// Originals are those of the questions of a connector that have no outcome yet, some seconds
// old at most, while their hour is on.
func (i *Inbox) Originals(ctx context.Context, c session.ConnectorID) (os []session.Origin, err error) {
	all, err := i.sessions(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if !reaches(s, c) {
			continue
		}
		asked, err := i.asked(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, o := range asked {
			if o.Connector == c {
				os = append(os, o)
			}
		}
	}
	return os, nil
}

// originalsAt are what was asked in an hour, and when that was read.
type originalsAt struct {
	at  time.Time
	all []session.Origin
}

// asked lists the originals of the questions of an hour that have no outcome, while it is on.
func (i *Inbox) asked(ctx context.Context, s session.Session) ([]session.Origin, error) {
	if s.State != session.Open && s.State != session.Closing && !s.Asking(i.Now()) {
		return nil, nil
	}
	if v, ok := i.open.Load(s.ID); ok && i.Now().Sub(v.(originalsAt).at) < askedFor {
		return v.(originalsAt).all, nil
	}
	qs, err := i.Store.List(ctx, s.ID, session.Listing{Unfinished: true, Limit: mostAsked})
	if err != nil {
		return nil, err
	}
	now := originalsAt{at: i.Now()}
	for _, q := range qs {
		now.all = append(now.all, q.Originals()...)
	}
	i.open.Store(s.ID, now)
	return now.all, nil
}

// announcements are the posts that announce an hour at a connector.
func announcements(s session.Session, c session.ConnectorID) (posts []session.Origin) {
	for _, copied := range s.Copies {
		if copied.Connector == c && copied.Message != "" {
			posts = append(posts, session.Origin{Connector: c, Place: copied.Place, Message: copied.Message, URL: copied.URL})
		}
	}
	return posts
}
