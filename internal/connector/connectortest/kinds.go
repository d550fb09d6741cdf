package connectortest

import (
	"context"
	"slices"
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
			return sent, nil
		}
		return p.make(post)
	})
}
