package wordpress

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	parser "golang.org/x/net/html"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/wording"
)

const (
	// mostDocument is how long a document may be, in bytes: the filters of a site work on the whole
	// of a post with regular expressions, and of one that is much longer PHP shows nothing at all.
	mostDocument = 1 << 20
	// mostImages is how many pictures a post shows, and how many a site lists in one answer.
	mostImages = 100
)

// media is a picture in the library of a site.
type media struct {
	ID     uint64 `json:"id"`
	Author uint64 `json:"author"`
	Slug   string `json:"slug"`
	URL    string `json:"source_url"`
	Alt    string `json:"alt_text"`
}

const mediaFields = "id,author,slug,source_url,alt_text"

// document is a post with all that a document says. One that is too long is a text with a link.
// What is in the library from an earlier attempt is used again.
func (w *WordPress) document(ctx context.Context, p connector.Post, fresh bool) (map[string]any, error) {
	out := w.post(p, fresh)
	d, ok, err := p.Whole(ctx)
	if err != nil || !ok || len(d.HTML) > mostDocument {
		return out, err
	}
	if fresh {
		out["comment_status"] = "closed" // the hour is over
	}
	shown, err := w.library(ctx, p, d)
	out["title"], out["content"] = literal(d.Title), w.body(d.HTML, shown)
	return out, connector.Repeatable(err)
}

// library sees to it that the pictures of a document are in the library, and gives them by src.
func (w *WordPress) library(ctx context.Context, p connector.Post, d connector.Document) (map[string]media, error) {
	srcs := images(d.HTML)
	srcs = srcs[:min(len(srcs), mostImages)]
	var slugs []string
	for _, src := range srcs {
		slugs = append(slugs, slugOf(src))
	}
	there, err := w.ours(ctx, "slug", slugs)
	if err != nil {
		return nil, err
	}
	shown := map[string]media{}
	for _, src := range srcs {
		of, known := d.Pictures[src]
		if !known {
			continue
		}
		m, ok := there[slugOf(src)]
		if !ok {
			if m, err = w.upload(ctx, slugOf(src), of); err != nil {
				return nil, err
			}
		}
		if alt := wording.In(p.Language).Picture(of.Picture); m.Alt != alt {
			if err := w.api(ctx, http.MethodPost, mediaPath(m.ID), nil, map[string]any{"alt_text": alt}, nil); err != nil {
				return nil, err
			}
		}
		shown[src] = m
	}
	return shown, nil
}

// slugOf names a picture at a site: it is looked up by that.
func slugOf(src string) string { return keyOf("picture " + src) }

func mediaPath(id uint64) string { return "/media/" + number(id) }

// ours lists what the bot put into the library, by its slug.
func (w *WordPress) ours(ctx context.Context, by string, values []string) (map[string]media, error) {
	if len(values) == 0 {
		return nil, nil
	}
	self, err := w.self(ctx)
	if err != nil {
		return nil, err
	}
	var found []media
	query := url.Values{"context": {"edit"}, "_fields": {mediaFields}, "per_page": {number(mostImages)}, by: {strings.Join(values, ",")}}
	if err := w.api(ctx, http.MethodGet, "/media", query, nil, &found); err != nil {
		return nil, err
	}
	out := map[string]media{}
	for _, m := range found {
		if m.Author == self && strings.HasPrefix(m.Slug, keyPrefix) {
			out[m.Slug] = m
		}
	}
	return out, nil
}

// upload puts a picture into the library.
func (w *WordPress) upload(ctx context.Context, slug string, of connector.Illustration) (m media, err error) {
	content, err := connector.Post{Open: of.Open}.Bytes(ctx, of.Picture)
	if err != nil {
		return media{}, err
	}
	name := slug + "." + strings.TrimPrefix(of.Type, "image/")
	r := httpapi.Request{Method: http.MethodPost, To: "/wp/v2/media", Query: url.Values{"context": {"edit"}, "_fields": {mediaFields}},
		Body: httpapi.Raw(of.Type, content), Into: &m}
	return m, w.send(ctx, r, http.Header{"Content-Disposition": {fmt.Sprintf("attachment; filename=%q", name)}})
}

// images are the src of the pictures of a document, in their order.
func images(document string) (srcs []string) {
	z := parser.NewTokenizer(strings.NewReader(document))
	for kind := z.Next(); kind != parser.ErrorToken; kind = z.Next() {
		if t := z.Token(); t.Data == "img" && kind != parser.TextToken {
			srcs = append(srcs, attribute(t, "src"))
		}
	}
	return srcs
}

func attribute(t parser.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// body is a document as it is stored at a site. Lines end nowhere in it, for WordPress makes
// paragraphs of them (people's lines are br), and a picture that is not in the library is what it shows in words.
func (*WordPress) body(document string, shown map[string]media) string {
	var b strings.Builder
	z := parser.NewTokenizer(strings.NewReader(document))
	for kind := z.Next(); kind != parser.ErrorToken; kind = z.Next() {
		raw := string(z.Raw())
		if kind == parser.TextToken {
			b.WriteString(literal(strings.ReplaceAll(html.UnescapeString(raw), "\n", "")))
			continue
		}
		if t := z.Token(); t.Data == "img" {
			raw = imageTag(t, shown)
		}
		b.WriteString(raw)
	}
	return strings.TrimSpace(b.String())
}

// imageTag is a picture with its number, as the editor of WordPress writes it.
func imageTag(t parser.Token, shown map[string]media) string {
	alt := literal(attribute(t, "alt"))
	m, ok := shown[attribute(t, "src")]
	if !ok {
		return alt
	}
	return fmt.Sprintf(`<img class="wp-image-%d" src="%s" alt="%s"/>`, m.ID, html.EscapeString(m.URL), alt)
}

// numbered finds the numbers that imageTag wrote.
var numbered = regexp.MustCompile(`class="wp-image-(\d+)"`)

// clear deletes the pictures of ours that a post shows and that it is not to show any more.
func (w *WordPress) clear(ctx context.Context, m messageID, next map[string]any) error {
	var old struct{ Content content }
	err := w.api(ctx, http.MethodGet, m.path(), url.Values{"context": {"edit"}, "_fields": {"content"}}, nil, &old)
	if err != nil {
		return err
	}
	after, _ := next["content"].(string)
	kept, gone := numbersIn(after), []string(nil)
	for _, n := range numbersIn(old.Content.Raw) {
		if !slices.Contains(kept, n) && len(gone) < mostImages {
			gone = append(gone, n)
		}
	}
	ours, err := w.ours(ctx, "include", gone)
	for _, m := range ours {
		if err == nil {
			err = w.api(ctx, http.MethodDelete, mediaPath(m.ID), url.Values{"force": {"true"}}, nil, nil)
		}
	}
	return err
}

func numbersIn(content string) (ns []string) {
	for _, m := range numbered.FindAllStringSubmatch(content, -1) {
		ns = append(ns, m[1])
	}
	return ns
}
