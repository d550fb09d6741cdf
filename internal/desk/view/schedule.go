package view

import (
	"slices"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// longestSlug is how long the address of an hour may be.
const longestSlug = 60

// Slug makes the address of an hour of its title.
func Slug(title string) session.ID {
	s := wording.Slug(title)
	return session.ID(s[:min(len(s), longestSlug)])
}

// Chosen finds the configured places that somebody chose, by the ids of their connectors.
// The page is always one and never among them.
func (d *Desk) Chosen(ids []string) ([]session.Target, error) {
	var ts []session.Target
	for _, id := range ids {
		if id == string(session.Page) {
			continue
		}
		i := slices.IndexFunc(d.Places, func(p Place) bool { return string(p.Connector) == id })
		if i < 0 {
			return nil, session.Fail(session.Invalid, "target_unknown", "target", session.Shorten(id, 60)).At("targets")
		}
		ts = append(ts, d.Places[i].Target)
	}
	return ts, nil
}
