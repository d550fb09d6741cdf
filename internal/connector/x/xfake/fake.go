package xfake

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/faultfake"
)

// The only app, the only token, and the account whom it belongs to.
const (
	Key         = "xvz1evFS4wEEPTGEFPHBog"
	Secret      = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"
	TokenSecret = "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"
	Token       = Self + "-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"
	Self        = "1812345678901234567" // a float64 has no such number
	SelfName    = "iestade"
)

// epoch is when X began to count, in milliseconds (https://docs.x.com/fundamentals/x-ids).
const epoch = 1288834974657

// Post is one as it is stored.
type Post struct {
	ID, Author, Text string
	ReplyTo          string // empty is that it stands on its own
	Conversation     string
	History          []string // its ids, the first one first
	At               time.Time
	Likes            int
	Media            []Medium
	calls            bool // it mentions the account, in its words or because it replies to it
	named            bool // in its words
	late             time.Duration
}

// X is the API. Any number of goroutines may use it.
type X struct {
	faultfake.Faults
	URL string // of the API; empty until somebody serves it

	mu       sync.Mutex
	now      func() time.Time
	posts    []*Post
	texts    []spoken // that the account posted, also those that it deleted
	last     int64
	nonces   map[string]bool
	windows  map[string]*window
	most     map[string]int
	read     map[string]bool // what was read and paid, by day
	spent    int
	credit   int
	lag      time.Duration
	revoked  bool
	readOnly bool
	strict   bool // a text is a duplicate wherever it stands
	implicit bool // a reply to the account counts as a mention of it
	oldNames bool
	counts   map[string]int
	doors    doors
	hooks    hooks
	uploads  map[string]*upload
}

// spoken is a text that the account posted.
type spoken struct{ under, text string }

// Make makes an API with one account and no post, which nobody serves yet.
func Make(now func() time.Time) *X {
	return &X{now: now, nonces: map[string]bool{}, windows: map[string]*window{}, most: map[string]int{}, read: map[string]bool{},
		credit: 1_000_000, counts: map[string]int{},
		doors: doors{grants: map[string]*grant{}, used: map[string]*family{}}, uploads: map[string]*upload{}}
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *X {
	x := Make(now)
	x.Serve(t, x)
	return x
}

// Serve serves the API for a test through a handler that leads to it.
func (x *X) Serve(t testing.TB, through http.Handler) {
	s := httptest.NewServer(through)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	x.URL = s.URL
}

func (x *X) do(change func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	change()
}

// Revoke takes the token back; Restore gives it again.
func (x *X) Revoke() { x.do(func() { x.revoked = true }) }

// Restore gives the token again.
func (x *X) Restore() { x.do(func() { x.revoked = false }) }

// ReadOnly says that the app has the permission to read, and no more.
func (x *X) ReadOnly(is bool) { x.do(func() { x.readOnly = is }) }

// Strict says that a text is a duplicate wherever the account posted it; else under the same post.
func (x *X) Strict(is bool) { x.do(func() { x.strict = is }) }

// Implicit says that whoever replies to the account can be replied to, without naming it.
func (x *X) Implicit(is bool) { x.do(func() { x.implicit = is }) }

// OldNames answers with the names of fields that X had before: tweets for posts.
func (x *X) OldNames(is bool) { x.do(func() { x.oldNames = is }) }

// Lag shows posts in lists only so long after they were written.
func (x *X) Lag(d time.Duration) { x.do(func() { x.lag = d }) }

// Late shows one post in lists only so long after it was written, behind later ones.
func (x *X) Late(id string, d time.Duration) {
	x.do(func() {
		if p := x.find(id); p != nil {
			p.late = d
		}
	})
}

// Rate is how many of a call can be made in a quarter of an hour.
func (x *X) Rate(call string, most int) { x.do(func() { x.most[call] = most }) }

// Credit is what there is to spend, in thousandths of a dollar.
func (x *X) Credit(amount int) { x.do(func() { x.credit = amount }) }

// Spent is what was charged, in thousandths of a dollar.
func (x *X) Spent() (amount int) {
	x.do(func() { amount = x.spent })
	return amount
}

// Write is a post of somebody that stands on its own; it gives its id.
func (x *X) Write(author, text string) string { return x.Under("", author, text) }

// Under is a reply of somebody.
func (x *X) Under(parent, author, text string) (id string) {
	x.do(func() { id = x.add(author, text, parent).ID })
	return id
}

// Edit is one of its author's; it gives the new id.
func (x *X) Edit(id, text string) (edited string) {
	x.do(func() {
		if p := x.find(id); p != nil {
			p.Text, p.ID = text, x.id()
			p.History = append(p.History, p.ID)
			p.named = p.named || names(text)
			p.calls = p.calls || p.named
			edited = p.ID
		}
	})
	return edited
}

// Remove takes a post away, as its author does.
func (x *X) Remove(id string) { x.do(func() { x.remove(id) }) }

// Like says how many people like a post.
func (x *X) Like(id string, likes int) {
	x.do(func() {
		if p := x.find(id); p != nil {
			p.Likes = likes
		}
	})
}

// Posts are those that stand, the oldest first.
func (x *X) Posts() (all []Post) {
	x.do(func() {
		for _, p := range x.posts {
			all = append(all, *p)
		}
	})
	return all
}

// Calls is how many of a call were let in.
func (x *X) Calls(call string) (n int) {
	x.do(func() { n = x.counts[call] })
	return n
}

// id is larger than any before, and tells the time.
func (x *X) id() string {
	x.last = max(x.last+1, (x.now().UnixMilli()-epoch)<<22)
	return strconv.FormatInt(x.last, 10)
}

func (x *X) add(author, text, parent string) *Post {
	p := &Post{ID: x.id(), Author: author, Text: text, ReplyTo: parent, At: x.now().Truncate(time.Second), named: names(text)}
	p.Conversation, p.History, p.calls = p.ID, []string{p.ID}, p.named
	if above := x.find(parent); above != nil {
		p.Conversation = above.Conversation
		p.calls = p.calls || above.Author == Self
	}
	x.posts = append(x.posts, p)
	return p
}

// find looks for a post by any of its ids.
func (x *X) find(id string) *Post {
	i := slices.IndexFunc(x.posts, func(p *Post) bool { return slices.Contains(p.History, id) })
	if i < 0 {
		return nil
	}
	return x.posts[i]
}

func (x *X) remove(id string) {
	x.posts = slices.DeleteFunc(x.posts, func(p *Post) bool { return slices.Contains(p.History, id) })
}
