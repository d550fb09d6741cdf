package web

import (
	"context"
	"fmt"
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
	Token        string
}

func (s *Server) question(w http.ResponseWriter, r *http.Request) {
	m, ses, err := s.moment(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	ref, err := s.ref(r, ses)
	by := r.URL.Query().Get("by")
	voted := r.URL.Query().Get("voted") != "" && s.tokens.valid(ses.ID, by)
	var sheet *site.Sheet
	if err == nil {
		name := fmt.Sprint("q/", ref.Number, voted)
		sheet, err = site.Recent(r.Context(), m, name, lasting, func(ctx context.Context) (*site.Sheet, error) {
			return s.questionSheet(ctx, r, ses, ref, voted)
		})
	}
	if err != nil {
		s.Site.ErrorPageBack(w, r, ses.Language, path(ses.ID), err)
		return
	}
	sheet.Serve(w, r, s.tokens.kept(ses.ID, by))
}

func (s *Server) questionSheet(ctx context.Context, r *http.Request, ses session.Session, ref session.QuestionRef,
	voted bool) (*site.Sheet, error) {
	v, err := s.publicQuestion(ctx, ses, ref)
	if err != nil {
		return nil, err
	}
	v.Voted = voted
	words := wording.In(ses.Language)
	p := site.Page{Title: words.Text("public.question", "number", ref.Number), Language: ses.Language, Canonical: s.Site.URL(v.Path()),
		Feed: path(ses.ID) + "/feed", Scripts: []string{"site.js"}, NoIndex: v.Asked == nil}
	if v.Asked != nil {
		p.Description = session.Shorten(session.CleanLine(v.Asked.Text), 200)
	}
	view := questionPage{Back: path(ses.ID) + "#q" + strconv.Itoa(ref.Number), SessionTitle: ses.Title, Question: v, Token: s.Site.Gap}
	return s.pages.Sheet(r, "question", p, view)
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
	if err == nil && r.ParseForm() != nil {
		err = site.ErrForm
	}
	if err == nil {
		err = s.allowed(s.voting, r, "")
	}
	var ref session.QuestionRef
	if err == nil {
		ref, err = s.ref(r, ses)
	}
	up := r.PostForm.Get("up") != "0"
	if err == nil && up {
		err = s.allowed(s.ballots, r, ref.String())
	}
	if err != nil {
		s.refuseVote(w, r, ses, err)
		return
	}
	v := ballot{ses: ses, ref: ref, token: s.tokens.kept(ses.ID, r.PostForm.Get("token")), up: up}
	votes, err := s.Store.Vote(r.Context(), session.Vote{Question: ref, By: s.tokens.voter(ses.ID, v.token), Up: v.up})
	if err != nil {
		s.refuseVote(w, r, ses, hideUnaccepted(err))
		return
	}
	s.voted(w, r, v, votes)
}

// A ballot is one vote of a browser.
type ballot struct {
	ses   session.Session
	ref   session.QuestionRef
	token string
	up    bool
}

// hideUnaccepted answers about a question that is not public as about one that does
// not exist, so that nobody learns how many wait.
func hideUnaccepted(err error) error {
	if session.KindOf(err) == session.NotFound {
		return session.Fail(session.Refused, "vote_unaccepted").Because(err)
	}
	return err
}

// votedAnswer is what the script gets: the form as it should look now.
type votedAnswer struct {
	Number int    `json:"number"`
	Votes  int    `json:"votes"`
	HTML   string `json:"html"`
}

// voted answers a vote. Without script the question's own page follows, which keeps the token,
// so that its reader can take the vote back.
func (s *Server) voted(w http.ResponseWriter, r *http.Request, b ballot, votes int) {
	if !wantsJSON(r) {
		s.Hub.Wake(b.ses.ID) // it is to be seen on the page that comes
		to := questionPath(b.ses.ID, b.ref.Number) + "?by=" + b.token
		if b.up {
			to += "&voted=1"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	v := questionView{Slug: b.ses.ID, Voted: b.up}
	v.Number, v.Votes = b.ref.Number, votes
	html, err := s.pages.Fragment(b.ses.Language, "vote", v)
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	s.Site.JSON(w, http.StatusOK, votedAnswer{b.ref.Number, votes, string(html)})
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
