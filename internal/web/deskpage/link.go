package deskpage

import (
	"context"
	"time"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// Logins say since when what was made for a person holds, for all replicas. Their errors
// are *session.Error.
type Logins interface {
	// Since is before when nothing holds that was made for a person; the zero time is never.
	Since(ctx context.Context, name session.PersonName) (time.Time, error)
	// Revoke ends what was made for a person until now, or until at where that is later,
	// and returns from when on what is made holds. It must be remembered for life.
	Revoke(ctx context.Context, name session.PersonName, at time.Time, life time.Duration) (time.Time, error)
}

// Revoke ends all links, cookies and tokens of a person that were made until now, or until
// at where that is later. It returns Logins.Since of those that are made from now on.
func Revoke(ctx context.Context, l Logins, name session.PersonName, at time.Time) (time.Time, error) {
	return l.Revoke(ctx, name, at, 2*Life) // whatever the clocks say, nothing lives longer
}

// Link is the address at which a person may log in once, until the token in it expires.
// since is as for API.
func (t Tokens) Link(publicURL string, name session.PersonName, since time.Time) string {
	return publicURL + home(name) + "?token=" + t.issue(forLink, name, since, Life)
}

// Trial is the address of a rehearsal that logs a person in at the desk of one session,
// as often as wanted. Its token is the bearer of the JSON API as well.
func (t Tokens) Trial(publicURL string, name session.PersonName, id session.ID) string {
	return publicURL + home(name) + "/" + string(id) + "?token=" + t.issue(forTrial, name, t.now(), Life)
}

// home is the path of a person's desk.
func home(name session.PersonName) string { return view.OwnDesk(name) }
