package instagram

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

// What a caption has at most besides its length, and how long the text for whoever cannot see a
// picture is (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media,
// …/reference/error-codes).
const mostTags, mostNames, mostAlt = 30, 20, 1_000

var (
	tagForm     = regexp.MustCompile(`#[\p{L}\p{N}_]`)
	mentionForm = regexp.MustCompile(`@[A-Za-z0-9._]`)
)

// The codes of what did nothing: a container that is not ready, or that is not known (yet), and a
// picture that could not be fetched in time (…/reference/error-codes).
const codeUnready, codeUnknown = 9007, 24

// posted are what is read of a post of the account's.
type posted struct {
	ID      graph.ID
	Caption string
	At      graph.Stamp `json:"timestamp"`
	Link    string      `json:"permalink"`
}

const postedFields = "id,caption,timestamp,permalink"

// permalink is the only form in which the address of a post is taken.
var permalink = regexp.MustCompile(`^https://www\.instagram\.com/p/[A-Za-z0-9_-]{1,40}/?$`)

func (p posted) sent() connector.Sent {
	s := connector.Sent{Message: session.MessageID(p.ID)}
	if permalink.MatchString(p.Link) {
		s.URL = p.Link
	}
	return s
}

// announces reports whether a post is one of the account's own, with a picture.
func (g *Instagram) announces(p connector.Post) bool {
	return g.settings.Media == "" && p.Original.Message == ""
}

// staged brings an announcement out
// (https://developers.facebook.com/documentation/instagram-platform/content-publishing).
func (g *Instagram) staged(p connector.Post) graph.Staged {
	return graph.Staged{Login: g.login, Title: "Instagram", State: "status_code", Why: "status", Publish: "/me/media_publish",
		Unready: func(err error) bool { return slices.Contains([]int{codeUnready, codeUnknown}, graph.Code(err)) },
		Make:    func(ctx context.Context) (url.Values, string, error) { return g.container(ctx, p) },
		Among:   func(ctx context.Context) (connector.Sent, bool, error) { return g.among(ctx, p) },
		Link: func(ctx context.Context, at string) string {
			var one posted
			_ = g.login.Get(ctx, "/"+at, url.Values{"fields": {postedFields}}, &one) // it is out, also without its address
			return one.sent().URL
		}}
}

// container is what one is made of: Instagram fetches the picture from its address, so that the
// program must be reached from outside.
func (g *Instagram) container(ctx context.Context, p connector.Post) (url.Values, string, error) {
	switch {
	case p.Poster == nil:
		return nil, "", graph.Refused("there is no picture, and Instagram has no post without one")
	case len(tagForm.FindAllString(p.Text, -1)) > mostTags || len(mentionForm.FindAllString(p.Text, -1)) > mostNames:
		return nil, "", graph.Refused("Instagram takes at most 30 hashtags and 20 names")
	}
	poster, err := p.Poster(ctx)
	if err != nil {
		return nil, "", &connector.SendError{Outcome: connector.Deferred, Cause: err}
	}
	alt := []rune(poster.Alt)
	return url.Values{"image_url": {poster.URL}, "caption": {p.Text}, "alt_text": {string(alt[:min(len(alt), mostAlt)])}}, "/me/media", nil
}

// among looks for an announcement among the account's posts: with its text, and not from before it
// was approved. The newest comes first.
func (g *Instagram) among(ctx context.Context, p connector.Post) (sent connector.Sent, ok bool, err error) {
	from := p.Approved.Add(-clocks)
	one := graph.Reading[posted]{Names: func(p posted) (string, time.Time) { return string(p.ID), p.At.Time }}
	pages := graph.List[posted]{Left: mostFound, Take: one.Take,
		Ask: func(ctx context.Context, q url.Values, p *graph.Page) error {
			return g.login.Get(ctx, "/me/media", q, p)
		},
		Enough: func(some []posted) bool {
			i := slices.IndexFunc(some, func(o posted) bool { return graph.Alike(o.Caption, p.Text) && !o.At.Before(from) })
			if i >= 0 {
				sent, ok = some[i].sent(), true
			}
			return ok || some[len(some)-1].At.Before(from)
		}}
	_, _, err = pages.Read(ctx, url.Values{"fields": {postedFields}})
	return sent, ok, err
}
