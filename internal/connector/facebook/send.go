package facebook

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Facebook)(nil)
	_ connector.Editor    = (*Facebook)(nil)
	_ connector.Retractor = (*Facebook)(nil)
	_ connector.Reader    = (*Facebook)(nil)
	_ connector.Finder    = (*Facebook)(nil)
)

const (
	// clocks is how far ours and Facebook's may be apart.
	clocks = 5 * time.Minute
	// blockedWait is after Facebook has blocked the Page for a while: it does not say for how long.
	blockedWait = 10 * time.Minute
	// lookNote is kept with a post that has to be looked for before it is tried again.
	lookNote = "look"
)

// Reply posts a comment under the original, or a post of the Page when there is none.
func (f *Facebook) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := f.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if p.Note == lookNote {
		if sent, ok, err := f.Find(ctx, p); ok || err != nil {
			return sent, connector.Repeatable(err)
		}
	}
	to := "/" + string(f.settings.Page) + "/feed"
	if p.Original.Message != "" {
		if err := f.open(ctx, string(p.Original.Message)); err != nil {
			return connector.Sent{}, err
		}
		to = "/" + string(p.Original.Message) + "/comments"
	}
	params, err := f.draft(ctx, p)
	if err != nil {
		return connector.Sent{}, err
	}
	var got node
	if err := f.graph.post(ctx, to, params, &got); err != nil {
		return f.settle(ctx, p, err)
	}
	if !nodeID.MatchString(got.ID) {
		return connector.Sent{}, graph.Unusable(http.MethodPost)
	}
	return got.sent(), nil
}

// draft is what is written. That the address comes back with it, is
// https://developers.facebook.com/docs/graph-api/overview#read-after-write.
func (f *Facebook) draft(ctx context.Context, p connector.Post) (url.Values, error) {
	params := url.Values{"message": {markup(p.Text)}, "fields": {"id,permalink_url"}}
	if len(p.Pictures) == 0 {
		return params, nil
	}
	id, err := f.picture(ctx, p)
	params.Set("attachment_id", id)
	return params, err
}

func (n node) sent() connector.Sent {
	if !permalink.MatchString(n.Link) {
		n.Link = ""
	}
	return connector.Sent{Message: session.MessageID(n.ID), URL: n.Link}
}

// open sees to it that a comment can be replied to so that its author sees it.
func (f *Facebook) open(ctx context.Context, id string) error {
	if !nodeID.MatchString(id) {
		return refused("the question is no comment")
	}
	n, err := f.read(ctx, id)
	switch {
	case graph.Missing(err):
		return refused("the comment is not there any more")
	case err != nil:
		return connector.Repeatable(err)
	case n.Hidden:
		return refused("the comment is hidden; show it again on the Page, and send again")
	case n.CanComment != nil && !*n.CanComment:
		return refused("the comment takes no replies; answer on the Page by hand")
	}
	return nil
}

// settle makes the best of an error. What Facebook calls a duplicate, or will not have because it
// looks like one, may stand there already. A post that is not there is looked for again before it is
// tried again: after a while if the Page is blocked, and once if it is called a duplicate.
func (f *Facebook) settle(ctx context.Context, p connector.Post, err error) (connector.Sent, error) {
	if c := graph.Code(err); c != codeDuplicate && c != codeBlocked {
		return connector.Sent{}, err
	}
	if sent, ok, problem := f.Find(ctx, p); ok && problem == nil {
		return sent, nil
	}
	detail := connector.OutcomeOf(err).Detail
	switch {
	case p.Keep(ctx, lookNote) != nil:
		return connector.Sent{}, err
	case graph.Code(err) == codeBlocked:
		return connector.Sent{}, &connector.SendError{Outcome: connector.Deferred, Wait: blockedWait, Detail: detail, Cause: err}
	case p.Note == lookNote:
		return connector.Sent{}, &connector.SendError{Outcome: connector.Refused, Detail: detail, Cause: err}
	}
	return connector.Sent{}, err
}

// Edit replaces the text and the picture, and reads what stands there then.
func (f *Facebook) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	if err := f.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if !nodeID.MatchString(string(at)) {
		return connector.Sent{}, refused("there is no such comment")
	}
	params, err := f.draft(ctx, p)
	if err == nil {
		err = f.graph.post(ctx, "/"+string(at), params, nil)
	}
	if err != nil {
		return connector.Sent{}, err
	}
	return f.edited(ctx, string(at), p)
}

