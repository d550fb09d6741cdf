package blueskyfake

import (
	"fmt"
	"strings"
	"time"
)

// Write posts a text. "@HANDLE" of an account in it is a mention, and "#word" a tag.
func (u *User) Write(text string) *Post { return u.put(text, nil, nil, time.Now()) }

// WriteAt posts a text that says it was written at another time.
func (u *User) WriteAt(text string, at time.Time) *Post { return u.put(text, nil, nil, at) }

// Reply posts a text under a post.
func (u *User) Reply(to *Post, text string) *Post {
	above := &Above{Root: to.Ref, Parent: to.Ref}
	if to.Record.Reply != nil {
		above.Root = to.Record.Reply.Root
	}
	return u.put(text, above, nil, time.Now())
}

func (u *User) put(text string, above *Above, with *Embed, at time.Time) *Post {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	uri := fmt.Sprintf("at://%s/%s/3k%011d", u.DID, feedPost, len(u.s.order))
	uri = strings.NewReplacer("0", "z", "1", "y", "8", "x", "9", "w").Replace(uri[len("at://"+u.DID):])
	uri = "at://" + u.DID + uri
	r := Record{Type: feedPost, Text: text, Created: at.UTC().Format("2006-01-02T15:04:05.000Z"), Langs: []string{"en"}, Reply: above,
		Embed: with}
	r.Facets = u.s.marks(text)
	return u.s.store(u, uri, r)
}

// marks finds the words that begin with @ and #.
func (s *Server) marks(text string) (fs []Facet) {
	for _, u := range s.users {
		if at := strings.Index(text, "@"+u.Handle); at >= 0 {
			fs = append(fs, facet(at, len(u.Handle)+1, Feature{Type: "app.bsky.richtext.facet#mention", DID: u.DID}))
		}
	}
	return fs
}

func facet(at, length int, feature Feature) (f Facet) {
	f.Index.Start, f.Index.End, f.Features = at, at+length, []Feature{feature}
	return f
}

// Edit puts another text in the place of the post's.
func (p *Post) Edit(text string) {
	s := p.By.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r := p.Record
	r.Text, r.Facets = text, s.marks(text)
	s.store(p.By, p.URI, r)
}

// Delete is what its author does.
func (p *Post) Delete() {
	s := p.By.s
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Gone = true
}

// Like lets n more people like it.
func (p *Post) Like(n int) {
	s := p.By.s
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Likes += n
}

// ByBot are copies of the institution's posts that stand, as they came.
func (s *Server) ByBot() (posts []Post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.order {
		if p.By == s.bot && !p.Gone {
			posts = append(posts, *p)
		}
	}
	return posts
}

// At is a copy of a post by its address, and whether it stands.
func (s *Server) At(uri string) (Post, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.posts[uri]
	if p == nil || p.Gone {
		return Post{}, false
	}
	return *p, true
}

// Post is a post by its address, for what its author does.
func (s *Server) Post(uri string) *Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts[uri]
}
