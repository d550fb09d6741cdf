package mastodonfake

import (
	"net/http"
	"slices"
)

// mostPinned is how many posts an account pins at most.
const mostPinned = 5

// Pin pins a post of the bot, as its owner does in the browser.
func (f *Fake) Pin(id string) { f.with(id, func(s *Status) { s.Pinned = new(true) }) }

// pin refuses what is not the bot's or is not for all, the sixth, and what is pinned already.
func (f *Fake) pin(w http.ResponseWriter, r *http.Request) {
	s := f.find(r.PathValue("id"))
	pinned := f.that(func(s *Status) bool { return s.Pinned != nil && *s.Pinned })
	switch {
	case s == nil:
		fail(w, http.StatusNotFound, "Record not found")
	case s.Account != Bot:
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Someone else's post cannot be pinned")
	case s.Visibility == "direct":
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Posts that are only visible to mentioned users cannot be pinned")
	case len(pinned) == mostPinned:
		fail(w, http.StatusUnprocessableEntity, "Validation failed: You have already pinned the maximum number of posts")
	case slices.Contains(pinned, s):
		fail(w, http.StatusUnprocessableEntity, "Duplicate record")
	default:
		s.Pinned = new(true)
		answer(w, http.StatusOK, s)
	}
}

func (f *Fake) unpin(w http.ResponseWriter, r *http.Request) {
	s := f.find(r.PathValue("id"))
	if s == nil {
		fail(w, http.StatusNotFound, "Record not found")
		return
	}
	if s.Account == Bot {
		s.Pinned = new(false)
	}
	answer(w, http.StatusOK, s)
}
