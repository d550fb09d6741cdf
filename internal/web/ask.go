package web

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/web/site"
)

// askInput is what the form sends.
type askInput struct {
	Key, Text, Name, Email string
	Alt                    string // what the pictures show
	Anyway                 bool   // the asker was warned
}

// askView is the form, or why there is none.
type askView struct {
	askInput
	Shown, Early bool
	Paused       bool // a moderator takes no questions for now
	Phase        string
	Action       string
	Limit        int
	Pictures     int  // how many may come along
	Letters      bool // whoever leaves an address is written to
	Warned       bool // the text may be sent as it is, by another button
	Trap         bool // there is a field that people leave empty
	Open         bool // name and e-mail are unfolded
	Errors       []fieldError
	Start        string
	AskFrom      string
	End          string
	Contact      string
	Home         string // address of the list of hours
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

// form draws the form of an hour with what was typed so far.
func (s *Server) form(rd reader, in askInput) askView {
	ses, words, zone := rd.Session, rd.words(), rd.Location()
	if in.Key != s.Site.Gap { // what is drawn for all has a gap there
		in.Key = s.tokens.kept(ses.ID, in.Key, s.now())
	}
	limit := ses.QuestionLimit
	if limit == 0 {
		limit = session.DefaultQuestionLimit
	}
	ph := phase(ses)
	return askView{askInput: in, Shown: ses.Asking(s.now()) && ph != closing, Early: ph == before, Phase: ph, Trap: true,
		Paused: ses.IntakePaused && ph != closing, Home: linked(rd.chosen(), "/"),
		Action: rd.link(path(ses.ID) + "/questions"), Limit: limit, Letters: s.Letters.on(), Pictures: s.Pictures,
		Open:  in.Name != "" || in.Email != "",
		Start: words.DateTime(ses.Start.In(zone)), AskFrom: words.Since(ses.AskFrom.In(zone)),
		End: words.DateTime(ses.End.In(zone)), Contact: s.Site.Contact}
}

// ask answers POST /s/{slug}/questions.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	id, err := sessionID(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	form, sent, err := s.filled(r, s.allowed(s.asking, r, ""))
	if err != nil {
		s.Site.ErrorPage(w, r, "", formError(err))
		return
	}
	in := askInput{Key: form.Get("key"), Text: form.Get("text"), Name: form.Get("name"),
		Email: form.Get("email"), Alt: form.Get("alt"), Anyway: form.Get("anyway") != ""}
	if !s.Letters.on() { // an address that nobody writes to is not kept
		in.Email = ""
	}
	if err = sent.wrong; err == nil {
		err = in.doubts(form.Get(trap))
	}
	var q session.Question
	if err == nil {
		q, err = s.submit(r, id, in)
	}
	if err != nil {
		s.refuseForm(w, r, in, err)
		return
	}
	s.enclose(r, q, sent)
	http.Redirect(w, r, s.receiptPath(q), http.StatusSeeOther)
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
	http.Redirect(w, r, linked(session.Language(r.URL.Query().Get("lang")), path(id)), http.StatusSeeOther)
}

// submit stores a question from the form. The same text from the same form is one question,
// however often it is sent; after a withdrawal it is a new one. A form without a token of ours
// is never taken for another. The session is not read first: the service knows it, and a
// question costs one call.
func (s *Server) submit(r *http.Request, id session.ID, in askInput) (session.Question, error) {
	opened := s.tokens.made(id, in.Key)
	token := s.tokens.kept(id, in.Key, s.now())
	by, parts := s.Keys[s.tokens.signer(id, token)], []string{"form", token, session.CleanText(in.Text)}
	for {
		q, _, err := s.store(r, id, in, submission(by, id, parts...), opened)
		if err != nil || q.State != session.Withdrawn || len(parts) > mostAgain {
			return q, err
		}
		parts = append(parts, strconv.Itoa(q.Ref.Number))
	}
}

// trap is the field that people leave empty.
const trap = "confirm-blank"

// mostAgain bounds how often the same form may be sent after a withdrawal.
const mostAgain = 10

// doubts are what an asker is asked about before anything is stored. trapped is what stands in the
// field that people leave empty: a program filled it in, or somebody's password manager, so the
// form is shown again without it.
func (in askInput) doubts(trapped string) error {
	if trapped != "" {
		return errTrap
	}
	if in.Anyway || screening.Blocks(in.Text) { // that is refused anyway
		return nil
	}
	if slices.ContainsFunc(screening.Personal(in.Text), func(f screening.Finding) bool { return slices.Contains(contacts, f.Kind) }) {
		return errContacts
	}
	return nil
}

