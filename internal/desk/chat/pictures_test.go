package chat

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/connector"
	"experthour/internal/picture"
	"experthour/internal/session"
)

// album is a platform with files, which shows pictures to people.
type album struct {
	files map[string][]byte
	fails error // instead of a file
	slow  bool  // a file takes longer than anybody waits
	reads int
	shown map[session.UserRef][]connector.Shown
	blind error // instead of showing
}

func (a *album) File(ctx context.Context, id string) ([]byte, error) {
	a.reads++
	if a.slow {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	b, ok := a.files[id]
	switch {
	case a.fails != nil:
		return nil, a.fails
	case !ok:
		return nil, &connector.SendError{Outcome: connector.Refused, Detail: "missing_scope"}
	}
	return b, nil
}

func (a *album) Show(_ context.Context, to session.UserRef, ps []connector.Shown) error {
	if a.blind == nil {
		a.shown[to] = append(a.shown[to], ps...)
	}
	return a.blind
}

// plain is a picture of one colour, as PNG.
func plain(t *testing.T, red uint8) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.SetNRGBA(0, 0, color.NRGBA{R: red, A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// illustrated is an hour with a claimed question, and pictures p1 to p5 on the platform.
func illustrated(t *testing.T) (*kit, *album, int) {
	t.Helper()
	k := hour(t)
	a := &album{files: map[string][]byte{"svg": []byte("<svg/>")}, shown: map[session.UserRef][]connector.Shown{}}
	for i := range 5 {
		a.files["p"+itoa(i+1)] = plain(t, uint8(i))
	}
	k.svc.Pictures, k.chat.Pictures, k.chat.Files, k.chat.Shows = k.store, k.store, a, a
	n := k.ask("Where is it?")
	k.press(anna, n, "Accept")
	return k, a, n
}

func (k *kit) shows(name session.PersonName, n int, message, text string, files ...string) (connector.Answer, error) {
	k.Helper()
	w := connector.Written{By: user(name), Place: room, Message: session.MessageID(message), At: noon.Add(time.Duration(k.clock.Load())),
		Under: session.MessageID("m" + itoa(n))}
	if text != "" {
		w.Lines = []session.ChatLine{{Text: text}}
	}
	for _, f := range files {
		w.Files = append(w.Files, connector.File{ID: f})
	}
	return k.chat.Wrote(k.Context(), w)
}

// TestPictureInAnAnswer runs one from a message to the approval of somebody who saw it.
func TestPictureInAnAnswer(t *testing.T) {
	t.Parallel()
	k, platform, n := illustrated(t)
	a, err := k.shows(janis, n, "x1", "See the map.", "p1", "p2")
	k.must(err)
	if !a.Taken || len(a.Buttons) != 1 {
		t.Fatalf("the message: %+v", a)
	}
	k.reads(a.Say, "say what it shows and who made it")
	k.pass(time.Minute)
	k.tick()
	k.state(n, session.Claimed)
	k.reads(flat("", k.card(n).Lines), "With 2 pictures; 2 wait for a description", "not submitted yet")
	pressed, err := k.chat.Pressed(t.Context(), connector.Press{By: user(janis), Place: room, Action: a.Buttons[0].Action})
	k.must(err)
	f := pressed.Form
	k.reads(flat(f.Title, f.Lines), "Describe the picture #1", "Picture 1 of 2")
	if v := filled(f); v.First("author") != string(janis) || v.First("alt") != "" {
		t.Errorf("proposed is %v", v)
	}
	f = k.submit(janis, f, connector.Values{"alt": {"A map."}, "author": {"Ilze"}}).Form
	k.reads(flat(f.Title, f.Lines), "Picture 2 of 2")
	if v := filled(f); v.First("author") != "Ilze" {
		t.Errorf("proposed is %v", v)
	}
	if a := k.submit(janis, f, connector.Values{"alt": {"A door."}, "author": {"Ilze"}}); !a.Close {
		t.Errorf("the last one: %+v", a)
	}
	k.pass(time.Minute)
	k.tick()
	k.state(n, session.Review)
	f = k.press(olga, n, "Approve").Form
	k.reads(flat("", f.Lines), "A map.\nPicture: Ilze", "A door.")
	seen := platform.shown[account(olga)]
	if f.Submit == "" || len(seen) != 2 || !strings.Contains(seen[0].Words, "A map.\nPicture: Ilze") || seen[0].Type != "image/png" {
		t.Fatalf("it can be approved: %q, after %+v", f.Submit, seen)
	}
	if _, _, err := picture.Clean(t.Context(), seen[1].Bytes); err != nil {
		t.Errorf("what is shown is no picture: %v", err)
	}
	k.submit(olga, f, nil)
	k.state(n, session.Approved)
	if got := k.q(n).Latest().Pictures; len(got) != 2 || got[0].Alt != "A map." {
		t.Errorf("approved are %+v", got)
	}
}

// TestPictureThatIsNotTaken is said in a line, and the words are taken all the same.
func TestPictureThatIsNotTaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files []string
		fails error
		want  string
		taken int
	}{
		"no picture":  {[]string{"svg", "p1"}, nil, "This file is no picture", 1},
		"the fifth":   {[]string{"p1", "p2", "p3", "p4", "p5"}, nil, "4 pictures at most", 4},
		"too large":   {[]string{"p1"}, connector.ErrTooLarge, "at most 10 MB", 0},
		"no scope":    {[]string{"secret"}, nil, "missing_scope", 0},
		"nobody's id": {[]string{"secret", "secret"}, nil, "Please tell a moderator", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, platform, n := illustrated(t)
			platform.fails = c.fails
			a, err := k.shows(janis, n, "x1", "See.", c.files...)
			k.must(err)
			k.reads(a.Say, c.want)
			if q := k.q(n); !a.Taken || q.Draft() != "See." || len(q.SentPictures()) != c.taken || c.taken == 0 && !q.Ready() {
				t.Errorf("draft %q with %d pictures, ready %v, taken %v", q.Draft(), len(q.SentPictures()), q.Ready(), a.Taken)
			}
		})
	}
}

