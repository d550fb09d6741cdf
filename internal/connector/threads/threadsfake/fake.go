package threadsfake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The only account, and its first token.
const (
	Self     = "17841400000000001" // a float64 has no such number
	SelfName = "valsts.iestade"
	Token    = "THAA1first"
)

// Scopes are all permissions, which the token has at first.
var Scopes = []string{"threads_basic", "threads_content_publish", "threads_manage_replies", "threads_read_replies", "threads_delete",
	"threads_manage_mentions"}

const (
	firstID = 17_900_000_000_000_001
	day     = 24 * time.Hour
	holds   = 60 * day // a long-lived token
)

// Post is one as it stands.
type Post struct {
	ID, Author, Text string
	ReplyTo, Root    string // the root of a post that replies to nothing is itself
	Hide, Kind       string
	Media            string // the address of what stands with it
	At               time.Time
}

// container is a post before it is published.
type container struct {
	id, text, replyTo string
	made              time.Time
	fails             bool
	published         bool
}

// token is one of the account's.
type token struct {
	made, ends time.Time
	revoked    bool
}

// Threads is the API. Any number of goroutines may use it.
type Threads struct {
	URL string // empty until somebody serves it

	mu         sync.Mutex
	now        func() time.Time
	posts      []*Post
	containers map[string]*container
	tokens     map[string]*token
	scopes     []string
	last       int
	calls      []time.Time
	rate       int
	used       map[string][]time.Time // of a quota
	lag        time.Duration
	preparing  time.Duration
	failing    bool
	unready    int
	tester     bool
	faults     []fault
	counts     map[string]int
}

