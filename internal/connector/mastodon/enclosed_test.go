package mastodon

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/mastodon/mastodonfake"
	"experthour/internal/picture"
	"experthour/internal/session"
	"experthour/internal/setting"
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

// bomb says that it has more pixels than anybody has memory.
func bomb(t *testing.T) []byte {
	t.Helper()
	b := roof(t)
	binary.BigEndian.PutUint32(b[16:], 100_000)
	binary.BigEndian.PutUint32(b[20:], 100_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// handle has a post as it is shown come as a mention.
func handle(t *testing.T, m *Mastodon, s mastodonfake.Status) error {
	t.Helper()
	var l letter
	shown, err := json.Marshal(s)
	if err := errors.Join(err, json.Unmarshal(shown, &l.Status)); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return m.Handle(t.Context(), raw)
}

// TestQuestionWithPictures: pictures are handed over once the words are, with the words of those
// who can see them, and are fetched without the token; what else was sent is said.
func TestQuestionWithPictures(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t, usual)
	sent := []mastodonfake.Media{{Content: roof(t), Alt: "A roof."}, {Content: roof(t)}, {Type: "gifv"},
		{Content: roof(t), Alt: strings.Repeat("ā", 3_000)}}
	s := w.fake.WriteWith(anna, "@iestade Who pays?", sent...)
	w.away = session.Fail(session.Unavailable, "store")
	if err := handle(t, m, s); !errors.Is(err, w.away) {
		t.Fatalf("when pictures are not stored: %v", err)
	}
	w.away, w.enclosed = nil, nil
	if err := handle(t, m, s); err != nil {
		t.Fatal(err)
	}
	asked := w.inbox.asked[0]
	if len(w.enclosed) != 3 || asked.With != session.MediaVideo || asked.Text != "Who pays?" {
		t.Fatalf("asked %+v with %+v", asked, w.enclosed)
	}
	keys := map[string]bool{}
	for _, e := range w.enclosed {
		keys[e.Key] = true
		b, err := m.File(t.Context(), e.File)
		if err != nil || !bytes.Equal(b, sent[0].Content) || e.At != asked.Origin || !e.Sent.Equal(asked.At) {
			t.Errorf("%+v: %d bytes, %v", e, len(b), err)
		}
	}
	if e := w.enclosed; len(keys) != 3 || e[0].Alt != "A roof." || e[1].Alt != "" || len([]rune(e[2].Alt)) > session.MaxAlt {
		t.Errorf("%+v", e)
	}
}

// TestWhatComesWithAQuestion: one more than there is room for is handed over, so that this is said.
func TestWhatComesWithAQuestion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		types []string
		with  session.Media
		n     int
	}{
		"nothing":          {nil, "", 0},
		"a picture":        {[]string{"image"}, session.MediaPicture, 1},
		"many":             {strings.Split(strings.Repeat("image ", 19)+"image", " "), session.MediaPicture, session.MaxPictures + 1},
		"sound":            {[]string{"image", "audio"}, session.MediaVoice, 1},
		"a film":           {[]string{"video"}, session.MediaVideo, 0},
		"not taken over":   {[]string{"image", "unknown", "image"}, session.MediaFile, 2},
		"of a later time":  {[]string{"hologram"}, session.MediaFile, 0},
		"of no type known": {[]string{""}, session.MediaFile, 0},
	} {
		var s status
		for _, kind := range c.types {
			s.Media = append(s.Media, medium{Type: kind})
		}
		if s.with() != c.with || len(s.images()) != c.n {
			t.Errorf("%s: with %q, %d pictures", name, s.with(), len(s.images()))
		}
	}
}

// TestAddressOfAPicture: the server's own copy is read, and where it has none yet what it is a copy of.
func TestAddressOfAPicture(t *testing.T) {
	t.Parallel()
	const here, proxy, far = "https://s.example/system/1.png", "https://s.example/media_proxy/1/original", "https://far.example/1.png"
	for f, want := range map[medium]string{
		{URL: here, Far: far}: here, {URL: here}: here, {URL: proxy, Far: far}: far, {URL: proxy}: proxy, {Far: far}: far, {}: "",
		{URL: "https://s.example/" + strings.Repeat("a", httpapi.LongestAddress)}: "",
	} {
		if got := f.address(); got != want {
			t.Errorf("%.90v: %q", f, got)
		}
	}
}

