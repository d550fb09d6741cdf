package receive

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

type album struct{ got []string }

func (a *album) File(_ context.Context, id string) ([]byte, error) {
	a.got = append(a.got, id)
	return []byte(id), nil
}

// box keeps what is put into it.
type box struct {
	connector.Mailbox
	events []connector.Event
}

func (b *box) Put(_ context.Context, es ...connector.Event) (int, error) {
	b.events = append(b.events, es...)
	return len(es), nil
}

// TestPicturesAreTriedForAWhile: a failure is tried again until the time is over, and then it is the
// last attempt, which is done with whatever becomes of it.
func TestPicturesAreTriedForAWhile(t *testing.T) {
	t.Parallel()
	now, b, a := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), &box{}, &album{}
	var fails error
	var lasts []bool
	p := Pictures{Mailbox: b, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		Filer: func(id session.ConnectorID) (connector.Filer, bool) { return a, id == "square" },
		Keep: func(ctx context.Context, _ connector.Enclosed, open func(context.Context) ([]byte, error), last bool) error {
			lasts = append(lasts, last)
			_, err := open(ctx)
			return errors.Join(err, fails)
		}}
	at := session.Origin{Connector: "square", Place: "p", User: "u", Message: "m"}
	if err := p.Put(t.Context(), connector.Enclosed{At: at, Key: "m", File: "f"}, connector.Enclosed{At: at, Key: "n", File: "g"}); err != nil {
		t.Fatal(err)
	}
	if e := b.events; len(e) != 2 || e[0].Key == e[1].Key || e[0].From != e[1].From || e[0].Line != connector.PublicLine {
		t.Fatalf("letters %+v", e)
	}
	try := func(wants ...error) {
		t.Helper()
		for _, want := range wants {
			if err := p.handle(t.Context(), b.events[0].Raw); !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%v, want %v", err, want)
			}
		}
	}
	fails = errors.New("broken")
	try(ErrEarly, ErrEarly)
	fails = session.Fail(session.Unavailable, "busy")
	try(fails)
	fails, now = errors.New("broken"), now.Add(patience)
	try(nil)
	if len(a.got) != 4 || lasts[2] || !lasts[3] {
		t.Errorf("fetched %v, last %v", a.got, lasts)
	}
	if err := p.handle(t.Context(), []byte("{")); !errors.Is(err, ErrUndecodable) {
		t.Error(err)
	}
}
