// Package pretend shows what stands on a pretend platform, so that in a demo or a
// rehearsal the second public copy can be looked at like the first one.
//
// It knows the sandbox and how to draw its posts. It must not know sessions or
// questions: like a real platform's page, it shows posts and nothing else.
package pretend

import (
	"embed"
	"net/http"
	"slices"
	"strings"

	"experthour/internal/connector/sandbox"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

//go:embed pages
var files embed.FS

// Box is a pretend platform by its name in addresses and for people.
type Box struct {
	ID      session.ConnectorID
	Name    string
	Sandbox *sandbox.Sandbox
}

// Path is where the posts of the pretend platform id are shown.
func Path(id session.ConnectorID) string { return "/pretend/" + string(id) }

// thread is what somebody wrote, and what was posted under it.
type thread struct {
	sandbox.Post
	Replies []sandbox.Post
}

type view struct {
	Name    string
	Threads []thread // the newest first
}

// Routes adds the pages of the pretend platforms to a mux. An error is about
// templates only.
func Routes(st *site.Site, boxes []Box) (func(*http.ServeMux), error) {
	pages, err := st.Pages(files, "pages")
	if err != nil {
		return nil, err
	}
	return func(mux *http.ServeMux) {
		for _, b := range boxes {
			mux.HandleFunc("GET "+Path(b.ID), func(w http.ResponseWriter, r *http.Request) {
				p := site.Page{Title: b.Name, NoIndex: true, Scripts: []string{"pretend.js"}}
				pages.Render(w, r, http.StatusOK, "pretend", p, view{b.Name, threads(b.Sandbox.Posts())})
			})
		}
	}, nil
}

// threads puts replies under what they reply to. A reply to something that is
// forgotten stands on its own.
func threads(posts []sandbox.Post) []thread {
	var ts []thread
	for _, p := range posts {
		i := slices.IndexFunc(ts, func(t thread) bool { return p.Under != "" && t.ID == p.Under })
		if i < 0 {
			ts = append(ts, thread{Post: p})
			continue
		}
		ts[i].Replies = append(ts[i].Replies, p)
	}
	slices.Reverse(ts)
	return ts
}

// Long reports whether the text is long for a heading.
func (t thread) Long() bool { return len([]rune(t.Text)) > 280 || strings.Count(t.Text, "\n") > 3 }
