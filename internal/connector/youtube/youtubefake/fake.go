package youtubefake

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // the day of the quota ends at midnight of Pacific time, on any machine

	"experthour/internal/connector/faultfake"
)

// The only program, the channel whom its token belongs to, and the only video.
const (
	ClientID     = "1234567890-fake.apps.googleusercontent.com"
	ClientSecret = "GOCSPX-0123456789abcdef"
	// Refresh is a refresh token that holds from the beginning.
	Refresh  = "1//0fake-refresh-token"
	Self     = "UCiestade_0123456789abcd"
	SelfName = "@iestade"
	Title    = "Valsts iestāde"
	Video    = "aB3_dE-fG7h"
	// VideoTitle is what YouTube may show in place of the address of the video.
	VideoTitle = "Ekspertu stunda"
)

const mostUnits = 10_000

// Comment is one as it is stored; Parent is empty for one at the top.
type Comment struct {
	ID, Parent, Author, Name, Text string
	At, Updated                    time.Time
	Likes                          int
	Status                         string // of moderation
	Locked                         bool   // nobody may reply
}

// The states of moderation.
const (
	Published = "published"
	Held      = "heldForReview"
	Rejected  = "rejected"
)

// YouTube is the API and the server for tokens. Any number of goroutines may use it.
type YouTube struct {
	faultfake.Faults
	URL string // of both; empty until somebody serves it

	mu         sync.Mutex
	now        func() time.Time
	comments   []*Comment // the oldest first
	last       int
	lag        time.Duration
	disabled   bool
	vanished   bool
	privacy    string
	foreign    bool // the video belongs to somebody else
	ineligible bool
	strict     bool
	pages      int
	chat       chat
	listeners  listeners
	quota      quota
	doors      doors
	counts     map[string]int
}

// Make makes one with a video and no comment, which nobody serves yet.
func Make(now func() time.Time) *YouTube {
	return &YouTube{now: now, privacy: "public", pages: 100, counts: map[string]int{}, quota: quota{most: mostUnits},
		doors: newDoors(), listeners: listeners{news: make(chan struct{})}}
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *YouTube {
	y := Make(now)
	s := httptest.NewServer(y)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	y.URL = s.URL
	return y
}

func (y *YouTube) do(change func()) {
	y.mu.Lock()
	defer y.mu.Unlock()
	change()
}

// Lag shows what was written only so long afterwards.
func (y *YouTube) Lag(d time.Duration) { y.do(func() { y.lag = d }) }

// Disable turns the comments under the video off, or on again.
func (y *YouTube) Disable(is bool) { y.do(func() { y.disabled = is }) }

// Vanish takes the video away, or brings it back.
func (y *YouTube) Vanish(is bool) { y.do(func() { y.vanished = is }) }

// Privacy says who sees the video: "public", "unlisted" or "private".
func (y *YouTube) Privacy(status string) { y.do(func() { y.privacy = status }) }

// Foreign says that the video belongs to another channel.
func (y *YouTube) Foreign(is bool) { y.do(func() { y.foreign = is }) }

// Ineligible says that the account may not comment before it has a channel.
func (y *YouTube) Ineligible(is bool) { y.do(func() { y.ineligible = is }) }

// Strict answers 404 when one of several comments that are asked for by their ids is not there, as
// the documentation has it; else it is left out.
func (y *YouTube) Strict(is bool) { y.do(func() { y.strict = is }) }

// Pages is how many comments a page has at most, whatever is asked for.
func (y *YouTube) Pages(most int) { y.do(func() { y.pages = most }) }

// Write is a comment of somebody; parent is the id of the one at the top, or empty. It gives its id.
func (y *YouTube) Write(author, name, text, parent string) string {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.add(author, name, text, parent).ID
}

// Change does something to a comment, as its author, the viewers or the moderators do.
func (y *YouTube) Change(id string, change func(*Comment)) {
	y.do(func() {
		if c := y.comment(id); c != nil {
			change(c)
		}
	})
}

// Reword is an edit by its author.
func (y *YouTube) Reword(id, text string) {
	y.Change(id, func(c *Comment) { c.Text, c.Updated = text, y.now() })
}

// Remove takes a comment away with all below it.
func (y *YouTube) Remove(id string) { y.do(func() { y.remove(id) }) }

// Comments are those that stand, the oldest first.
func (y *YouTube) Comments() (all []Comment) {
	y.do(func() {
		for _, c := range y.comments {
			all = append(all, *c)
		}
	})
	return all
}

// Calls is how many calls of a method were let in: "POST /youtube/v3/comments".
func (y *YouTube) Calls(method string) (n int) {
	y.do(func() { n = y.counts[method] })
	return n
}

// add gives ids as YouTube does: one below another begins with the id of that.
func (y *YouTube) add(author, name, text, parent string) *Comment {
	y.last++
	id := fmt.Sprintf("Ugz_fake%012dAaABAg", y.last)
	if parent != "" {
		id = fmt.Sprintf("%s.9fake%017d", parent, y.last)
	}
	at := y.now().UTC().Truncate(time.Second)
	c := &Comment{ID: id, Parent: parent, Author: author, Name: name, Text: text, At: at, Updated: at, Status: Published}
	y.comments = append(y.comments, c)
	return c
}

func (y *YouTube) comment(id string) *Comment {
	i := slices.IndexFunc(y.comments, func(c *Comment) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return y.comments[i]
}

func (y *YouTube) remove(id string) {
	y.comments = slices.DeleteFunc(y.comments, func(c *Comment) bool { return c.ID == id || c.Parent == id })
}
