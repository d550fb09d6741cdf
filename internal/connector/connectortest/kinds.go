package connectortest

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Platform can be posted to, edited and removed from, but not searched: what of it
// is unknown stays unknown. The distinct types below add one capability each.
type Platform struct{ *Plain }

// NewPlatform makes an empty platform of that name.
func NewPlatform(id session.ConnectorID, l connector.Limits) *Platform {
	return &Platform{NewPlain(id, l)}
}

var (
	_ connector.Replier   = (*Platform)(nil)
	_ connector.Editor    = (*Platform)(nil)
	_ connector.Retractor = (*Platform)(nil)
	_ connector.Hider     = (*Hiding)(nil)
	_ connector.Pinner    = (*Pinning)(nil)
)

// Edit replaces a post.
func (p *Platform) Edit(ctx context.Context, at session.MessageID, post connector.Post) (connector.Sent, error) {
	return p.call(ctx, Call{Op: OpEdit, Post: post, At: at}, func() (connector.Sent, error) { return p.edit(at, post) })
}

// Retract removes a post; one that is not there is a success.
func (p *Platform) Retract(ctx context.Context, at session.MessageID, post connector.Post) error {
	_, err := p.call(ctx, Call{Op: OpRetract, Post: post, At: at}, func() (connector.Sent, error) {
		p.posts = slices.DeleteFunc(p.posts, func(o Post) bool { return o.ID == at })
		return connector.Sent{}, nil
	})
	return err
}

// Hiding is a Platform that can hide originals.
type Hiding struct {
	*Platform
	hidden []session.MessageID
}

// NewHiding makes an empty platform of that name.
func NewHiding(id session.ConnectorID, l connector.Limits) *Hiding {
	return &Hiding{Platform: NewPlatform(id, l)}
}

// Hide hides an original, or shows it again.
func (p *Hiding) Hide(ctx context.Context, of session.Origin, hidden bool) error {
	_, err := p.call(ctx, Call{Op: OpHide, At: of.Message}, func() (connector.Sent, error) {
		p.hidden = slices.DeleteFunc(p.hidden, func(m session.MessageID) bool { return m == of.Message })
		if hidden {
			p.hidden = append(p.hidden, of.Message)
		}
		return connector.Sent{}, nil
	})
	return err
}

// Hidden lists the originals that are hidden now.
func (p *Hiding) Hidden() []session.MessageID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.hidden)
}

// Pinning is a Platform that pins.
type Pinning struct {
	*Platform
	pins []session.MessageID
}

// NewPinning makes an empty platform of that name.
func NewPinning(id session.ConnectorID, l connector.Limits) *Pinning {
	l.Pins = true
	return &Pinning{Platform: NewPlatform(id, l)}
}

// Pin pins a post that is there, or lets it go.
func (p *Pinning) Pin(ctx context.Context, at session.MessageID, pinned bool) error {
	_, err := p.call(ctx, Call{Op: OpPin, At: at}, func() (connector.Sent, error) {
		p.pins = slices.DeleteFunc(p.pins, func(m session.MessageID) bool { return m == at })
		switch there := slices.ContainsFunc(p.posts, func(o Post) bool { return o.ID == at }); {
		case pinned && !there:
			return connector.Sent{}, refused("no such post")
		case pinned:
			p.pins = append(p.pins, at)
		}
		return connector.Sent{}, nil
	})
	return err
}

// Pinned lists the texts of what is pinned now.
func (p *Pinning) Pinned() (texts []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.posts {
		if slices.Contains(p.pins, o.ID) {
			texts = append(texts, o.Text)
		}
	}
	return texts
}

// Renaming is a Platform on which a post has another id once it was edited.
type Renaming struct{ *Platform }

// NewRenaming makes an empty platform of that name.
func NewRenaming(id session.ConnectorID, l connector.Limits) *Renaming {
	return &Renaming{NewPlatform(id, l)}
}

