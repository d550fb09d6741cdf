package web

import (
	"context"
	"net/http"

	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// changed is one question of a live update. HTML is the whole article; Removed says
// that the question stands in no list any more.
type changed struct {
	Number  int    `json:"n"`
	List    string `json:"list,omitempty"`
	HTML    string `json:"html,omitempty"`
	Removed bool   `json:"removed,omitempty"`
	Status  string `json:"status,omitempty"` // for the status line
}

// events answers GET /s/{slug}/events.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	ses, err := s.session(r)
	if err != nil {
		s.Site.Refuse(w, r, err)
		return
	}
	if !ses.Voting() { // nothing happens any more: a browser that is told so does not come back
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.Hub.Serve(w, r, ses.ID, "public", func(ctx context.Context, e session.Entry) ([]site.Frame, error) {
		return s.frames(ctx, ses.ID, e)
	})
}

// frames draws a change for all readers. What is not public makes no frame, so
// nobody can count the questions that wait for a moderator.
func (s *Server) frames(ctx context.Context, id session.ID, e session.Entry) ([]site.Frame, error) {
	if e.Number == 0 {
		if e.Verb == session.RemindVerb {
			return nil, nil
		}
		ses, err := s.Store.Session(ctx, id)
		return []site.Frame{{Event: "session", Data: struct{}{}, Last: !ses.Voting()}}, err
	}
	if quiet(e.Verb) {
		return nil, nil
	}
	ses, err := s.Store.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	qs, err := s.Store.Questions(ctx, id, e.Number)
	if err != nil {
		return nil, err
	}
	vs, err := s.views(ctx, ses, qs)
	if err != nil || len(vs) == 0 {
		return nil, err
	}
	c, err := s.change(ses, vs[0], e.Verb)
	return []site.Frame{{Event: "question", Data: c}}, err
}

// quiet are the verbs after which the public sees nothing else than before.
func quiet(v session.Verb) bool {
	switch v {
	case session.Ask, session.Claim, session.Release, session.Submit, session.TakeBack, session.AddNote, session.Parked, session.Reword,
		session.Write, session.Settle, session.UseIt, session.Greet, session.Undo:
		return true
	}
	return false
}

func (s *Server) change(ses session.Session, v questionView, verb session.Verb) (changed, error) {
	words := wording.In(ses.Language)
	c := changed{Number: v.Number, List: list(v)}
	if c.List == "" {
		c.Removed = true
		c.Status = words.Text("public.was_removed", "number", v.Number)
		return c, nil
	}
	switch {
	case v.Answer != nil && (verb == session.Sent || verb == session.IsOut):
		c.Status = words.Text("public.was_answered", "number", v.Number)
	case verb == session.Accept, verb == session.Conclude && c.List == "waiting" && v.Answer == nil:
		c.Status = words.Text("public.was_accepted", "number", v.Number)
	}
	b, err := s.pages.Fragment(ses.Language, "question", v)
	c.HTML = string(b)
	return c, err
}
