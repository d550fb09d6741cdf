package facebook

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/graph"
)

var _ connector.Checker = (*Facebook)(nil)

// readScopes are what reading comments takes, and allScopes what all takes
// (https://developers.facebook.com/docs/permissions).
var (
	readScopes = []string{"pages_read_engagement", "pages_read_user_content"}
	allScopes  = append(slices.Clone(readScopes), "pages_manage_posts", "pages_manage_engagement", "pages_manage_metadata")
)

// soon is how long before its end a token is told of.
const soon = 14 * 24 * time.Hour

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// token is what the API says of one
// (https://developers.facebook.com/docs/graph-api/reference/debug_token/).
type token struct {
	Type    string
	Valid   bool   `json:"is_valid"`
	Expires int64  `json:"expires_at"`
	Data    int64  `json:"data_access_expires_at"`
	App     string `json:"app_id"`
	Page    string `json:"profile_id"`
	Scopes  []string
}

func (t token) lacks(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(t.Scopes, s) })
}

// debug asks, as the app, what the token is good for.
func (f *Facebook) debug(ctx context.Context) (token, error) {
	var said struct{ Data *token }
	err := f.graph.as(ctx, f.account.appToken(),
		graph.Request(http.MethodGet, "/debug_token", url.Values{"input_token": {f.graph.token}}, &said))
	if err == nil && said.Data == nil {
		err = graph.Unusable(http.MethodGet)
	}
	if err != nil {
		return token{}, err
	}
	return *said.Data, nil
}

// Check looks at the app, the token, its permissions, and at what it sees, without posting.
func (f *Facebook) Check(ctx context.Context) []connector.Finding {
	t, err := f.debug(ctx)
	switch {
	case refusesToken(err):
		return []connector.Finding{bad("facebook.app_refused")}
	case err != nil:
		return []connector.Finding{noAnswer(err)}
	case !t.Valid:
		return []connector.Finding{bad("facebook.token_refused")}
	case t.Type != "PAGE" || t.App != string(f.account.AppID):
		return []connector.Finding{bad("facebook.wrong_token", "type", t.Type)}
	case t.Page != string(f.settings.Page):
		return []connector.Finding{bad("facebook.wrong_page", "page", t.Page)}
	}
	found := []connector.Finding{f.works(ctx), f.ends(t)}
	if lacks := t.lacks(allScopes); len(lacks) > 0 {
		found = append(found, bad("facebook.lacks", "scopes", strings.Join(lacks, ", ")))
	}
	return append(found, f.checkComments(ctx), f.checkHook(ctx), good("facebook.review"))
}

func noAnswer(err error) connector.Finding {
	return bad("facebook.no_answer", "detail", connector.OutcomeOf(err).Detail)
}

// works calls as the Page, with the proof.
func (f *Facebook) works(ctx context.Context) connector.Finding {
	var said struct{ Name string }
	if err := f.graph.get(ctx, "/"+string(f.settings.Page), url.Values{"fields": {"id,name"}}, &said); err != nil {
		return noAnswer(err)
	}
	return good("facebook.works", "name", said.Name, "most", longest)
}

// ends says when the token ends, or what it may read.
func (f *Facebook) ends(t token) connector.Finding {
	at := t.Expires
	if at == 0 || t.Data > 0 && t.Data < at {
		at = t.Data
	}
	if at == 0 {
		return good("facebook.lasts")
	}
	end := time.Unix(at, 0)
	zone := f.env.Zone
	if zone == nil {
		zone = time.UTC
	}
	finding := good("facebook.ends", "date", end.In(zone).Format(time.DateOnly))
	finding.Bad = end.Sub(f.env.Now()) < soon
	return finding
}

// mostTried is how many posts are looked at for a comment.
const mostTried = 5

// checkComments looks whether comments have an id, which takes the task MODERATE, and an author,
// which takes Advanced Access.
func (f *Facebook) checkComments(ctx context.Context) connector.Finding {
	var posts graph.Page
	q := url.Values{"fields": {"id"}, "limit": {"5"}}
	if err := f.graph.get(ctx, "/"+string(f.settings.Page)+"/feed", q, &posts); err != nil {
		return noAnswer(err)
	}
	for _, raw := range posts.Data[:min(len(posts.Data), mostTried)] {
		var post struct{ ID string }
		if json.Unmarshal(raw, &post) != nil || !nodeID.MatchString(post.ID) {
			continue
		}
		var p graph.Page
		q := url.Values{"fields": {"id,from{id},created_time"}, "limit": {"25"}}
		if err := f.graph.get(ctx, "/"+post.ID+"/comments", q, &p); err != nil {
			return noAnswer(err)
		}
		for _, raw := range p.Data {
			if finding, tells := f.sample(raw); tells {
				return finding
			}
		}
	}
	return good("facebook.no_sample")
}

// sample is what one comment tells; one of the Page's own tells nothing.
func (f *Facebook) sample(raw []byte) (connector.Finding, bool) {
	n, ok := parse(raw)
	switch {
	case noID(raw):
		return bad("facebook.no_ids"), true
	case !ok || f.ours(n.From):
		return connector.Finding{}, false
	case n.From.ID == "":
		return bad("facebook.unnamed"), true
	}
	return good("facebook.reads"), true
}

// checkHook looks whether the Page calls the app; where that is written down only people see.
func (f *Facebook) checkHook(ctx context.Context) connector.Finding {
	if f.account.VerifyToken.Reveal() == "" {
		return good("facebook.polled")
	}
	var said struct {
		Data []struct {
			ID     string
			Fields []string `json:"subscribed_fields"`
		}
	}
	if err := f.graph.get(ctx, "/"+string(f.settings.Page)+"/subscribed_apps", nil, &said); err != nil {
		return noAnswer(err)
	}
	for _, app := range said.Data {
		if app.ID == string(f.account.AppID) && slices.Contains(app.Fields, "feed") {
			return good("facebook.called", "url", f.hookURL())
		}
	}
	return good("facebook.not_yet", "url", f.hookURL())
}
