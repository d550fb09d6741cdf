package routing

import (
	"context"
	"errors"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// TestEnclosed: what becomes of a picture, and that nothing is fetched for a question that nobody
// knows or that has enough.
func TestEnclosed(t *testing.T) {
	t.Parallel()
	fine := session.Picture{Hash: "h", Type: "image/png", Size: 1}
	known, beside := "m1", "m2"
	for name, c := range map[string]struct {
		message string
		asker   []int         // what its author asked before
		sent    time.Duration // after the start
		open    error
		clean   error
		last    bool
		most    int

		fails   session.Kind
		lack    session.Lack
		fetched bool
	}{
		"a picture":                     {message: known, most: 4, fetched: true},
		"beside the words":              {message: beside, asker: []int{1}, sent: 90 * time.Second, most: 4, fetched: true},
		"long after the words":          {message: beside, asker: []int{1}, sent: time.Hour, most: 4, fails: session.NotFound},
		"of no question":                {message: beside, most: 4, fails: session.NotFound},
		"one too many":                  {message: known, lack: session.LackMore},
		"too large":                     {message: known, most: 4, open: connector.ErrTooLarge, lack: session.LackLarge, fetched: true},
		"a bomb":                        {message: known, most: 4, clean: failed("picture_pixels"), lack: session.LackLarge, fetched: true},
		"a script":                      {message: known, most: 4, clean: failed("picture_form"), lack: session.LackForm, fetched: true},
		"not there":                     {message: known, most: 4, open: &connector.SendError{Outcome: connector.Refused}, lack: session.LackLost, fetched: true},
		"away, the platform":            {message: known, most: 4, open: errors.New("broken"), fails: session.Internal, fetched: true},
		"away, and for long":            {message: known, most: 4, open: errors.New("broken"), last: true, lack: session.LackLost, fetched: true},
		"many are sending at that time": {message: known, most: 4, clean: session.Fail(session.Unavailable, "busy"), fails: session.Unavailable, fetched: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, fetched := noon, false
			var kept []session.Enclosure
			d := &desk{all: []session.Session{at("a", session.Open, 0)}, originals: map[session.ID]int{"a": 1},
				asker: map[session.ID][]int{"a": c.asker}}
			in := inboxOn(d, &now)
			in.Pictures = Enclosing{Most: c.most, Clean: func(context.Context, []byte) (session.Picture, []byte, error) { return fine, nil, c.clean },
				Keep: func(_ context.Context, _ session.QuestionRef, e session.Enclosure, _ []byte) error {
					kept = append(kept, e)
					return nil
				}}
			o := session.Origin{Connector: sandbox, Message: session.MessageID(c.message), User: "u"}
			err := in.Enclosed(t.Context(), connector.Enclosed{At: o, Sent: noon.Add(c.sent), Key: "k", Alt: "A roof."},
				func(context.Context) ([]byte, error) { fetched = true; return nil, c.open }, c.last)
			if fetched != c.fetched {
				t.Errorf("fetched %t", fetched)
			}
			if c.fails != 0 || err != nil {
				if err == nil || session.KindOf(err) != c.fails || len(kept) != 0 {
					t.Errorf("%v, kept %+v", err, kept)
				}
				return
			}
			if len(kept) != 1 || kept[0].Lack != c.lack || (kept[0].Picture != nil) != (c.lack == "") {
				t.Fatalf("kept %+v", kept)
			}
			if p := kept[0].Picture; p != nil && p.Alt != "A roof." {
				t.Errorf("%+v", p)
			}
		})
	}
}

func failed(id string) error { return session.Fail(session.Invalid, id) }
