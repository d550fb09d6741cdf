package mastodon

import (
	"errors"
	"testing"
	"time"

	"experthour/internal/connector/receive"
	"experthour/internal/testenv"
)

// streaming runs the connector and waits until it hears what is written. What was there
// before is fetched by then.
func streaming(t *testing.T, w *world, m *Mastodon) {
	t.Helper()
	w.fake.Write(anna, "@iestade Before?", "")
	run(t, m)
	w.inbox.has(t, "asked Before?")
	testenv.Until(t, "it streams", func() bool { return m.stream.Load() != 0 })
}

// What is written comes by itself, and nothing has to be asked for: the next fetch would be
// in a minute.
func TestStreams(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	streaming(t, w, m)
	mention := w.fake.Write(anna, "@iestade How?", "")
	tagged := w.fake.Write(anna, "With a tag? #hour", "", "hour")
	w.inbox.has(t, "asked How?")
	w.inbox.has(t, "asked With a tag?")
	w.fake.Change(tagged.ID, "With the tag? #hour")
	w.inbox.has(t, "reworded With the tag?")
	w.fake.Remove(mention.ID)
	w.inbox.has(t, "removed "+mention.ID)
}

// What is written while there is no stream is fetched when there is one again.
func TestStreamsAgain(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	m.steady = time.Millisecond
	m.Again = time.Millisecond
	streaming(t, w, m)
	for _, text := range []string{"First?", "Second?"} {
		w.fake.Lose(func() { w.fake.Write(anna, "@iestade "+text, "") })
		w.inbox.has(t, "asked "+text)
	}
}

// A server without streams is asked as before, and left alone for a while.
func TestIsPolledWithoutAStream(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	w.fake.Poll()
	w.fake.Write(anna, "@iestade How?", "")
	run(t, m)
	w.inbox.has(t, "asked How?")
	if ts := m.Trouble(); len(ts) > 0 || m.stream.Load() != 0 {
		t.Errorf("troubles %+v", ts)
	}
	err := m.Stream(t.Context(), func() { t.Error("it is up") }, nil)
	if e, ok := errors.AsType[*receive.Trouble](err); !ok || e.ID != "" || e.Wait != noStreamFor {
		t.Errorf("without a stream: %+v", err)
	}
}

// The token goes to no place that is less safe than the server's own.
func TestStreamsWhere(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"wss://streaming.social.example": "https://streaming.social.example", "https://social.example/s/": "https://social.example/s",
		"ws://social.example": "", "": "", "ftp://social.example": "", "wss://": "",
	} {
		if got, _ := streamingBase("https://social.example", said); got != want {
			t.Errorf("%q streams at %q, want %q", said, got, want)
		}
	}
	if got, _ := streamingBase("http://127.0.0.1:1", "ws://127.0.0.1:2"); got != "http://127.0.0.1:2" {
		t.Errorf("at home: %q", got)
	}
}

// What no server of Mastodon's would say is passed over.
func TestUnreadableEvents(t *testing.T) {
	t.Parallel()
	_, m := newWorld(t, usual)
	for name, read := range heard {
		for _, data := range []string{"", "null", "{", "[]", `{"id":""}`, `{"type":"mention"}`, `{"type":"favourite","status":{"id":"1"}}`} {
			if l, key := read(m, []byte(data)); key != "" && (l.Status.ID != "" || name != "delete" && l.Gone != "") {
				t.Errorf("%s %q is read as %+v", name, data, l)
			}
		}
	}
}