// TestPictureThatCannotBeFetched: the words are stored and wait, the message comes again, and after a
// minute its author is told. What was read once is not read again.
func TestPictureThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	k, platform, n := illustrated(t)
	platform.fails = errors.New("the network is down")
	at := k.clock.Load()
	again := func() (connector.Answer, error) {
		now := k.clock.Load()
		k.clock.Store(at) // the message is as old as it is
		w := connector.Written{By: user(janis), Place: room, Message: "x1", At: k.chat.Now(), Under: "m1",
			Lines: []session.ChatLine{{Text: "See."}}, Files: []connector.File{{ID: "p1"}, {ID: "p2"}}}
		k.clock.Store(now)
		return k.chat.Wrote(t.Context(), w)
	}
	if _, err := again(); session.KindOf(err) != session.Unavailable {
		t.Fatalf("it is not tried again: %v", err)
	}
	if q := k.q(n); q.Draft() != "See." || q.Ready() {
		t.Errorf("draft %q, ready %v", q.Draft(), q.Ready())
	}
	k.pass(2 * time.Minute)
	k.tick()
	k.state(n, session.Claimed)
	a, err := again()
	k.must(err)
	k.reads(a.Say, "could not be fetched. Please send it once more.")
	if q := k.q(n); !q.Ready() || q.Draft() != "See." {
		t.Errorf("draft %q, ready %v", q.Draft(), q.Ready())
	}
	platform.fails = nil
	for range 2 {
		_, err := k.shows(janis, n, "x2", "", "p1")
		k.must(err)
	}
	if platform.reads != 2*1+1+1 { // the first of two each time it failed, the second one in the end, and p1 once
		t.Errorf("files were read %d times", platform.reads)
	}
}

// TestPicturesAreNotApprovedUnseen: who was not shown them has no button, and a way to where they are.
func TestPicturesAreNotApprovedUnseen(t *testing.T) {
	t.Parallel()
	k, platform, n := illustrated(t)
	k.says(janis, n, "x1", "See the map.")
	k.press(janis, n, "Submit now")
	seen := k.press(olga, n, "Approve").Form
	if seen.Submit == "" || len(platform.shown) > 0 {
		t.Fatal("without a picture there is no button")
	}
	made, b, err := picture.Clean(t.Context(), platform.files["p1"])
	k.must(err)
	k.must(k.store.KeepPicture(t.Context(), k.q(n).Ref, made, b))
	made.Alt, made.Author = "A map.", "Ilze"
	cmd := session.SubmitAnswer{On: session.On{Question: k.q(n).Ref}, Text: "See the map.", Pictures: &[]session.Picture{made}}
	_, err = k.svc.Do(t.Context(), session.Actor{Name: janis, Role: session.ExpertRole}, cmd)
	k.must(err)
	platform.blind = errors.New("she has not pressed Start")
	forms := []*connector.Form{k.press(olga, n, "Approve").Form, k.submit(olga, seen, nil).Form}
	k.chat.Shows = nil
	for _, f := range append(forms, k.press(olga, n, "Approve").Form) {
		if f.Submit != "" {
			t.Errorf("it can be approved: %+v", f)
		}
		k.reads(flat("", f.Lines), "on the desk page", "https://x.lv/desk/olga/tax/q/1/approve", "A map.\nPicture: Ilze")
	}
	k.state(n, session.Review)
}

