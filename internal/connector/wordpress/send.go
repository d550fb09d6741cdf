package wordpress

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
	"experthour/internal/wording"
)

var (
	_ connector.Replier   = (*WordPress)(nil)
	_ connector.Editor    = (*WordPress)(nil)
	_ connector.Retractor = (*WordPress)(nil)
	_ connector.Reader    = (*WordPress)(nil)
	_ connector.Finder    = (*WordPress)(nil)
)

// written is what WordPress says of what it stored.
type written struct {
	ID     uint64 `json:"id"`
	Post   uint64 `json:"post"` // of a comment
	Author uint64 `json:"author"`
	Link   string `json:"link"`
	Agent  string `json:"author_user_agent"`
	Status string `json:"status"`
}

// sent is where it stands; of what has no number nobody knows what became of it.
func (w written) sent() (connector.Sent, error) {
	m := messageID{w.Post, w.ID}
	if w.Post == 0 {
		m = messageID{post: w.ID}
	}
	if w.ID == 0 {
		return connector.Sent{}, &connector.SendError{Outcome: connector.Unsure, Detail: "no usable answer"}
	}
	return connector.Sent{Message: m.id(), URL: w.Link}, nil
}

// Reply posts a comment under the original, or a post of its own when there is none.
func (w *WordPress) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := w.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	if p.Original.Message == "" {
		body, err := w.document(ctx, p, true)
		if err != nil {
			return connector.Sent{}, err
		}
		return w.store(ctx, "/posts", body)
	}
	m, ok := parseMessageID(p.Original.Message)
	if !ok || m.comment == 0 {
		return connector.Sent{}, refused("the question is no comment")
	}
	if err := w.open(ctx, m); err != nil {
		return connector.Sent{}, err
	}
	content, err := w.content(ctx, p, p.Text, true)
	if err != nil {
		return connector.Sent{}, err
	}
	return w.store(ctx, "/comments", map[string]any{"post": m.post, "parent": m.comment, "content": content,
		"author_user_agent": keyOf(p.Key)})
}

// open sees to it that a comment can be read that is to be replied to: WordPress takes
// replies to what is gone or held, and nobody sees them.
func (w *WordPress) open(ctx context.Context, m messageID) error {
	c, ok, err := w.comment(ctx, m.comment)
	switch {
	case err != nil:
		return later(err)
	case !ok || !c.shown():
		return refused("the comment is not there any more")
	case c.Status == "approved":
		return nil
	case !w.settings.Approve:
		return refused("the comment is held; approve it in WordPress under Comments, and send again")
	}
	return later(w.api(ctx, http.MethodPost, m.path(), nil, map[string]any{"status": "approve"}, nil))
}

// later is an error before anything was posted: what is in doubt can be done again, after a
// pause that spares a site which is down.
func later(err error) error {
	e := connector.OutcomeOf(err)
	if err == nil || e.Outcome == connector.Refused {
		return err
	}
	return &connector.SendError{Outcome: connector.Deferred, Wait: cmp.Or(e.Wait, busyWait), Detail: e.Detail, Cause: err}
}

// post is a post of its own. Its first line is the title.
func (w *WordPress) post(ctx context.Context, p connector.Post, fresh bool) (map[string]any, error) {
	title, rest, _ := strings.Cut(p.Text, "\n")
	if len(title) > longestTitle {
		title, rest = wording.In(p.Language).Text("wordpress.title"), p.Text
	}
	content, err := w.content(ctx, p, strings.TrimLeft(rest, "\n"), fresh)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"title": literal(title), "content": content}
	if fresh {
		out["slug"], out["status"], out["comment_status"], out["ping_status"] = keyOf(p.Key), "publish", "open", "closed"
		if w.settings.Category != "" {
			out["categories"] = string(w.settings.Category)
		}
	}
	return out, nil
}

// longestTitle is in bytes: a longer first line is no title.
const longestTitle = 200

