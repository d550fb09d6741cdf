package receive

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// PicturesBox names the mailbox of Pictures. It is no connector.
const PicturesBox session.ConnectorID = "pictures"

// patience is how long it is tried to fetch a picture: shorter than a letter that is early comes again.
const patience = 40 * time.Second

// Pictures fetches what came with questions, from a mailbox of its own: so nobody's words wait for
// a picture, and a picture is still fetched after the process has died.
type Pictures struct {
	Mailbox connector.Mailbox
	// Filer finds the connector at which a picture is.
	Filer func(session.ConnectorID) (connector.Filer, bool)
	// Keep adds a picture to its question. open fetches it; what fails then is an error of Keep
	// unless last is set, and noted at the question if it is. NotFound is that nobody knows of the
	// question, which may still be on its way.
	Keep func(ctx context.Context, e connector.Enclosed, open func(context.Context) ([]byte, error), last bool) error
	Now  func() time.Time
	Log  *slog.Logger
}

// wanted is a letter.
type wanted struct {
	connector.Enclosed
	Until time.Time `json:"until"` // when it is tried for the last time
}

// Put stores that pictures are to be fetched. The same ones again are a success.
func (p *Pictures) Put(ctx context.Context, es ...connector.Enclosed) error {
	var letters []connector.Event
	for _, e := range es {
		raw, err := json.Marshal(wanted{e, p.Now().Add(patience)})
		if err != nil {
			return err
		}
		letters = append(letters, connector.Event{Key: string(e.At.Connector) + " " + e.Key, From: sender(e), Line: connector.PublicLine, Raw: raw})
	}
	if len(letters) == 0 {
		return nil
	}
	_, err := p.Mailbox.Put(ctx, letters...)
	return err
}

// sender has the pictures of one person fetched one after another, so that four are four.
func sender(e connector.Enclosed) string {
	return string(e.At.Connector) + " " + string(e.At.Place) + " " + string(e.At.User)
}

// Run fetches until ctx ends.
func (p *Pictures) Run(ctx context.Context) error {
	room := Mailroom{Mailbox: p.Mailbox, Handle: p.handle, Name: PicturesBox, Log: p.Log}
	room.Run(ctx)
	return nil
}

func (p *Pictures) handle(ctx context.Context, raw []byte) error {
	var w wanted
	if err := json.Unmarshal(raw, &w); err != nil {
		return fmt.Errorf("picture: %w", ErrUndecodable)
	}
	f, ok := p.Filer(w.At.Connector)
	if !ok {
		return nil // the place is not configured any more
	}
	last := !p.Now().Before(w.Until)
	open := func(ctx context.Context) ([]byte, error) { return f.File(ctx, w.File) }
	err := p.Keep(ctx, w.Enclosed, open, last)
	switch {
	case session.KindOf(err) == session.Unavailable && err != nil:
		return err
	case err != nil && !last:
		p.Log.Info("a picture was not fetched yet", "connector", w.At.Connector, "error", nameOf(err))
		return ErrEarly
	}
	return nil // who refuses it then has noted why, or the question is gone
}
