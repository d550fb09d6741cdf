package mastodon

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Mastodon)(nil)
	_ connector.Editor    = (*Mastodon)(nil)
	_ connector.Retractor = (*Mastodon)(nil)
	_ connector.Reader    = (*Mastodon)(nil)
	_ connector.Finder    = (*Mastodon)(nil)
)

// draft is a post as it is sent.
type draft struct {
	Status     string   `json:"status"`
	ReplyTo    string   `json:"in_reply_to_id,omitempty"`
	Visibility string   `json:"visibility,omitempty"`
	Language   string   `json:"language,omitempty"`
	Warning    string   `json:"spoiler_text,omitempty"`
	Media      []string `json:"media_ids"` // all that stand: what an edit does not name goes
}

// draft makes one, with its pictures handed over.
func (m *Mastodon) draft(ctx context.Context, p connector.Post) (draft, error) {
	media, err := m.pictures(ctx, p)
	return draft{Status: p.Text, ReplyTo: string(p.Original.Message), Visibility: m.visibility(p),
		Language: string(p.Language), Warning: m.settings.Warning, Media: media}, err
}

// account is a name as servers write it, with its host when that is another server.
var account = regexp.MustCompile(`^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:@[\p{L}\p{N}.-]*[\p{L}\p{N}](?::\d{1,5})?)?$`)

// mention calls the asker: a reply alone rings nobody's telephone on Mastodon, and what is
// direct reaches nobody else. What is no name, for a stranger's server gave it, is left out.
func mention(o session.Origin) string {
	_, acct, _ := strings.Cut(string(o.User), " ")
	if len(acct) > mostMention || !account.MatchString(acct) {
		return ""
	}
	return "@" + acct
}

// visibility is the least that reaches those whom a post is for.
func (m *Mastodon) visibility(p connector.Post) string {
	switch {
	case p.Original.Private:
		return direct
	case p.Kind == session.KindAnswer || p.Kind == session.KindAnnouncement:
		return m.settings.Visibility
	}
	return m.settings.Notices
}

// Reply posts. The key goes along, for servers that know it.
func (m *Mastodon) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if p.Original.Message != "" { // under a post that is gone some servers post all the same
		if _, err := m.status(ctx, p.Original.Message); m.gone(ctx, p.Original.Message, err) {
			return connector.Sent{}, &connector.SendError{Outcome: connector.Refused, Detail: "the post to reply to is not there any more"}
		} else if err != nil {
			return connector.Sent{}, err
		}
	}
	d, err := m.draft(ctx, p)
	if err != nil {
		return connector.Sent{}, err
	}
	r := httpapi.Request{Method: http.MethodPost, To: "/api/v1/statuses", Body: httpapi.JSON(d),
		Header: http.Header{"Idempotency-Key": {p.Key}}}
	s, err := m.send(ctx, r)
	return sent(s), err
}

// Edit replaces the text and the pictures; some servers give it another id, and some leave the
// pictures as they were, which a person is told.
func (m *Mastodon) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	d, err := m.draft(ctx, p)
	if err != nil {
		return connector.Sent{}, err
	}
	d.ReplyTo, d.Visibility = "", "" // which no edit changes
	s, err := m.send(ctx, httpapi.Request{Method: http.MethodPut, To: address(at), Body: httpapi.JSON(d)})
	if err == nil && !s.shows(p) {
		err = errOtherPictures
	}
	return sent(s), err
}

func (m *Mastodon) send(ctx context.Context, r httpapi.Request) (s status, err error) {
	r.Into = &s
	if _, err := m.do(ctx, r); err != nil {
		return s, err
	}
	if s.ID == "" {
		return s, &connector.SendError{Outcome: connector.Unsure, Detail: "no id"}
	}
	return s, nil
}

func sent(s status) connector.Sent {
	return connector.Sent{Message: session.MessageID(s.ID), URL: s.URL}
}

// Retract deletes. That a post is not there is not believed here: Stands looks.
func (m *Mastodon) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	_, err := m.do(ctx, httpapi.Request{Method: http.MethodDelete, To: address(at)})
	if missing(err) {
		return nil
	}
	return err
}

// Stands reads a post.
func (m *Mastodon) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	_, err := m.status(ctx, at)
	if m.gone(ctx, at, err) {
		return false, nil
	}
	return err == nil, err
}

func (m *Mastodon) status(ctx context.Context, at session.MessageID) (s status, err error) {
	_, err = m.get(ctx, address(at), nil, &s)
	return s, err
}

func address(at session.MessageID) string { return "/api/v1/statuses/" + url.PathEscape(string(at)) }

func missing(err error) bool {
	s := httpapi.ErrorOf(err).Status
	return err != nil && (s == http.StatusNotFound || s == http.StatusGone)
}

// gone reports whether a post is not there by the word of the server, which the error is. Some
// servers say so with a page, as proxies do: such a one counts where they say it again, and answer
// otherwise in between.
func (m *Mastodon) gone(ctx context.Context, at session.MessageID, err error) bool {
	if !missing(err) || !httpapi.ErrorOf(err).Strange {
		return missing(err)
	}
	if _, err := m.ask(ctx); err != nil {
		return false
	}
	_, err = m.status(ctx, at)
	return missing(err)
}

// skew is how far a server's clock may be behind ours.
const skew = 5 * time.Minute

// Find looks for our own post with that text, under the original or on the timeline.
func (m *Mastodon) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	self, err := m.me(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	posts, err := m.candidates(ctx, self, p)
	if err != nil {
		return connector.Sent{}, false, err
	}
	want := as(p.Text, p)
	for _, s := range posts {
		early := !p.Approved.IsZero() && s.CreatedAt.Before(p.Approved.Add(-skew))
		if s.Account.ID == self.ID && s.ReplyTo == string(p.Original.Message) && !early && as(plain(s.Content), p) == want {
			return sent(s), true, nil
		}
	}
	return connector.Sent{}, false, nil
}

// as is a text as it is compared: servers show a mention with and without the host, and
// make white space their own.
func as(text string, p connector.Post) string {
	text = folded(text)
	full := mention(p.Original)
	name, _, _ := strings.Cut(strings.TrimPrefix(full, "@"), "@")
	for _, spelling := range []string{full, "@" + name} {
		if rest, ok := strings.CutPrefix(text, spelling+" "); ok && full != "" {
			return rest
		}
	}
	return text
}

func (m *Mastodon) candidates(ctx context.Context, self person, p connector.Post) ([]status, error) {
	if p.Original.Message == "" {
		var posts []status
		_, err := m.get(ctx, "/api/v1/accounts/"+url.PathEscape(self.ID)+"/statuses",
			url.Values{"limit": {"40"}, "exclude_replies": {"true"}, "exclude_reblogs": {"true"}}, &posts)
		return posts, err
	}
	var thread struct {
		Descendants []status `json:"descendants"`
	}
	_, err := m.get(ctx, address(p.Original.Message)+"/context", nil, &thread)
	return thread.Descendants, err
}
