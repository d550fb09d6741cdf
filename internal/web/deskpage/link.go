package deskpage

import (
	"experthour/internal/session"
	"experthour/internal/wording"
)

// LinkFor is the address that logs a person in until the token in it expires.
func (t Tokens) LinkFor(publicURL string, name session.PersonName) string {
	return publicURL + home(name) + "?token=" + t.Make(name, Life)
}

// LinkTo is LinkFor that leads straight to the desk of one session.
func (t Tokens) LinkTo(publicURL string, name session.PersonName, id session.ID) string {
	return publicURL + home(name) + "/" + string(id) + "?token=" + t.Make(name, Life)
}

// home is the path of a person's desk.
func home(name session.PersonName) string { return "/desk/" + wording.Slug(string(name)) }