// Make makes an account without a post, which nobody serves yet. Its token is a week old.
func Make(now func() time.Time) *Threads {
	f := &Threads{now: now, containers: map[string]*container{}, tokens: map[string]*token{}, scopes: slices.Clone(Scopes), last: firstID,
		rate: 48_000, used: map[string][]time.Time{}, tester: true, counts: map[string]int{}}
	f.Issue(Token, 7*day)
	return f
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *Threads {
	f := Make(now)
	s := httptest.NewServer(f)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	f.URL = s.URL
	return f
}

func (f *Threads) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// Issue is a long-lived token that was made so long ago.
func (f *Threads) Issue(access string, ago time.Duration) {
	f.do(func() { f.tokens[access] = &token{made: f.now().Add(-ago), ends: f.now().Add(holds - ago)} })
}

// Revoke takes every token back, and Restore gives them again.
func (f *Threads) Revoke() { f.do(func() { f.each(true) }) }

// Restore gives them again.
func (f *Threads) Restore() { f.do(func() { f.each(false) }) }

func (f *Threads) each(revoked bool) {
	for _, t := range f.tokens {
		t.revoked = revoked
	}
}

// Tester says whether the account is a tester of the app, who may ask about tokens.
func (f *Threads) Tester(is bool) { f.do(func() { f.tester = is }) }

// Forbid takes a permission away.
func (f *Threads) Forbid(scope string) {
	f.do(func() { f.scopes = slices.DeleteFunc(f.scopes, func(s string) bool { return s == scope }) })
}

// Lag shows posts in lists only so long after they were published.
func (f *Threads) Lag(d time.Duration) { f.do(func() { f.lag = d }) }

// Prepare is how long a container is in progress.
func (f *Threads) Prepare(d time.Duration) { f.do(func() { f.preparing = d }) }

// Fail makes the next container end in an error.
func (f *Threads) Fail() { f.do(func() { f.failing = true }) }

// Unready makes the next publications say that the container is not there.
func (f *Threads) Unready(n int) { f.do(func() { f.unready = n }) }

// Rate is how many calls the app has in 24 hours.
func (f *Threads) Rate(most int) { f.do(func() { f.rate = most }) }

// Spend takes of a quota: "posts", "replies" or "deletes".
func (f *Threads) Spend(quota string, n int) {
	f.do(func() {
		for range n {
			f.used[quota] = append(f.used[quota], f.now())
		}
	})
}

// Write is a post of somebody; to is what it replies to, "" is nothing. It gives its id.
func (f *Threads) Write(author, to, text string) (at string) {
	f.do(func() { at = f.add(author, to, text).ID })
	return at
}

// Change changes a post, as an edit in the app or hiding it does.
func (f *Threads) Change(at string, change func(*Post)) {
	f.do(func() {
		if p := f.post(at); p != nil {
			change(p)
		}
	})
}

// Remove takes a post away, as its author does in the app.
func (f *Threads) Remove(at string) { f.do(func() { f.remove(at) }) }

// Posts are those that stand, the oldest first.
func (f *Threads) Posts() (all []Post) {
	f.do(func() {
		for _, p := range f.posts {
			all = append(all, *p)
		}
	})
	return all
}

// Calls is how many calls of an operation were let in, and Containers how many were made.
func (f *Threads) Calls(op string) (n int) {
	f.do(func() { n = f.counts[op] })
	return n
}

// Containers is how many there are.
func (f *Threads) Containers() (n int) {
	f.do(func() { n = len(f.containers) })
	return n
}

func (f *Threads) next() string {
	f.last++
	return strconv.Itoa(f.last)
}

func (f *Threads) add(author, to, text string) *Post {
	p := &Post{ID: f.next(), Author: author, Text: text, ReplyTo: to, Hide: "NOT_HUSHED", Kind: "TEXT_POST", At: f.now().Truncate(time.Second)}
	p.Root = p.ID
	if above := f.post(to); above != nil {
		p.Root = above.Root
	}
	f.posts = append(f.posts, p)
	return p
}

func (f *Threads) post(at string) *Post {
	if i := slices.IndexFunc(f.posts, func(p *Post) bool { return p.ID == at }); i >= 0 {
		return f.posts[i]
	}
	return nil
}

func (f *Threads) remove(at string) {
	f.posts = slices.DeleteFunc(f.posts, func(p *Post) bool { return p.ID == at })
}

// within counts what was used in the last 24 hours.
func (f *Threads) within(quota string) int {
	since := f.now().Add(-day)
	f.used[quota] = slices.DeleteFunc(f.used[quota], func(at time.Time) bool { return !at.After(since) })
	return len(f.used[quota])
}

// link is the address of a post; what stands in it is no id of the API.
func (p *Post) link() string {
	return fmt.Sprintf("https://www.threads.com/@%s/post/C%s", p.Author, strings.TrimPrefix(p.ID, "179000"))
}

// fault is what becomes of one call of an operation.
type fault struct {
	op     string
	done   bool // what it asks for is done
	hang   bool // nothing is answered
	status int
	body   string
}

// Answer answers the next call of an operation so and does nothing else.
func (f *Threads) Answer(op string, status int, body string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, status: status, body: body}) })
}

// Break does what the next call of an operation says and answers so all the same.
func (f *Threads) Break(op string, status int, body string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, done: true, status: status, body: body}) })
}

// Hang does what the next call of an operation says and answers nothing until who asked gives up.
func (f *Threads) Hang(op string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, done: true, hang: true}) })
}

// Stall does nothing of what the next call of an operation says, and answers nothing either.
func (f *Threads) Stall(op string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, hang: true}) })
}

// Waiting is how many faults no call has met yet.
func (f *Threads) Waiting() (n int) {
	f.do(func() { n = len(f.faults) })
	return n
}

// fault takes the first one of an operation.
func (f *Threads) fault(op string) (fault, bool) {
	i := slices.IndexFunc(f.faults, func(x fault) bool { return x.op == op })
	if i < 0 {
		return fault{}, false
	}
	x := f.faults[i]
	f.faults = slices.Delete(f.faults, i, i+1)
	return x, true
}

func (x fault) write(w http.ResponseWriter, r *http.Request) {
	if x.hang {
		<-r.Context().Done()
		return
	}
	w.WriteHeader(x.status)
	_, _ = w.Write([]byte(x.body))
}
