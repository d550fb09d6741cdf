package connectortest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Plain is a public platform that can be posted to and nothing else, such as a
// live chat. All fakes of platforms are made from it: they share its memory, its
// limits and its script of faults.
type Plain struct {
	id     session.ConnectorID
	limits connector.Limits
	inbox  connector.PublicInbox

	mu     sync.Mutex
	faults map[Op][]Fault
	calls  []Call
	posts  []Post
	made   int
}

var (
	_ connector.Connector = (*Plain)(nil)
	_ connector.Replier   = (*Plain)(nil)
)

// Post is a post that stands on a fake platform now.
type Post struct {
	connector.Post // as it was sent last
	ID             session.MessageID
	URL            string
	Edits          int
}

// Call is one call that reached a fake, with how it ended.
type Call struct {
	Op   Op
	Post connector.Post
	At   session.MessageID
	Err  error
}

// NewPlain makes an empty platform of that name.
func NewPlain(id session.ConnectorID, l connector.Limits) *Plain {
	return &Plain{id: id, limits: l, faults: map[Op][]Fault{}}
}

// ID is the one it was given.
func (p *Plain) ID() session.ConnectorID { return p.id }

// Limits are those it was given, and it enforces them.
func (p *Plain) Limits() connector.Limits { return p.limits }

// Run waits: events are handed over by the test through Inbox.
func (p *Plain) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Listen sets where Ask and its like take what the public does.
func (p *Plain) Listen(in connector.PublicInbox) { p.inbox = in }

// Ask lets somebody post a question at a place; key names the message.
func (p *Plain) Ask(ctx context.Context, place session.PlaceID, key, text string) (session.QuestionRef, error) {
	return p.inbox.Asked(ctx, connector.Asked{Origin: p.Original(place, key), Key: key, Text: text})
}

// Original is the origin of the question that Ask posts under that key.
func (p *Plain) Original(place session.PlaceID, key string) session.Origin {
	return session.Origin{Connector: p.id, Place: place, Message: session.MessageID("asked-" + key), User: session.UserRef("user-" + key)}
}

// On adds faults for the next calls of an operation, one each, in order.
func (p *Plain) On(op Op, fs ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[op] = append(p.faults[op], fs...)
}

// Posts lists what stands now, the oldest first.
func (p *Plain) Posts() []Post {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.posts)
}

// Made is how many posts were ever made, those included that are gone.
func (p *Plain) Made() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made
}

// Calls lists every call in the order in which they ended.
func (p *Plain) Calls() []Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.calls)
}

// Reply posts.
func (p *Plain) Reply(ctx context.Context, post connector.Post) (connector.Sent, error) {
	return p.call(ctx, Call{Op: OpReply, Post: post}, func() (connector.Sent, error) { return p.make(post) })
}

// call runs one operation under the next fault of its script; do runs under p.mu.
func (p *Plain) call(ctx context.Context, c Call, do func() (connector.Sent, error)) (connector.Sent, error) {
	var sent connector.Sent
	c.Err = p.next(c.Op).run(ctx, func() (err error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		sent, err = do()
		return err
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, c)
	if c.Err != nil {
		return connector.Sent{}, c.Err
	}
	return sent, nil
}

func (p *Plain) next(op Op) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.faults[op]) == 0 {
		return Fault{}
	}
	f := p.faults[op][0]
	p.faults[op] = p.faults[op][1:]
	return f
}

func (p *Plain) make(post connector.Post) (connector.Sent, error) {
	if err := p.check(post); err != nil {
		return connector.Sent{}, err
	}
	p.made++
	id := session.MessageID(fmt.Sprintf("%s-%d", p.id, p.made))
	p.posts = append(p.posts, Post{Post: post, ID: id, URL: "https://" + string(p.id) + ".example/" + string(id)})
	return p.sent(len(p.posts) - 1), nil
}

func (p *Plain) edit(at session.MessageID, post connector.Post) (connector.Sent, error) {
	if err := p.check(post); err != nil {
		return connector.Sent{}, err
	}
	i := slices.IndexFunc(p.posts, func(o Post) bool { return o.ID == at })
	if i < 0 {
		return connector.Sent{}, refused("no such post")
	}
	if p.limits.PicturesStay && len(p.posts[i].Pictures) > 0 && len(post.Pictures) == 0 {
		return connector.Sent{}, refused("the pictures stay")
	}
	if p.posts[i].Text != post.Text {
		p.posts[i].Edits++
	}
	p.posts[i].Post = post
	return p.sent(i), nil
}

func (p *Plain) check(post connector.Post) error {
	if n := len(post.Pictures); n > p.limits.Pictures {
		return refused(fmt.Sprintf("%d pictures of %d", n, p.limits.Pictures))
	}
	longest := p.limits.Longest.Of(post.Kind)
	if post.Text == "" || !longest.Fits(post.Text) {
		l, n := longest.Tightest(post.Text)
		return refused(fmt.Sprintf("length %d of %d %s", n, l.Most, l.Unit))
	}
	return nil
}

// find looks a post up by its key; under p.mu.
func (p *Plain) find(key string) (connector.Sent, bool) {
	i := slices.IndexFunc(p.posts, func(o Post) bool { return o.Key == key })
	if i < 0 {
		return connector.Sent{}, false
	}
	return p.sent(i), true
}

func (p *Plain) sent(i int) connector.Sent {
	return connector.Sent{Message: p.posts[i].ID, URL: p.posts[i].URL}
}

// forever is a key window that no test outlasts.
const forever = 1000 * time.Hour
