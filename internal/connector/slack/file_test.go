package slack

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
)

// TestPicturesOfAMessage come with it, apart from what else was shared; and the file is read with
// the bot's token, or it is said why not.
func TestPicturesOfAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.run()
	picture := bytes.Repeat([]byte("png"), 2000)
	w.anna.Share(w.channel, w.must(card(1)), "See the map.", slackfake.File{Name: "law.pdf"}, slackfake.File{Name: "map.png", Bytes: picture},
		slackfake.File{Name: "big.png", Bytes: make([]byte, session.MostFile+1)})
	m := w.written(1)[0]
	if len(m.Files) != 2 || m.With != session.MediaFile || len(m.Lines) != 1 || m.Under == "" {
		t.Fatalf("the message is %+v", m)
	}
	if b, err := w.File(t.Context(), m.Files[0].ID); err != nil || !bytes.Equal(b, picture) {
		t.Errorf("got %d bytes, %v", len(b), err)
	}
	if _, err := w.File(t.Context(), m.Files[1].ID); !errors.Is(err, connector.ErrTooLarge) {
		t.Errorf("the large one: %v", err)
	}
	if _, err := w.File(t.Context(), "F0"); connector.OutcomeOf(err).Outcome != connector.Refused {
		t.Errorf("one that is not there: %v", err)
	}
	w.fake.RemoveScope("files:read")
	_, err := w.File(t.Context(), m.Files[0].ID)
	if e := connector.OutcomeOf(err); e.Outcome != connector.Refused || !strings.Contains(e.Detail, "files:read") {
		t.Errorf("without the scope: %v", err)
	}
}

// TestPictureThatWasMissed is in what the backfill reads.
func TestPictureThatWasMissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	root := w.must(card(1))
	w.anna.Share(w.channel, root, "", slackfake.File{Name: "map.png", Bytes: []byte("png")})
	w.run()
	m := w.written(1)[0]
	if b, err := w.File(t.Context(), m.Files[0].ID); err != nil || string(b) != "png" || string(m.Under) != root.TS() {
		t.Errorf("read %q, %v, of %+v", b, err, m)
	}
}

// TestTokenGoesToSlackAlone: an address in what Slack says is not always Slack's.
func TestTokenGoesToSlackAlone(t *testing.T) {
	t.Parallel()
	s := &Slack{opts: Options{APIURL: "http://127.0.0.1:9/api/"}}
	for address, want := range map[string]bool{"https://files.slack.com/files-pri/x": true, "https://slack.com/x": true,
		"http://127.0.0.1:9/files-pri/x": true, "http://files.slack.com/x": false, "https://slack.com.evil.example/x": false,
		"https://evilslack.com/x": false, "http://127.0.0.1:8/x": false, "": false, "https://drive.example/slack.com": false} {
		if got := s.mayHaveToken(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
