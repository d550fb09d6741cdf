package x

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/connector/x/xfake"
	"experthour/internal/setting"
)

// hooked is a world in which X calls the connector, with a mailbox that a test looks into.
type hooked struct {
	*world
	*worldtest.Hook
	away bool // the address is not reached
}

// hooks serves the connector's webhook, and makes it one that has it.
func (w *world) hooks(s Settings) *hooked {
	h := &hooked{Hook: &worldtest.Hook{Signed: "x-twitter-webhooks-signature"}, world: w}
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if h.away || r.URL.Path != "/webhooks/x/x" {
			http.Error(out, "not here", http.StatusBadGateway)
			return
		}
		h.Handler.ServeHTTP(out, r)
	}))
	w.T.Cleanup(server.Close)
	w.public, w.account.Webhook = server.URL, true
	w.fake.Near(true)
	w.X = w.replica(s)
	h.Handler = w.Handlers(h.Put)["/webhooks/x/x"]
	return h
}

// handle does what is stored, the last first.
func (h *hooked) handle() {
	h.T.Helper()
	for _, e := range slices.Backward(h.Stored) {
		h.Must(h.Handle(h.T.Context(), e.Raw))
	}
}

// TestChallenge: X's challenge is answered with the app's secret, and nothing that could be the body of a call.
func TestChallenge(t *testing.T) {
	t.Parallel()
	h := newWorld(t).hooks(Settings{})
	ask := func(token string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?"+url.Values{"crc_token": {token}, "nonce": {"n"}}.Encode(), nil))
		return w
	}
	// HMAC-SHA256 of "challenge_string", by openssl dgst -sha256 -hmac
	const want = `{"response_token":"sha256=nlBfoc+sYi739ivT57rTKKl7OQM8PcJSNybJqfjoBUk="}`
	if w := ask("challenge_string"); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("the challenge: %d %s", w.Code, w.Body)
	}
	body, _ := h.fake.Call(h.fake.Event(xfake.OnMention, h.original))
	for _, token := range []string{"", string(body), "{}", " {}", "a b", strings.Repeat("a", 201)} {
		if w := ask(token); w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "sha256") {
			t.Errorf("%q: %d %s", token, w.Code, w.Body)
		}
	}
}

// TestSigned: what is not signed is refused, also what X would sign that is no call; what was not stored is not
// acknowledged, and what cannot be read is kept.
func TestSigned(t *testing.T) {
	t.Parallel()
	h := newWorld(t).hooks(Settings{})
	body, signature := h.fake.Call(h.fake.Event(xfake.OnMention, h.original))
	for name, wrong := range map[string]string{"none": "", "other": "sha256=AAAA", "no name": strings.TrimPrefix(signature, "sha256=")} {
		if code := h.Call(body, wrong); code != http.StatusUnauthorized || len(h.Stored) != 0 {
			t.Errorf("%s: %d, %d are stored", name, code, len(h.Stored))
		}
	}
	if code := h.Call(append(body, ' '), signature); code != http.StatusUnauthorized {
		t.Errorf("changed: %d", code)
	}
	w := httptest.NewRecorder()
	h.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?crc_token=token", nil))
	_, given, _ := strings.Cut(w.Body.String(), `:"`)
	if code := h.Call([]byte("token"), strings.TrimRight(given, "\"}\n")); code != http.StatusUnauthorized {
		t.Errorf("a challenge in place of a call: %d", code)
	}
	if code := h.Call(make([]byte, receive.MostCall+1), signature); code != http.StatusRequestEntityTooLarge {
		t.Errorf("too long: %d", code)
	}
	h.fake.Answer(xfake.Me, 502, worldtest.HTMLPage)
	if code := h.Call(body, signature); code != http.StatusServiceUnavailable || len(h.Stored) != 0 {
		t.Errorf("whose it is is not known: %d, %d are stored", code, len(h.Stored))
	}
	h.Full = true
	if code := h.Call(body, signature); code != http.StatusServiceUnavailable {
		t.Errorf("what was not stored is acknowledged: %d", code)
	}
	h.Full = false
	if code := h.Call(body, signature); code != http.StatusOK || len(h.Stored) != 1 {
		t.Errorf("signed: %d, %d are stored", code, len(h.Stored))
	}
	for _, odd := range []map[string]any{{"event_type": 1}, {"event_type": xfake.OnMention, "filter": map[string]any{"user_id": xfake.Self}}} {
		h.Stored = nil
		if code := h.Call(h.fake.Call(odd)); code != http.StatusOK || len(h.Stored) != 1 || string(h.Stored[0].Raw) != "{}" {
			t.Errorf("%v: %d, %d are stored", odd, code, len(h.Stored))
		}
	}
}

