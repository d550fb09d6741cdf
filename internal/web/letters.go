package web

import (
	"net/http"
	"strconv"
	"strings"

	"experthour/internal/keyring"
	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// leaving begins the addresses at which askers end letters about a question.
const leaving = "/leave/"

// Letters makes the addresses that end letters. Each is signed, so that nobody can end
// those of somebody else, and says no more than the number of the question.
type Letters struct{ Keys keyring.Keys }

func (l Letters) on() bool { return len(l.Keys) > 0 }

// Leave is the path for one question.
func (l Letters) Leave(ref session.QuestionRef) string {
	return leaving + spell(ref, l.Keys.Mark(string(ref.Session), strconv.Itoa(ref.Number)))
}

// opens gives the question whose letters an address ends.
func (l Letters) opens(letter string) (session.QuestionRef, error) {
	ref, ok := parseReceipt(letter)
	given := letter[strings.LastIndexByte(letter, '.')+1:]
	if !ok || !l.Keys.Marked(given, string(ref.Session), strconv.Itoa(ref.Number)) {
		return ref, session.Fail(session.NotFound, "leave_unknown")
	}
	return ref, nil
}

// leaveView is the page on which letters are ended.
type leaveView struct {
	Path   string
	Number int
	Left   bool
}

// leavePage answers GET: programs that only look at links must end nothing.
func (s *Server) leavePage(w http.ResponseWriter, r *http.Request) { s.leaving(w, r, false) }

// leave answers POST, of the page's button and of a mail program (RFC 8058). The address
// is forgotten, which is all that it was kept for. A second time is a success.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) { s.leaving(w, r, true) }

func (s *Server) leaving(w http.ResponseWriter, r *http.Request, now bool) {
	ref, err := s.Letters.opens(r.PathValue("letter"))
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	ses, err := s.Store.Session(r.Context(), ref.Session)
	if err == nil && now {
		_, err = s.Service.Do(r.Context(), session.Program, session.ForgetQuestion{On: session.On{Question: ref}, What: session.Emails})
	}
	if err != nil {
		s.Site.ErrorPage(w, r, ses.Language, err)
		return
	}
	p := site.Page{Title: wording.In(ses.Language).Text("public.leave_title"), Language: ses.Language, Secret: true}
	v := leaveView{Path: leaving + r.PathValue("letter"), Number: ref.Number, Left: now}
	s.pages.Render(w, r, http.StatusOK, "leave", p, v)
}
