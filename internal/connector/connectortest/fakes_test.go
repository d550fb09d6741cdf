package connectortest_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

var limits = connector.Limits{Pictures: 2, Longest: connector.Longest{
	{Unit: session.Graphemes, Most: 300, Link: 23}, {Unit: session.Bytes, Most: 1200},
	{Unit: session.Characters, Most: 100, Kinds: []session.CopyKind{session.KindAnnouncement}},
}}

// careful is assumed until the platform has said what it takes.
var careful = connector.Limits{Longest: connector.Longest{{Unit: session.Characters, Most: 300, Assumed: true}}}

func harness(c connector.Connector, p *ct.Plain) ct.Harness {
	return ct.Harness{
		Connector: c, Place: "square", Original: p.Original("square", "q1"), Unknown: "fake-99",
		Posts: func() []ct.Seen {
			var seen []ct.Seen
			for _, o := range p.Posts() {
				seen = append(seen, ct.Seen{ID: o.ID, Under: o.Original.Message, Text: o.Text, Pictures: o.Pictures})
			}
			return seen
		},
		Refuse:  func() { p.On(ct.OpReply, ct.Refuse("no")) },
		Silence: func() { p.On(ct.OpReply, ct.HangAfter()) },
	}
}

func TestPublicFakes(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]func(*testing.T) ct.Harness{
		"plain": func(*testing.T) ct.Harness { p := ct.NewPlain("fake", limits); return harness(p, p) },
		"blind": func(*testing.T) ct.Harness { p := ct.NewPlatform("fake", limits); return harness(p, p.Plain) },
		"hiding": func(*testing.T) ct.Harness {
			p := ct.NewHiding("fake", limits)
			h := harness(p, p.Plain)
			h.Hidden = func() bool { return slices.Contains(p.Hidden(), h.Original.Message) }
			return h
		},
		"renaming": func(*testing.T) ct.Harness { p := ct.NewRenaming("fake", limits); return harness(p, p.Plain) },
		"viewed":   func(*testing.T) ct.Harness { p := ct.NewViewed("fake", limits); return harness(p, p.Plain) },
		"readable": func(*testing.T) ct.Harness { p := ct.NewReadable("fake", limits); return harness(p, p.Plain) },
		"learning": func(*testing.T) ct.Harness { p := ct.NewLearning("fake", careful); return harness(p, p.Plain) },
		"keyed":    func(*testing.T) ct.Harness { p := ct.NewKeyed("fake", limits); return harness(p, p.Plain) },
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); ct.RunPublic(t, fresh) })
	}
}

func deskHarness(c connector.Connector, d *ct.BlindDesk) ct.DeskHarness {
	return ct.DeskHarness{
		Connector: c, Place: "desk", Remove: d.Remove,
		Cards: func() []ct.SeenCard {
			var seen []ct.SeenCard
			for _, o := range d.Cards() {
				s := ct.SeenCard{ID: o.ID, Text: o.Title}
				for _, l := range o.Lines {
					s.Text += "\n" + l.Text
				}
				for _, b := range o.Buttons {
					s.Actions = append(s.Actions, b.Action)
				}
				seen = append(seen, s)
			}
			return seen
		},
		Refuse:  func() { d.On(ct.OpPost, ct.Refuse("no")) },
		Silence: func() { d.On(ct.OpPost, ct.HangAfter()) },
	}
}

func TestDeskFakes(t *testing.T) {
	t.Parallel()
	t.Run("blind", func(t *testing.T) {
		t.Parallel()
		ct.RunDesk(t, func(*testing.T) ct.DeskHarness { d := ct.NewBlindDesk("desk", limits); return deskHarness(d, d) })
	})
	t.Run("batches", func(t *testing.T) {
		t.Parallel()
		ct.RunDesk(t, func(*testing.T) ct.DeskHarness {
			d := ct.NewBatchDesk("desk", limits)
			h := deskHarness(d, d.BlindDesk)
			own := h.Cards
			h.Cards = func() (seen []ct.SeenCard) {
				for _, b := range d.Batches() {
					s := ct.SeenCard{ID: b.ID}
					for _, c := range b.Cards {
						s.Text += c.Title + "\n"
					}
					seen = append(seen, s)
				}
				return append(seen, own()...)
			}
			h.Refuse = func() {
				d.On(ct.OpPost, ct.Refuse("no"))
				d.On(ct.OpBatch, ct.Refuse("no"))
			}
			return h
		})
	})
	t.Run("with search", func(t *testing.T) {
		t.Parallel()
		ct.RunDesk(t, func(*testing.T) ct.DeskHarness {
			d := ct.NewDesk("desk", limits)
			h := deskHarness(d, d.BlindDesk)
			h.Calls = func() []ct.SeenCall {
				var seen []ct.SeenCall
				for _, c := range d.Called() {
					seen = append(seen, ct.SeenCall{Under: c.At, Text: c.Card.Call.Text + "\n" + c.Card.Call.Quote})
				}
				return seen
			}
			return h
		})
	})
}

