package routing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

const (
	// mineFor is how long after its end a session is looked through for what somebody
	// asked, and mostMine how much of it they are shown.
	mineFor  = 30 * 24 * time.Hour
	mostMine = 20
)

// find looks for the question with that original, in the newest session first. A
// session that is some seconds old may be missing in the list; whoever asked there by
// way of this replica has made it known. Unknown originals are common where everybody
// may write, so they do not make it read the list anew.
func (i *Inbox) find(ctx context.Context, at session.Origin) (session.QuestionRef, error) {
	unknown := session.Fail(session.NotFound, "not_found")
	if at.Message == "" {
		return session.QuestionRef{}, unknown
	}
	all, err := i.sessions(ctx)
	if err != nil {
		return session.QuestionRef{}, err
	}
	for _, s := range newestFirst(all) {
		if s.State == session.Cancelled || !reaches(s, at.Connector) {
			continue
		}
		n, ok, err := i.Store.ByOriginal(ctx, s.ID, at)
		if err != nil || ok {
			return session.QuestionRef{Session: s.ID, Number: n}, err
		}
	}
	return session.QuestionRef{}, unknown
}

const (
	// announcedFor is how long after the end of an hour comments under what announced it
	// are questions.
	announcedFor = 7 * 24 * time.Hour
	// justNow is the age of a list that has every announcement which somebody can have
	// read and commented on.
	justNow = time.Second
)

// Announced looks through the copies of the sessions. Comments under posts that announce
// nothing are common, so they make it read the list once a second at most.
func (i *Inbox) Announced(ctx context.Context, at session.Origin, posted time.Time) (session.ID, bool, error) {
	if id, ok := i.announcedIn(i.known(), at); ok || at.Message == "" {
		return id, ok, nil
	}
	all := i.younger(justNow)
	if all == nil {
		var err error
		if all, err = i.refresh(ctx); err != nil {
			return "", false, err
		}
	}
	if id, ok := i.announcedIn(all, at); ok {
		return id, ok, nil
	}
	return i.straying(ctx, all, at, posted)
}

func (i *Inbox) announcedIn(all []session.Session, at session.Origin) (session.ID, bool) {
	for _, s := range all {
		if i.Now().Sub(s.End) < announcedFor && at.Message != "" &&
			slices.ContainsFunc(told(s, at), func(c session.Copy) bool { return c.Message == at.Message }) {
			return s.ID, true
		}
	}
	return "", false
}

// told are the announcements of a session at a place.
func told(s session.Session, at session.Origin) session.Copies {
	return slices.DeleteFunc(slices.Clone(s.Copies), func(c session.Copy) bool { return c.Connector != at.Connector || c.Place != at.Place })
}

// straying looks whether a post in which no announcement is known to stand may be one all the same.
func (i *Inbox) straying(ctx context.Context, all []session.Session, at session.Origin, posted time.Time) (session.ID, bool, error) {
	for _, s := range all {
		if i.Now().Sub(s.End) >= announcedFor {
			continue
		}
		switch is, err := i.stray(ctx, s, at, posted); {
		case err != nil:
			return "", false, err
		case is:
			return s.ID, true, nil
		}
	}
	return "", false, nil
}

// stray does it for one session. An attempt that is over has been noted since the session was
// read, which is read again.
func (i *Inbox) stray(ctx context.Context, s session.Session, at session.Origin, posted time.Time) (bool, error) {
	var tried []string
	for _, c := range told(s, at) {
		may, try := c.Stray(posted, i.Now())
		if may {
			return false, connector.ErrUnplaced
		}
		if try {
			tried = append(tried, c.Key())
		}
	}
	if len(tried) == 0 {
		return false, nil
	}
	if open, err := i.Store.Tried(ctx, s.ID, tried...); err != nil || open {
		return false, cmp.Or(err, connector.ErrUnplaced)
	}
	s, err := i.Store.Session(ctx, s.ID)
	_, is := i.announcedIn([]session.Session{s}, at)
	return is, err
}

// reaches reports whether the session is held at any place of a connector, or was: who asked
// there may still edit and withdraw.
func reaches(s session.Session, c session.ConnectorID) bool {
	return slices.ContainsFunc(slices.Concat(s.Targets, s.PastTargets), func(t session.Target) bool { return t.Connector == c })
}

// newestFirst copies the list: everybody who asks shares it.
func newestFirst(all []session.Session) []session.Session {
	return slices.SortedStableFunc(slices.Values(all), func(a, b session.Session) int { return b.Start.Compare(a.Start) })
}

// Mine lists what somebody asked on a platform, the newest first, as it is now: in
// sessions that ended at most 30 days ago, cancelled ones too, and 20 questions of
// them at most. What they withdrew is there without its text.
func (i *Inbox) Mine(ctx context.Context, c session.ConnectorID, u session.UserRef) ([]session.Question, error) {
	all, err := i.sessions(ctx)
	if err != nil {
		return nil, err
	}
	var mine []session.Question
	for _, s := range all {
		if i.Now().Sub(s.End) > mineFor {
			continue
		}
		qs, err := i.mineIn(ctx, s.ID, c, u)
		if err != nil {
			return nil, err
		}
		mine = append(mine, qs...)
	}
	slices.SortStableFunc(mine, func(a, b session.Question) int { return b.Asked.Compare(a.Asked) })
	return mine[:min(len(mine), mostMine)], nil
}

// mineIn reads the last questions that somebody asked in one session, newest first.
func (i *Inbox) mineIn(ctx context.Context, id session.ID, c session.ConnectorID, u session.UserRef) ([]session.Question, error) {
	numbers, err := i.Store.ByAsker(ctx, id, c, u)
	if err != nil || len(numbers) == 0 {
		return nil, err
	}
	numbers = numbers[max(len(numbers)-mostMine, 0):]
	slices.Reverse(numbers)
	return i.Store.Questions(ctx, id, numbers...)
}