// TestBrought: events that come together, twice, out of order and beside the poll make each question once; what is of another
// account, of another kind or the account's own is none.
func TestBrought(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	news := w.fake.Write(xfake.Self, "Sākam!")
	w.announce(news)
	h := w.hooks(Settings{})
	reply := w.fake.Under(news, janis, "Un kad?")
	other := h.fake.Event(xfake.OnMention, h.original)
	other["filter"] = map[string]any{"user_id": janis}
	liked := h.fake.Event("like.create", h.original)
	own := h.fake.Event(xfake.OnMention, news)
	var all []map[string]any
	for _, e := range []map[string]any{other, liked, own, h.fake.Event(xfake.OnReply, reply), h.fake.Event(xfake.OnMention, h.original)} {
		all = append(all, e, e)
	}
	if code := h.Call(h.fake.Call(all...)); code != http.StatusOK || len(h.Stored) != 2 {
		t.Fatalf("%d, %d are stored", code, len(h.Stored))
	}
	h.handle()
	h.asked("Kas ir?", "Un kad?")
	if spent := w.World.Spent(); !slices.Equal(spent, []connector.Request{connector.RequestFind, connector.RequestFind}) {
		t.Errorf("spent %v", spent)
	}
	h.handle()
	w.Must(w.look(w.X))
	h.asked("Kas ir?", "Un kad?")
	edited := w.fake.Edit(w.original, "@iestade Kas tas ir?")
	h.Stored = nil
	h.Call(h.fake.Call(h.fake.Event(xfake.OnMention, edited)))
	h.handle()
	if got := w.Inbox.Wordings(); !slices.Equal(got, []string{"Kas tas ir?"}) {
		t.Errorf("reworded %q", got)
	}
}

// TestRegistered: the program registers its webhook and the events once, X calls it from then on; the check says so.
func TestRegistered(t *testing.T) {
	t.Parallel()
	for name, world := range map[string]func(testing.TB) *world{"keys": newWorld, "log-in": newLoginWorld} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			by := "by_keys"
			if w.X.login != nil {
				by = "by_login"
				w.account.Key, w.account.Secret = xfake.Key, setting.NewSecret(xfake.Secret)
				w.connects()
			}
			h := w.hooks(Settings{})
			h.finds("works", by, "reads", "not_yet")
			if got := w.fake.Bring(w.original); len(got) != 0 {
				t.Errorf("it was brought: %v", got)
			}
			for range 3 {
				_, err := h.Fetch(t.Context(), h.idle(), nil)
				w.Must(err)
				w.Clock.Pass(time.Hour)
			}
			h.finds("works", by, "reads", "called")
			w.fake.Prove()
			if got := w.fake.Bring(w.original); !slices.Equal(got, []int{200}) || len(h.Stored) != 1 {
				t.Errorf("it was brought: %v, %d are stored", got, len(h.Stored))
			}
			w.fake.Again()
			if n := w.fake.Calls(xfake.MakeHook) + w.fake.Calls(xfake.Subscribe); n != 3 || len(h.Stored) != 1 {
				t.Errorf("%d calls, %d are stored", n, len(h.Stored))
			}
			h.told(w.X)
		})
	}
}

// TestNotReached: an address that X does not reach is told, tried again, and polling goes on; one that X gave up is tried
// again by the program.
func TestNotReached(t *testing.T) {
	t.Parallel()
	h := newWorld(t).hooks(Settings{})
	h.away = true
	h.Must(h.look(h.X))
	h.asked("Kas ir?")
	h.told(h.X, "x.not_subscribed")
	h.away = false
	h.Must(h.look(h.X))
	h.told(h.X, "x.not_subscribed")
	h.Clock.Pass(subscribeAgain)
	h.Must(h.look(h.X))
	h.told(h.X)
	h.away = true
	h.fake.Prove()
	h.finds("works", "by_keys", "reads", "invalid")
	h.away = false
	h.Clock.Pass(subscribedFor)
	h.Must(h.look(h.X))
	h.finds("works", "by_keys", "reads", "called")
	if newWorld(t).Handlers(nil) != nil {
		t.Error("there is a webhook that nobody wants")
	}
}

// TestHookRefused: no secret stands in what people are told, whatever X answers.
func TestHookRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account.Key = "other"
	h := w.hooks(Settings{})
	h.fake.Answer("POST "+xfake.AppTokens, 403, `{"errors":[{"message":"`+xfake.Secret+`"}]}`)
	err := h.appDo(t.Context(), http.MethodGet, "/2/webhooks", nil, nil)
	h.Wants("refused", err, connector.Refused)
	if strings.Contains(connector.OutcomeOf(err).Detail, xfake.Secret) {
		t.Errorf("it tells %v", err)
	}
	for _, body := range []string{`{}`, worldtest.HTMLPage} {
		h.fake.Answer("POST "+xfake.AppTokens, 200, body)
		if err := h.appDo(t.Context(), http.MethodGet, "/2/webhooks", nil, nil); err == nil {
			t.Errorf("%s is a token", body)
		}
	}
}

// FuzzActivities: whatever is signed, each letter that comes of it is a question's or is buried.
func FuzzActivities(f *testing.F) {
	w := newWorld(f)
	h := w.hooks(Settings{})
	body, _ := h.fake.Call(h.fake.Event(xfake.OnMention, w.original))
	f.Add(body)
	f.Add([]byte(`{"data":[null,{}]}`))
	x := h.X
	x.known.Store(&user{ID: xfake.Self, Username: xfake.SelfName})
	f.Fuzz(func(t *testing.T, body []byte) {
		events, err := x.happened(t.Context(), body)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Key == "" || len(e.Raw) == 0 {
				t.Errorf("%+v", e)
			}
		}
	})
}
