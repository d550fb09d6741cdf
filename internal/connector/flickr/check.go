package flickr

import (
	"context"
	"net/url"

	"experthour/internal/connector"
)

var _ connector.Checker = (*Flickr)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// Check looks at the key, the token and the photo.
func (f *Flickr) Check(ctx context.Context) []connector.Finding {
	u, err := f.login(ctx)
	if err != nil {
		return []connector.Finding{f.refusal(err)}
	}
	found := []connector.Finding{good("flickr.works", "name", u.Username.Content), good("flickr.longest", "most", longest)}
	return append(append(found, f.checkToken(ctx)...), f.checkPhoto(ctx, u)...)
}

// refusal is why nothing can be asked.
func (f *Flickr) refusal(err error) connector.Finding {
	none, is := f.untokened(err)
	switch {
	case is:
		return none
	case said(err, badKey):
		return bad("flickr.key_refused")
	case refusesLogin(err):
		return bad("flickr.login_refused")
	}
	return bad("flickr.no_answer", "detail", connector.OutcomeOf(err).Detail)
}

// checkToken asks what the token may (https://www.flickr.com/services/api/flickr.auth.oauth.checkToken.html).
func (f *Flickr) checkToken(ctx context.Context) []connector.Finding {
	var answer struct{ OAuth struct{ Perms text } }
	err := f.read(ctx, "flickr.auth.oauth.checkToken", url.Values{}, &answer)
	switch {
	case err != nil:
		return []connector.Finding{f.refusal(err)}
	case answer.OAuth.Perms.Content != "write" && answer.OAuth.Perms.Content != "delete":
		return []connector.Finding{bad("flickr.read_only", "perms", answer.OAuth.Perms.Content)}
	}
	return nil
}

func (f *Flickr) checkPhoto(ctx context.Context, u user) []connector.Finding {
	p, err := f.info(ctx)
	switch {
	case said(err, noPhoto):
		return []connector.Finding{bad("flickr.photo_gone")}
	case err != nil:
		return []connector.Finding{f.refusal(err)}
	case p.Owner.NSID != u.ID:
		return []connector.Finding{bad("flickr.not_own", "title", p.Title.Content)}
	case bare(p.Visibility.IsPublic) != "1":
		return []connector.Finding{bad("flickr.private", "title", p.Title.Content)}
	case bare(p.Editability.CanComment) != "1":
		return []connector.Finding{bad("flickr.closed", "title", p.Title.Content)}
	}
	return []connector.Finding{good("flickr.photo", "title", p.Title.Content)}
}