// edited reads a post that was edited.
func (f *Facebook) edited(ctx context.Context, id string, p connector.Post) (connector.Sent, error) {
	n := node{}
	err := f.graph.get(ctx, "/"+id, url.Values{"fields": {f.fieldsOf(id)}}, &n)
	pictured := n.Attachment.Type == "photo"
	switch {
	case err != nil:
		return connector.Sent{}, connector.Repeatable(err)
	case !alike(n.Message, p.Text):
		return connector.Sent{}, &connector.SendError{Outcome: connector.Deferred, Wait: lookAfter, Detail: "it still shows the former text"}
	case pictured && len(p.Pictures) == 0:
		return connector.Sent{}, refused("the text was changed, and the picture stands as it was: take it away by hand")
	}
	return n.sent(), nil
}

// fieldsOf are those of a post of the Page or of a comment: only the name of a post begins with
// that of the Page.
func (f *Facebook) fieldsOf(id string) string {
	if strings.HasPrefix(id, string(f.settings.Page)+"_") {
		return postFields
	}
	return fields
}

// fits looks before anybody is asked.
func (f *Facebook) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !f.Limits().Longest.Fits(p.Text):
		return refused("the text is too long")
	case len(p.Pictures) > mostPictures:
		return refused("a comment has room for one picture")
	case len(p.Pictures) > 0 && p.Original.Message == "":
		return refused("only what stands under a comment has pictures")
	}
	return nil
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// Retract deletes. That it is not there is not believed here: Stands looks.
func (f *Facebook) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !nodeID.MatchString(string(at)):
		return refused("there is no such comment")
	}
	if err := f.graph.remove(ctx, "/"+string(at)); !graph.Missing(err) {
		return err
	}
	return nil
}

// Stands reads what was taken back.
func (f *Facebook) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	if !nodeID.MatchString(string(at)) {
		return false, refused("there is no such comment")
	}
	err := f.graph.get(ctx, "/"+string(at), url.Values{"fields": {"id"}}, nil)
	if graph.Missing(err) {
		return false, f.sees(ctx)
	}
	return err == nil, err
}

// Find looks for what the Page itself wrote with that text, not before it was approved, under the
// original or among its posts. A text that has the same letters counts where none is the same: a
// second post would be worse.
func (f *Facebook) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	from := time.Unix(0, 0)
	if !p.Approved.IsZero() {
		from = p.Approved.Add(-clocks)
	}
	path, q := "/"+string(f.settings.Page)+"/feed", url.Values{"fields": {postFields}}
	if id := string(p.Original.Message); id != "" {
		if !nodeID.MatchString(id) {
			return connector.Sent{}, false, refused("the question is no comment")
		}
		path, q = "/"+id+"/comments", url.Values{"fields": {fields}, "order": {"chronological"}}
	}
	q.Set("since", strconv.FormatInt(max(from.Unix(), 0), 10))
	all, err := f.list(ctx, path, q)
	if graph.Missing(err) { // and so is what stood under it
		return connector.Sent{}, false, f.sees(ctx)
	}
	for _, is := range []func(shown, sent string) bool{same, alike} {
		for _, raw := range all {
			n, ok := parse(raw)
			if ok && n.From.ID == string(f.settings.Page) && !n.Created.Before(from.Truncate(time.Second)) && is(n.Message, p.Text) {
				return n.sent(), true, nil
			}
		}
	}
	return connector.Sent{}, false, err
}

// sees is nil when the token may read what people write. Without that, everything seems to be
// gone, for the API does not tell the two apart.
func (f *Facebook) sees(ctx context.Context) error {
	t, err := f.debug(ctx)
	switch {
	case err != nil:
		return connector.Repeatable(err)
	case !t.Valid || len(t.lacks(readScopes)) > 0:
		return &connector.SendError{Outcome: connector.Deferred, Wait: graph.MendWait,
			Detail: cmp.Or(strings.Join(t.lacks(readScopes), ", "), "the token is not valid")}
	}
	return nil
}
