package deskpage

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"experthour/internal/session"
)

// toldView shows what a command will tell the public, before it is given.
type toldView struct {
	nav
	Title, Submit string
	Action        string // where the command is given, and the form is shown again with what was typed
	Copies        []copyView
	Typed         []input
	Changed       bool // since the person looked
}

// showTold asks for one more press, on exactly what is told, unless the person has seen it.
func (d *Desk) showTold(w http.ResponseWriter, r *http.Request, m *room, v toldView, told []session.Rendered, digest string) bool {
	seen := r.PostForm.Get("digest")
	if len(told) == 0 || seen == digest {
		return false
	}
	v.nav, v.Action, v.Changed = m.nav(), r.URL.Path, seen != ""
	for _, e := range m.Foretold(told) {
		v.Copies = append(v.Copies, copyOf(e))
	}
	v.Typed = typed(r.PostForm, digest)
	d.pages.Render(w, r, http.StatusOK, "told", d.frame(v.Title), v)
	return true
}

// typed is a form as hidden fields, with the digest of what is shown. What has several values keeps their order: it is the
// order in which experts are named and places are told, so another one is another text.
func typed(form url.Values, digest string) []input {
	all := []input{{"digest", digest}}
	for name, values := range form {
		for _, value := range values {
			if name != "digest" {
				all = append(all, input{name, value})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b input) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
