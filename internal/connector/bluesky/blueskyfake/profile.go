package blueskyfake

import (
	"bytes"
	"encoding/json"
)

const profiles = "app.bsky.actor.profile"

// Profile is what an account says of itself, with the one of its posts that is pinned.
type Profile struct {
	Type    string          `json:"$type"`
	Name    string          `json:"displayName,omitempty"`
	About   string          `json:"description,omitempty"`
	Avatar  json.RawMessage `json:"avatar,omitempty"`
	Pinned  *Ref            `json:"pinnedPost,omitempty"`
	Created string          `json:"createdAt,omitempty"`
}

// Describe is what an account says of itself, as its owner writes it in an app; nil is nothing at all.
func (u *User) Describe(p *Profile) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if delete(u.s.profiles, u.DID); p != nil {
		p.Type = profiles
		u.s.profiles[u.DID] = *p
	}
}

// Profile is what an account says of itself now.
func (u *User) Profile() Profile {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.profiles[u.DID]
}

// putProfile puts one whole, so that what is not in it is gone. Only a post of the account itself is pinned.
func (s *Server) putProfile(in *request, uri string) (any, *refusal) {
	var p Profile
	d := json.NewDecoder(bytes.NewReader(in.body["record"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || p.Type != profiles {
		return nil, invalid("Invalid %s record: %v", profiles, err)
	}
	if r := p.Pinned; r != nil {
		if post := s.posts[r.URI]; post == nil || post.By != in.by || r.CID == "" {
			return nil, invalid("Invalid %s record: no post of the account is pinned", profiles)
		}
	}
	was := ""
	if known, ok := s.profiles[in.by.DID]; ok {
		was = cidOf(known)
	}
	if cidOf(p) != was && text(in.body["swapRecord"]) != was {
		return nil, swapped(was)
	}
	s.profiles[in.by.DID] = p
	return Ref{uri, cidOf(p)}, nil
}
