package instagramfake

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// The only account, its first token, and its only post.
const (
	Self     = "17841400000000002" // a float64 has no such number
	SelfName = "valsts.iestade"
	Token    = "IGAA1first"
	Media    = "17895695668004551"
)

// Scopes are all permissions, which the token has at first.
var Scopes = []string{"instagram_business_basic", "instagram_business_manage_comments"}

const (
	firstID = 17_870_913_679_156_915
	day     = 24 * time.Hour
	holds   = 60 * day // a long-lived token
)

// Comment is one as it stands.
type Comment struct {
	ID, Author, Text string
	Parent           string // the top comment of a reply
	Hidden           bool
	Likes            int
	At               time.Time
}

// token is one of the account's.
type token struct {
	made, ends time.Time
	revoked    bool
}

// Instagram is the API. Any number of goroutines may use it.
type Instagram struct {
	URL string // empty until somebody serves it

	mu       sync.Mutex
	now      func() time.Time
	comments []*Comment
	tokens   map[string]*token
	scopes   []string
	last     int
	calls    []time.Time
	writes   []time.Time
	rate     int
	perHour  int
	lag      time.Duration
	closed   bool
	vanished bool
	faults   []fault
	counts   map[string]int
}

// Make makes a post without a comment, which nobody serves yet. The token is a week old.
func Make(now func() time.Time) *Instagram {
	f := &Instagram{now: now, tokens: map[string]*token{}, scopes: slices.Clone(Scopes), last: firstID, rate: 48_000, perHour: 1000,
		counts: map[string]int{}}
	f.Issue(Token, 7*day)
	return f
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *Instagram {
	f := Make(now)
	s := httptest.NewServer(f)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	f.URL = s.URL
	return f
}

func (f *Instagram) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// Issue is a long-lived token that was made so long ago.
func (f *Instagram) Issue(access string, ago time.Duration) {
	f.do(func() { f.tokens[access] = &token{made: f.now().Add(-ago), ends: f.now().Add(holds - ago)} })
}

// Revoke takes every token back, and Restore gives them again.
func (f *Instagram) Revoke() { f.do(func() { f.each(true) }) }

// Restore gives them again.
func (f *Instagram) Restore() { f.do(func() { f.each(false) }) }

func (f *Instagram) each(revoked bool) {
	for _, t := range f.tokens {
		t.revoked = revoked
	}
}

// Forbid takes a permission away.
func (f *Instagram) Forbid(scope string) {
	f.do(func() { f.scopes = slices.DeleteFunc(f.scopes, func(s string) bool { return s == scope }) })
}

// Lag shows comments in lists only so long after they were written.
func (f *Instagram) Lag(d time.Duration) { f.do(func() { f.lag = d }) }

// Rate is how many calls the app has in 24 hours, and PerHour how many comments the account writes
// in an hour.
func (f *Instagram) Rate(most int) { f.do(func() { f.rate = most }) }

// PerHour is how many comments the account writes in an hour.
func (f *Instagram) PerHour(most int) { f.do(func() { f.perHour = most }) }

// Close says that nobody may comment, and Vanish takes the post away.
func (f *Instagram) Close(is bool) { f.do(func() { f.closed = is }) }

// Vanish takes the post away, or brings it back.
func (f *Instagram) Vanish(is bool) { f.do(func() { f.vanished = is }) }

// Write is a comment of somebody; under is what it replies to, "" is the post. It gives its id.
func (f *Instagram) Write(author, under, text string) (at string) {
	f.do(func() { at = f.add(author, under, text).ID })
	return at
}

// Change changes a comment, as hiding and liking it in the app do.
func (f *Instagram) Change(at string, change func(*Comment)) {
	f.do(func() {
		if c := f.comment(at); c != nil {
			change(c)
		}
	})
}

// Remove takes a comment away with its replies, as its author does in the app.
func (f *Instagram) Remove(at string) { f.do(func() { f.remove(at) }) }

// Comments are those that stand, the oldest first.
func (f *Instagram) Comments() (all []Comment) {
	f.do(func() {
		for _, c := range f.comments {
			all = append(all, *c)
		}
	})
	return all
}

// Calls is how many calls of an operation were let in.
func (f *Instagram) Calls(op string) (n int) {
	f.do(func() { n = f.counts[op] })
	return n
}

// add writes one; what replies to a reply stands under the top comment.
func (f *Instagram) add(author, under, text string) *Comment {
	f.last++
	c := &Comment{ID: strconv.Itoa(f.last), Author: author, Text: text, Parent: under, At: f.now().Truncate(time.Second)}
	if above := f.comment(under); above != nil && above.Parent != "" {
		c.Parent = above.Parent
	}
	f.comments = append(f.comments, c)
	return c
}

func (f *Instagram) comment(at string) *Comment {
	if i := slices.IndexFunc(f.comments, func(c *Comment) bool { return c.ID == at }); i >= 0 {
		return f.comments[i]
	}
	return nil
}

func (f *Instagram) remove(at string) {
	f.comments = slices.DeleteFunc(f.comments, func(c *Comment) bool { return c.ID == at || c.Parent == at })
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
func (f *Instagram) Answer(op string, status int, body string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, status: status, body: body}) })
}

// Break does what the next call of an operation says and answers so all the same.
func (f *Instagram) Break(op string, status int, body string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, done: true, status: status, body: body}) })
}

// Hang does what the next call of an operation says and answers nothing until who asked gives up.
func (f *Instagram) Hang(op string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, done: true, hang: true}) })
}

// Stall does nothing of what the next call of an operation says, and answers nothing either.
func (f *Instagram) Stall(op string) {
	f.do(func() { f.faults = append(f.faults, fault{op: op, hang: true}) })
}

// Waiting is how many faults no call has met yet.
func (f *Instagram) Waiting() (n int) {
	f.do(func() { n = len(f.faults) })
	return n
}

// fault takes the first one of an operation.
func (f *Instagram) fault(op string) (fault, bool) {
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
