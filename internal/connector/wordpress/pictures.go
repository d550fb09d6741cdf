package wordpress

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// mostPictures is how many an answer shows, each in the library of the site.
const mostPictures = session.MaxPictures

// gallery are the pictures of an answer as those of a document, by which the library knows them.
func gallery(p connector.Post) connector.Document {
	d := connector.Document{Name: p.Copy, Pictures: map[string]connector.Illustration{}}
	for _, of := range p.Pictures {
		d.HTML += `<img src="` + html.EscapeString(string(of.Hash)) + `">`
		d.Pictures[string(of.Hash)] = connector.Illustration{Picture: of, Open: p.Open}
	}
	return d
}

// content is an answer as it is stored, with its pictures below the text. Only those stay in the library
// that it shows; fresh says that nothing of it stands yet. The site takes pictures out of the comments of who may not
// write HTML, without a word: they get links.
func (w *WordPress) content(ctx context.Context, p connector.Post, text string, fresh bool) (string, error) {
	out := markup(text)
	if p.Kind != session.KindAnswer || fresh && len(p.Pictures) == 0 {
		return out, nil
	}
	d := gallery(p)
	shown, err := w.library(ctx, p, d)
	if err == nil {
		err = w.tidy(ctx, d)
	}
	linked := false
	if err == nil && len(p.Pictures) > 0 && p.Original.Message != "" {
		var u user
		u, err = w.me(ctx)
		linked = !u.Can[htmlRight]
	}
	if err != nil {
		return "", later(err)
	}
	for _, of := range p.Pictures {
		out += "\n\n" + figure(shown[string(of.Hash)], of, wording.In(p.Language), linked)
	}
	if p.Original.Message != "" && len(out) > longest {
		return "", refused("the text is too long together with what its pictures show")
	}
	return out, nil
}

// htmlRight is that of who may write HTML in comments: editors, but for those of a network of sites
// (https://wordpress.org/documentation/article/roles-and-capabilities/#unfiltered_html).
const htmlRight = "unfiltered_html"

func figure(m media, of session.Picture, w wording.Words, linked bool) string {
	if linked {
		return fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(m.URL), literal(w.Picture(of)))
	}
	return "<figure>" + imageTag(m, literal(of.Alt)) + "<figcaption>" + literal(w.Text("transcript.picture_by", "author", of.Author)) +
		"</figcaption></figure>"
}

// tidy is clear for whom the library may be closed: then there is nothing of theirs in it.
func (w *WordPress) tidy(ctx context.Context, d connector.Document) error {
	err := w.clear(ctx, d)
	if httpapi.ErrorOf(err).Status == http.StatusForbidden && strings.HasPrefix(httpapi.ErrorOf(err).Code, "rest_") {
		return nil
	}
	return err
}
