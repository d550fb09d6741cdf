package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"

	"experthour/internal/connector"
	"experthour/internal/picture"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// posters are the pictures of announcements that were drawn last, by their names.
type posters struct {
	mu    sync.Mutex
	drawn map[string][]byte
}

// mostPosters bounds how many are kept; each has some 100 kB.
const mostPosters = 16

// draw draws a poster once.
func (ps *posters) draw(name string, p picture.Poster) ([]byte, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if b := ps.drawn[name]; b != nil {
		return b, nil
	}
	b, err := p.Draw()
	if err == nil && (ps.drawn == nil || len(ps.drawn) >= mostPosters) {
		ps.drawn = map[string][]byte{}
	}
	if err == nil {
		ps.drawn[name] = b
	}
	return b, err
}

// over says what a poster is about; other news have none.
func over(w wording.Words, n session.News) string {
	switch n.Topic() {
	case session.NewsScheduled, session.NewsOpen:
		return w.Text("announce.poster")
	case session.NewsMoved:
		return w.Text("announce.poster_moved")
	case session.NewsCancelled:
		return w.Text("announce.cancelled")
	}
	return ""
}

// posterOf is the picture of a piece of news about an hour as it is now, and the name of it: another
// one for whatever else it says.
func (s *Server) posterOf(ses session.Session, n session.News) (name string, p picture.Poster, ok bool) {
	w, t := wording.In(ses.Language), ses.Times()
	head := over(w, n)
	if head == "" {
		return "", p, false
	}
	var who []string
	for _, e := range ses.Experts {
		name := string(e.Name)
		if e.Office != "" {
			name += ", " + e.Office
		}
		who = append(who, name)
	}
	p = picture.Poster{Over: head, Title: ses.Title, When: w.Span(t.From, t.To), Who: strings.Join(who, "\n"), By: s.Site.Institution}
	sum := sha256.Sum256([]byte(p.Alt()))
	return string(n.Topic()) + "-" + hex.EncodeToString(sum[:8]) + ".jpg", p, true
}

// Poster says where the picture of a piece of news is.
func (s *Server) Poster(ctx context.Context, id session.ID, n session.News) (connector.Poster, error) {
	ses, err := s.Store.Session(ctx, id)
	if err != nil {
		return connector.Poster{}, err
	}
	name, p, ok := s.posterOf(ses, n)
	if !ok {
		return connector.Poster{}, session.Fail(session.NotFound, "picture_unknown")
	}
	return connector.Poster{URL: s.Site.URL(path(id) + "/poster/" + name), Alt: p.Alt()}, nil
}

// poster answers with the picture of an announcement, as long as the hour says the same.
func (s *Server) poster(w http.ResponseWriter, r *http.Request) {
	ses, err := s.session(r)
	var b []byte
	name := r.PathValue("name")
	if err == nil {
		topic, _, _ := strings.Cut(name, "-")
		now, p, ok := s.posterOf(ses, session.News(topic))
		if ok && now == name {
			b, err = s.posters.draw(name, p)
		} else {
			err = session.Fail(session.NotFound, "picture_unknown")
		}
	}
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	s.Site.Picture(w, r, "image/jpeg", freshPicture, strings.TrimSuffix(name, ".jpg"), b)
}
