package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// questionPage is the page of one question.
type questionPage struct {
	Back         string
	SessionTitle string
	Question     questionView
}

func (s *Server) question(w http.ResponseWriter, r *http.Request) {
	ses, err := s.session(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	ref, err := s.ref(r, ses)
	var v questionView
	if err == nil {
		v, err = s.publicQuestion(r.Context(), ses, ref)
	}
	if err != nil {
		s.Site.ErrorPageBack(w, r, ses.Language, path(ses.ID), err)
		return
	}
	words := wording.In(ses.Language)
	p := site.Page{Title: words.Text("public.question", "number", ref.Number), Language: ses.Language, Canonical: s.Site.URL(v.Path()),
		Feed: path(ses.ID) + "/feed.atom", Scripts: []string{"site.js"}, NoIndex: v.Asked == nil}
	if v.Asked != nil {
		p.Description = session.Shorten(session.CleanLine(v.Asked.Text), 200)
	}
	back := path(ses.ID) + "#q" + strconv.Itoa(ref.Number)
	s.pages.Render(w, r, http.StatusOK, "question", p, questionPage{Back: back, SessionTitle: ses.Title, Question: v})
}

// publicQuestion is what the public may know of a question. One that nobody accepted
// and that has no outcome is not there, and neither is a number that was never given.
func (s *Server) publicQuestion(ctx context.Context, ses session.Session, ref session.QuestionRef) (questionView, error) {
	unknown := session.Fail(session.NotFound, "question_unknown", "number", ref.Number)
	family, err := s.Store.Family(ctx, ref)
	if session.KindOf(err) == session.NotFound {
		return questionView{}, unknown
	}
	if err != nil {
		return questionView{}, err
	}
	vs, err := s.views(ctx, ses, family)
	if err != nil {
		return questionView{}, err
	}
	for _, v := range vs {
		if v.Number == ref.Number && (v.Asked != nil || v.Outcome != session.Queued) {
			return v, nil
		}
	}
	return questionView{}, unknown
}

// vote answers POST /s/{slug}/q/{n}/vote.
func (s *Server) vote(w http.ResponseWriter, r *http.Request) {
	ses, err := s.session(r)
	if err == nil {
		err = r.ParseForm()
		if err != nil {
			err = formError(err)
		}
	}
	if err == nil {
		err = s.allowed(s.voting, r)
	}
	var ref session.QuestionRef
	if err == nil {
		ref, err = s.ref(r, ses)
	}
	if err != nil {
		s.refuseVote(w, r, ses, err)
		return
	}
	up := r.PostForm.Get("up") != "0"
	votes, err := s.Store.Vote(r.Context(), session.Vote{Question: ref, By: s.voter(r, ses), Up: up})
	if err != nil {
		s.refuseVote(w, r, ses, hideUnaccepted(err))
		return
	}
	s.voted(w, r, ses, ref, votes, up)
}

// hideUnaccepted answers about a question that is not public as about one that does
// not exist, so that nobody learns how many wait.
func hideUnaccepted(err error) error {
	if session.KindOf(err) == session.NotFound {
		return session.Fail(session.Refused, "vote_unaccepted").Because(err)
	}
	return err
}

// voter is a hash that tells two browsers apart within one session and says nothing
// about either. Its key is the session's own, so it means nothing elsewhere.
func (s *Server) voter(r *http.Request, ses session.Session) session.Hash {
	m := hmac.New(sha256.New, derive(s.Secret, "votes", string(ses.ID)))
	m.Write([]byte(s.Site.ClientAddr(r).String() + "\n" + r.UserAgent()))
	return session.Hash(hex.EncodeToString(m.Sum(nil)))
}

// votedAnswer is what the script gets: the form as it should look now.
type votedAnswer struct {
	Number int    `json:"number"`
	Votes  int    `json:"votes"`
	HTML   string `json:"html"`
}

func (s *Server) voted(w http.ResponseWriter, r *http.Request, ses session.Session, ref session.QuestionRef, votes int, up bool) {
	if !wantsJSON(r) {
		to := path(ses.ID)
		if up {
			to += "?voted=" + strconv.Itoa(ref.Number)
		}
		http.Redirect(w, r, to+"#q"+strconv.Itoa(ref.Number), http.StatusSeeOther)
		return
	}
	v := questionView{Slug: ses.ID, Voted: up}
	v.Number, v.Votes = ref.Number, votes
	b, err := s.pages.Fragment(ses.Language, "vote", v)
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	s.Site.JSON(w, http.StatusOK, votedAnswer{ref.Number, votes, string(b)})
}

func (s *Server) refuseVote(w http.ResponseWriter, r *http.Request, ses session.Session, err error) {
	if wantsJSON(r) {
		s.Site.Problem(w, r, err)
		return
	}
	back := "/"
	if ses.ID != "" {
		back = path(ses.ID)
	}
	s.Site.ErrorPageBack(w, r, ses.Language, back, err)
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}
