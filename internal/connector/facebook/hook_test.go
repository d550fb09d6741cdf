package facebook

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/facebook/facebookfake"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
)

var mentions = regexp.MustCompile(`@\[[0-9]+\]`)

// hooked is the webhook with a mailbox that a test looks into.
type hooked struct {
	*world
	*worldtest.Hook
}

func newHooked(t *testing.T) *hooked {
	h := &hooked{Hook: &worldtest.Hook{Signed: "X-Hub-Signature-256"}, world: newWorld(t)}
	h.Handler = h.Handlers(h.Put)["/webhooks/facebook/facebook"]
	return h
}

// handle does what is stored, in an order.
func (h *hooked) handle(order ...int) {
	h.t.Helper()
	for _, i := range order {
		if err := h.Handle(h.t.Context(), h.Stored[i].Raw); err != nil {
			h.t.Error(err)
		}
	}
}

// TestSigned: what is not signed is refused, what was not stored is not acknowledged, and Meta is
// answered at the same address.
func TestSigned(t *testing.T) {
	t.Parallel()
	h := newHooked(t)
	body, signature := h.fake.Call(h.fake.Happened(h.original, "add"))
	if code := h.Call(body, ""); code != http.StatusUnauthorized || len(h.Stored) != 0 {
		t.Errorf("unsigned: %d, %d are stored", code, len(h.Stored))
	}
	h.Full = true
	if code := h.Call(body, signature); code != http.StatusServiceUnavailable {
		t.Errorf("what was not stored is acknowledged: %d", code)
	}
	h.Full = false
	if code := h.Call(body, signature); code != http.StatusOK || len(h.Stored) != 1 {
		t.Errorf("signed: %d, %d are stored", code, len(h.Stored))
	}
	w := httptest.NewRecorder()
	h.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet,
		"/?hub.mode=subscribe&hub.challenge=17&hub.verify_token="+facebookfake.VerifyToken, nil))
	if w.Body.String() != "17" {
		t.Errorf("the challenge: %d %q", w.Code, w.Body)
	}
}

// TestHappened: several changes a call, calls that repeat and come in any order, and what
// the poll brings besides, make one question as it is now.
func TestHappened(t *testing.T) {
	t.Parallel()
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 0, 3, 2, 1, 0}} {
		h := newHooked(t)
		second := h.fake.Write(h.post, janis, "Jānis", "Otrais?")
		added := h.fake.Happened(h.original, "add")
		first, signature := h.fake.Call(added, h.fake.Happened(second, "add"))
		h.fake.Reword(h.original, "Kas tas ir?")
		h.fake.Like(second, 5)
		then, signed := h.fake.Call(h.fake.Happened(h.original, "edited"), h.fake.Happened(second, "edited"))
		for range 2 {
			h.Call(then, signed)
			h.Call(first, signature)
		}
		if len(h.Stored) != 4 {
			t.Fatalf("%d are stored", len(h.Stored))
		}
		h.handle(order...)
		h.Must(h.look(h.Facebook))
		got := h.Inbox.Texts()
		slices.Sort(got)
		if !slices.Equal(got, []string{"Kas tas ir?", "Otrais?"}) || !slices.Contains(h.Inbox.Likes(), 5) {
			t.Errorf("asked %q, liked %d", got, h.Inbox.Likes())
		}
	}
}

// TestToldRemoved: a removal is one when the comment is not there; hidden is not removed.
func TestToldRemoved(t *testing.T) {
	t.Parallel()
	h := newHooked(t)
	h.Call(h.fake.Call(h.fake.Happened(h.original, "remove")))
	h.handle(0) // which is not so
	h.fake.Hide(h.original, true)
	h.Call(h.fake.Call(h.fake.Happened(h.original, "hide")))
	h.handle(1)
	if len(h.Inbox.Removals()) != 0 {
		t.Errorf("removed %q", h.Inbox.Removals())
	}
	gone := h.fake.Happened(h.original, "add")
	h.fake.Remove(h.original)
	h.Call(h.fake.Call(gone)) // late
	h.handle(2)
	h.handle(0)
	if !slices.Equal(h.Inbox.Removals(), []session.MessageID{session.MessageID(h.original)}) {
		t.Errorf("removed %q", h.Inbox.Removals())
	}
}

// TestToldOwn: what the Page wrote, or hides, is no question.
func TestToldOwn(t *testing.T) {
	t.Parallel()
	h := newHooked(t)
	own, hidden := h.fake.Write(h.post, place, facebookfake.SelfName, "Paldies!"), h.fake.Write(h.post, janis, "Jānis", "Reklāma?")
	h.fake.Hide(hidden, true)
	h.Call(h.fake.Call(h.fake.Happened(own, "add"), h.fake.Happened(hidden, "add")))
	h.handle(0, 1)
	if len(h.Inbox.Questions()) != 0 {
		t.Errorf("asked %+v", h.Inbox.Questions())
	}
}

