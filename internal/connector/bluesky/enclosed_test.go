package bluesky

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/bluesky/blueskyfake"
	cleaner "experthour/internal/picture"
	"experthour/internal/session"
)

// roof is a picture.
func roof(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestQuestionWithPictures: the pictures of a question are handed over once its words are, also
// beside a post that is quoted, and are fetched without the token; a film is said.
func TestQuestionWithPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, blueskyfake.Options{})
	b := w.start()
	sent := blueskyfake.Sent{Content: roof(t), Alt: "A roof."}
	w.anna.WriteWith("@office.test Who pays?", sent, blueskyfake.Sent{Content: roof(t)})
	w.await("asked Who pays?")
	w.pictures(2)
	w.anna.Quote(w.anna.Write("Look."), "@office.test And this?", sent)
	w.await("asked And this?")
	w.anna.Film("@office.test A film?")
	w.await("asked A film?")
	all, alts := w.pictures(3), ""
	keys := map[string]bool{}
	for _, e := range all {
		keys[e.Key], alts = true, alts+e.Alt+"|"
		got, err := b.File(t.Context(), e.File)
		if err != nil || !bytes.Equal(got, sent.Content) || e.At.Connector != "bsky" || string(e.At.User) != w.anna.DID || e.Sent.IsZero() {
			t.Errorf("%+v: %d bytes, %v", e, len(got), err)
		}
	}
	if len(all) != 3 || len(keys) != 3 || alts != "A roof.||A roof.|" {
		t.Errorf("%+v", all)
	}
	w.inbox.mu.Lock()
	defer w.inbox.mu.Unlock()
	for i, with := range []session.Media{session.MediaPicture, session.MediaPicture, session.MediaVideo} {
		if a := w.inbox.asked[i]; a.With != with {
			t.Errorf("%s comes with %q", a.Text, a.With)
		}
	}
}

// TestWhatIsAttached: whatever a stranger's server lets them put into a record takes nothing away from
// the question.
func TestWhatIsAttached(t *testing.T) {
	t.Parallel()
	many := strings.TrimSuffix(strings.Repeat(`{"alt":"`+strings.Repeat("ā", 5_000)+`"},`, 50), ",")
	for embed, want := range map[string]struct {
		with session.Media
		n    int
	}{
		`null`:  {"", 0},
		`"app"`: {"", 0},
		`{"$type":"app.bsky.embed.images","images":{}}`:                                              {"", 0},
		`{"$type":"app.bsky.embed.images","images":[]}`:                                              {"", 0},
		`{"$type":"app.bsky.embed.images","images":[{"alt":7}]}`:                                     {"", 0},
		`{"$type":"app.bsky.embed.images","images":[{}]}`:                                            {session.MediaPicture, 1},
		`{"$type":"app.bsky.embed.images","images":[` + many + `]}`:                                  {session.MediaPicture, mostEnclosed},
		`{"$type":"app.bsky.embed.video"}`:                                                           {session.MediaVideo, 0},
		`{"$type":"app.bsky.embed.external","external":{"uri":"http://127.0.0.1/"}}`:                 {"", 0},
		`{"$type":"app.bsky.embed.recordWithMedia"}`:                                                 {"", 0},
		`{"$type":"app.bsky.embed.recordWithMedia","media":{"$type":"app.bsky.embed.video"}}`:        {session.MediaVideo, 0},
		`{"$type":"app.bsky.embed.recordWithMedia","media":{"$type":"app.bsky.embed.images","x":1}}`: {"", 0},
	} {
		raw := []byte(`{"text":"Why?","embed":` + embed + `,"langs":["lv"]}`)
		v := view{URI: "at://did:plc:x/app.bsky.feed.post/3k", Author: author{"did:plc:x"}, Raw: raw}
		l := newLetter(wrote, v, "did:plc:y")
		if l.With != want.with || len(l.Alts) != want.n || l.Text != "Why?" || !l.fits() {
			t.Errorf("%.90s: with %q, %d pictures, %+.90v", embed, l.With, len(l.Alts), l)
		}
		if raw, err := json.Marshal(l); err != nil || len(raw) > 30_000 {
			t.Errorf("%.90s: %d bytes are stored, %v", embed, len(raw), err)
		}
	}
}

// TestHostilePictures: a picture comes from where pictures are shown and from nowhere else, and
// what is none is told from one.
func TestHostilePictures(t *testing.T) {
	t.Parallel()
	var secret atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { secret.Add(1) }))
	t.Cleanup(inside.Close)
	bomb := roof(t)
	binary.BigEndian.PutUint32(bomb[16:], 100_000)
	binary.BigEndian.PutUint32(bomb[20:], 100_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	for name, c := range map[string]struct {
		content []byte
		do      func(*world, *blueskyfake.Post)
		want    func(error) bool
	}{
		"a picture":          {roof(t), nil, func(err error) bool { return err == nil }},
		"this machine":       {roof(t), shownFrom(inside.URL), notTaken},
		"a cloud's secrets":  {roof(t), shownFrom("http://169.254.169.254"), notTaken},
		"a name like theirs": {roof(t), func(w *world, _ *blueskyfake.Post) { w.fake.ShowFrom(w.fake.URL + "9") }, notTaken},
		"led elsewhere":      {roof(t), func(w *world, _ *blueskyfake.Post) { w.fake.Lead(inside.URL) }, failed},
		"gone":               {roof(t), func(_ *world, p *blueskyfake.Post) { p.Delete() }, notTaken},
		"50 MB":              {make([]byte, 50<<20), nil, func(err error) bool { return errors.Is(err, connector.ErrTooLarge) }},
		"a bomb":             {bomb, nil, says("picture_pixels")},
		"a script":           {svg, nil, says("picture_form")},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, blueskyfake.Options{})
			b := w.make()
			p := w.anna.WriteWith("@office.test Why?", blueskyfake.Sent{Content: c.content})
			if c.do != nil {
				c.do(w, p)
			}
			if err := cleaned(t.Context(), b, p.URI+" 0"); !c.want(err) {
				t.Error(err)
			}
			for _, none := range []string{p.URI, p.URI + " ", p.URI + " 1", p.URI + " -1", "", "x 0"} {
				if _, err := b.File(t.Context(), none); !notTaken(err) {
					t.Errorf("%q: %v", none, err)
				}
			}
		})
	}
	if n := secret.Load(); n != 0 {
		t.Errorf("what is inside was read %d times", n)
	}
}

func shownFrom(base string) func(*world, *blueskyfake.Post) {
	return func(w *world, _ *blueskyfake.Post) { w.fake.ShowFrom(base) }
}

// cleaned is what becomes of a file.
func cleaned(ctx context.Context, b *Bluesky, file string) error {
	got, err := b.File(ctx, file)
	if err == nil {
		_, _, err = cleaner.CleanAsked(ctx, got)
	}
	return err
}

func failed(err error) bool { return err != nil }

func notTaken(err error) bool {
	return err != nil && connector.OutcomeOf(err).Outcome == connector.Refused
}

func says(id string) func(error) bool {
	return func(err error) bool {
		e, ok := errors.AsType[*session.Error](err)
		return ok && e.ID == id
	}
}