// contacts are what people write into a question that is to be public without thinking of it.
var contacts = []screening.Kind{screening.Phone, screening.Email, screening.Address}

var (
	errTrap     = session.Fail(session.Invalid, "trap")
	errContacts = session.Fail(session.Invalid, "contacts").At("text")
)

// store hands a question over. opened is when its form was, the zero time where there was none.
func (s *Server) store(r *http.Request, id session.ID, in askInput, key string, opened time.Time) (session.Question, bool, error) {
	switch {
	case screening.Blocks(in.Text):
		return session.Question{}, false, session.Fail(session.Invalid, "personal_data").At("text")
	case screening.Blocks(in.Name):
		return session.Question{}, false, session.Fail(session.Invalid, "personal_data").At("name")
	}
	q, added, err := s.Service.Ask(r.Context(), session.Asked{Session: id, Key: key, Text: in.Text, Name: in.Name, Email: in.Email,
		Opened: opened, Origin: session.Origin{Connector: session.Page}, Proof: s.Receipts.Prove(), Network: s.network(r, id)})
	s.Metrics.asked(added, err)
	return q, added, err
}

// network names the network of whoever asks, so that a moderator may treat alike what comes from
// one. The name tells no address, is of this hour alone, and is forgotten when the hour closes.
func (s *Server) network(r *http.Request, id session.ID) session.Hash {
	n := site.Neighbourhood(s.Site.ClientAddr(r))
	if !n.IsValid() {
		return ""
	}
	return session.Hash(hex.EncodeToString(s.Networks.Sign(string(id), n.String())[:networkBytes]))
}

// networkBytes make a collision of two networks in an hour as good as impossible.
const networkBytes = 12

// submission names a question that is sent without keeping what the name was made from. What
// comes of one form is named with the key of its token, also after the secret was changed.
func submission(key []byte, id session.ID, parts ...string) string {
	return hex.EncodeToString(derive(key, "ask", append([]string{string(id)}, parts...)...)[:receiptBytes])
}

// allowed counts a call against a limit of its address.
func (s *Server) allowed(l *site.Limiter, r *http.Request, subject string) error {
	return l.Take(r.Context(), s.Site.ClientAddr(r), s.now(), subject)
}

// refuseForm shows the page again with what is wrong, and with what was typed.
func (s *Server) refuseForm(w http.ResponseWriter, r *http.Request, in askInput, err error) {
	if session.KindOf(err) == session.Unavailable {
		s.Hub.Wake(session.ID(r.PathValue("slug"))) // the next reader learns it too
		s.askAway(w, r, err, in)
		return
	}
	m, ses, merr := s.moment(r)
	if merr != nil {
		s.askAway(w, r, merr, in)
		return
	}
	rd := readerOf(r, ses)
	b, berr := site.Once(r.Context(), m, "board/"+string(rd.lang), s.until(ses), func(ctx context.Context) (board, error) {
		return s.board(ctx, m, rd)
	})
	if berr != nil {
		s.askAway(w, r, berr, in)
		return
	}
	form := s.refused(rd, in, err)
	if e, ok := errors.AsType[*site.StatusError](err); ok && e.RetryAfter > 0 {
		w.Header().Set("Retry-After", seconds(e.RetryAfter))
	}
	s.pages.Render(w, r, site.StatusOf(err), "session", s.sessionFrame(b, form), s.sessionView(b, form))
}

// refused is the form with an error at the field that it is about.
func (s *Server) refused(rd reader, in askInput, err error) askView {
	words := rd.words()
	form := s.form(rd, in)
	text := words.Error(err)
	form.Errors = []fieldError{{inputOf(err), text, words.Text("public.field_error", "problem", text)}}
	form.Shown = true                                           // what was typed must not be lost, also after the end
	form.Trap, form.Warned = false, errors.Is(err, errContacts) // a form that comes again is a person's
	form.Open = form.Open || inputOf(err) != "text"
	return form
}

// inputOf is the input of the form that an error is shown at: its inputs are called as
// the fields are, and what is about none of them stands at the question.
func inputOf(err error) string {
	if f := session.FieldOf(err); f == "name" || f == "email" || f == "pictures" {
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
	s.sessionAway(w, r, err, s.refused(last.(board).reader, in, err))
}
