package web

import (
	"context"
	"net/http"
	"slices"

	"experthour/internal/session"
	"experthour/internal/web/site"
)

// changed is one question of a live update. HTML is the whole article; Removed says
// that the question stands in no list any more.
type changed struct {
	Number  int    `json:"n"`
	List    string `json:"list,omitempty"`
	HTML    string `json:"html,omitempty"`
	Removed bool   `json:"removed,omitempty"`
	Status  string `json:"status,omitempty"` // for the status line
	// Counts are how many questions there are in each list.
	Counts map[string]int `json:"counts"`
}

// turned is a change of the hour itself. Hero and Ask are parts of the page; Again says that more
// than these changed, and that the page is to be read anew.
type turned struct {
	Hero  string `json:"hero,omitempty"`
	Ask   string `json:"ask,omitempty"` // in place of the form; empty where there is one, which is each reader's own
	Again bool   `json:"again,omitempty"`
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
	lang := readerOf(r, ses).lang
	s.Hub.Serve(w, r, ses.ID, "public/"+string(lang), func(ctx context.Context, e session.Entry) ([]site.Frame, error) {
		return s.frames(ctx, ses.ID, lang, e)
	})
}

// internal are the verbs on an hour of which the public sees nothing.
var internal = []session.Verb{session.RemindVerb, session.Renew, session.Await, session.Lift}

// frames draws a change for all readers of a language. What is not public makes no frame, so
// nobody can count the questions that wait for a moderator.
func (s *Server) frames(ctx context.Context, id session.ID, lang session.Language, e session.Entry) ([]site.Frame, error) {
	if slices.Contains(internal, e.Verb) || e.Number > 0 && quiet(e.Verb) {
		return nil, nil
	}
	ses, err := s.Store.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	rd := reader{ses, lang}
	if e.Number == 0 {
		t, err := s.turn(ctx, rd, e.Verb)
		return []site.Frame{{Event: "session", Data: t, Last: !ses.Voting()}}, err
	}
	qs, err := s.Store.Questions(ctx, id, e.Number)
	if err != nil {
		return nil, err
	}
	vs, err := s.viewsFor(ctx, rd, qs)
	if err != nil || len(vs) == 0 {
		return nil, err
	}
	c, err := s.change(ctx, rd, vs[0], e.Verb)
	return []site.Frame{{Event: "question", Data: c}}, err
}

// turn draws what an act changes of the hour. At its start and its end its lists are others too.
func (s *Server) turn(ctx context.Context, rd reader, verb session.Verb) (turned, error) {
	if verb == session.Start || !rd.Voting() {
		return turned{Again: true}, nil
	}
	l, err := s.lists(ctx, rd.Session)
	if err != nil {
		return turned{}, err
	}
	b := board{reader: rd, lists: map[string]listView{answered: rd.list(answered, l.count(answered))}}
	form := s.form(rd, askInput{Key: s.Site.Gap})
	hero, err := s.pages.Fragment(rd.lang, "hero", s.sessionView(b, form))
	if err != nil || form.Shown {
		return turned{Hero: string(hero)}, err
	}
	ask, err := s.pages.Fragment(rd.lang, "ask", form)
	return turned{Hero: string(hero), Ask: string(ask)}, err
}

// quiet are the verbs after which the public sees nothing else than before.
func quiet(v session.Verb) bool {
	switch v {
	case session.Ask, session.TakeBack, session.AddNote, session.Parked, session.Reword, session.Write,
		session.Settle, session.UseIt, session.Describe, session.LeaveEmail, session.Greet, session.Undo:
		return true
	}
	return false
}

func (s *Server) change(ctx context.Context, rd reader, v questionView, verb session.Verb) (changed, error) {
	words := rd.words()
	l, err := s.lists(ctx, rd.Session)
	if err != nil {
		return changed{}, err
	}
	c := changed{Number: v.Number, List: list(v), Counts: l.counts()}
	if c.List == "" {
		c.Removed = true
		c.Status = words.Text("public.was_removed", "number", v.Number)
		return c, nil
	}
	switch {
	case v.Answer != nil && (verb == session.Sent || verb == session.IsOut):
		c.Status = words.Text("public.was_answered", "number", v.Number)
	case verb == session.Accept, verb == session.Conclude && c.List == waiting && v.Answer == nil:
		c.Status = words.Text("public.was_accepted", "number", v.Number)
	}
	b, err := s.pages.Fragment(rd.lang, "question", v)
	c.HTML = string(b)
	return c, err
}
