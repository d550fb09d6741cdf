// Package sandbox is a pretend public platform inside the program, for the demo
// and for rehearsals. It behaves like a platform that can be edited but not
// searched, so a post of unknown outcome waits for a person.
//
// It knows its own posts and nothing of questions or answers. Its memory belongs
// to one process and ends with it: replicas that share a store do not see each
// other's posts, though each edits what another one made.
package sandbox

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

const (
	longest = 500  // characters of a post
	kept    = 1000 // posts; older ones are forgotten
)

// Options are what a sandbox is told at its start.
type Options struct {
	ID       session.ConnectorID
	Place    session.PlaceID
	Language session.Language // of the citizens; empty is that of the session
	URL      string           // where its posts are shown; empty gives them no address
	Inbox    connector.PublicInbox
	Now      func() time.Time
}

// Sandbox is the platform and its connector in one. The zero value is not usable.
type Sandbox struct {
	o       Options
	process string // begins the ids of the posts that this process made

	mu    sync.Mutex
	mode  string
	made  int
	posts []connector.PretendPost // the oldest first
}

var (
	_ connector.Connector = (*Sandbox)(nil)
	_ connector.Placed    = (*Sandbox)(nil)
)

// New makes an empty sandbox that works.
func New(o Options) *Sandbox {
	return &Sandbox{o: o, process: strings.ToLower(rand.Text()[:8]), mode: Works}
}

// ID is the one it was given.
func (s *Sandbox) ID() session.ConnectorID { return s.o.ID }

// Place is the one that it has.
func (s *Sandbox) Place() session.PlaceID { return s.o.Place }

// Limits are a length of 500 characters, and notices as posts.
func (s *Sandbox) Limits() connector.Limits {
	return connector.Limits{Longest: connector.AtMost(longest, session.Characters), Timeout: 5 * time.Second, Notices: true}
}

// Run only waits: citizens arrive by Ask.
func (s *Sandbox) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Ask lets a citizen post a question, as if it had arrived from outside. The same
// key again is the same post. An error of the inbox is returned as it is, and the
// post stands all the same: a platform does not know what the bot makes of it.
func (s *Sandbox) Ask(ctx context.Context, key, text, name string) (session.QuestionRef, error) {
	id := session.MessageID("q-" + key)
	s.mu.Lock()
	if s.index(id) < 0 {
		s.keep(connector.PretendPost{ID: id, Text: text, Name: name, Question: true})
	}
	s.mu.Unlock()
	origin := session.Origin{Connector: s.o.ID, Place: s.o.Place, Message: id, User: session.UserRef("citizen-" + key), URL: s.url(id)}
	return s.o.Inbox.Asked(ctx, connector.Asked{Origin: origin, Key: key, Text: text, Name: name, Language: s.o.Language, At: s.o.Now()})
}

// Posts lists what stands there now, the oldest first, at most 1,000.
func (s *Sandbox) Posts() []connector.PretendPost {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

// keep adds a post; s.mu is held.
func (s *Sandbox) keep(p connector.PretendPost) connector.PretendPost {
	p.URL, p.At = s.url(p.ID), s.o.Now()
	if len(s.posts) == kept {
		s.posts = slices.Delete(s.posts, 0, 1)
	}
	s.posts = append(s.posts, p)
	return p
}

func (s *Sandbox) index(id session.MessageID) int {
	return slices.IndexFunc(s.posts, func(p connector.PretendPost) bool { return p.ID == id })
}

func (s *Sandbox) nextID() session.MessageID {
	s.made++
	return session.MessageID(fmt.Sprintf("p-%s-%d", s.process, s.made))
}

// foreign reports whether another process made the post.
func (s *Sandbox) foreign(id session.MessageID) bool {
	parts := strings.Split(string(id), "-")
	return len(parts) == 3 && parts[0] == "p" && parts[1] != s.process
}

func (s *Sandbox) url(id session.MessageID) string {
	if s.o.URL == "" {
		return ""
	}
	return s.o.URL + "#" + string(id)
}