// TestAlbumIsAskedAboutOnce: its pictures are messages of their own.
func TestAlbumIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	k, _, n := illustrated(t)
	told := 0
	for i, f := range []string{"p1", "p2", "p3"} {
		w := connector.Written{By: user(janis), Place: room, Message: session.MessageID("x" + f), At: k.chat.Now(), Under: "m1",
			Files: []connector.File{{ID: f}}, Album: "trip"}
		if i == 0 {
			w.Lines = []session.ChatLine{{Text: "See all."}}
		}
		a, err := k.chat.Wrote(t.Context(), w)
		k.must(err)
		if a.Say != "" {
			told++
		}
	}
	if q := k.q(n); told != 1 || len(q.SentPictures()) != 3 || q.Draft() != "See all." {
		t.Errorf("told %d times, %d pictures, draft %q", told, len(q.SentPictures()), q.Draft())
	}
}

// TestPictureBesideAnAnswer: one that comes later is asked about, and named where it has no words;
// and one outside of all threads is asked about like words.
func TestPictureBesideAnAnswer(t *testing.T) {
	t.Parallel()
	k, _, n := illustrated(t)
	k.says(janis, n, "x1", "See.")
	k.press(janis, n, "Submit now")
	a, err := k.shows(janis, n, "x2", "", "p1")
	k.must(err)
	k.reads(a.Say, "submitted already. What is this message?", "say what it shows")
	k.reads(flat("", k.card(n).Lines), "with a picture")
	add := connector.Press{By: user(janis), Place: room, Action: k.action(a.Buttons, "Add")}
	refused, err := k.chat.Pressed(t.Context(), add)
	k.must(err)
	k.reads(refused.Say, "nothing is said yet")
	describe := connector.Press{By: user(janis), Place: room, Action: k.action(a.Buttons, "Describe the picture")}
	described, err := k.chat.Pressed(t.Context(), describe)
	k.must(err)
	k.submit(janis, described.Form, connector.Values{"alt": {"A map."}, "author": {"Ilze"}})
	if _, err := k.chat.Pressed(t.Context(), add); err != nil || len(k.q(n).Latest().Pictures) != 1 || k.q(n).Latest().Text != "See." {
		t.Errorf("%v, %+v", err, k.q(n).Latest())
	}
	n = k.ask("And where else?")
	k.press(anna, n, "Accept")
	k.press(janis, n, "Claim")
	w := connector.Written{By: user(janis), Place: room, Message: "x3", At: k.chat.Now(), Files: []connector.File{{ID: "p2"}}}
	a, err = k.chat.Wrote(t.Context(), w)
	k.must(err)
	k.reads(a.Say, "Use this message as the answer to #2")
	a, err = k.chat.Pressed(t.Context(), connector.Press{By: user(janis), Place: room, Action: a.Buttons[0].Action})
	k.must(err)
	if len(k.q(n).SentPictures()) != 1 {
		t.Errorf("%+v", a)
	}
}

// TestSlowPicture: a file that takes too long leaves the time to say so, and to take the words.
func TestSlowPicture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k, platform, n := illustrated(t)
		platform.slow = true
		w := connector.Written{By: user(janis), Place: room, Message: "x1", At: k.chat.Now(), Under: "m1",
			Lines: []session.ChatLine{{Text: "See."}}, Files: []connector.File{{ID: "p1"}}}
		k.pass(2 * time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), connector.LetterFor-2*time.Second)
		defer cancel()
		a, err := k.chat.Wrote(ctx, w)
		k.must(err)
		k.reads(a.Say, "could not be fetched")
		if q := k.q(n); q.Draft() != "See." || !q.Ready() {
			t.Errorf("draft %q, ready %v", q.Draft(), q.Ready())
		}
	})
}
