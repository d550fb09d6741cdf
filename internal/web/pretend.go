package web

import (
	"net/http"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// thread is what somebody wrote, and what was posted under it.
type thread struct {
	connector.PretendPost
	Replies []connector.PretendPost
}

type pretendView struct {
	Name    string
	Threads []thread // the newest first
}

// pretend shows what stands on a pretend platform, so that in a demo or a rehearsal the
// second public copy can be looked at like the first one. Like a real platform's page, it
// shows posts and nothing else.
func (s *Server) pretend(w http.ResponseWriter, r *http.Request) {
	id := session.ConnectorID(r.PathValue("connector"))
	conn, _ := s.Connectors.Get(id)
	platform, ok := connector.As[connector.Pretend](conn)
	if !ok {
		s.Site.ErrorPage(w, r, "", site.ErrNoPage)
		return
	}
	name := s.Options.Places[id]
	p := site.Page{Title: name, NoIndex: true, Scripts: []string{"pretend.js"}}
	s.pages.Render(w, r, http.StatusOK, "pretend", p, pretendView{name, threads(platform.Posts())})
}

// threads puts replies under what they reply to. A reply to something that is
// forgotten stands on its own.
func threads(posts []connector.PretendPost) []thread {
	var ts []thread
	for _, p := range posts {
		i := slices.IndexFunc(ts, func(t thread) bool { return p.Under != "" && t.ID == p.Under })
		if i < 0 {
			ts = append(ts, thread{PretendPost: p})
			continue
		}
		ts[i].Replies = append(ts[i].Replies, p)
	}
	slices.Reverse(ts)
	return ts
}

// Long reports whether the text is long for a heading.
func (t thread) Long() bool { return len([]rune(t.Text)) > 280 || strings.Count(t.Text, "\n") > 3 }