// Edit replaces a post and gives it a new id.
func (p *Renaming) Edit(ctx context.Context, at session.MessageID, post connector.Post) (connector.Sent, error) {
	return p.call(ctx, Call{Op: OpEdit, Post: post, At: at}, func() (connector.Sent, error) {
		sent, err := p.edit(at, post)
		if err == nil {
			sent.Message += "'"
			p.posts[slices.IndexFunc(p.posts, func(o Post) bool { return o.ID == at })].ID = sent.Message
		}
		return sent, err
	})
}

// Readable is a Platform whose posts can be looked up by their key.
type Readable struct{ *Platform }

// NewReadable makes an empty platform of that name.
func NewReadable(id session.ConnectorID, l connector.Limits) *Readable {
	return &Readable{NewPlatform(id, l)}
}

var _ connector.Finder = (*Readable)(nil)

// Find looks a post up by its key.
func (p *Readable) Find(ctx context.Context, post connector.Post) (sent connector.Sent, ok bool, err error) {
	sent, err = p.call(ctx, Call{Op: OpFind, Post: post}, func() (s connector.Sent, _ error) {
		s, ok = p.find(post.Key)
		return s, nil
	})
	return sent, ok && err == nil, err
}

// Viewed is a Platform that shows whether a post stands, and cannot be searched.
type Viewed struct{ *Platform }

// NewViewed makes an empty platform of that name.
func NewViewed(id session.ConnectorID, l connector.Limits) *Viewed {
	return &Viewed{NewPlatform(id, l)}
}

var _ connector.Reader = (*Viewed)(nil)

// Stands looks for a post by its id.
func (p *Viewed) Stands(ctx context.Context, at session.MessageID, post connector.Post) (there bool, err error) {
	_, err = p.call(ctx, Call{Op: OpStands, Post: post, At: at}, func() (connector.Sent, error) {
		there = slices.ContainsFunc(p.posts, func(o Post) bool { return o.ID == at })
		return connector.Sent{}, nil
	})
	return there && err == nil, err
}

// KeyedPlatform is a Platform that makes one post of all that have the same key.
type KeyedPlatform struct {
	*Platform
	// Window is how long it keeps keys; it is only what KeyWindow says.
	Window time.Duration
}

// NewKeyed makes an empty platform of that name that keeps keys for ever.
func NewKeyed(id session.ConnectorID, l connector.Limits) *KeyedPlatform {
	return &KeyedPlatform{NewPlatform(id, l), forever}
}

var _ connector.Keyed = (*KeyedPlatform)(nil)

// KeyWindow is Window.
func (p *KeyedPlatform) KeyWindow() time.Duration { return p.Window }

// Reply posts, or returns the post that has the key already.
func (p *KeyedPlatform) Reply(ctx context.Context, post connector.Post) (connector.Sent, error) {
	return p.call(ctx, Call{Op: OpReply, Post: post}, func() (connector.Sent, error) {
		if sent, ok := p.find(post.Key); ok {
			return sent, p.same(post)
		}
		return p.make(post)
	})
}

// same refuses other bytes under a key that is known; under p.mu.
func (p *KeyedPlatform) same(post connector.Post) error {
	i := slices.IndexFunc(p.posts, func(o Post) bool { return o.Key == post.Key })
	known := p.posts[i].Post
	known.Note, known.KeepNote, post.Note, post.KeepNote = "", nil, "", nil // the platform sees neither
	if !reflect.DeepEqual(known, post) {
		return refused("another post has this key")
	}
	return nil
}

// Learning is a Platform that says how long a text may be.
type Learning struct {
	*Platform
	mu    sync.Mutex
	says  connector.Facts
	err   error
	asked int
}

// NewLearning makes an empty platform of that name; what it assumes is in l.
func NewLearning(id session.ConnectorID, l connector.Limits) *Learning {
	return &Learning{Platform: NewPlatform(id, l), says: connector.Facts{Most: 500, Link: 23}}
}

var _ connector.Learner = (*Learning)(nil)

// Says sets what it says from now on.
func (p *Learning) Says(f connector.Facts, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.says, p.err = f, err
}

// Learn gives what Says was told last.
func (p *Learning) Learn(context.Context) (connector.Facts, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	return p.says, p.err
}

// Asked counts the calls of Learn.
func (p *Learning) Asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}
