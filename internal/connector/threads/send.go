package threads

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*Threads)(nil)
	_ connector.Retractor = (*Threads)(nil)
	_ connector.Reader    = (*Threads)(nil)
	_ connector.Finder    = (*Threads)(nil)
)

// state is that of a container (https://developers.facebook.com/docs/threads/troubleshooting).
type state string

const (
	published state = "PUBLISHED"
	finished  state = "FINISHED"    // it can be published
	working   state = "IN_PROGRESS" // Threads is at it
	failed    state = "ERROR"       // it will not be published
	expired   state = "EXPIRED"     // nor will one that was not for a day
)

// container is what a post is before it is published; nobody sees it.
type container struct {
	id   string
	made time.Time // by the clock here
}

// note is how a container is kept between two attempts.
func (c container) note() string { return fmt.Sprintf("%s %d", c.id, c.made.Unix()) }

// noted reads a note; the zero container is that there was none.
func noted(note string) container {
	at, made, _ := strings.Cut(note, " ")
	seconds, err := strconv.ParseInt(made, 10, 64)
	if err != nil || !graph.IDForm.MatchString(at) {
		return container{}
	}
	return container{at, time.Unix(seconds, 0)}
}

// Reply publishes a container: the one of an attempt before, as long as it can be, or one of its
// own. What was published is not published again.
func (t *Threads) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := t.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	c := noted(p.Note)
	for again := c.id != ""; ; again = false {
		if c.id == "" {
			var err error
			if c, err = t.prepare(ctx, p); err != nil {
				return connector.Sent{}, err
			}
		}
		s, said, err := t.state(ctx, c)
		switch {
		case err != nil:
			return connector.Sent{}, connector.Repeatable(err)
		case s == published:
			return t.locate(ctx, p, c)
		case s == finished:
			return t.publish(ctx, c)
		case s == working:
			return connector.Sent{}, unready("Threads is still preparing the post")
		case !again:
			return connector.Sent{}, refused("Threads could not prepare the post: " + said)
		}
		c = container{}
	}
}

// fits looks before anybody is asked.
func (t *Threads) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !t.Limits().Longest.Fits(p.Text):
		return refused("the text is too long")
	case len(p.Pictures) > 0:
		return refused("it takes no pictures")
	}
	return nil
}

// prepare makes a container and keeps its id. One of which nobody knows is seen by nobody, and
// another may be made.
func (t *Threads) prepare(ctx context.Context, p connector.Post) (container, error) {
	params := url.Values{"media_type": {"TEXT"}, "text": {p.Text}}
	if at := string(p.Original.Message); at != "" {
		if err := t.above(ctx, at); err != nil {
			return container{}, err
		}
		params.Set("reply_to_id", at)
	}
	var answer graph.Made
	err := t.login.Post(ctx, "/me/threads", params, &answer)
	if graph.Code(err) == codeUnready { // of a container that is being made: what it names is not there
		return container{}, refused(connector.OutcomeOf(err).Detail)
	}
	if err != nil {
		return container{}, connector.Repeatable(err)
	}
	c := container{string(answer.ID), t.env.Now()}
	if c.id == "" {
		return container{}, unready("no usable answer")
	}
	return c, p.Keep(ctx, c.note())
}

// above looks whether what is to be replied to is there: of a reply to what is gone nothing is
// documented.
func (t *Threads) above(ctx context.Context, at string) error {
	if !graph.IDForm.MatchString(at) {
		return refused("there is no such post")
	}
	_, err := t.one(ctx, at)
	if graph.Missing(err) {
		return refused("the post to reply to is not there any more")
	}
	return connector.Repeatable(err)
}

// state asks what became of a container, and why it failed. One that Threads does not know has
// ended too.
func (t *Threads) state(ctx context.Context, c container) (state, string, error) {
	var said struct {
		Status state
		Why    string `json:"error_message"`
	}
	err := t.login.Get(ctx, "/"+c.id, url.Values{"fields": {"id,status,error_message"}}, &said)
	switch {
	case graph.Missing(err):
		return expired, "it is not known any more", nil
	case err != nil:
		return "", "", err
	}
	switch said.Status {
	case published, finished, working, failed, expired:
		return said.Status, said.Why, nil
	}
	return "", "", unready("no usable answer")
}

