package slackfake_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/testenv"
)

// app is the other end of a socket, by hand.
type app struct {
	raw
	conn *websocket.Conn
}

type frame struct {
	Type        string          `json:"type"`
	EnvelopeID  string          `json:"envelope_id"`
	Reason      string          `json:"reason"`
	Attempt     int             `json:"retry_attempt"`
	RetryReason string          `json:"retry_reason"`
	Accepts     bool            `json:"accepts_response_payload"`
	Connections int             `json:"num_connections"`
	Payload     json.RawMessage `json:"payload"`
}

func (f frame) payload() object {
	var out object
	_ = json.Unmarshal(f.Payload, &out)
	return out
}

func (f frame) event() object {
	e, _ := f.payload()["event"].(object)
	return e
}

func (r raw) socketURL() string {
	r.t.Helper()
	a := r.app().call("apps.connections.open")
	wantOK(r.t, a)
	return a.str("url")
}

func connect(t *testing.T, r raw) *app {
	t.Helper()
	conn, resp, err := websocket.DefaultDialer.Dial(r.socketURL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	a := &app{raw: r, conn: conn}
	if hello := a.read(); hello.Type != "hello" {
		t.Fatalf("got %+v", hello)
	}
	return a
}

// read gives the next frame.
func (a *app) read() frame {
	a.t.Helper()
	_ = a.conn.SetReadDeadline(time.Now().Add(testenv.Patience))
	var f frame
	if err := a.conn.ReadJSON(&f); err != nil {
		a.t.Errorf("read: %v", err)
	}
	return f
}

func (a *app) ack(f frame, payload ...any) {
	a.t.Helper()
	out := object{"envelope_id": f.EnvelopeID}
	if len(payload) > 0 {
		out["payload"] = payload[0]
	}
	if err := a.conn.WriteJSON(out); err != nil {
		a.t.Error(err)
	}
}

// during runs a person's act while the app answers its one envelope.
func during(a *app, answer func(frame), act func() error) error {
	done := handled(func() { answer(a.read()) })
	err := act()
	<-done
	return err
}

func modal(title string, blocks ...any) object {
	if blocks == nil {
		blocks = []any{section("x")}
	}
	return object{"type": "modal", "title": plain(title), "submit": plain("OK"), "close": plain("Cancel"), "blocks": blocks}
}

// opened gives an app to which Anna has just opened a modal by clicking.
func opened(t *testing.T, opts slackfake.Options, view object) (*app, *slackfake.Workspace, *slackfake.User) {
	t.Helper()
	opts.NoLimits, opts.Events = true, []string{}
	r, w := start(t, opts)
	a, anna := connect(t, r), w.User("U1", "Anna Ozola", "anna@example.org")
	f := a.trigger(w, anna)
	got := r.json("views.open", object{"trigger_id": f.payload()["trigger_id"], "view": view})
	if !got.ok() {
		t.Fatal(got.text)
	}
	return a, w, anna
}

// trigger lets the person click once and gives the envelope, acknowledged.
func (a *app) trigger(w *slackfake.Workspace, u *slackfake.User) frame {
	a.t.Helper()
	c1 := w.Channel("C1")
	if c1.Find("press here") == nil {
		a.post("text", "press here", "blocks", []any{section("press here"), actions(button("go", "Go"))})
	}
	var out frame
	err := during(a, func(f frame) { out = f; a.ack(f) }, func() error { return c1.Find("press here").Click(u, "Go") })
	if err != nil {
		a.t.Fatal(err)
	}
	return out
}

// site is an app in HTTP mode: what it got, and what it will answer.
type site struct {
	server *httptest.Server
	got    chan *delivered
	answer chan func(http.ResponseWriter)
}

type delivered struct {
	path   string
	header http.Header
	body   []byte
	form   url.Values
}

func (d *delivered) json() object {
	var out object
	_ = json.Unmarshal(d.body, &out)
	return out
}

func status(code int) func(http.ResponseWriter) {
	return func(rw http.ResponseWriter) { rw.WriteHeader(code) }
}
