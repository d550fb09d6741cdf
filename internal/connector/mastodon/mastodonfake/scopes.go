package mastodonfake

import (
	"net/http"
	"slices"
	"strings"
)

// Scopes are what Token allows, as the README says where announcements are pinned.
const Scopes = "read write:statuses write:media write:accounts"

// Grant makes a token that allows some scopes.
func (f *Fake) Grant(token, scopes string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens[token] = strings.Fields(scopes)
}

// Revoke takes a token back, and ends what it streams.
func (f *Fake) Revoke(token string) {
	f.mu.Lock()
	delete(f.tokens, token)
	f.mu.Unlock()
	f.Restart()
}

// scopes are those of the token of a call; ok is false where there is none that holds.
func (f *Fake) scopes(r *http.Request) (all []string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	token, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	all, ok = f.tokens[token]
	return all, ok && is
}

// allows reports whether scopes have one, or the family that it belongs to.
func allows(scopes []string, want string) bool {
	family, _, _ := strings.Cut(want, ":")
	return want == "" || slices.Contains(scopes, want) || slices.Contains(scopes, family)
}