// patience is how long a container may be called unready although it is finished.
const patience = 5 * time.Minute

// publish makes a container public.
func (t *Threads) publish(ctx context.Context, c container) (connector.Sent, error) {
	var answer graph.Made
	err := t.login.Post(ctx, "/me/threads_publish", url.Values{"creation_id": {c.id}}, &answer)
	if graph.Code(err) == codeUnready && t.env.Now().Sub(c.made) > patience {
		return connector.Sent{}, refused(connector.OutcomeOf(err).Detail)
	}
	if err == nil && answer.ID == "" {
		err = graph.Unusable(http.MethodPost)
	}
	if err != nil {
		return connector.Sent{}, err
	}
	sent := connector.Sent{Message: session.MessageID(answer.ID)}
	if m, err := t.one(ctx, string(answer.ID)); err == nil { // it is out, also without its address
		sent.URL = m.link()
	}
	return sent, nil
}

// Find asks what became of the container that was kept. Without a note nothing was published, but
// for a store that lost one: the account's own posts tell that.
func (t *Threads) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	c := noted(p.Note)
	if c.id == "" {
		return t.among(ctx, p)
	}
	s, _, err := t.state(ctx, c)
	switch {
	case err != nil:
		return connector.Sent{}, false, err
	case s == working:
		return connector.Sent{}, false, unready("Threads is still at the post")
	case s != published:
		return connector.Sent{}, false, nil
	}
	sent, err := t.locate(ctx, p, c)
	return sent, err == nil, err
}

// unlisted is how long what is out may be lacking in the list of the account's own posts. After
// that it counts as sent, and nobody but a person can take it back.
const unlisted = 10 * time.Minute

// locate finds the post of a container that is out: Threads says of one only that it is.
func (t *Threads) locate(ctx context.Context, p connector.Post, c container) (connector.Sent, error) {
	sent, ok, err := t.among(ctx, p)
	switch {
	case err != nil:
		return connector.Sent{}, connector.Repeatable(err)
	case !ok && t.env.Now().Sub(c.made) < unlisted:
		return connector.Sent{}, unready("it is out, and Threads does not list it yet")
	}
	return sent, nil
}

const (
	// clocks is how far ours and that of Threads may be apart.
	clocks = 2 * time.Minute
	// mostOwn is how many pages of the account's own posts are read.
	mostOwn = 20
)

// among looks for a post among the account's own: with its text, under the same one, and not from
// before it was approved. The newest comes first.
func (t *Threads) among(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	to, from := "/me/threads", p.Approved.Add(-clocks)
	if p.Original.Message != "" {
		to = "/me/replies"
	}
	var sent connector.Sent
	pages := graph.List[media]{Left: mostOwn, Take: take,
		Ask: func(ctx context.Context, q url.Values, p *graph.Page) error { return t.login.Get(ctx, to, q, p) },
		Enough: func(some []media) bool {
			i := slices.IndexFunc(some, func(m media) bool {
				return graph.Alike(m.Text, p.Text) && string(m.RepliedTo.ID) == string(p.Original.Message) && !m.At.Before(from)
			})
			if i >= 0 {
				sent = connector.Sent{Message: session.MessageID(some[i].ID), URL: some[i].link()}
			}
			return i >= 0 || some[len(some)-1].At.Before(from)
		}}
	_, _, err := pages.Read(ctx, url.Values{"fields": {fields}})
	return sent, sent.Message != "", err
}

// Retract deletes a post (https://developers.facebook.com/docs/threads/posts/delete-posts).
func (t *Threads) Retract(ctx context.Context, at session.MessageID, _ connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !graph.IDForm.MatchString(string(at)):
		return refused("there is no such post")
	}
	var said struct{ Success bool }
	err := t.login.Call(ctx, http.MethodDelete, "/"+string(at), nil, &said)
	switch {
	case graph.Missing(err):
		return nil // Stands looks
	case err == nil && !said.Success:
		return refused("Threads did not delete the post")
	}
	return err
}

// Stands looks at the post itself.
func (t *Threads) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	_, err := t.one(ctx, string(at))
	if graph.Missing(err) {
		return false, nil
	}
	return err == nil, err
}
