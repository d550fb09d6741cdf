package httpapi

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
)

// Values makes a request whose answer goes on as JSON, one value after the other, in a list or without one, and hears it
// out. That is how services of Google answer by HTTP what they stream
// (https://google.aip.dev/127, https://cloud.google.com/endpoints/docs/grpc/transcoding). Of each value the
// Event has the Data alone. Up is called with the beginning of the answer. Errors are those of Listen.
func (c *Client) Values(ctx context.Context, r Request, l Listening) error {
	return c.hear(ctx, r, l, "application/json", func(body io.Reader, alive func()) (bool, error) {
		l.Up()
		v := &values{Listening: l, body: &portion{from: body, alive: alive, left: l.Most}}
		err := v.out()
		return v.failed, err
	})
}

// values is an answer of them while it goes on.
type values struct {
	Listening
	body   *portion
	failed bool // Each did
}

// out hears values until there are no more.
func (v *values) out() error {
	r := bufio.NewReader(v.body)
	listed, err := opened(r)
	if err != nil {
		return err
	}
	d := json.NewDecoder(r)
	if listed {
		_, _ = d.Token() // it is there: the bracket
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		if err := v.Each(Event{Data: raw}); err != nil {
			v.failed = true
			return err
		}
		v.body.left = v.Most
	}
	return cmp.Or(v.body.failed, errHungUp)
}

// opened skips the space before an answer, and reports whether a list begins there.
func opened(r *bufio.Reader) (bool, error) {
	for {
		b, err := r.ReadByte()
		switch {
		case err != nil:
			return false, err
		case b == ' ' || b == '\n' || b == '\r' || b == '\t':
			continue
		}
		return b == '[', r.UnreadByte()
	}
}

// portion is an answer of which only so much is read for one value.
type portion struct {
	from   io.Reader
	alive  func()
	left   int
	failed error
}

// Read is io.Reader's.
func (b *portion) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if n > 0 {
		b.alive()
	}
	if b.left -= n; b.left < 0 && err == nil {
		err = errTooLong
	}
	if err != nil && err != io.EOF {
		b.failed = err
	}
	return n, err
}
