package slackfake_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"experthour/internal/connector/slack/slackfake"
)

func TestTicketsAreForOneUse(t *testing.T) {
	t.Parallel()
	r, _ := start(t, slackfake.Options{})
	address := r.socketURL()
	conn, resp, err := websocket.DefaultDialer.Dial(address, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = resp.Body.Close()
	for _, bad := range []string{address, strings.Replace(address, "ticket=", "ticket=x", 1)} {
		if _, resp, err = websocket.DefaultDialer.Dial(bad, nil); err == nil || resp.StatusCode != 403 {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestTenSocketsAndRandomChoice(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true})
	var apps []*app
	for range 10 {
		apps = append(apps, connect(t, r))
	}
	conn, resp, err := websocket.DefaultDialer.Dial(r.socketURL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = resp.Body.Close()
	if f := (&app{raw: r, conn: conn}).read(); f.Type != "disconnect" || f.Reason != "too_many_websockets" {
		t.Errorf("the eleventh got %+v", f)
	}
	anna, c1 := w.User("U1", "Anna", ""), w.Channel("C1")
	got := make(chan int, 100)
	for i, a := range apps {
		go func() {
			for {
				var f frame
				if a.conn.ReadJSON(&f) != nil {
					return
				}
				a.ack(f)
				got <- i
			}
		}()
	}
	for range 50 {
		anna.Say(c1, "x")
	}
	who := map[int]int{}
	for range 50 {
		select {
		case i := <-got:
			who[i]++
		case <-within(t).Done():
			t.Fatal("events are missing")
		}
	}
	if len(who) < 3 {
		t.Errorf("not random: %v", who)
	}
	err = w.Await(within(t), func() bool {
		return !slices.ContainsFunc(w.Deliveries(), func(d slackfake.Delivery) bool { return !d.Acked || d.Attempts != 1 })
	})
	if err != nil {
		t.Errorf("each event goes to one socket: %v", err)
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	r, _ := start(t, slackfake.Options{PingEvery: time.Millisecond})
	a := connect(t, r)
	pinged := make(chan string, 100)
	a.conn.SetPingHandler(func(s string) error {
		select {
		case pinged <- s:
		default:
		}
		return nil
	})
	go func() { _, _, _ = a.conn.ReadMessage() }()
	select {
	case <-pinged:
	case <-within(t).Done():
		t.Error("no ping")
	}
}

func TestRedeliveryHasANewEnvelopeAndTheSameEvent(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{AckWithin: 20 * time.Millisecond, Redeliver: []time.Duration{0, time.Millisecond, time.Millisecond}})
	a := connect(t, r)
	w.User("U1", "Anna", "").Say(w.Channel("C1"), "x")
	envelopes, events := map[string]bool{}, map[any]bool{}
	for i := range 4 {
		f := a.read()
		envelopes[f.EnvelopeID], events[f.payload()["event_id"]] = true, true
		if f.Attempt != i || (f.RetryReason == "timeout") != (i > 0) || f.Type != "events_api" || f.Accepts {
			t.Errorf("attempt %d: %+v", i, f)
		}
	}
	if len(envelopes) != 4 || len(events) != 1 {
		t.Errorf("%d envelopes, %d events", len(envelopes), len(events))
	}
	if err := w.Await(within(t), func() bool { return w.Deliveries()[0].Dropped }); err != nil {
		t.Error("four attempts and it is gone")
	}
	if d := w.Deliveries()[0]; d.Attempts != 4 || d.Event != "message" {
		t.Errorf("%+v", d)
	}
}

func TestAnAcknowledgedEventIsNotRedelivered(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{AckWithin: 5 * time.Second, Redeliver: []time.Duration{0}})
	a := connect(t, r)
	w.User("U1", "Anna", "").Say(w.Channel("C1"), "x")
	a.ack(a.read())
	if err := w.Await(within(t), func() bool { return w.Deliveries()[0].Acked }); err != nil {
		t.Error(err)
	}
}

func TestAcksOverTheSameSocketAlwaysCount(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{IgnoreStrayAcks: true, Events: []string{"message.channels"}})
	a, anna, c1 := connect(t, r), w.User("U1", "Anna", ""), w.Channel("C1")
	anna.Say(c1, "x")
	a.ack(a.read())
	if err := w.Await(within(t), func() bool { return w.Deliveries()[0].Acked }); err != nil {
		t.Error(err)
	}
	thrice := func(f frame) { a.ack(f, object{"text": "once"}); a.ack(f); a.ack(f) }
	for range 2 { // whoever answers too often does not stop the socket
		err := during(a, thrice, func() error { _, err := anna.Command(c1, "/hour", ""); return err })
		if err != nil {
			t.Error(err)
		}
	}
	if n := len(w.Private(anna)); n != 2 {
		t.Errorf("%d answers were shown", n)
	}
}

func TestAcksOverAnotherSocket(t *testing.T) {
	t.Parallel()
	for name, ignore := range map[string]bool{"accepted": false, "ignored": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w := start(t, slackfake.Options{AckWithin: 30 * time.Millisecond, Redeliver: []time.Duration{time.Hour}, IgnoreStrayAcks: ignore})
			first := connect(t, r)
			w.User("U1", "Anna", "").Say(w.Channel("C1"), "x")
			f := first.read()
			second := connect(t, r)
			second.ack(f)
			marker := func() bool { return len(w.Complaints()) == 1 }
			_ = second.conn.WriteMessage(websocket.TextMessage, []byte("not JSON")) // comes after the ack
			if err := w.Await(within(t), marker); err != nil {
				t.Fatal(err)
			}
			if got := w.Deliveries()[0].Acked; got == ignore {
				t.Errorf("acked: %v", got)
			}
		})
	}
}

