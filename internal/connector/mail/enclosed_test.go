package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// parcel is a desk to which letters with pictures come from a folder.
type parcel struct {
	*box
	*intake
	desk   *bureau
	handed []connector.Enclosed
	next   []byte
}

func newParcel(t *testing.T) *parcel {
	t.Helper()
	p := newBox(t)
	i, b, _ := staffed(t)
	of := p.intake()
	of.env.Inbox, of.env.Language, of.env.Now = i.env.Inbox, i.env.Language, i.env.Now
	of.env.Reception, of.env.Memory, of.env.Admit = i.env.Reception, i.env.Memory, i.env.Admit
	w := &parcel{box: p, intake: of, desk: b}
	of.env.Enclose = func(_ context.Context, es ...connector.Enclosed) error {
		w.handed = append(w.handed, es...)
		return nil
	}
	return w
}

// gets has a letter come, be fetched and be handled; it gives what was said and handed over.
func (w *parcel) gets(t *testing.T, headers string, body ...string) (connector.Said, []connector.Enclosed) {
	t.Helper()
	w.came(noon, fmt.Sprintf("From: Ilze <ilze@example.test>\r\nMessage-ID: <%d@example.test>\r\n", len(w.desk.said))+headers+"\r\n\r\n"+
		strings.Join(body, "\r\n")+"\r\n")
	said, handed := len(w.desk.said), len(w.handed)
	look := receive.Look{Cursor: w.next}
	look.Since = noon
	next, err := w.Fetch(t.Context(), look, func(ctx context.Context, es ...connector.Event) (int, error) {
		for _, e := range es {
			if err := w.Handle(ctx, e.Raw); err != nil {
				t.Error(err)
			}
		}
		return len(es), nil
	})
	if err != nil || len(w.desk.said) != said+1 {
		t.Fatalf("%v, said %d", err, len(w.desk.said)-said)
	}
	w.next = next.Cursor
	return w.desk.said[said], w.handed[handed:]
}

const mixed = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b"

var asking = []string{"--b", "Content-Type: text/plain", "", "What is this?"}

func section(headers string, body ...string) []string {
	return append([]string{"--b", headers, ""}, body...)
}

func all(parts ...[]string) (body []string) {
	body = append(body, asking...)
	for _, p := range parts {
		body = append(body, p...)
	}
	return append(body, "--b--")
}

func wrapped(b []byte) (lines []string) {
	for text := base64.StdEncoding.EncodeToString(b); text != ""; {
		n := min(76, len(text))
		lines, text = append(lines, text[:n]), text[n:]
	}
	return lines
}

func onePNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 10))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	pngPart = "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.png"
	logo    = "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\nContent-ID: <l@x>"
)

// TestPictureOfALetter: what is attached or shown in the text comes as it was sent, by its place, and
// stays unread; the logo of a signature does not come.
func TestPictureOfALetter(t *testing.T) {
	t.Parallel()
	w, file := newParcel(t), onePNG(t)
	large := append(bytes.Clone(file), make([]byte, mostLogo)...)
	said, es := w.gets(t, mixed, all(section(logo, wrapped(file)...), section(pngPart, wrapped(file)...),
		section(logo, wrapped(large)...))...)
	if said.Text != "What is this?" || said.With != session.MediaPicture || !said.Enclosed || len(es) != 2 ||
		es[0].At.Message != said.Message || es[0].Key == es[1].Key || !es[0].Sent.Equal(noon) {
		t.Fatalf("said %+v, handed %+v", said, es)
	}
	for n, want := range [][]byte{file, large} {
		if got, err := w.File(t.Context(), es[n].File); err != nil || !bytes.Equal(got, want) {
			t.Errorf("file %d: %v, %d bytes, want %d", n, err, len(got), len(want))
		}
	}
	f, err := w.openFolder(t.Context(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer f.leave()
	found, err := f.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}}, nil).Wait()
	if err != nil || len(found.AllUIDs()) != 1 {
		t.Errorf("%v, unread %v", err, found)
	}
}

