package wordpress

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

var (
	oneFigure = regexp.MustCompile(`<figure><img [^>]*src="([^"]*)" alt="([^"]*)"\s*/?><figcaption>([^<]*)</figcaption></figure>`)
	links     = regexp.MustCompile(`<a href="([^"]*)"[^>]*>([^<]*)</a>`)
)

// pictures are those that a reader finds in a comment.
func (w *world) pictures(content any) (all []session.Picture) {
	w.t.Helper()
	for _, f := range oneFigure.FindAllStringSubmatch(content.(obj)["rendered"].(string), -1) {
		resp, err := http.Get(f[1])
		if err != nil {
			w.t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		sum := sha256.Sum256(b)
		_, by, _ := strings.Cut(html.UnescapeString(f[3]), ": ")
		all = append(all, session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: resp.Header.Get("Content-Type"), Size: len(b),
			Alt: html.UnescapeString(f[2]), Author: by})
	}
	return all
}

// illustrated is an answer with pictures of these widths.
func illustrated(t testing.TB, w *world, key, text string, widths ...int) connector.Post {
	t.Helper()
	p, content := answer(w, key, text), map[session.Hash][]byte{}
	p.Copy = "copy"
	for _, width := range widths {
		b := drawn(t, width)
		sum := sha256.Sum256(b)
		of := session.Picture{Hash: session.Hash(hex.EncodeToString(sum[:])), Type: "image/png", Size: len(b),
			Alt: `Karte "A" [gallery] <b>`, Author: "Ilze -- O."}
		p.Pictures, content[of.Hash] = append(p.Pictures, of), b
	}
	p.Open = func(_ context.Context, of session.Picture) ([]byte, error) { return content[of.Hash], nil }
	return p
}

// testPictures: an answer shows those that it has, letter by letter with their words, and only those are in the library;
// the same of one that is a post of its own.
func testPictures(t *testing.T, w *world) {
	own := w.upload("theirs.png", drawn(t, 3))
	for _, alone := range []bool{false, true} {
		at, posted := session.MessageID(""), map[string]bool{}
		for i, widths := range [][]int{{8, 9}, {9}, {}, {10}} {
			p := illustrated(t, w, "k"+string(rune('1'+i)), strings.Repeat("Atbilde. ", i+1), widths...)
			if alone {
				p.Original = session.Origin{}
			}
			var err error
			sent := connector.Sent{Message: at}
			if i == 0 {
				sent, err = w.Reply(t.Context(), p)
			} else {
				sent, err = w.Edit(t.Context(), at, p)
			}
			if err != nil {
				t.Fatal(err)
			}
			at = sent.Message
			m, _ := parseMessageID(at)
			got := w.pictures(w.call(http.MethodGet, m.path(), nil)["content"])
			if !slices.Equal(got, p.Pictures) {
				t.Errorf("%v: a reader finds %+v, want %+v", widths, got, p.Pictures)
			}
			all, err := w.ours(t.Context(), "search", []string{prefixOf(gallery(p))})
			if err != nil || len(all) != len(widths) {
				t.Errorf("%v: %d in the library, %v", widths, len(all), err)
			}
			for _, m := range all {
				posted[m.URL] = true
			}
		}
		if err := w.Retract(t.Context(), at, illustrated(t, w, "k4", "")); err != nil {
			t.Fatal(err)
		}
		for url := range posted {
			w.gone(url)
		}
	}
	if status := w.get(own); status != http.StatusOK {
		t.Errorf("the site's own picture: %d", status)
	}
}

// TestPicturesInTwoAttempts: a process that died after it handed a picture over leaves nothing twice.
func TestPicturesInTwoAttempts(t *testing.T) {
	t.Parallel()
	w, site := faked(t)
	p := illustrated(t, w, "k1", "Atbilde.", 8, 9)
	w.change(w.original, obj{"status": "approved"})
	site.Break(http.MethodPost, http.StatusBadGateway, "oops")
	_, err := w.Reply(t.Context(), p)
	wants(t, err, connector.Deferred, "")
	if _, found, err := w.Find(t.Context(), p); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := w.Reply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if all := w.list("/media"); len(all) != 2 || len(w.posts()) != 1 || !slices.Equal(w.posts()[0].Pictures, p.Pictures) {
		t.Errorf("%d pictures, %+v", len(all), w.posts())
	}
	p.Pictures[0].Alt = strings.Repeat("&", session.MaxAlt)
	p.Text = strings.Repeat("\"", 10_000)
	_, err = w.Edit(t.Context(), w.posts()[0].ID, p)
	wants(t, err, connector.Refused, "too long together")
}

// TestPicturesAsLinks: whose pictures the site would take out of a comment has links with their words, and "bot check" says so.
func TestPicturesAsLinks(t *testing.T) {
	t.Parallel()
	w, site := faked(t)
	site.Role("network editor")
	w.says("an img", http.MethodPost, "/comments", obj{"post": w.news.post, "content": `<img src="x"><b>A</b>`}, 201, "")
	p := illustrated(t, w, "k1", "Atbilde.", 8)
	sent, err := w.Reply(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := parseMessageID(sent.Message)
	shown := links.FindStringSubmatch(w.call(http.MethodGet, m.path(), nil)["content"].(obj)["rendered"].(string))
	if len(shown) != 3 || w.get(shown[1]) != http.StatusOK || html.UnescapeString(shown[2]) != `Karte "A" [gallery] <b> · Attēls: Ilze -- O.` {
		t.Errorf("a reader finds %q", shown)
	}
	found := w.Check(t.Context())
	if !slices.ContainsFunc(found, func(f connector.Finding) bool { return f.ID == "wordpress.pictures_linked" && !f.Bad }) {
		t.Errorf("it says %+v", found)
	}
}
