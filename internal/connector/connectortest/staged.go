package connectortest

import (
	"context"
	"fmt"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Staged is a Platform on which a post is made in two steps: a container, which nobody sees
// and whose id is kept, and its publication. What became of a container can be asked.
type Staged struct {
	*Platform
	prepared  int
	published map[string]connector.Sent
}

// OpPrepare is the first step.
const OpPrepare Op = "prepare"

// NewStaged makes an empty platform of that name.
func NewStaged(id session.ConnectorID, l connector.Limits) *Staged {
	return &Staged{Platform: NewPlatform(id, l), published: map[string]connector.Sent{}}
}

var _ connector.Finder = (*Staged)(nil)

// Prepared is how many containers were made.
func (p *Staged) Prepared() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.prepared
}

// Reply publishes the container that a former attempt kept, or one of its own. It does not
// look whether that was published before: who repeats it blindly posts twice.
func (p *Staged) Reply(ctx context.Context, post connector.Post) (connector.Sent, error) {
	container := post.Note
	if container == "" {
		_, err := p.call(ctx, Call{Op: OpPrepare, Post: post}, func() (connector.Sent, error) {
			p.prepared++
			container = fmt.Sprint("container-", p.prepared)
			return connector.Sent{}, p.check(post)
		})
		if err == nil {
			err = post.Keep(ctx, container)
		}
		if err != nil {
			return connector.Sent{}, err
		}
	}
	return p.call(ctx, Call{Op: OpReply, Post: post}, func() (connector.Sent, error) {
		sent, err := p.make(post)
		p.published[container] = sent
		return sent, err
	})
}

// Find asks whether the container was published; nothing is out of which none was kept.
func (p *Staged) Find(ctx context.Context, post connector.Post) (sent connector.Sent, ok bool, err error) {
	sent, err = p.call(ctx, Call{Op: OpFind, Post: post}, func() (s connector.Sent, _ error) {
		s, ok = p.published[post.Note]
		return s, nil
	})
	return sent, ok && err == nil, err
}
