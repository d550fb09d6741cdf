package httpapi

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"experthour/internal/connector"
)

// Event is one of those that an answer consists of that goes on (server-sent events).
type Event struct {
	Name string
	Data []byte // its lines, each with its end
}

// Listening is how such an answer is heard.
type Listening struct {
	// Silence is how long the platform may say nothing at all, heartbeats included.
	Silence time.Duration
	// Most bounds a line and the data of an event, in bytes.
	Most int
	// Up is called once, with the first line: from now on everything comes.
	Up func()
	// Each is given one event after the other. Its error ends the listening.
	Each func(Event) error
}

var (
	errSilent  = errors.New("nothing was heard any more")
	errHungUp  = errors.New("the platform ended the stream")
	errNoEvent = errors.New("the answer is no stream of events")
)

// events is the kind of an answer that consists of them.
const events = "text/event-stream"

// Listen makes a request whose answer goes on, and hears it out. It always gives an error:
// that of Each as it is, else a *connector.SendError.
func (c *Client) Listen(ctx context.Context, r Request, l Listening) error {
	return c.hear(ctx, r, l, events, func(body io.Reader, alive func()) (bool, error) {
		heard := hearing{Listening: l, lines: bufio.NewScanner(body)}
		heard.lines.Buffer(nil, l.Most)
		err := heard.out(alive)
		return heard.failed, err
	})
}

// hear opens an answer of a kind and has it heard out; failed is that the error is that of Each.
func (c *Client) hear(ctx context.Context, r Request, l Listening, kind string,
	out func(body io.Reader, alive func()) (failed bool, err error)) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	watch := time.AfterFunc(l.Silence, func() { end(errSilent) })
	defer watch.Stop()
	hide := c.secrets.with(append(credentials(r.Header), r.Secrets...)...)
	resp, err := c.open(ctx, r, kind, hide)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	failed, err := out(resp.Body, func() { watch.Reset(l.Silence) })
	if failed {
		return err
	}
	cause := hide.quiet(cmp.Or(context.Cause(ctx), err))
	return &connector.SendError{Outcome: connector.Deferred, Detail: "the stream ended", Cause: cause}
}

// open gets an answer that is a stream.
func (c *Client) open(ctx context.Context, r Request, wanted string, hide secrets) (*http.Response, error) {
	req, err := c.request(ctx, r)
	if err != nil {
		return nil, &connector.SendError{Outcome: connector.Refused, Detail: "not a request", Cause: hide.quiet(err)}
	}
	req.Header.Set("Accept", wanted)
	req.Header.Set("Accept-Encoding", "identity") // what is compressed comes when a block is full
	resp, err := c.cross(req, hide)
	if err != nil {
		return nil, err
	}
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Rate: RateOf(resp.Header, c.opts.Now())}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if a.OK() && kind == wanted {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }()
	a.Body, _ = io.ReadAll(io.LimitReader(resp.Body, c.opts.Most)) // for the platform's words
	if err := c.judge(r.Method, a, hide); err != nil {
		return nil, err
	}
	cause := &Error{Status: a.Status, Cause: errNoEvent}
	return nil, &connector.SendError{Outcome: connector.Refused, Detail: errNoEvent.Error(), Cause: cause}
}

// hearing is an answer while it goes on.
type hearing struct {
	Listening
	lines  *bufio.Scanner
	now    Event
	failed bool // Each did
}

// out hears lines until there are no more.
func (h *hearing) out(alive func()) error {
	for first := true; h.lines.Scan(); first = false {
		alive()
		if first {
			h.Up()
		}
		if err := h.line(h.lines.Bytes()); err != nil {
			return err
		}
	}
	return cmp.Or(h.lines.Err(), errHungUp)
}

// line takes one: a field of an event, or the empty one that ends it. Others are comments.
func (h *hearing) line(line []byte) error {
	field, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch {
	case len(line) == 0:
		return h.end()
	case string(field) == "event":
		h.now.Name = string(value)
	case string(field) == "data":
		h.now.Data = append(append(h.now.Data, value...), '\n')
	}
	if len(h.now.Data) > h.Most {
		return errTooLong
	}
	return nil
}

func (h *hearing) end() error {
	e := h.now
	h.now = Event{}
	if e.Data == nil {
		return nil
	}
	err := h.Each(e)
	h.failed = err != nil
	return err
}
