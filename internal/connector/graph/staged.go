package graph

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// state is that of a container
// (https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-container,
// https://developers.facebook.com/docs/threads/troubleshooting).
type state string

const (
	published state = "PUBLISHED"
	finished  state = "FINISHED"    // it can be published
	working   state = "IN_PROGRESS" // the platform is at it
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
	if err != nil || !IDForm.MatchString(at) {
		return container{}
	}
	return container{at, time.Unix(seconds, 0)}
}

// Staged brings posts out in two steps: a container, whose id is kept, and its publication. What
// became of a publication that was not answered is asked of the platform by that id.
type Staged struct {
	Login   *Login
	Title   string                                            // of the platform, for people
	State   string                                            // the field of a container that says it
	Why     string                                            // the one that says why it failed
	Publish string                                            // where it is published
	Unready func(error) bool                                  // it is said not to be there, or not to be ready, so that it did nothing
	Make    func(context.Context) (url.Values, string, error) // what a container is made of, and where
	// Among looks for what is out among the account's own posts: of a container it is only said
	// that it is.
	Among func(context.Context) (connector.Sent, bool, error)
	Link  func(context.Context, string) string // the address of a post
}

const (
	soon = 5 * time.Second
	// slow bounds how long one waits for a container: the documentation says once a minute.
	slow = time.Minute
)

// unready is that it goes on later: the longer it takes, the later.
func (s Staged) unready(c container, detail string) error {
	wait := soon
	if c.id != "" {
		wait = min(max(s.Login.Env.Now().Sub(c.made), soon), slow)
	}
	return &connector.SendError{Outcome: connector.Deferred, Wait: wait, Detail: detail, Cause: fmt.Errorf("container: %s", detail)}
}

// Refused is that something is not done, and why.
func Refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// Reply publishes a container: the one of an attempt before, as long as it can be, or one of its
// own. What was published is not published again.
func (s Staged) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	c := noted(p.Note)
	for again := c.id != ""; ; again = false {
		if c.id == "" {
			var err error
			if c, err = s.prepare(ctx, p); err != nil {
				return connector.Sent{}, err
			}
		}
		is, said, err := s.state(ctx, c)
		switch {
		case err != nil:
			return connector.Sent{}, connector.Repeatable(err)
		case is == published:
			return s.locate(ctx, c)
		case is == finished:
			return s.publish(ctx, c)
		case is == working:
			return connector.Sent{}, s.unready(c, s.Title+" is still preparing the post")
		case !again:
			return connector.Sent{}, Refused(s.Title + " could not prepare the post: " + said)
		}
		c = container{}
	}
}

// prepare makes a container and keeps its id. One of which nobody knows is seen by nobody, and
// another may be made.
func (s Staged) prepare(ctx context.Context, p connector.Post) (container, error) {
	params, to, err := s.Make(ctx)
	if err != nil {
		return container{}, connector.Repeatable(err)
	}
	var answer Made
	err = s.Login.Post(ctx, to, params, &answer)
	if s.Unready(err) { // of a container that is being made: what it names is not there
		return container{}, Refused(connector.OutcomeOf(err).Detail)
	}
	if err != nil {
		return container{}, connector.Repeatable(err)
	}
	c := container{string(answer.ID), s.Login.Env.Now()}
	if c.id == "" {
		return container{}, s.unready(c, "no usable answer")
	}
	return c, p.Keep(ctx, c.note())
}

// state asks what became of a container, and why it failed. One that the platform does not know has
// ended too.
func (s Staged) state(ctx context.Context, c container) (state, string, error) {
	var said map[string]any
	err := s.Login.Get(ctx, "/"+c.id, url.Values{"fields": {"id," + s.State + "," + s.Why}}, &said)
	switch {
	case Missing(err):
		return expired, "it is not known any more", nil
	case err != nil:
		return "", "", err
	}
	is, _ := said[s.State].(string)
	switch why, _ := said[s.Why].(string); state(is) {
	case published, finished, working, failed, expired:
		return state(is), why, nil
	}
	return "", "", s.unready(c, "no usable answer")
}

// patience is how long a container may be called unready although it is finished.
const patience = 5 * time.Minute

// publish makes a container public.
func (s Staged) publish(ctx context.Context, c container) (connector.Sent, error) {
	var answer Made
	err := s.Login.Post(ctx, s.Publish, url.Values{"creation_id": {c.id}}, &answer)
	if s.Unready(err) {
		if s.Login.Env.Now().Sub(c.made) > patience {
			return connector.Sent{}, Refused(connector.OutcomeOf(err).Detail)
		}
		return connector.Sent{}, s.unready(c, connector.OutcomeOf(err).Detail)
	}
	if err == nil && answer.ID == "" {
		err = Unusable(http.MethodPost)
	}
	if err != nil {
		return connector.Sent{}, err
	}
	return connector.Sent{Message: session.MessageID(answer.ID), URL: s.Link(ctx, string(answer.ID))}, nil // it is out, also without its address
}

// Find asks what became of the container that was kept. Without a note nothing was published, but
// for a store that lost one: the account's own posts tell that.
func (s Staged) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	c := noted(p.Note)
	if c.id == "" {
		return s.Among(ctx)
	}
	is, _, err := s.state(ctx, c)
	switch {
	case err != nil:
		return connector.Sent{}, false, err
	case is == working:
		return connector.Sent{}, false, s.unready(c, s.Title+" is still at the post")
	case is != published:
		return connector.Sent{}, false, nil
	}
	sent, err := s.locate(ctx, c)
	return sent, err == nil, err
}

// unlisted is how long what is out may be lacking in the list of the account's own posts. After
// that it counts as sent, and nobody but a person can take it back.
const unlisted = 10 * time.Minute

// locate finds the post of a container that is out.
func (s Staged) locate(ctx context.Context, c container) (connector.Sent, error) {
	sent, ok, err := s.Among(ctx)
	switch {
	case err != nil:
		return connector.Sent{}, connector.Repeatable(err)
	case !ok && s.Login.Env.Now().Sub(c.made) < unlisted:
		return connector.Sent{}, s.unready(c, "it is out, and "+s.Title+" does not list it yet")
	}
	return sent, nil
}

// Fits looks at a post before anybody is asked.
func Fits(ctx context.Context, p connector.Post, longest connector.Longest) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return Refused("there is no text")
	case !longest.Fits(p.Text):
		return Refused("the text is too long")
	case len(p.Pictures) > 0:
		return Refused("it takes no pictures")
	}
	return nil
}

// Delete takes back what the account wrote; what is not there is a success, and Stands looks.
func (l *Login) Delete(ctx context.Context, at session.MessageID) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !IDForm.MatchString(string(at)):
		return Refused("there is no such post")
	}
	var said struct{ Success bool }
	err := l.Call(ctx, http.MethodDelete, "/"+string(at), nil, &said)
	switch {
	case Missing(err):
		return nil
	case err == nil && !said.Success:
		return Refused("it was not deleted")
	}
	return err
}

// There reports whether an object that was read is there.
func There(err error) (bool, error) {
	if Missing(err) {
		return false, nil
	}
	return err == nil, err
}