func TestCapabilitiesOfTheFakes(t *testing.T) {
	t.Parallel()
	base := []connector.Capability{connector.CanReply, connector.CanEdit, connector.CanRetract}
	for _, c := range []struct {
		c    connector.Connector
		want []connector.Capability
	}{
		{ct.NewPlain("a", limits), base[:1]},
		{ct.NewPlatform("a", limits), base},
		{ct.NewReadable("a", limits), append(slices.Clone(base), connector.CanFind)},
		{ct.NewHiding("a", limits), append(slices.Clone(base), connector.CanHide)},
		{ct.NewViewed("a", limits), append(slices.Clone(base), connector.CanRead)},
		{ct.NewKeyed("a", limits), append(slices.Clone(base), connector.CanKey)},
		{ct.NewPlatform("a", connector.Limits{Announces: true}), append(slices.Clone(base), connector.CanAnnounce)},
		{ct.NewBlindDesk("a", limits), []connector.Capability{connector.CanDesk}},
		{ct.NewBatchDesk("a", limits), []connector.Capability{connector.CanDesk, connector.CanBatch, connector.CanCall}},
		{ct.NewDesk("a", limits), []connector.Capability{connector.CanDesk, connector.CanFindCard, connector.CanCall}},
	} {
		if got := connector.Capabilities(c.c); !slices.Equal(got, c.want) {
			t.Errorf("%T has %v, want %v", c.c, got, c.want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   ct.Fault
		outcome connector.Outcome
		wait    time.Duration
		made    int
	}{
		"refuse":        {ct.Refuse("no"), connector.Refused, 0, 0},
		"defer":         {ct.Defer(time.Minute), connector.Deferred, time.Minute, 0},
		"unsure after":  {ct.UnsureAfter(), connector.Unsure, 0, 1},
		"unsure before": {ct.UnsureBefore(), connector.Unsure, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := ct.NewPlatform("fake", limits)
			p.On(ct.OpReply, c.fault)
			_, err := p.Reply(t.Context(), connector.Post{Key: "k", Text: "x"})
			got := connector.OutcomeOf(err)
			if err == nil || got.Outcome != c.outcome || got.Wait != c.wait || p.Made() != c.made {
				t.Errorf("ended with %v, %d made", err, p.Made())
			}
			if _, err := p.Reply(t.Context(), connector.Post{Key: "k", Text: "x"}); err != nil || len(p.Calls()) != 2 || p.Calls()[0].Err == nil {
				t.Errorf("the next call: %v, calls %v", err, p.Calls())
			}
		})
	}
}

func TestHang(t *testing.T) {
	t.Parallel()
	for made, f := range []ct.Fault{ct.Hang(), ct.HangAfter()} {
		p := ct.NewPlatform("fake", limits)
		p.On(ct.OpReply, f)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := p.Reply(ctx, connector.Post{Text: "x"}); connector.OutcomeOf(err).Outcome != connector.Unsure || p.Made() != made {
			t.Errorf("ended with %v, %d made, want %d", err, p.Made(), made)
		}
	}
}

func TestHold(t *testing.T) {
	t.Parallel()
	for name, held := range map[string]ct.Fault{"goes on": ct.Hold(), "is lost": ct.Hold().Lost()} {
		p := ct.NewPlatform("fake", limits)
		p.On(ct.OpReply, held)
		done := make(chan error, 1)
		go func() {
			_, err := p.Reply(t.Context(), connector.Post{Text: "first"})
			done <- err
		}()
		<-held.Entered()
		if _, err := p.Reply(t.Context(), connector.Post{Text: "second"}); err != nil || p.Made() != 1 {
			t.Errorf("%s: the second: %v, %d made", name, err, p.Made())
		}
		held.Release()
		if err := <-done; (err == nil) != (name == "goes on") || (p.Made() == 2) != (err == nil) {
			t.Errorf("%s: the first: %v, %d made", name, err, p.Made())
		}
	}
}

func TestAskGoesThroughTheInbox(t *testing.T) {
	t.Parallel()
	p := ct.NewPlatform("fake", limits)
	in := &inbox{}
	p.Listen(in)
	if _, err := p.Ask(t.Context(), "square", "k1", "Kā?"); err != nil {
		t.Fatal(err)
	}
	if in.a.Key != "k1" || in.a.Text != "Kā?" || in.a.Origin != p.Original("square", "k1") {
		t.Errorf("asked %+v", in.a)
	}
	in.err = errors.New("away")
	if _, err := p.Ask(t.Context(), "square", "k1", "Kā?"); !errors.Is(err, in.err) {
		t.Errorf("error %v", err)
	}
}

type inbox struct {
	connector.PublicInbox
	a   connector.Asked
	err error
}

func (i *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.a = a
	return session.QuestionRef{Session: "h", Number: 1}, i.err
}

func TestCardHelpers(t *testing.T) {
	t.Parallel()
	d := ct.NewDesk("desk", limits)
	for _, label := range []string{"Old", "New"} {
		if _, err := d.PostCard(t.Context(), connector.Card{Number: 3,
			Buttons: []connector.Button{{Label: label, Action: "a-" + label}}}); err != nil {
			t.Fatal(err)
		}
	}
	c, ok := d.Card(3)
	if action, has := c.Press("New"); !ok || !has || action != "a-New" {
		t.Errorf("the newest card: %+v", c)
	}
	if _, has := c.Press("Old"); has || d.Made() != 2 || len(d.Calls()) != 2 {
		t.Error("a button that is not there, or not two calls")
	}
	if _, ok := d.Card(0); ok {
		t.Error("there is no board")
	}
}
