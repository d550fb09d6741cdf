package flickr

import (
	"regexp"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Flickr is one photo. Any number of goroutines may use it.
type Flickr struct {
	*receive.Runner
	env      connector.Env
	settings Settings
	sign     httpapi.OAuth1
	address  string // of all calls but those of logging in
	http     *httpapi.Client
	oauth    string      // where somebody logs in
	given    credentials // of the file; empty is that vault may have some
	vault    connector.Vault
	known    atomic.Pointer[identity]
	seen     seen
}

var (
	_ connector.Connector = (*Flickr)(nil)
	_ connector.Placed    = (*Flickr)(nil)
	_ connector.Troubled  = (*Flickr)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) *Flickr {
	if len(s.Triggers) == 0 {
		s.Triggers = []Trigger{TriggerComment, TriggerHashtag}
	}
	f := &Flickr{env: env, settings: s, sign: httpapi.OAuth1{Key: a.Key, Secret: a.Secret.Reveal(), Now: env.Now},
		address: strings.TrimRight(a.URL, "/") + "/", http: newClient(a, env.Now), seen: newSeen(),
		oauth: strings.TrimRight(a.OAuth, "/"), given: credentials{a.Token.Reveal(), a.TokenSecret.Reveal()},
		vault: env.Vault(id, a.OAuth+" "+a.Key)}
	f.Runner = receive.For(env, id, f)
	f.Lease, f.Rereads = "flickr:"+string(id), true
	return f
}

// ID is the one it was given.
func (f *Flickr) ID() session.ConnectorID { return f.Name }

// Place is the photo.
func (f *Flickr) Place() session.PlaceID { return session.PlaceID(f.settings.Photo) }

// Trouble is what keeps it from receiving.
func (f *Flickr) Trouble() []connector.Finding { return f.Troubles.List() }

const (
	// longest bounds a comment as it is stored, in bytes. Flickr documents no bound.
	longest = 10_000
	// lookAfter is longer than Flickr works on one call, and than a list lags behind.
	lookAfter = 20 * time.Second
	// perHour is a little less than the 3,600 calls that a key has
	// (https://www.flickr.com/services/developer/api/), for what is called besides.
	perHour = 3_500
)

// Limits are one call a second and those of the key. An answer is edited into the receipt, so
// that there is one comment for a question.
func (f *Flickr) Limits() connector.Limits {
	return connector.Limits{
		Longest: connector.Longest{{Unit: session.Bytes, Most: longest, Count: stored}},
		Overall: connector.Rate{Most: 1, Per: time.Second},
		Budgets: []connector.Budget{{Name: "hour", Rate: connector.Rate{Most: perHour, Per: time.Hour}}},
		Timeout: timeout, LookAfter: lookAfter,
		Notices: true, Announces: true, EditsQuietly: true, Slots: true, Address: address,
	}
}

// permalink is the only form in which the address of a comment is taken
// (https://www.flickr.com/services/api/flickr.photos.comments.getList.html).
var permalink = regexp.MustCompile(`^https://www\.flickr\.com/photos/[A-Za-z0-9@_-]{1,64}/[0-9]{1,19}/?#comment[0-9]{1,20}$`)

// address names whoever asked and their comment: comments are flat.
func address(o session.Origin) string {
	_, name, _ := strings.Cut(string(o.User), " ")
	link := o.URL
	if !permalink.MatchString(link) {
		link = ""
	}
	switch name = called(name); {
	case name == "" && link == "":
		return ""
	case name == "":
		return link
	}
	return strings.TrimSpace(name + ": " + link)
}

// mostName is how much of a name is repeated, in characters.
const mostName = 40

// called is a name without what Flickr would make a link or a tag of.
func called(name string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-_'", r) {
			return r
		}
		return ' '
	}, name)
	runes := []rune(strings.Join(strings.Fields(kept), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), mostName)]))
}