func TestOversizeAcksAreDroppedSilently(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{AckWithin: 50 * time.Millisecond})
	a, anna := connect(t, r), w.User("U1", "Anna", "")
	c1 := w.Channel("C1")
	err := during(a, func(f frame) { a.ack(f, object{"text": letters(20 * 1024)}) }, func() error {
		_, err := anna.Command(c1, "/hour", "help")
		return err
	})
	var shown *slackfake.Shown
	if !errors.As(err, &shown) || shown.Code != "operation_timeout" || len(w.Private(anna)) != 0 {
		t.Errorf("%v", err)
	}
	if err := w.Await(within(t), func() bool { return len(w.Complaints()) == 1 }); err != nil {
		t.Error(err)
	}
}

func TestDisconnectLeavesAGap(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{DisconnectGap: time.Hour})
	a := connect(t, r)
	w.Disconnect("warning")
	if f := a.read(); f.Type != "disconnect" || f.Reason != "warning" {
		t.Errorf("got %+v", f)
	}
	if w.SendFrame([]byte("{}")) {
		t.Error("a socket that was asked to go got something")
	}
	_, err := w.User("U1", "Anna", "").Command(w.Channel("C1"), "/hour", "help")
	var shown *slackfake.Shown
	if !errors.As(err, &shown) || shown.Code != "dispatch_failed" {
		t.Errorf("without sockets: %v", err)
	}
}

func TestDisconnectEndsAndCutEnds(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	a := connect(t, r)
	w.Disconnect("refresh_requested")
	a.read()
	if _, _, err := a.conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("got %v", err)
	}
	b := connect(t, r)
	w.CutSockets()
	if _, _, err := b.conn.ReadMessage(); err == nil || websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("got %v", err)
	}
	if err := w.Await(within(t), func() bool { return w.Sockets() == 0 }); err != nil {
		t.Error(err)
	}
}

func TestConnectionsOpenCanBeRefused(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	const method = "apps.connections.open"
	w.Limit(method, 1, 3*time.Second)
	if a := r.app().call(method); a.status != 429 || a.header.Get("Retry-After") != "3" {
		t.Errorf("got %d", a.status)
	}
	w.Fail(method, 1, slackfake.ErrorBefore)
	if a := r.app().call(method); a.status != 503 {
		t.Errorf("got %d", a.status)
	}
	w.Refuse(method, 1, "invalid_auth")
	wantCode(t, r.app().call(method), "invalid_auth")
	wantOK(t, r.app().call(method))
}

