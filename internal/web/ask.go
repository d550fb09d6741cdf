package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// askInput is what the form sends.
type askInput struct {
	Key, Text, Name, Email string
}

// askView is the form, or why there is none.
type askView struct {
	askInput
	Shown, Early bool
	Phase        string
	Action       string
	Limit        int
	Open         bool // name and e-mail are unfolded
	Errors       []fieldError
	Start        string
	AskFrom      string
	End          string
	Contact      string
}

// fieldError is one thing to correct.
type fieldError struct{ Field, Text, Long string }

// Error is what stands at a field; empty when it is right.
func (v askView) Error(field string) string {
	for _, e := range v.Errors {
		if e.Field == field {
			return e.Long
		}
	}
	return ""
}

// form draws the form of a session with what was typed so far.
func (s *Server) form(ses session.Session, in askInput) askView {
	words, zone := wording.In(ses.Language), ses.Location()
	if in.Key == "" {
		in.Key = rand.Text()
	}
	limit := ses.QuestionLimit
	if limit == 0 {
		limit = session.DefaultQuestionLimit
	}
	ph := phase(ses)
	return askView{askInput: in, Shown: ses.Asking(s.now()) && ph != closing, Early: ph == before, Phase: ph,
		Action: path(ses.ID) + "/questions", Limit: limit, Open: in.Name != "" || in.Email != "",
		Start: words.DateTime(ses.Start.In(zone)), AskFrom: words.DateTime(ses.AskFrom.In(zone)),
		End: words.DateTime(ses.End.In(zone)), Contact: s.Site.Contact}
}

// ask answers POST /s/{slug}/questions.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.Site.ErrorPage(w, r, "", formError(err))
		return
	}
	id, err := sessionID(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	in := askInput{r.PostForm.Get("key"), r.PostForm.Get("text"), r.PostForm.Get("name"), r.PostForm.Get("email")}
	if r.PostForm.Get("website") != "" { // the honeypot: a program filled it in, and learns nothing
		http.Redirect(w, r, path(id), http.StatusSeeOther)
		return
	}
	q, own, err := s.submit(r, id, in)
	switch {
	case err != nil:
		s.refuseForm(w, r, in, err)
	case own:
		http.Redirect(w, r, "/r/"+s.receipts.Make(q.Ref), http.StatusSeeOther)
	default:
		http.Redirect(w, r, questionPath(id, q.Ref.Number), http.StatusSeeOther)
	}
}

func formError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return site.ErrForm
}

// askAgain answers a reader who opens the address of a refused form.
func (s *Server) askAgain(w http.ResponseWriter, r *http.Request) {
	id, err := sessionID(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	http.Redirect(w, r, path(id), http.StatusSeeOther)
}

// submit stores a question from the form. The same text from the same browser is
// one question, however often it is sent; after a withdrawal it is a new one. The
// session is not read first: the service knows it, and a question costs one call.
// Unless own, it is a public question that others may have asked: many people share
// an address and a browser.
func (s *Server) submit(r *http.Request, id session.ID, in askInput) (q session.Question, own bool, err error) {
	if err := s.allowed(s.asking, r); err != nil {
		return session.Question{}, false, err
	}
	q, added, err := s.store(r.Context(), id, in, s.senderKey(r, id, in.Text))
	switch {
	case err != nil || added || secret(q):
		return q, true, err
	case q.Accepted():
		return q, false, nil
	}
	q, err = s.again(r, id, in)
	return q, true, err
}

// senderKey names a question by who seems to send it.
func (s *Server) senderKey(r *http.Request, id session.ID, text string) string {
	return s.key(id, "form", s.Site.ClientAddr(r).String()+"\n"+r.UserAgent(), session.CleanText(text))
}

// again stores a question whose text somebody has sent before.
func (s *Server) again(r *http.Request, id session.ID, in askInput) (session.Question, error) {
	form := in.Key
	if form == "" {
		form = rand.Text()
	}
	q, _, err := s.store(r.Context(), id, in, s.key(id, "again", form, session.CleanText(in.Text)))
	return q, err
}

// secret reports whether only its asker and the desk ever read the question, so that
// knowing its text shows who one is.
func secret(q session.Question) bool {
	_, accepted := q.Acts[session.Accept]
	return !accepted && q.State != session.Withdrawn
}

func (s *Server) store(ctx context.Context, id session.ID, in askInput, key string) (session.Question, bool, error) {
	switch {
	case screening.Blocks(in.Text):
		return session.Question{}, false, session.Fail(session.Invalid, "personal_data").At("text")
	case screening.Blocks(in.Name):
		return session.Question{}, false, session.Fail(session.Invalid, "personal_data").At("name")
	}
	q, added, err := s.Service.Ask(ctx, session.Asked{Session: id, Key: key, Text: in.Text, Name: in.Name, Email: in.Email,
		Origin: session.Origin{Connector: session.Page}})
	s.Metrics.asked(added, err)
	return q, added, err
}

// key names a submission without keeping what it was made from.
func (s *Server) key(id session.ID, parts ...string) string {
	return hex.EncodeToString(derive(s.Secret, "ask", append([]string{string(id)}, parts...)...)[:receiptBytes])
}

// allowed counts a call against the limit of its address.
func (s *Server) allowed(l *site.Limiter, r *http.Request) error {
	if wait, ok := l.Take(s.Site.ClientAddr(r), s.now()); !ok {
		return site.TooFast(max(wait, time.Second))
	}
	return nil
}

// refuseForm shows the page again with what is wrong, and with what was typed.
func (s *Server) refuseForm(w http.ResponseWriter, r *http.Request, in askInput, err error) {
	if session.KindOf(err) == session.Unavailable {
		s.askAway(w, r, err, in)
		return
	}
	ses, serr := s.session(r)
	if serr != nil {
		s.askAway(w, r, serr, in)
		return
	}
	form := s.refused(ses, in, err)
	after := s.position(ses)
	b, berr := s.board(r.Context(), ses, 1)
	if berr != nil {
		s.askAway(w, r, berr, in)
		return
	}
	if e, ok := errors.AsType[*site.StatusError](err); ok && e.RetryAfter > 0 {
		w.Header().Set("Retry-After", seconds(e.RetryAfter))
	}
	s.showSession(w, r, site.StatusOf(err), b, after, form)
}

// refused is the form with an error at the field that it is about.
func (s *Server) refused(ses session.Session, in askInput, err error) askView {
	words := wording.In(ses.Language)
	form := s.form(ses, in)
	text := words.Error(err)
	form.Errors = []fieldError{{inputOf(err), text, words.Text("public.field_error", "problem", text)}}
	form.Shown = true // what was typed must not be lost, also after the end
	form.Open = form.Open || inputOf(err) != "text"
	return form
}

// inputOf is the input of the form that an error is shown at: its inputs are called as
// the fields are, and what is about none of them stands at the question.
func inputOf(err error) string {
	if f := session.FieldOf(err); f == "name" || f == "email" {
		return string(f)
	}
	return "text"
}

// askAway answers when the store did not take a question: the text stays in the form.
func (s *Server) askAway(w http.ResponseWriter, r *http.Request, err error, in askInput) {
	last, ok := s.lastSeen.Load(session.ID(r.PathValue("slug")))
	if !ok {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	s.sessionAway(w, r, err, s.refused(last.(board).session, in, err))
}
