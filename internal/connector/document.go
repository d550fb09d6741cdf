package connector

import (
	"context"

	"experthour/internal/session"
)

// Document is a post that has room for much: the transcript of an hour.
type Document struct {
	Name  string // the same for every state of it, and for nothing else
	Title string // one line, plain text
	// HTML is the rest: headings from h2 on, p, blockquote, div, figure, strong, small, br, img and
	// a, without style. All that people wrote in it is escaped.
	HTML string
	// Pictures are the img of HTML, by what each has as src.
	Pictures map[string]Illustration
}

// Illustration is a picture of a document.
type Illustration struct {
	session.Picture
	// Open reads its bytes, as Post.Open does.
	Open func(ctx context.Context, p session.Picture) ([]byte, error)
}

// Whole makes the document of a post; ok is false for a post that has none. Its error is that of a
// send that did not happen.
func (p Post) Whole(ctx context.Context) (d Document, ok bool, err error) {
	if p.Document == nil {
		return Document{}, false, nil
	}
	if d, err = p.Document(ctx); err != nil {
		return Document{}, true, &SendError{Outcome: Deferred, Cause: err}
	}
	return d, true, nil
}
