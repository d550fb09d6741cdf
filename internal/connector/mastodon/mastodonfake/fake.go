// Package mastodonfake is a server of Mastodon's API for tests, stricter than a real one: it
// refuses fields and parameters that it does not know. It imports nothing of its client.
package mastodonfake

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rivo/uniseg"
)

// Token is the one that the server takes.
const Token = "token-of-the-institution"

// stamp is how a server writes a time: to the millisecond, and no finer.
const stamp = "2006-01-02T15:04:05.000Z"

// Most is how many characters a post may have.
const Most = 500

// Person is an account.
type Person struct {
	ID   string `json:"id"`
	Acct string `json:"acct"`
}

// Tag is a hashtag of a post.
type Tag struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Status is a post as the API shows it.
type Status struct {
	ID         string   `json:"id"`
	URI        string   `json:"uri"`
	URL        string   `json:"url"`
	Content    string   `json:"content"`
	Warning    string   `json:"spoiler_text"`
	Visibility string   `json:"visibility"`
	Language   string   `json:"language"`
	CreatedAt  string   `json:"created_at"`
	EditedAt   *string  `json:"edited_at"`
	ReplyTo    *string  `json:"in_reply_to_id"`
	ReplyToWho *string  `json:"in_reply_to_account_id"`
	Account    Person   `json:"account"`
	Reblog     *Status  `json:"reblog"`
	Mentions   []Person `json:"mentions"`
	Tags       []Tag    `json:"tags"`
	Likes      int      `json:"favourites_count"`
	Media      []*Media `json:"media_attachments"`
	Sensitive  bool     `json:"sensitive"`
	Emojis     []string `json:"emojis"`
	Reblogs    int      `json:"reblogs_count"`
	Replies    int      `json:"replies_count"`
	Pinned     *bool    `json:"pinned,omitempty"` // only of the bot's
}

// Bot is the account of Token.
var Bot = Person{"1", "iestade"}

// Fake is the server.
type Fake struct {
	URL string
	now func() time.Time

	mu             sync.Mutex
	posts          []*Status
	keys           map[string]*Status
	refuse, silent bool
	policy         string
	last           int
	uploads        []*Media
	slow           bool // the next picture is worked at
	most           int  // pictures of a post

	tokens    map[string][]string // their scopes
	follows   map[string]bool     // ids of whom the bot follows
	listeners []*listener
	restart   chan struct{} // closed when the streams end
	polled    bool          // there are no streams
	apps      map[string]application
	grants    map[string]grant // by their codes
}

// New starts one, which ends with the test.
func New(t testing.TB, now func() time.Time) *Fake {
	f := &Fake{now: now, keys: map[string]*Status{}, policy: "accept", most: mostMedia, last: 1 << 53, tokens: map[string][]string{},
		follows: map[string]bool{}, restart: make(chan struct{}), apps: map[string]application{}, grants: map[string]grant{}}
	f.Grant(Token, Scopes)
	s := httptest.NewServer(f)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	f.URL = s.URL
	return f
}

// Write posts for somebody; text becomes HTML, where @iestade mentions the bot.
func (f *Fake) Write(by Person, text, under string, tags ...string) Status {
	return f.write(by, "public", text, under, tags, nil)
}

// Whisper posts what only those read who are mentioned.
func (f *Fake) Whisper(by Person, text string, tags ...string) Status {
	return f.write(by, "direct", text, "", tags, nil)
}

func (f *Fake) write(by Person, visibility, text, under string, tags []string, media []*Media) Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.add(by, text, under)
	s.Visibility = visibility
	s.attach(media)
	for _, t := range tags {
		s.Tags = append(s.Tags, Tag{t, f.URL + "/tags/" + t})
	}
	f.wrote(s)
	return *s
}

// Change edits what somebody wrote, Like likes it and Remove deletes it.
func (f *Fake) Change(id, text string) {
	f.with(id, func(s *Status) {
		s.Content, s.EditedAt = page(text), new(f.now().UTC().Format(stamp))
		f.changed(s)
	})
}

// Boost has somebody show a post to their own followers, which is a post of its own. It comes in every
// list in which the other one is, and in a real one in few.
func (f *Fake) Boost(by Person, id string) {
	f.with(id, func(of *Status) {
		s := f.add(by, "", "")
		s.Content, s.Mentions, s.Tags, s.Reblog = of.Content, of.Mentions, of.Tags, of
		f.wrote(s)
	})
}

// Like adds a like.
func (f *Fake) Like(id string) { f.with(id, func(s *Status) { s.Likes++ }) }

// Remove deletes a post.
func (f *Fake) Remove(id string) {
	f.with(id, f.drop)
}

func (f *Fake) drop(s *Status) {
	f.posts = slices.DeleteFunc(f.posts, func(p *Status) bool { return p == s })
	f.deleted(s)
}

// Refuse says no to the next write, Silence does it and does not answer.
func (f *Fake) Refuse() { f.mu.Lock(); f.refuse = true; f.mu.Unlock() }

// Silence does what the next write asks, and says nothing.
func (f *Fake) Silence() { f.mu.Lock(); f.silent = true; f.mu.Unlock() }

// Policy sets what becomes of strangers' mentions: accept, filter or drop.
func (f *Fake) Policy(p string) { f.mu.Lock(); f.policy = p; f.mu.Unlock() }

// Posts are those of the bot, the oldest first.
func (f *Fake) Posts() (all []Status) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.posts {
		if s.Account == Bot {
			all = append(all, *s)
		}
	}
	return all
}

func (f *Fake) with(id string, do func(*Status)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.find(id); s != nil {
		do(s)
	}
}

func (f *Fake) find(id string) *Status {
	i := slices.IndexFunc(f.posts, func(s *Status) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return f.posts[i]
}

func page(text string) string {
	return "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br />") + "</p>"
}

func (f *Fake) add(by Person, text, under string) *Status {
	f.last++
	s := &Status{ID: strconv.Itoa(f.last), Content: page(text), Visibility: "public", Account: by, Mentions: []Person{}, Tags: []Tag{},
		Media: []*Media{}, Emojis: []string{}, CreatedAt: f.now().UTC().Format(stamp)}
	s.URI, s.URL = f.URL+"/users/"+by.Acct+"/statuses/"+s.ID, f.URL+"/@"+by.Acct+"/"+s.ID
	if parent := f.find(under); parent != nil {
		parent.Replies++
		s.ReplyTo, s.ReplyToWho = &parent.ID, &parent.Account.ID
	}
	if strings.Contains(text, "@"+Bot.Acct) {
		s.Mentions = append(s.Mentions, Bot)
	}
	f.posts = append(f.posts, s)
	return s
}

var (
	link    = regexp.MustCompile(`https?://\S+`)
	mention = regexp.MustCompile(`(@\w+)@[\w.-]+`)
)

// length counts as Mastodon does.
func length(text string) int {
	text = link.ReplaceAllString(text, strings.Repeat("x", 23))
	return uniseg.GraphemeClusterCount(mention.ReplaceAllString(text, "$1"))
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that is gone reads nothing
}

func fail(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]string{"error": why})
}
