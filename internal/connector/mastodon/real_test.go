package mastodon

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/connector/mastodon/mastodontest"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/testenv"
)

// onReal is the connector on a real server.
func onReal(t *testing.T, s Settings) (*mastodontest.Server, *world, *Mastodon) {
	t.Helper()
	snac := mastodontest.Start(t)
	w, m := newWorld(t, s)
	return snac, w, New(m.env, Account{Server: snac.URL, Token: setting.NewSecret(snac.Token)}, "mastodon", s)
}

// notOnSnac is what snac2 2.75 does otherwise than Mastodon.
var notOnSnac = map[string]string{
	"literal text": "snac takes HTML and some Markdown in a text for what it is, and has no way to say that it is none",
	"length":       "a post may have 100,000 characters, so nothing is refused beyond the 500 that are assumed before it is asked",
	"pictures":     "a post may have any number, see TestPicturesOnARealServer",
	// which the connector tells a person
	"revised pictures": "an edit leaves the pictures as they were",
	"retract":          notDeleted,
	"stands":           notDeleted,
}

const notDeleted = "snac has no deletion by its API: it answers 404, and the post stays, see TestWhatCannotBeDeletedStands"

// undeletable is the connector without deletions, for the parts in which something is deleted besides.
type undeletable struct {
	connector.Connector
	connector.Pinner
	connector.Replier
	connector.Editor
	connector.Reader
	connector.Finder
	connector.Learner
	connector.Placed
}

func TestPublicOnARealServer(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness {
		snac, _, m := onReal(t, usual)
		q := snac.Write("@"+mastodontest.Bot+" How?", "")
		gate := testenv.OpenGate(t, snac.URL, func(r *http.Request) string { return r.Method + " " + r.URL.Path })
		m = New(m.env, Account{Server: gate.URL, Token: setting.NewSecret(snac.Token)}, "mastodon", usual)
		const posting = "POST /api/v1/statuses"
		return connectortest.Harness{Connector: undeletable{m, m, m, m, m, m, m, m}, Place: place, Original: m.at(q),
			Unknown: "1795944090efd1a4800b4f4ab522ad642f2d0718b1", Except: notOnSnac,
			Posts:  func() []connectortest.Seen { return seenOnReal(snac, q) },
			Pinned: func(at session.MessageID) bool { return snac.Pinned(string(at)) },
			Refuse: func() {
				gate.Refuse(posting, func(w http.ResponseWriter, _ *http.Request) {
					http.Error(w, `{"error":"This action is not allowed"}`, http.StatusForbidden)
				})
			},
			Silence: func() { gate.After(posting) }}
	})
}

func seenOnReal(snac *mastodontest.Server, question string) (all []connectortest.Seen) {
	for _, p := range slices.Concat(snac.Alone(), snac.Under(question)) {
		all = append(all, connectortest.Seen{ID: session.MessageID(p.ID), Under: session.MessageID(p.Under), Text: plain(p.Content)})
	}
	return all
}

// A post stays where snac does not delete, and nobody is told that it is gone.
func TestWhatCannotBeDeletedStands(t *testing.T) {
	t.Parallel()
	snac, _, m := onReal(t, usual)
	p := connector.Post{Key: "k", Kind: session.KindAnswer, Text: "So.", Original: m.at(snac.Write("@"+mastodontest.Bot+" How?", ""))}
	sent, err := m.Reply(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Retract(t.Context(), sent.Message, p); err != nil {
		t.Fatal(err)
	}
	if stands, err := m.Stands(t.Context(), sent.Message, p); !stands || err != nil {
		t.Errorf("it stands: %v, %v", stands, err)
	}
}

// TestReceivesOnARealServer tries what TestReceives tries.
func TestReceivesOnARealServer(t *testing.T) {
	t.Parallel()
	snac, w, m := onReal(t, usual)
	receives(t, w, m, func(text, under string) string {
		return snac.Write(strings.ReplaceAll(text, "@"+mastodonfake.Bot.Acct, "@"+mastodontest.Bot), under)
	})
}

// Pictures arrive with their words. What no edit changes there is told.
func TestPicturesOnARealServer(t *testing.T) {
	t.Parallel()
	snac, _, m := onReal(t, usual)
	q := snac.Write("@"+mastodontest.Bot+" How?", "")
	p, _ := illustrated("A stork", "A nest")
	p.Original = m.at(q)
	sent, err := m.Reply(t.Context(), *p)
	if err != nil {
		t.Fatal(err)
	}
	media := snac.Under(q)[0].Media
	if len(media) != 2 || media[0].Alt != "A stork · Picture: Ilze" || media[1].Alt != "A nest · Picture: Ilze" ||
		media[0].URL == media[1].URL {
		t.Errorf("stand: %+v", media)
	}
	p.Note = ""
	if _, err := m.Edit(t.Context(), sent.Message, *p); err != nil {
		t.Errorf("an edit of the text: %v", err)
	}
	p.Pictures = p.Pictures[:1]
	if _, err := m.Edit(t.Context(), sent.Message, *p); !errors.Is(err, errOtherPictures) {
		t.Errorf("an edit of the pictures: %v", err)
	}
}
