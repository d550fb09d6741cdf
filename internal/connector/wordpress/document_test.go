package wordpress

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/wordpress/wordpressfake"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

const (
	plan = "https://example.lv/s/h/q/1/picture/aa"
	map2 = "https://example.lv/s/h/q/2/picture/bb"
)

// drawn is a picture of some width.
func drawn(t testing.TB, width int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// minutes is the post of a transcript with some pictures, by their src and width.
func minutes(t testing.TB, key string, of map[string]int) connector.Post {
	t.Helper()
	d := connector.Document{Name: "h", Title: `Nodokļi "2026"`, Pictures: map[string]connector.Illustration{},
		HTML: "<h2>Atbildes</h2>\n<blockquote lang=\"lv\"><p>Vai &#34;8x8&#34; [gallery] &lt;b&gt; -- :)<br>\nnu?</p></blockquote>\n"}
	for _, src := range []string{plan, map2} {
		if width, ok := of[src]; ok {
			d.HTML += `<figure><img src="` + src + `" alt="Karte &#34;A&#34; [x]"><figcaption>Autors: Ilze</figcaption></figure>` + "\n"
			d.Pictures[src] = connector.Illustration{Picture: session.Picture{Type: "image/png", Alt: `Karte "A" [x]`, Author: "Ilze"},
				Open: func(context.Context, session.Picture) ([]byte, error) { return drawn(t, width), nil }}
		}
	}
	return connector.Post{Kind: session.KindAnnouncement, Key: key, Place: site, Language: session.Latvian, Text: "Nodokļi\nVisas atbildes",
		Document: func(context.Context) (connector.Document, error) { return d, nil }}
}

// testTranscript: the post says letter by letter what the document does; its pictures are in the
// library once, with their words, and go when the post does not show them any more.
func testTranscript(t *testing.T, w *world) {
	own := w.upload("theirs.png", drawn(t, 3))
	p := minutes(t, "h:t:a1", map[string]int{plan: 8, map2: 9})
	sent, err := w.Reply(t.Context(), p)
	if err != nil || sent.URL == "" {
		t.Fatal(sent, err)
	}
	if got, ok, err := w.Find(t.Context(), p); !ok || err != nil || got != sent {
		t.Errorf("found %v, %v, %v; want %v", got, ok, err, sent)
	}
	want := "Nodokļi \"2026\"\nAtbildesVai \"8x8\" [gallery] <b> -- :)\nnu?"
	if seen := w.posts(); len(seen) != 1 || !strings.HasPrefix(seen[0].Text, want) {
		t.Errorf("a reader finds %+v", seen)
	}
	body := w.content(sent)
	first, second := w.stands(t, "Karte &#034;A&#034; &#091;x&#093;", body, 0), w.stands(t, "", body, 1)
	if first == second {
		t.Errorf("two pictures are one: %s", first)
	}

	p = minutes(t, "h:t:a2", map[string]int{map2: 9})
	if again, err := w.Edit(t.Context(), sent.Message, p); err != nil || again.Message != sent.Message {
		t.Fatal(again, err)
	}
	w.gone(first)
	if now := w.stands(t, "", w.content(sent), 0); now != second {
		t.Errorf("the picture that stays is another file: %s, %s", now, second)
	}
	if err := w.Retract(t.Context(), sent.Message, p); err != nil {
		t.Fatal(err)
	}
	w.gone(second)
	if status := w.get(own); status != http.StatusOK {
		t.Errorf("the site's own picture: %d", status)
	}
}

// content is that of a post as it is shown.
func (w *world) content(sent connector.Sent) string {
	w.t.Helper()
	m, _ := parseMessageID(sent.Message)
	return w.call(http.MethodGet, m.path(), nil)["content"].(obj)["rendered"].(string)
}

// stands gives the address of a picture in a post, which anybody can open, and checks its words.
func (w *world) stands(t *testing.T, alt, body string, i int) string {
	t.Helper()
	srcs := images(body)
	if len(srcs) <= i || !strings.HasPrefix(srcs[i], w.url) && !strings.Contains(srcs[i], "/wp-content/uploads/") {
		t.Fatalf("picture %d is not in the library: %q in %s", i, srcs, body)
	}
	if !strings.Contains(body, `alt="`+alt) {
		t.Errorf("no words for the picture: %s", body)
	}
	if status := w.get(srcs[i]); status != http.StatusOK {
		t.Errorf("%s: %d", srcs[i], status)
	}
	return srcs[i]
}

func (w *world) get(address string) int {
	w.t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func (w *world) gone(address string) {
	w.t.Helper()
	testenv.Until(w.t, address+" is gone", func() bool { return w.get(address) == http.StatusNotFound })
}

// upload puts a picture into the library as the site's own people do, and gives its address.
func (w *world) upload(name string, content []byte) string {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.url+"/wp-json/wp/v2/media", bytes.NewReader(content))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "image/png")
	r.Header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	r.SetBasicAuth(w.user, w.pass)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct {
		URL string `json:"source_url"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || resp.StatusCode != http.StatusCreated {
		w.t.Fatalf("%s: %d, %v", name, resp.StatusCode, err)
	}
	return out.URL
}

// TestTranscriptInTwoAttempts: what came into the library before an attempt broke off is used by
// the next one, and a document that is too long is a text with a link.
func TestTranscriptInTwoAttempts(t *testing.T) {
	t.Parallel()
	site := wordpressfake.New(t)
	w := newWorld(t, &place{t: t, url: site.URL, user: wordpressfake.User, pass: wordpressfake.Password})
	p := minutes(t, "h:t:a1", map[string]int{plan: 8, map2: 9})
	site.Break(http.MethodPost, http.StatusBadGateway, "oops")
	_, err := w.Reply(t.Context(), p)
	wants(t, err, connector.Deferred, "")
	if _, err := w.Reply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if all := w.list("/media"); len(all) != 2 || len(w.posts()) != 1 {
		t.Errorf("%d pictures and %d posts", len(all), len(w.posts()))
	}
	long := connector.Document{Name: "h", Title: "T", HTML: strings.Repeat("<p>a</p>", mostDocument/8+1)}
	p.Key, p.Document = "h:t:a2", func(context.Context) (connector.Document, error) { return long, nil }
	if _, err := w.Reply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if seen := w.posts(); len(seen) != 2 || !strings.Contains(seen[1].Text, "Visas atbildes") || len(w.list("/media")) != 0 {
		t.Errorf("a reader finds %d posts, and %d pictures", len(seen), len(w.list("/media")))
	}
	p.Document = func(context.Context) (connector.Document, error) { return long, errors.New("the store is away") }
	_, err = w.Reply(t.Context(), p)
	wants(t, err, connector.Deferred, "")
}
