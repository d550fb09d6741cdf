package instagram

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Instagram)(nil)
	_ connector.Retractor = (*Instagram)(nil)
	_ connector.Reader    = (*Instagram)(nil)
	_ connector.Finder    = (*Instagram)(nil)
)

// Reply replies to a comment, or comments on the post when there is none.
func (g *Instagram) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := g.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	to, hidden, err := g.list(ctx, p)
	switch {
	case err != nil:
		return connector.Sent{}, connector.Repeatable(err)
	case hidden:
		return connector.Sent{}, refused("the comment to reply to is hidden, and Instagram takes no reply to it: show it again in the app")
	}
	var answer made
	if err := g.post(ctx, to, url.Values{"message": {p.Text}}, &answer); err != nil {
		return connector.Sent{}, err
	}
	if answer.ID == "" {
		return connector.Sent{}, &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer"}
	}
	return connector.Sent{Message: session.MessageID(answer.ID)}, nil
}

// list is where a post goes and is found: the replies to a comment, which are all right under the
// top one, or the comments on the post; and whether the comment is hidden
// (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies).
func (g *Instagram) list(ctx context.Context, p connector.Post) (to string, hidden bool, err error) {
	at := string(p.Original.Message)
	if at == "" {
		return "/" + string(g.settings.Media) + "/comments", false, nil
	}
	if !idForm.MatchString(at) {
		return "", false, refused("there is no such comment")
	}
	c, err := g.one(ctx, at)
	switch {
	case missing(err):
		return "", false, refused("the comment to reply to is not there any more")
	case err != nil:
		return "", false, err
	case c.Parent != "":
		at = string(c.Parent)
	}
	return "/" + at + "/replies", c.Hidden, nil
}

// fits looks before anybody is asked.
func (g *Instagram) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !g.Limits().Longest.Fits(p.Text):
		return refused("the text is too long")
	case len(p.Pictures) > 0:
		return refused("it takes no pictures")
	}
	return nil
}

const (
	// clocks is how far ours and that of Instagram may be apart.
	clocks = 2 * time.Minute
	// mostFound bounds a look, in pages.
	mostFound = 40
)

// alike reports whether two texts are the same but for signs and spaces: whether Instagram changes
// these is not known, and a second post would be worse.
func alike(a, b string) bool {
	letters := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text)
	}
	return a == b || letters(a) == letters(b) && letters(a) != ""
}

// Find looks for what the account itself wrote there with that text, not before it was approved.
// That of a comment which is gone nobody sees, and it cannot be looked for.
func (g *Instagram) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	me, err := g.who(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	to, _, err := g.list(ctx, p)
	if err != nil {
		return connector.Sent{}, false, err
	}
	params := url.Values{"fields": {fields}}
	for range mostFound {
		var list page
		if err := g.get(ctx, to, params, &list); err != nil {
			return connector.Sent{}, false, err
		}
		all := list.comments()
		for _, c := range all {
			if alike(c.Text, p.Text) && me.own(c) && !c.At.Before(p.Approved.Add(-clocks)) {
				return connector.Sent{Message: session.MessageID(c.ID)}, true, nil
			}
		}
		if len(all) == 0 || list.Paging.Cursors.After == "" {
			return connector.Sent{}, false, nil
		}
		params.Set("after", list.Paging.Cursors.After)
	}
	return connector.Sent{}, false, &connector.SendError{Outcome: connector.Deferred, Detail: "there are too many comments to look through"}
}

// Retract deletes a comment.
func (g *Instagram) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !idForm.MatchString(string(at)):
		return refused("there is no such comment")
	}
	var said struct{ Success bool }
	err := g.call(ctx, http.MethodDelete, version+"/"+string(at), nil, &said)
	switch {
	case missing(err):
		return nil // Stands looks
	case err == nil && !said.Success:
		return refused("Instagram did not delete the comment")
	}
	return err
}

// Stands looks at the comment itself.
func (g *Instagram) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	_, err := g.one(ctx, string(at))
	if missing(err) {
		return false, nil
	}
	return err == nil, err
}
