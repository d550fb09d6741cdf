package flickrfake

import (
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/faultfake"
)

// The only key, the only token, and the account whom they belong to.
const (
	Key         = "0123456789abcdef0123456789abcdef"
	Secret      = "fedcba9876543210"
	Token       = "72157720000000001-0123456789abcdef" // there is another one for each who logs in
	TokenSecret = "a1b2c3d4e5f60718"
	Self        = "12037949754@N01"
	SelfName    = "Valsts iestāde"
	// Photo is the account's own photo, the only one there is.
	Photo = "53512345678"
)

const (
	firstID  = 72157594037941949 // a float64 has no such number
	mostRate = 3600
)

// Comment is one as it is stored.
type Comment struct {
	ID, Author, Name, Text string
	At                     time.Time
}

// Flickr is the endpoint. Any number of goroutines may use it.
type Flickr struct {
	faultfake.Faults
	URL string // of the endpoint; empty until somebody serves it

	mu       sync.Mutex
	now      func() time.Time
	comments []*Comment
	last     int
	nonces   map[string]bool
	tokens   map[string]token    // by themselves
	requests map[string]*request // that a token may come of, by themselves
	caller   string              // the token of the call that goes on
	calls    []time.Time
	rate     int
	lag      time.Duration
	revoked  bool
	readOnly bool
	vanished bool
	closed   bool
	perHour  int
	counts   map[string]int
}

// Make makes an endpoint with one photo and no comment, which nobody serves yet.
func Make(now func() time.Time) *Flickr {
	return &Flickr{now: now, last: firstID, nonces: map[string]bool{}, rate: mostRate, counts: map[string]int{},
		tokens: map[string]token{Token: {TokenSecret, "write"}}, requests: map[string]*request{}}
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *Flickr {
	f := Make(now)
	s := httptest.NewServer(f)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	f.URL = s.URL + Path
	return f
}

func (f *Flickr) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// Revoke takes all tokens back; Restore gives them again.
func (f *Flickr) Revoke() { f.do(func() { f.revoked = true }) }

// Restore gives the tokens again.
func (f *Flickr) Restore() { f.do(func() { f.revoked = false }) }

// ReadOnly says that the token has the permission to read, and no more.
func (f *Flickr) ReadOnly(is bool) { f.do(func() { f.readOnly = is }) }

// Vanish takes the photo away, or brings it back.
func (f *Flickr) Vanish(is bool) { f.do(func() { f.vanished = is }) }

// Close says that the owner lets nobody comment on the photo.
func (f *Flickr) Close(is bool) { f.do(func() { f.closed = is }) }

// Lag shows comments in the list only so long after they were written.
func (f *Flickr) Lag(d time.Duration) { f.do(func() { f.lag = d }) }

// Rate is how many calls an hour the key has.
func (f *Flickr) Rate(most int) { f.do(func() { f.rate = most }) }

// TooFast is how many comments an hour the account can write until it is told to wait; 0 is any.
func (f *Flickr) TooFast(most int) { f.do(func() { f.perHour = most }) }

// Write is a comment of somebody; it gives its id.
func (f *Flickr) Write(author, name, text string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.add(author, name, text).ID
}

// Reword is an edit of its author's at the site.
func (f *Flickr) Reword(id, text string) {
	f.do(func() {
		if c := f.comment(id); c != nil {
			c.Text = text
		}
	})
}

// Remove takes a comment away, as its author or the owner of the photo does.
func (f *Flickr) Remove(id string) { f.do(func() { f.remove(id) }) }

// Comments are those that stand, the oldest first.
func (f *Flickr) Comments() (all []Comment) {
	f.do(func() {
		for _, c := range f.comments {
			all = append(all, *c)
		}
	})
	return all
}

// Calls is how many calls of a method were let in.
func (f *Flickr) Calls(method string) (n int) {
	f.do(func() { n = f.counts[method] })
	return n
}

func (f *Flickr) add(author, name, text string) *Comment {
	f.last++
	c := &Comment{ID: "6065-" + Photo + "-" + strconv.Itoa(f.last), Author: author, Name: name, Text: text, At: f.now().Truncate(time.Second)}
	f.comments = append(f.comments, c)
	return c
}

func (f *Flickr) comment(id string) *Comment {
	i := slices.IndexFunc(f.comments, func(c *Comment) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return f.comments[i]
}

func (f *Flickr) remove(id string) {
	f.comments = slices.DeleteFunc(f.comments, func(c *Comment) bool { return c.ID == id })
}
