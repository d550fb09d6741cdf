package wordpress

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

var _ connector.Checker = (*WordPress)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// needed are the rights without which something of an hour would be refused.
var needed = []string{"publish_posts", "edit_published_posts", "delete_published_posts", "edit_others_posts", "moderate_comments",
	"upload_files"}

// Check looks at the site, at the user and at the category.
func (w *WordPress) Check(ctx context.Context) []connector.Finding {
	if f, ok := w.checkSite(ctx); !ok {
		return []connector.Finding{f}
	}
	u, err := w.me(ctx)
	if httpapi.ErrorOf(err).Status == http.StatusUnauthorized {
		return []connector.Finding{bad("wordpress.password_refused")}
	}
	if err != nil {
		return []connector.Finding{w.noAnswer(err)}
	}
	found := []connector.Finding{good("wordpress.works", "site", w.account.URL, "name", u.Name), good("wordpress.longest", "most", longest)}
	for _, right := range needed {
		if !u.Can[right] {
			found = append(found, bad("wordpress.right_missing", "name", u.Name, "role", strings.Join(u.Roles, ", "), "right", right))
			break
		}
	}
	if !u.Can[htmlRight] {
		found = append(found, good("wordpress.pictures_linked", "name", u.Name))
	}
	if !w.settings.Approve {
		found = append(found, good("wordpress.approves_not"))
	}
	return append(found, w.checkCategory(ctx)...)
}

// checkSite looks for the API, and whether it takes application passwords.
func (w *WordPress) checkSite(ctx context.Context) (connector.Finding, bool) {
	var root struct {
		Namespaces     []string       `json:"namespaces"`
		Authentication map[string]any `json:"authentication"`
	}
	err := w.index(ctx, &root)
	e := httpapi.ErrorOf(err)
	switch {
	case e.Status == http.StatusNotFound || err == nil && len(root.Namespaces) == 0:
		return bad("wordpress.no_api", "site", w.account.URL), false
	case e.Status >= 300 && e.Status <= 399:
		return bad("wordpress.moved", "site", w.account.URL), false
	case err != nil:
		return w.noAnswer(err), false
	case root.Authentication["application-passwords"] == nil:
		return bad("wordpress.no_passwords", "site", w.account.URL), false
	}
	return connector.Finding{}, true
}

// index reads what a site says of its API. Where it has no authentication, WordPress writes
// a list in place of an object.
func (w *WordPress) index(ctx context.Context, into any) error {
	query := url.Values{"_fields": {"namespaces,authentication"}}
	_, err := w.http.Do(ctx, httpapi.Request{Method: http.MethodGet, To: "/", Query: query, Into: into})
	return err
}

func (w *WordPress) noAnswer(err error) connector.Finding {
	return bad("wordpress.no_answer", "site", w.account.URL, "detail", connector.OutcomeOf(err).Detail)
}

func (w *WordPress) checkCategory(ctx context.Context) []connector.Finding {
	if w.settings.Category == "" {
		return nil
	}
	var c struct{ Name string }
	err := w.api(ctx, http.MethodGet, "/categories/"+string(w.settings.Category), url.Values{"_fields": {"name"}}, nil, &c)
	switch {
	case httpapi.ErrorOf(err).Status == http.StatusNotFound:
		return []connector.Finding{bad("wordpress.no_category", "category", string(w.settings.Category))}
	case err != nil:
		return []connector.Finding{w.noAnswer(err)}
	}
	return []connector.Finding{good("wordpress.category", "name", plain(c.Name))}
}
