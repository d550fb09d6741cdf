package routing

import (
	"context"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Hours are what is on at a connector, some seconds old at most. They do not list what was
// asked there.
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

// announcements are the posts that announce an hour at a connector.
func announcements(s session.Session, c session.ConnectorID) (posts []session.Origin) {
	for _, copied := range s.Copies {
		if copied.Connector == c && copied.Message != "" {
			posts = append(posts, session.Origin{Connector: c, Place: copied.Place, Message: copied.Message, URL: copied.URL})
		}
	}
	return posts
}
