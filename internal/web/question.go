package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"experthour/internal/session"
	"experthour/internal/web/site"
)

// questionPage is the page of one question.
type questionPage struct {
	Back         string
	SessionTitle string
	Language     session.Language // of that
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
	rd := readerOf(r, ses)
	var sheet *site.Sheet
	if err == nil {
		name := fmt.Sprint("q/", ref.Number, voted, rd.lang)
		sheet, err = site.Recent(r.Context(), m, name, lasting, func(ctx context.Context) (*site.Sheet, error) {
			return s.questionSheet(ctx, r, rd, ref, voted)
		})
	}
	if err != nil {
		s.Site.ErrorPageBack(w, r, rd.lang, rd.link(path(ses.ID)), err)
		return
	}
	sheet.Serve(w, r, s.tokens.kept(ses.ID, by, s.now()))
}

func (s *Server) questionSheet(ctx context.Context, r *http.Request, rd reader, ref session.QuestionRef,
	voted bool) (*site.Sheet, error) {
	v, err := s.publicQuestion(ctx, rd, ref)
	if err != nil {
		return nil, err
	}
	v.Voted = voted
	p := rd.page(questionPath(rd.ID, ref.Number))
	p.Title, p.Canonical, p.NoIndex = rd.words().Text("public.question", "number", ref.Number), s.Site.URL(v.Path()), v.Asked == nil
	if v.Asked != nil {
		p.Description = session.Shorten(session.CleanLine(v.Asked.Text), 200)
	}
	view := questionPage{Back: rd.link(path(rd.ID)), SessionTitle: rd.Title, Language: rd.Language, Question: v, Token: s.Site.Gap}
	return s.pages.Sheet(r, "question", p, view)
}

// publicQuestion is what the public may know of a question. One that nobody accepted
// and that has no outcome is not there, and neither is a number that was never given.
func (s *Server) publicQuestion(ctx context.Context, rd reader, ref session.QuestionRef) (questionView, error) {
	unknown := session.Fail(session.NotFound, "question_unknown", "number", ref.Number)
	family, err := s.Store.Family(ctx, ref)
	if session.KindOf(err) == session.NotFound {
		return questionView{}, unknown
	}
	if err != nil {
		return questionView{}, err
	}
	vs, err := s.viewsFor(ctx, rd, family)
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
	rd := readerOf(r, ses)
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
		s.refuseVote(w, r, rd, err)
		return
	}
	v := ballot{reader: rd, ref: ref, token: s.tokens.kept(ses.ID, r.PostForm.Get("token"), s.now()), up: up}
	votes, err := s.Store.Vote(r.Context(), session.Vote{Question: ref, By: s.tokens.voter(ses.ID, v.token), Up: v.up})
	if err != nil {
		s.refuseVote(w, r, rd, hideUnaccepted(err))
		return
	}
	s.voted(w, r, v, votes)
}

// A ballot is one vote of a browser.
type ballot struct {
	reader
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
		s.Hub.Wake(b.ID) // it is to be seen on the page that comes
		voted := ""
		if b.up {
			voted = "1"
		}
		http.Redirect(w, r, b.link(questionPath(b.ID, b.ref.Number), "by", b.token, "voted", voted), http.StatusSeeOther)
		return
	}
	v := questionView{reader: b.reader, Voted: b.up}
	v.Number, v.Votes = b.ref.Number, votes
	html, err := s.pages.Fragment(b.lang, "vote", v)
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	s.Site.JSON(w, http.StatusOK, votedAnswer{b.ref.Number, votes, string(html)})
}

func (s *Server) refuseVote(w http.ResponseWriter, r *http.Request, rd reader, err error) {
	if wantsJSON(r) {
		s.Site.Problem(w, r, err)
		return
	}
	s.listAway(w, r, rd.Session, err)
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}