func TestOddEvents(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{Redeliver: []time.Duration{}})
	a := connect(t, r)
	w.Twice(1)
	id := w.Emit(object{"type": "message", "ts": 5})
	one, two := a.read(), a.read()
	if one.payload()["event_id"] != id || two.payload()["event_id"] != id || one.EnvelopeID == two.EnvelopeID || two.Attempt != 0 {
		t.Errorf("%+v %+v", one, two)
	}
	w.RateLimitApp()
	if f := a.read(); f.payload()["type"] != "app_rate_limited" || f.payload()["event"] != nil {
		t.Errorf("got %s", f.Payload)
	}
	if !w.SendFrame([]byte(`{"type":"weird"}`)) || a.read().Type != "weird" {
		t.Error("no frame")
	}
}

func TestEventsOfMessages(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true, Redeliver: []time.Duration{}})
	a, anna, c1 := connect(t, r), w.User("U1", "Anna", ""), w.Channel("C1")
	next := func(want object) object {
		t.Helper()
		e := a.read().event()
		for key, value := range want {
			if e[key] != value {
				t.Errorf("%s: got %v, want %v in %v", key, e[key], value, e)
			}
		}
		return e
	}
	said := anna.Say(c1, "one")
	next(object{"type": "message", "user": "U1", "channel": "C1", "channel_type": "channel", "ts": said.TS(),
		"event_ts": said.TS(), "subtype": nil})
	_ = anna.Edit(said, "two")
	e := next(object{"subtype": "message_changed", "hidden": true})
	if e["message"].(object)["text"] != "two" || e["previous_message"].(object)["text"] != "one" || e["message"].(object)["edited"] == nil {
		t.Errorf("%v", e)
	}
	said.Unfurl("https://example.org")
	e = next(object{"subtype": "message_changed"})
	if e["message"].(object)["text"] != e["previous_message"].(object)["text"] || e["message"].(object)["attachments"] == nil {
		t.Errorf("a preview changes no text: %v", e)
	}
	reply := anna.Reply(said, "reply")
	next(object{"thread_ts": said.TS(), "parent_user_id": "U1"})
	anna.ReplyAlso(said, "loud")
	next(object{"subtype": "thread_broadcast", "thread_ts": said.TS()})
	anna.Upload(c1, said, "a.png", "look")
	next(object{"subtype": "file_share"})
	_ = anna.Delete(reply)
	next(object{"subtype": "message_deleted", "deleted_ts": reply.TS()})
	ts := r.post("text", "own")
	next(object{"bot_id": "B0BOT", "app_id": "A0FAKE", "ts": ts})
	r.call("chat.update", "channel", "C1", "ts", ts, "text", "own 2")
	next(object{"subtype": "message_changed"})
	r.call("chat.delete", "channel", "C1", "ts", ts)
	next(object{"subtype": "message_deleted"})
	_ = said.Remove()
	e = next(object{"subtype": "message_changed"})
	if e["message"].(object)["subtype"] != "tombstone" {
		t.Errorf("a root with replies leaves a tombstone: %v", e)
	}
}

func TestEventsOnlyOfWhatTheAppMayHear(t *testing.T) {
	t.Parallel()
	_, w := start(t, slackfake.Options{Events: []string{"message.channels"}, Redeliver: []time.Duration{}})
	anna, c1, g1 := w.User("U1", "Anna", ""), w.Channel("C1"), w.PrivateChannel("G1")
	anna.Say(g1, "not subscribed")
	c1.RemoveBot()
	anna.Say(c1, "not a member")
	c1.InviteBot()
	w.RemoveScope("channels:history")
	anna.Say(c1, "no scope")
	w.AddScope("channels:history")
	w.RevokeToken()
	anna.Say(c1, "no token")
	if got := w.Deliveries(); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	w.MendToken()
	anna.Say(c1, "heard")
	if got := w.Deliveries(); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}