// TestHostilePictures: whatever stands for a picture, nothing but a picture becomes one, nothing of
// this machine is read for it, and it is said what was wrong.
func TestHostilePictures(t *testing.T) {
	t.Parallel()
	var secret atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		secret.Add(1)
		_, _ = w.Write(roof(t))
	}))
	t.Cleanup(inside.Close)
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = io.CopyN(w, zeros{}, 50<<20)
	}))
	t.Cleanup(func() { endless.CloseClientConnections(); endless.Close() })
	w, m := newWorld(t, usual)
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	for name, c := range map[string]struct {
		sent mastodonfake.Media
		far  bool // as in the real program, for which this machine is no place of strangers
		want func(error) bool
	}{
		"this machine":      {mastodonfake.Media{URL: new(inside.URL + "/a.png")}, true, refused},
		"over https":        {mastodonfake.Media{URL: new(strings.Replace(inside.URL, "http", "https", 1) + "/a.png")}, true, refused},
		"a cloud's secrets": {mastodonfake.Media{URL: new("http://169.254.169.254/latest/meta-data/")}, false, refused},
		"the same, safely":  {mastodonfake.Media{URL: new("https://169.254.169.254/latest/meta-data/")}, true, refused},
		"a private network": {mastodonfake.Media{URL: new("https://10.0.0.1/a.png")}, false, refused},
		"a file here":       {mastodonfake.Media{URL: new("file:///etc/passwd")}, false, refused},
		"no address":        {mastodonfake.Media{URL: new("")}, false, refused},
		"a long address":    {mastodonfake.Media{URL: new("https://media.example/" + strings.Repeat("a", 9_000))}, false, refused},
		"nothing there":     {mastodonfake.Media{URL: new(w.fake.URL + "/system/media_attachments/0")}, false, refused},
		"led elsewhere":     {mastodonfake.Media{Leads: inside.URL + "/a.png"}, false, failed},
		"50 MB":             {mastodonfake.Media{URL: new(endless.URL + "/a.png")}, false, tooLarge},
		"a bomb":            {mastodonfake.Media{Content: bomb(t)}, false, says("picture_pixels")},
		"a script":          {mastodonfake.Media{Content: svg, URL: nil}, false, says("picture_form")},
		"no picture at all": {mastodonfake.Media{Content: []byte("GIF89a?")}, false, says("picture_form")},
	} {
		on := m
		if c.far {
			env := m.env
			env.Near = false
			on = New(env, Account{Server: w.fake.URL, Token: setting.NewSecret(mastodonfake.Token)}, "mastodon", usual)
		}
		w.enclosed = nil
		if err := handle(t, on, w.fake.WriteWith(anna, "@iestade Why?", c.sent)); err != nil || len(w.enclosed) != 1 {
			t.Fatalf("%s: %v, %+v", name, err, w.enclosed)
		}
		if err := cleaned(t.Context(), on, w.enclosed[0].File); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := secret.Load(); n != 0 {
		t.Errorf("what is inside was read %d times", n)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// cleaned is what becomes of a file.
func cleaned(ctx context.Context, m *Mastodon, file string) error {
	b, err := m.File(ctx, file)
	if err == nil {
		_, _, err = picture.CleanAsked(ctx, b)
	}
	return err
}

func failed(err error) bool { return err != nil }
func refused(err error) bool {
	return err != nil && connector.OutcomeOf(err).Outcome == connector.Refused
}
func tooLarge(err error) bool { return errors.Is(err, connector.ErrTooLarge) }

func says(id string) func(error) bool {
	return func(err error) bool {
		e, ok := errors.AsType[*session.Error](err)
		return ok && e.ID == id
	}
}