func (w *WordPress) store(ctx context.Context, path string, body map[string]any) (connector.Sent, error) {
	var got written
	err := w.api(ctx, http.MethodPost, path, url.Values{"context": {"edit"}, "_fields": {"id,post,link,status"}}, body, &got)
	if err != nil {
		return connector.Sent{}, err
	}
	return got.sent()
}

// Edit replaces the text and the key of what stands.
func (w *WordPress) Edit(ctx context.Context, at session.MessageID, p connector.Post) (connector.Sent, error) {
	if err := w.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	m, ok := parseMessageID(at)
	if !ok {
		return connector.Sent{}, refused("there is no such message")
	}
	if m.comment == 0 {
		body, err := w.document(ctx, p, false)
		if err != nil {
			return connector.Sent{}, err
		}
		return w.store(ctx, m.path(), body)
	}
	content, err := w.content(ctx, p, p.Text, false)
	if err != nil {
		return connector.Sent{}, err
	}
	return w.store(ctx, m.path(), map[string]any{"content": content, "author_user_agent": keyOf(p.Key)})
}

// fits looks before anybody is asked.
func (w *WordPress) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !w.Limits().Longest.Fits(p.Text):
		return refused("the text is too long")
	case len(p.Pictures) > mostPictures:
		return refused("an answer has room for fewer pictures")
	}
	return nil
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// Retract deletes a comment. A post goes to the trash, from which the site's own people can
// bring it back with the comments of others on it.
func (w *WordPress) Retract(ctx context.Context, at session.MessageID, p connector.Post) error {
	m, ok := parseMessageID(at)
	if ctx.Err() != nil {
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	}
	if !ok {
		return refused("there is no such message")
	}
	query := url.Values{}
	if p.Kind == session.KindAnswer {
		if err := w.tidy(ctx, connector.Document{Name: p.Copy}); err != nil {
			return err
		}
	}
	if m.comment != 0 {
		query.Set("force", "true")
	} else if d, ok, err := p.Whole(ctx); err != nil || ok {
		if err = cmp.Or(err, w.clear(ctx, connector.Document{Name: d.Name})); err != nil {
			return err
		}
	}
	err := w.api(ctx, http.MethodDelete, m.path(), query, nil, nil)
	if isMissing(err) || httpapi.ErrorOf(err).Code == "rest_already_trashed" {
		return nil
	}
	return err
}

// Stands reads what was taken back: what is in the trash is not shown.
func (w *WordPress) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	m, ok := parseMessageID(at)
	if !ok {
		return false, refused("there is no such message")
	}
	var got written
	err := w.api(ctx, http.MethodGet, m.path(), url.Values{"context": {"edit"}, "_fields": {"id,status"}}, nil, &got)
	if isMissing(err) {
		return false, nil
	}
	return got.Status == "approved" || got.Status == "hold" || got.Status == "publish", err
}

// Find looks a comment up by its key among the bot's replies to the original, and a post by
// its slug. Strangers name their browser as they like, so that the key alone proves nothing.
func (w *WordPress) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	self, err := w.self(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	query, path := url.Values{"context": {"edit"}}, "/posts"
	if m, ok := parseMessageID(p.Original.Message); ok {
		path = "/comments"
		query.Set("post", number(m.post))
		query.Set("parent", number(m.comment))
		query.Set("status", "all")
		query.Set("per_page", "100")
		query.Set("order", "desc")
		query.Set("_fields", "id,post,author,link,author_user_agent")
	} else {
		query.Set("slug", keyOf(p.Key))
		query.Set("status", "any")
		query.Set("_fields", "id,author,link")
	}
	var found []written
	if err := w.api(ctx, http.MethodGet, path, query, nil, &found); err != nil {
		return connector.Sent{}, false, err
	}
	for _, f := range found {
		if f.Author == self && (path == "/posts" || f.Agent == keyOf(p.Key)) {
			sent, err := f.sent()
			return sent, err == nil, err
		}
	}
	return connector.Sent{}, false, nil
}