// TestHostileLetters: whatever stands in a letter, its words come, and no more than a few pictures.
func TestHostileLetters(t *testing.T) {
	t.Parallel()
	w, file := newParcel(t), onePNG(t)
	deep := section("Content-Type: multipart/mixed; boundary=d0", "--d0")
	for n := range 100 {
		deep = append(deep, fmt.Sprintf("Content-Type: multipart/mixed; boundary=d%d\r\n\r\n--d%d", n+1, n+1))
	}
	many := [][]string{}
	for range 60 {
		many = append(many, section(pngPart, wrapped(file)...))
	}
	named := strings.Replace(pngPart, "a.png", "\"../../etc/\x01\x1b[2Jpasswd\"", 1)
	for name, c := range map[string]struct {
		body  []string
		with  session.Media
		count int
	}{
		"deep":   {all(append(deep, pngPart, "", "AAAA")), session.MediaFile, 0},
		"many":   {all(many...), session.MediaFile, mostEnclosed},
		"svg":    {all(section("Content-Type: image/svg+xml\r\nContent-Disposition: attachment", "<svg/>")), session.MediaFile, 0},
		"film":   {all(section("Content-Type: video/mp4", "x")), session.MediaFile, 0},
		"name":   {all(section(named, wrapped(file)...)), session.MediaPicture, 1},
		"broken": {all(section(pngPart, "iVBO!!!", "\x00")), session.MediaPicture, 1},
	} {
		said, es := w.gets(t, mixed+"\r\nSubject: "+name, c.body...)
		if !strings.HasSuffix(said.Text, "What is this?") || said.With != c.with || len(es) != c.count {
			t.Errorf("%s: said %+v, %d handed", name, said, len(es))
		}
		for _, e := range es {
			if b, err := w.File(t.Context(), e.File); err != nil || len(b) > len(file) || strings.Contains(e.File, "passwd") {
				t.Errorf("%s: %v, %d bytes of %s", name, err, len(b), e.File)
			}
		}
	}
}

// TestLargePicture: what has too many bytes is not read with the text, nor further than it may be,
// whatever the structure says.
func TestLargePicture(t *testing.T) {
	t.Parallel()
	w := newParcel(t)
	_, es := w.gets(t, mixed, all(section(pngPart, wrapped(make([]byte, session.MostFile+session.MostFile/4))...))...)
	if len(es) != 1 {
		t.Fatalf("handed %+v", es)
	}
	var p part
	if err := json.Unmarshal([]byte(es[0].File), &p); err != nil {
		t.Fatal(err)
	}
	for _, claimed := range []uint32{p.Size, 50 << 20, 1} {
		p.Size = claimed
		id, _ := json.Marshal(p)
		if b, err := w.File(t.Context(), string(id)); !errors.Is(err, connector.ErrTooLarge) {
			t.Errorf("claimed %d: %v, %d bytes", claimed, err, len(b))
		}
	}
}

// TestPictureIsGone: a letter that was removed, and a folder that was numbered anew, give nothing, and
// it is not tried again.
func TestPictureIsGone(t *testing.T) {
	t.Parallel()
	w := newParcel(t)
	_, es := w.gets(t, mixed, all(section(pngPart, wrapped(onePNG(t))...))...)
	var there part
	if err := json.Unmarshal([]byte(es[0].File), &there); err != nil {
		t.Fatal(err)
	}
	removed, anew, nowhere := there, there, there
	removed.UID++
	anew.Validity++
	nowhere.Path = []int{7}
	for _, p := range []part{removed, anew, nowhere, {}} {
		id, _ := json.Marshal(p)
		if b, err := w.File(t.Context(), string(id)); connector.OutcomeOf(err).Outcome != connector.Refused {
			t.Errorf("%+v: %v, %d bytes", p, err, len(b))
		}
	}
}
