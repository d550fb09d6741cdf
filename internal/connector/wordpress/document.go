package wordpress

import (
	"context"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
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
	out, err := w.post(ctx, p, fresh)
	if err != nil {
		return nil, err
	}
	d, ok, err := p.Whole(ctx)
	if err != nil || !ok {
		return out, err
	}
	if len(d.HTML) > mostDocument {
		return out, connector.Repeatable(w.clear(ctx, connector.Document{Name: d.Name}))
	}
	if fresh {
		out["comment_status"] = "closed" // the hour is over
	}
	shown, err := w.library(ctx, p, d)
	if err == nil {
		err = w.clear(ctx, d)
	}
	out["title"], out["content"] = literal(d.Title), w.body(d.HTML, shown)
	return out, connector.Repeatable(err)
}

// library sees to it that the pictures of a document are in the library, and gives them by src.
func (w *WordPress) library(ctx context.Context, p connector.Post, d connector.Document) (map[string]media, error) {
	wanted := shownIn(d)
	slugs := slices.Sorted(maps.Keys(wanted))
	there, err := w.ours(ctx, "slug", slugs)
	if err != nil {
		return nil, err
	}
	shown := map[string]media{}
	for _, slug := range slugs {
		src := wanted[slug]
		of, m := d.Pictures[src], there[slug]
		if m.ID == 0 {
			if m, err = w.upload(ctx, slug, of); err != nil {
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

// prefixOf begins the names of all pictures of a document, also of its former and later states.
func prefixOf(d connector.Document) string { return keyOf("pictures "+d.Name) + "-" }

// shownIn are the src of the pictures that a document shows, by their names at a site, by which
// they are looked up.
func shownIn(d connector.Document) map[string]string {
	shown := map[string]string{}
	srcs := images(d.HTML)
	for _, src := range srcs[:min(len(srcs), mostImages)] {
		if _, known := d.Pictures[src]; known {
			shown[prefixOf(d)+strings.TrimPrefix(keyOf(src), keyPrefix)] = src
		}
	}
	return shown
}

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
// paragraphs of them (people's lines are br), and a picture that is not in the library is what it
// shows in words.
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
			raw = imageTag(shown[attribute(t, "src")], literal(attribute(t, "alt")))
		}
		b.WriteString(brackets.Replace(raw)) // shortcodes are looked for inside of tags, too
	}
	return strings.TrimSpace(b.String())
}

var brackets = strings.NewReplacer("[", "%5B", "]", "%5D")

// imageTag is a picture with its number, as the editor of WordPress writes it, and its words, which stand
// alone where it is not in the library.
func imageTag(m media, alt string) string {
	if m.ID == 0 {
		return alt
	}
	return fmt.Sprintf(`<img class="wp-image-%d" src="%s" alt="%s"/>`, m.ID, html.EscapeString(m.URL), alt)
}

// clear deletes the pictures of a document's that it does not show: those of a former one, and of
// attempts that broke off.
func (w *WordPress) clear(ctx context.Context, d connector.Document) error {
	ours, err := w.ours(ctx, "search", []string{prefixOf(d)})
	if err != nil {
		return err
	}
	shown := shownIn(d)
	for slug, m := range ours {
		if _, is := shown[slug]; is || !strings.HasPrefix(slug, prefixOf(d)) {
			continue
		}
		if err := w.api(ctx, http.MethodDelete, mediaPath(m.ID), url.Values{"force": {"true"}}, nil, nil); err != nil && !isMissing(err) {
			return err
		}
	}
	return nil
}
