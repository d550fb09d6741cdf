package web

import (
	"net/http"

	"experthour/internal/session"
)

// freshPicture is how long browsers and caches show a picture without asking again: one that was
// taken back is gone from them then. The bytes under an address never change.
const freshPicture = "public, max-age=600, immutable"

// picture answers with a picture of the answer that is public now, and with no other one.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	p, b, err := s.publicPicture(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	s.Site.Picture(w, r, p.Type, freshPicture, string(p.Hash), b)
}

func (s *Server) publicPicture(r *http.Request) (session.Picture, []byte, error) {
	unknown := session.Fail(session.NotFound, "picture_unknown")
	ses, err := s.session(r)
	if err != nil {
		return session.Picture{}, nil, err
	}
	ref, err := s.ref(r, ses)
	if err != nil {
		return session.Picture{}, nil, err
	}
	qs, err := s.Store.Questions(r.Context(), ref.Session, ref.Number)
	if session.KindOf(err) == session.NotFound {
		return session.Picture{}, nil, unknown
	}
	if err != nil {
		return session.Picture{}, nil, err
	}
	_, rev, ok := qs[0].Public()
	p, there := qs[0].Revision(rev).Picture(session.Hash(r.PathValue("hash")))
	if !ok || !there {
		return session.Picture{}, nil, unknown
	}
	_, b, err := s.Store.Picture(r.Context(), ref, p.Hash)
	return p, b, err
}
