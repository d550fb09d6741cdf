package flickr

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Flickr)(nil)
	_ connector.Editor    = (*Flickr)(nil)
	_ connector.Retractor = (*Flickr)(nil)
	_ connector.Reader    = (*Flickr)(nil)
	_ connector.Finder    = (*Flickr)(nil)
)

// clocks is how far ours and Flickr's may be apart; it takes no signature that is older.
const clocks = 5 * time.Minute

// Reply posts a comment under the photo.
func (f *Flickr) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := f.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if _, err := f.self(ctx); err != nil { // the address of the comment needs it
		return connector.Sent{}, connector.Repeatable(err)
	}
	var answer struct{ Comment comment }
	params := url.Values{"photo_id": {string(f.settings.Photo)}, "comment_text": {markup(p.Text)}}
	if err := f.write(ctx, "addComment", params, &answer); err != nil {
		return connector.Sent{}, err
	}
	if !commentID.MatchString(answer.Comment.ID) {
		return connector.Sent{}, unusable(http.MethodPost)
	}
	return f.at(answer.Comment), nil
}

// at is where a comment stands. The account's own photo is at an address with its id.
func (f *Flickr) at(c comment) connector.Sent {
	link := c.Link
	if self := f.known.Load(); link == "" && self != nil {
		link = "https://www.flickr.com/photos/" + self.id + "/" + string(f.settings.Photo) + "/#comment" + c.ID[strings.LastIndex(c.ID, "-")+1:]
	}
	if !permalink.MatchString(link) {
		link = ""
	}
	return connector.Sent{Message: session.MessageID(c.ID), URL: link}
}

// Edit replaces the text of a comment.
func (f *Flickr) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	if err := f.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if !commentID.MatchString(string(at)) {
		return connector.Sent{}, refused("there is no such comment")
	}
	err := f.write(ctx, "editComment", url.Values{"comment_id": {string(at)}, "comment_text": {markup(p.Text)}}, nil)
	if err != nil {
		return connector.Sent{}, err
	}
	return f.at(comment{ID: string(at)}), nil
}

// fits looks before anybody is asked.
func (f *Flickr) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !f.Limits().Longest.Fits(p.Text):
		return refused("the text is too long")
	case len(p.Pictures) > 0:
		return refused("it takes no pictures")
	}
	return nil
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// Retract deletes a comment. With the photo its comments are gone too.
func (f *Flickr) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !commentID.MatchString(string(at)):
		return refused("there is no such comment")
	}
	err := f.write(ctx, "deleteComment", url.Values{"comment_id": {string(at)}}, nil)
	if said(err, noComment) || said(err, noPhoto) {
		return nil
	}
	return err
}

// Stands looks for a comment in the whole list. Nobody sees one under a photo that is gone.
func (f *Flickr) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	all, err := f.list(ctx, time.Time{})
	if said(err, noPhoto) {
		return false, nil
	}
	for _, raw := range all {
		if c, ok := parse(raw); ok && c.ID == string(at) {
			return true, nil
		}
	}
	return false, err
}

// Find looks for what the account itself wrote with that text, not before it was approved. A
// text that has the same letters counts where none is the same: a second post would be worse.
func (f *Flickr) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	self, err := f.self(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	from := p.Approved
	if !from.IsZero() {
		from = from.Add(-clocks)
	}
	all, err := f.list(ctx, from)
	if err != nil {
		return connector.Sent{}, false, err
	}
	for _, is := range []func(markup, sent string) bool{same, alike} {
		for _, raw := range all {
			if c, ok := parse(raw); ok && c.Author == self && is(c.Text, p.Text) {
				return f.at(c), true, nil
			}
		}
	}
	return connector.Sent{}, false, nil
}
