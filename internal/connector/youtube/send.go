package youtube

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*YouTube)(nil)
	_ connector.Editor    = (*YouTube)(nil)
	_ connector.Retractor = (*YouTube)(nil)
	_ connector.Reader    = (*YouTube)(nil)
	_ connector.Finder    = (*YouTube)(nil)
)

// clocks is how far ours and YouTube's may be apart.
const clocks = 5 * time.Minute

// snippet is what is written of a comment.
type snippet struct {
	Text   string `json:"textOriginal"`
	Parent string `json:"parentId,omitempty"`
}

// written is a comment as it is sent.
type written struct {
	ID      string  `json:"id,omitempty"`
	Snippet snippet `json:"snippet"`
}

// Reply posts a comment below a question, or under the video when there is none.
func (y *YouTube) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := y.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if p.Original.Message == "" {
		return y.announce(ctx, p)
	}
	top, err := y.open(ctx, string(p.Original.Message))
	if err != nil {
		return connector.Sent{}, err
	}
	return y.write(ctx, http.MethodPost, written{Snippet: snippet{Text: p.Text, Parent: top}})
}

// write sends a comment that stands below another, or stands already.
func (y *YouTube) write(ctx context.Context, verb string, c written) (connector.Sent, error) {
	var said comment
	if err := y.call(ctx, verb, "comments", url.Values{"part": {"snippet"}}, c, &said); err != nil {
		return connector.Sent{}, err
	}
	if !commentID.MatchString(said.ID) {
		return connector.Sent{}, unusable(connector.Unsure)
	}
	return y.at(said.ID), nil
}

// announce writes a comment at the top. It needs the channel of the video, which is the account's own.
func (y *YouTube) announce(ctx context.Context, p connector.Post) (connector.Sent, error) {
	self, err := y.self(ctx)
	if err != nil {
		return connector.Sent{}, connector.Repeatable(err)
	}
	body := map[string]any{"snippet": map[string]any{"channelId": self, "videoId": y.settings.Video,
		"topLevelComment": written{Snippet: snippet{Text: p.Text}}}}
	var said thread
	if err := y.call(ctx, http.MethodPost, "commentThreads", url.Values{"part": {"snippet"}}, body, &said); err != nil {
		return connector.Sent{}, err
	}
	id := said.Snippet.Top.ID
	if !commentID.MatchString(id) {
		return connector.Sent{}, unusable(connector.Unsure)
	}
	return y.at(id), nil
}

// open looks whether a question is there and may be replied to, and gives the comment at the top of
// it. A refusal of YouTube's costs as many units as a comment does.
func (y *YouTube) open(ctx context.Context, id string) (top string, err error) {
	if !commentID.MatchString(id) {
		return "", refused(details[noComment])
	}
	top, there, err := y.top(ctx, id)
	if err != nil || !there {
		return "", cmpOr(err, refused(details[noComment]))
	}
	found, err := y.threads(ctx, free, top)
	if err != nil {
		return "", err
	}
	t, there := found[top]
	switch no := func(is *bool) bool { return is != nil && !*is }; {
	case !there:
		return "", refused(details[noComment])
	case no(t.Snippet.IsPublic):
		return "", refused(details["parentCommentIsPrivate"])
	case no(t.Snippet.CanReply):
		return "", refused(details["operationNotSupported"])
	}
	return top, nil
}

// top is the comment above a question, or itself; there is false where it is known that the question
// is not there, and then top is what its id begins with.
func (y *YouTube) top(ctx context.Context, id string) (top string, there bool, err error) {
	top, _, below := strings.Cut(id, ".")
	if !below {
		return id, true, nil
	}
	found, err := y.named(ctx, free, id)
	c, there := found[id]
	if commentID.MatchString(c.Snippet.Parent) {
		top = c.Snippet.Parent
	}
	return top, there, err
}

func cmpOr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// Edit replaces the text of a comment.
func (y *YouTube) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	if err := y.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if !commentID.MatchString(string(at)) {
		return connector.Sent{}, refused(details[noComment])
	}
	return y.write(ctx, http.MethodPut, written{ID: string(at), Snippet: snippet{Text: p.Text}})
}

// fits looks before anybody is asked.
func (y *YouTube) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !y.Limits().Longest.Fits(p.Text):
		return refused(details["commentTextTooLong"])
	case len(p.Pictures) > 0:
		return refused("it takes no pictures")
	}
	return nil
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// Retract deletes a comment, with all that was written below it.
func (y *YouTube) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !commentID.MatchString(string(at)):
		return refused(details[noComment])
	}
	err := y.call(ctx, http.MethodDelete, "comments", url.Values{"id": {string(at)}}, nil, nil)
	if said(err, noComment) { // the worker looks whether it is so
		return nil
	}
	return err
}

// Stands asks for a comment by its id.
func (y *YouTube) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	found, err := y.named(ctx, free, string(at))
	_, there := found[string(at)]
	return there, err
}

// Find looks for what the account itself wrote there with that text, not before it was approved. A
// text that has the same letters counts where none is the same: a second post would be worse.
func (y *YouTube) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	self, err := y.self(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	own, err := y.own(ctx, p, self)
	if err != nil {
		return connector.Sent{}, false, err
	}
	for _, is := range []func(a, b string) bool{same, alike} {
		for _, c := range own {
			if is(c.text(), p.Text) {
				return y.at(c.ID), true, nil
			}
		}
	}
	return connector.Sent{}, false, nil
}

// own are the comments that the account wrote where a post belongs, since it was approved.
func (y *YouTube) own(ctx context.Context, p connector.Post, self string) (all []comment, err error) {
	from := p.Approved
	if !from.IsZero() {
		from = from.Add(-clocks)
	}
	add := func(c comment) {
		if c.Snippet.Author.Value == self && !c.Snippet.At.Before(from) {
			all = append(all, c)
		}
	}
	if p.Original.Message == "" {
		q := url.Values{"videoId": {y.settings.Video}, "order": {"time"}}
		err = y.pages(ctx, "commentThreads", q, free, func(items []json.RawMessage) (old bool, _ error) {
			for _, raw := range items {
				if t, ok := parse[thread](raw); ok {
					add(t.Snippet.Top)
					old = t.Snippet.Top.Snippet.At.Before(from)
				}
			}
			return old, nil
		})
		return all, err
	}
	top, _, err := y.top(ctx, string(p.Original.Message))
	if err != nil {
		return nil, err
	}
	err = y.replies(ctx, top, free, func(some []comment) (bool, error) {
		for _, c := range some {
			add(c)
		}
		return false, nil
	})
	return all, err
}

// same reports whether a comment is what was sent, whatever became of its spaces.
func same(text, sent string) bool {
	return strings.Join(strings.Fields(text), " ") == strings.Join(strings.Fields(sent), " ")
}

// alike reports whether it has the same letters and digits, whatever YouTube made of its marks.
func alike(text, sent string) bool {
	a := letters(text)
	return a != "" && a == letters(sent)
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}
