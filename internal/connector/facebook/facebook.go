package facebook

import (
	"regexp"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// Facebook is one Page. Any number of goroutines may use it.
type Facebook struct {
	*receive.Runner
	env      connector.Env
	account  Account
	settings Settings
	graph    *calls
	seen     seen
	reading  reading // Fetch's
}

var (
	_ connector.Connector = (*Facebook)(nil)
	_ connector.Placed    = (*Facebook)(nil)
	_ connector.Troubled  = (*Facebook)(nil)
)

// New makes the connector; it calls nothing yet.
func New(env connector.Env, a Account, s Settings, id session.ConnectorID) *Facebook {
	if len(s.Triggers) == 0 {
		s.Triggers = []Trigger{TriggerComment, TriggerReply, TriggerHashtag}
	}
	f := &Facebook{env: env, account: a, settings: s, seen: newSeen(), graph: newCalls(a.URL, a.PageToken.Reveal(), a.AppSecret.Reveal(),
		env.Now, a.appToken(), a.VerifyToken.Reveal())}
	f.Runner = receive.For(env, id, f)
	f.Lease, f.Rereads = "facebook:"+string(id), true
	return f
}

// appToken is that of the app itself
// (https://developers.facebook.com/docs/facebook-login/guides/access-tokens#apptokens).
func (a Account) appToken() string { return string(a.AppID) + "|" + a.AppSecret.Reveal() }

// ID is the one it was given.
func (f *Facebook) ID() session.ConnectorID { return f.Name }

// Place is the Page.
func (f *Facebook) Place() session.PlaceID { return session.PlaceID(f.settings.Page) }

// Trouble is what keeps it from receiving.
func (f *Facebook) Trouble() []connector.Finding { return f.Troubles.List() }

const (
	// longest bounds a comment. Facebook documents no bound; people found this one.
	longest = 8_000
	// lookAfter is longer than Facebook works on one call, and than a list lags behind.
	lookAfter = 15 * time.Second
	// perMinute spares the Page the suspicion of spam: how much Facebook takes it does not say.
	perMinute = 30
)

// Limits are those of comments; posts take more. An answer is edited into the receipt, so that
// there is one comment for a question. How many calls there are depends on how many people the
// Page reaches, which only the headers of answers tell.
func (f *Facebook) Limits() connector.Limits {
	return connector.Limits{
		Longest: connector.Longest{{Unit: session.UTF16, Most: longest, Count: stored}},
		Overall: connector.Rate{Most: perMinute, Per: time.Minute}, Timeout: timeout, LookAfter: lookAfter,
		Notices: true, Announces: true, EditsQuietly: true, Slots: true, Votes: true, Pictures: mostPictures, PicturesStay: true,
	}
}

// nodeID is the name of a post or a comment: two numbers, longer than a float64 can hold.
var nodeID = regexp.MustCompile(`^[0-9]{1,20}_[0-9]{1,20}$`)

// permalink is the only form in which the address of a comment is taken.
var permalink = regexp.MustCompile(`^https://(www\.)?facebook\.com/[A-Za-z0-9._~%/?=&;+-]{1,400}$`)