// TestOthersChanges: what concerns no comment of this Page is acknowledged and forgotten; what cannot be
// read is kept to be looked at; and likes of a comment are one letter a minute.
func TestOthersChanges(t *testing.T) {
	t.Parallel()
	h := newHooked(t)
	like := facebookfake.Change{"field": "feed", "value": map[string]any{"item": "reaction", "verb": "add", "reaction_type": "like",
		"comment_id": h.original, "post_id": h.post, "from": map[string]any{"id": janis}}}
	h.Call(h.fake.Call(facebookfake.Change{"field": "feed", "value": map[string]any{"item": "status", "verb": "add", "post_id": h.post}},
		facebookfake.Change{"field": "ratings", "value": map[string]any{"item": "comment", "comment_id": h.original, "post_id": h.post}},
		facebookfake.Change{"field": "feed", "value": map[string]any{"item": "comment", "comment_id": "../me", "post_id": h.post}}))
	if len(h.Stored) != 0 {
		t.Errorf("%d are stored", len(h.Stored))
	}
	like2 := facebookfake.Change{"field": "feed", "value": map[string]any{"item": "like", "comment_id": h.original, "post_id": h.post}}
	h.Call(h.fake.Call(like, like2, facebookfake.Change{"field": "feed", "value": []int{7}}))
	if len(h.Stored) != 2 || !errors.Is(h.Handle(t.Context(), h.Stored[1].Raw), receive.ErrUndecodable) {
		t.Errorf("%d are stored", len(h.Stored))
	}
	h.account.VerifyToken = settingNone
	if hs := h.replica(Settings{}).Handlers(nil); len(hs) != 0 {
		t.Errorf("it is called at %v", hs)
	}
}

// TestToldEarly: while it is not known where the announcement stands, a letter comes again; so it
// does while Facebook does not answer.
func TestToldEarly(t *testing.T) {
	t.Parallel()
	h := newHooked(t)
	h.Call(h.fake.Call(h.fake.Happened(h.original, "add")))
	h.Inbox.Clear()
	h.Inbox.Unplace(true)
	if err := h.Handle(t.Context(), h.Stored[0].Raw); !errors.Is(err, connector.ErrUnplaced) {
		t.Errorf("unplaced: %v", err)
	}
	h.Inbox.Unplace(false)
	h.handle(0) // it is under another post, of which nobody asks Facebook
	h.Inbox.Announce(session.MessageID(h.post))
	if n := h.fake.Calls(getComment); n != 0 {
		t.Errorf("%d calls", n)
	}
	h.fake.Answer(getComment, 500, htmlPage)
	if err := h.Handle(t.Context(), h.Stored[0].Raw); session.KindOf(err) != session.Unavailable {
		t.Errorf("no answer: %v", err)
	}
	h.handle(0)
	if len(h.Inbox.Questions()) != 1 {
		t.Errorf("asked %+v", h.Inbox.Questions())
	}
}

// TestSubscribe: the Page is asked to call, once; what it says is a trouble, and polling goes on.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Forbid("pages_manage_metadata")
	w.Must(w.look(w.Facebook))
	if got := w.Trouble(); len(got) != 1 || got[0].ID != "facebook.not_subscribed" || len(w.Inbox.Questions()) != 1 {
		t.Errorf("people are told %+v; asked %+v", got, w.Inbox.Questions())
	}
	w.fake.Allow()
	w.Clock.Pass(wholeSeldom)
	for range 2 {
		w.Must(w.look(w.Facebook))
	}
	if got := w.Trouble(); len(got) != 0 || w.fake.Calls("POST page/subscribed_apps") != 1 {
		t.Errorf("people are told %+v", got)
	}
}

// FuzzCalled: no call makes letters that cannot be handled, but for those that will be buried.
func FuzzCalled(f *testing.F) {
	f.Add([]byte(`{"object":"page","entry":[{"id":"` + place + `","time":1,"changes":[{"field":"feed","value":{"item":"comment",` +
		`"verb":"add","comment_id":"1_2","post_id":"3_4"}}]}]}`))
	f.Add([]byte(`{"entry":[{"time":"x","changes":[{"value":7}]}]}`))
	c := &Facebook{settings: Settings{Page: place}}
	c.env.Now = time.Now
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, e := range c.happened(body) {
			if e.Key == "" || e.From != "" && !nodeID.MatchString(e.From) || len(e.Raw) > connector.LongestLetter {
				t.Errorf("%+v", e)
			}
		}
	})
}
