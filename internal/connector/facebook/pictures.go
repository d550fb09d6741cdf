package facebook

import (
	"context"
	"net/http"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
	"experthour/internal/connector/httpapi"
	"experthour/internal/wording"
)

// mostPictures is how many a comment has.
const mostPictures = 1

// picture hands the one of a post over and gives its id. It stands nowhere until a comment has it
// (https://developers.facebook.com/docs/graph-api/reference/page/photos/, "published"), and one
// that no comment has is forgotten by Facebook ("temporary"), so whatever goes wrong may be repeated.
func (f *Facebook) picture(ctx context.Context, p connector.Post) (string, error) {
	of := p.Pictures[0]
	content, err := p.Bytes(ctx, of)
	if err != nil {
		return "", err
	}
	var said struct{ ID string }
	err = f.graph.upload(ctx, "/"+string(f.settings.Page)+"/photos", &said,
		httpapi.Part{Name: "source", File: string(of.Hash), Type: of.Type, Content: content},
		httpapi.Part{Name: "alt_text_custom", Content: []byte(strings.TrimSpace(wording.In(p.Language).Picture(of)))},
		httpapi.Part{Name: "published", Content: []byte("false")}, httpapi.Part{Name: "temporary", Content: []byte("true")})
	if err == nil && !digits.MatchString(said.ID) {
		err = graph.Unusable(http.MethodPost)
	}
	return said.ID, connector.Repeatable(err)
}
