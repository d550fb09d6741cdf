package facebookfake

import (
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/faultfake"
	"experthour/internal/connector/graph/graphfake"
)

// The only app, the only Page, and the token by which the app acts as the Page.
const (
	AppID       = "2510000000000017"
	AppSecret   = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	Token       = "EAAFakePageToken0123456789abcdefZDZD"
	VerifyToken = "a-word-that-both-know"
	Self        = "100000000000000417" // the Page; a float64 has no such number
	SelfName    = "Valsts iestāde"
	// Version is the one of the API in URL.
	Version = "v26.0"
)

// Scopes are what the token may at first.
var Scopes = []string{"pages_manage_posts", "pages_manage_engagement", "pages_read_engagement", "pages_read_user_content",
	"pages_manage_metadata", "pages_show_list"}

const firstID = 122_000_000_000_000_017

// MostComment and MostPost are the longest texts, in characters; Facebook documents neither.
const (
	MostComment = 8_000
	MostPost    = 63_206
)

// Node is a post, a comment or a photo as it is stored.
type Node struct {
	ID, Post, Parent string // Post and Parent are of a comment; Parent is that of a reply
	From, Name, Text string
	At               time.Time
	Likes            int
	Hidden, Closed   bool   // a comment that only its author and the Page see; one that takes no replies
	Photo            string // the id of the one that a comment has
	Alt, Type        string // of a photo
	Bytes            []byte // of a photo
	With, Src        string // what somebody attached to a comment: its type, and the address of its picture
	kind             string
	late             bool // no list has it yet
}

// Page is the API. Any number of goroutines may use it.
type Page struct {
	faultfake.Faults
	URL string // of the API with its version; empty until somebody serves it

	mu         sync.Mutex
	now        func() time.Time
	nodes      []*Node
	last       int
	scopes     []string
	revoked    bool
	expires    time.Time
	subscribed []string
	lag        time.Duration
	stutters   bool
	unnamed    bool
	unmoderate bool
	duplicates bool
	rate       int
	rateCode   int
	calls      graphfake.Window
	counts     map[string]int
}

// Make makes a Page without a post, which nobody serves yet.
func Make(now func() time.Time) *Page {
	return &Page{now: now, last: firstID, scopes: Scopes, rate: 4_800, rateCode: 80001, counts: map[string]int{},
		calls: graphfake.Window{Span: 24 * time.Hour}}
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *Page {
	p := Make(now)
	s := httptest.NewServer(p)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	p.URL = s.URL + "/" + Version
	return p
}

func (p *Page) do(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// Revoke takes the token back; Restore gives it again.
func (p *Page) Revoke() { p.do(func() { p.revoked = true }) }

// Restore gives the token again.
func (p *Page) Restore() { p.do(func() { p.revoked = false }) }

// Expire says when the token ends; the zero time is never.
func (p *Page) Expire(at time.Time) { p.do(func() { p.expires = at }) }

// Forbid takes a permission from the token.
func (p *Page) Forbid(scope string) {
	p.do(func() {
		p.scopes = slices.DeleteFunc(slices.Clone(p.scopes), func(s string) bool { return s == scope })
	})
}

// Allow gives all permissions again.
func (p *Page) Allow() { p.do(func() { p.scopes = Scopes }) }

// Lag shows comments in lists only so long after they were written.
func (p *Page) Lag(d time.Duration) { p.do(func() { p.lag = d }) }

// Stutter has every page of a list be the first one, with a next one behind it
// (https://github.com/mobolic/facebook-sdk/issues/510).
func (p *Page) Stutter(is bool) { p.do(func() { p.stutters = is }) }

// Unnamed leaves out who wrote a comment, as for an app without Advanced Access.
func (p *Page) Unnamed(is bool) { p.do(func() { p.unnamed = is }) }

// Unmoderate leaves out the ids of comments, as for a person without the task MODERATE.
func (p *Page) Unmoderate(is bool) { p.do(func() { p.unmoderate = is }) }

// Duplicates refuses the text that the Page wrote last at the same place, with 506.
func (p *Page) Duplicates(are bool) { p.do(func() { p.duplicates = are }) }

// Rate is how many calls in 24 hours there are, and the code of those beyond.
func (p *Page) Rate(most, code int) { p.do(func() { p.rate, p.rateCode = most, code }) }

// Write is a comment of somebody under a post or a comment; it gives its id.
func (p *Page) Write(under, from, name, text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.node(under)
	if at == nil {
		return ""
	}
	return p.comment(at, from, name, text).ID
}

// Attach puts something to a comment of somebody: "photo" or another type of attachments, and the address of its picture.
func (p *Page) Attach(id, kind, src string) {
	p.change(id, func(n *Node) { n.With, n.Src = kind, src })
}

// Publish is a post of the Page's, as somebody makes it by hand.
func (p *Page) Publish(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.add(&Node{kind: post, From: Self, Name: SelfName, Text: text}, Self+"_").ID
}

func (p *Page) change(id string, how func(*Node)) {
	p.do(func() {
		if n := p.node(id); n != nil {
			how(n)
		}
	})
}

// Reword is an edit of its author's.
func (p *Page) Reword(id, text string) { p.change(id, func(n *Node) { n.Text = text }) }

// Like says how many people like a comment.
func (p *Page) Like(id string, count int) { p.change(id, func(n *Node) { n.Likes = count }) }

// Hide hides a comment from the public, as the Page's people do, or shows it again.
func (p *Page) Hide(id string, is bool) { p.change(id, func(n *Node) { n.Hidden = is }) }

// Late leaves a comment out of lists, as one that was written and is not there yet, or lists it.
func (p *Page) Late(id string, is bool) { p.change(id, func(n *Node) { n.late = is }) }

// Close says that a comment or a post takes no comments.
func (p *Page) Close(id string, is bool) { p.change(id, func(n *Node) { n.Closed = is }) }

// Remove takes a post or a comment away, with what stands under it.
func (p *Page) Remove(id string) { p.do(func() { p.remove(id) }) }

// Nodes are the posts and comments that stand, the oldest first.
func (p *Page) Nodes() (all []Node) {
	p.do(func() {
		for _, n := range p.nodes {
			if n.kind != photo {
				all = append(all, *n)
			}
		}
	})
	return all
}

// Picture is a photo by its id.
func (p *Page) Picture(id string) (found Node) {
	p.change(id, func(n *Node) { found = *n })
	return found
}

// Calls is how many calls of an edge were let in, such as "POST comment/comments".
func (p *Page) Calls(edge string) (n int) {
	p.do(func() { n = p.counts[edge] })
	return n
}

func (p *Page) add(n *Node, before string) *Node {
	p.last++
	n.ID, n.At = before+strconv.Itoa(p.last), p.now().Truncate(time.Second)
	p.nodes = append(p.nodes, n)
	return n
}

// comment adds one under a post or a comment.
func (p *Page) comment(under *Node, from, name, text string) *Node {
	n := &Node{kind: comment, Post: under.ID, From: from, Name: name, Text: text}
	if under.kind == comment {
		n.Post, n.Parent = under.Post, under.ID
	}
	return p.add(n, n.Post[strings.Index(n.Post, "_")+1:]+"_")
}

func (p *Page) node(id string) *Node {
	i := slices.IndexFunc(p.nodes, func(n *Node) bool { return n.ID == id })
	if i < 0 {
		return nil
	}
	return p.nodes[i]
}

func (p *Page) remove(id string) {
	p.nodes = slices.DeleteFunc(p.nodes, func(n *Node) bool { return n.ID == id || n.Post == id || n.Parent == id })
}
