package sandbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

type inbox struct {
	connector.PublicInbox
	asked []connector.Asked
	err   error
}

func (i *inbox) Asked(_ context.Context, a connector.Asked) (session.QuestionRef, error) {
	i.asked = append(i.asked, a)
	return session.QuestionRef{Session: "h", Number: len(i.asked)}, i.err
}

func fresh(in *inbox) *Sandbox {
	return New(Options{ID: "sandbox", Place: "square", Language: session.Latvian, URL: "https://x.lv/sandbox", Inbox: in,
		Now: func() time.Time { return noon }})
}

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(*testing.T) connectortest.Harness {
		s := fresh(&inbox{})
		return connectortest.Harness{
			Connector: s, Place: "square", Unknown: session.MessageID("p-" + s.process + "-99"),
			Original: session.Origin{Connector: "sandbox", Place: "square", Message: "q-1"},
			Posts: func() []connectortest.Seen {
				var seen []connectortest.Seen
				for _, p := range s.Posts() {
					seen = append(seen, connectortest.Seen{ID: p.ID, Under: p.Under, Text: p.Text})
				}
				return seen
			},
			Refuse:  func() { s.SetMode(Refuses) },
			Silence: func() { s.SetMode(Silent) },
		}
	})
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	want := []connector.Capability{connector.CanReply, connector.CanEdit, connector.CanRetract, connector.CanSwitch}
	if got := connector.Capabilities(fresh(nil)); !slices.Equal(got, want) {
		t.Errorf("capabilities %v: an unknown outcome must park", got)
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	in := &inbox{}
	s := fresh(in)
	ref, err := s.Ask(t.Context(), "k1", "Kā?", "Ilze")
	if err != nil || ref.Number != 1 {
		t.Fatalf("stored as %v, %v", ref, err)
	}
	want := connector.Asked{Key: "k1", Text: "Kā?", Name: "Ilze", Language: session.Latvian, At: noon,
		Origin: session.Origin{Connector: "sandbox", Place: "square", Message: "q-k1", User: "citizen-k1", URL: "https://x.lv/sandbox#q-k1"}}
	if in.asked[0] != want {
		t.Errorf("handed over\n%+v, want\n%+v", in.asked[0], want)
	}
	in.err = errors.New("away")
	if _, err := s.Ask(t.Context(), "k1", "Kā?", "Ilze"); !errors.Is(err, in.err) {
		t.Errorf("error %v", err)
	}
	post := connector.PretendPost{ID: "q-k1", URL: "https://x.lv/sandbox#q-k1", Name: "Ilze", Text: "Kā?", At: noon, Question: true}
	if got := s.Posts(); !slices.Equal(got, []connector.PretendPost{post}) {
		t.Errorf("posts %+v, want the question once", got)
	}
}

func TestPostsShowWhatStands(t *testing.T) {
	t.Parallel()
	s := fresh(&inbox{})
	sent, err := s.Reply(t.Context(), connector.Post{Original: session.Origin{Message: "q-k1"}, Text: "One."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Edit(t.Context(), sent.Message, connector.Post{Text: "Two."}); err != nil {
		t.Fatal(err)
	}
	want := connector.PretendPost{ID: sent.Message, URL: "https://x.lv/sandbox#" + string(sent.Message), Under: "q-k1",
		Text: "Two.", At: noon, Edited: true}
	if got := s.Posts(); len(got) != 1 || got[0] != want || sent.URL != want.URL {
		t.Errorf("posts %+v, want %+v", got, want)
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	s := fresh(&inbox{})
	if s.Mode() != Works || !slices.Equal(s.Modes(), []string{Works, Refuses, Silent}) || s.SetMode("other") || s.Mode() != Works {
		t.Errorf("mode %q of %q", s.Mode(), s.Modes())
	}
	sent, err := s.Reply(t.Context(), connector.Post{Text: "One."})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		mode    string
		outcome connector.Outcome
		want    string
	}{{Refuses, connector.Refused, "One."}, {Silent, connector.Unsure, "Two."}} {
		if !s.SetMode(c.mode) {
			t.Fatalf("mode %s is not taken", c.mode)
		}
		_, err := s.Edit(t.Context(), sent.Message, connector.Post{Text: "Two."})
		if got := connector.OutcomeOf(err); err == nil || got.Outcome != c.outcome || got.Detail == "" || s.Posts()[0].Text != c.want {
			t.Errorf("%s: %v, reads %q", c.mode, err, s.Posts()[0].Text)
		}
	}
	// What it refuses in any mode it refuses in silence, too: a silent sandbox is unsure
	// only about what it did.
	if _, err := s.Reply(t.Context(), connector.Post{Text: strings.Repeat("a", 501)}); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("too long, in silence: %v", err)
	}
}

func TestEditOfAnotherProcess(t *testing.T) {
	t.Parallel()
	a, b := fresh(&inbox{}), fresh(&inbox{})
	sent, err := a.Reply(t.Context(), connector.Post{Text: "One."})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := b.Edit(t.Context(), sent.Message, connector.Post{Text: "Two."}); err != nil || again.Message != sent.Message ||
		b.Posts()[0].Text != "Two." {
		t.Errorf("edited as %+v, %v; posts %+v", again, err, b.Posts())
	}
	if _, err := b.Edit(t.Context(), "nonsense", connector.Post{Text: "Two."}); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("an id that no sandbox made: %v", err)
	}
}

func TestPostsAreBounded(t *testing.T) {
	t.Parallel()
	s := fresh(&inbox{})
	for range kept + 5 {
		if _, err := s.Reply(t.Context(), connector.Post{Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Posts(); len(got) != kept || !strings.HasSuffix(string(got[0].ID), "-6") {
		t.Errorf("%d posts, the oldest %s", len(got), got[0].ID)
	}
}

func TestQuestionsCannotBeRetracted(t *testing.T) {
	t.Parallel()
	s := fresh(&inbox{})
	if _, err := s.Ask(t.Context(), "k1", "Kā?", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Retract(t.Context(), "q-k1", connector.Post{}); err != nil || len(s.Posts()) != 1 {
		t.Errorf("%v, posts %v", err, s.Posts())
	}
}
