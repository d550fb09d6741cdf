package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// freshFor is how long the receipt says thank you.
const freshFor = 2 * time.Minute

// receiptView is the asker's own page.
type receiptView struct {
	Path                      string
	SessionPath, SessionTitle string
	Number                    int
	Fresh, Withdrawn, Private bool
	Steps                     []step
	Text                      string
	Language                  session.Language
	Question                  *questionView // whose answer it is, when there is one
}

// step is one line of what becomes of a question.
type step struct {
	Title, Note, When, Link string
	At                      time.Time
	Done, Current           bool
}

func (s *Server) receipt(w http.ResponseWriter, r *http.Request) {
	family, err := s.received(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	ref := family[0].Ref
	ses, err := s.Store.Session(r.Context(), ref.Session)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	v, err := s.receiptView(r.Context(), ses, family)
	if err != nil {
		s.Site.ErrorPageBack(w, r, ses.Language, path(ses.ID), err)
		return
	}
	v.Path = "/r/" + r.PathValue("receipt")
	words := wording.In(ses.Language)
	p := site.Page{Title: words.Text("public.your_number", "number", ref.Number), Language: ses.Language, Secret: true,
		Feed: path(ses.ID) + "/feed", Calendar: path(ses.ID) + "/session.ics"}
	s.pages.Render(w, r, http.StatusOK, "receipt", p, v)
}

// received reads the question whose receipt stands in the address, and its family. A
// receipt that is wrong is told from one that was never given by nothing.
func (s *Server) received(r *http.Request) ([]session.Question, error) {
	unknown := session.Fail(session.NotFound, "receipt_unknown")
	receipt := r.PathValue("receipt")
	ref, ok := parseReceipt(receipt)
	if !ok {
		return nil, unknown
	}
	family, err := s.Store.Family(r.Context(), ref)
	if session.KindOf(err) == session.NotFound || err == nil && !s.Receipts.Opens(receipt, family[0]) {
		return nil, unknown
	}
	for i := range family {
		family[i] = family[i].AsTold()
	}
	return family, err
}

// receiptView draws the first question of family for the one who asked it.
func (s *Server) receiptView(ctx context.Context, ses session.Session, family []session.Question) (receiptView, error) {
	q := family[0]
	vs, err := s.views(ctx, ses, family)
	if err != nil {
		return receiptView{}, err
	}
	v := receiptView{SessionPath: path(ses.ID), SessionTitle: ses.Title, Number: q.Ref.Number, Text: q.Text, Language: q.Language,
		Fresh:     q.State == session.Received && s.now().Sub(q.Asked) < freshFor,
		Withdrawn: q.State == session.Withdrawn, Private: !public(vs, q.Ref.Number)}
	if q.Pending != "" {
		v.Text = q.Pending
	}
	shown := q.Ref.Number
	if q.State == session.Merged {
		shown = q.Into
	}
	for i := range vs {
		if vs[i].Number == shown && vs[i].Answer != nil {
			v.Question = &vs[i]
		}
	}
	t := timeline{ses: ses, q: q, words: wording.In(ses.Language), options: s.Options}
	v.Steps = t.steps(v.Question, public(vs, shown))
	return v, nil
}

// public reports whether a question's own words stand on the page.
func public(vs []questionView, n int) bool {
	for _, v := range vs {
		if v.Number == n {
			return v.Asked != nil
		}
	}
	return false
}

// timeline words what becomes of a question.
type timeline struct {
	ses     session.Session
	q       session.Question
	words   wording.Words
	options transcript.Options
}

// steps are what happened, then what may come. answered is set once there is an
// answer to read; shown, when the question that counts stands on the page.
func (t timeline) steps(answered *questionView, shown bool) []step {
	steps := []step{t.at(step{Title: t.words.Text("public.step_received"), Done: true}, t.q.Asked)}
	if a, ok := t.q.Acts[session.Accept]; ok && t.q.State != session.Withdrawn {
		accepted := step{Title: t.words.Text("public.step_accepted"), Done: true}
		steps = append(steps, t.at(accepted, a.At))
	}
	switch {
	case answered != nil && t.q.State != session.Merged:
		return append(steps, t.published(*answered))
	case t.q.State == session.Received:
		soon := t.words.Text("public.step_moderator_note")
		if t.ses.State == session.Scheduled {
			soon = t.words.Text("public.step_moderator_early")
		}
		return append(steps, step{Title: t.words.Text("public.step_moderator"), Note: soon, Current: true},
			step{Title: t.words.Text("public.step_expert")}, step{Title: t.words.Text("public.step_published")})
	case transcript.Outcome(t.q) == session.Queued:
		return append(steps, t.writing(shown), step{Title: t.words.Text("public.step_published")})
	}
	steps = append(steps, t.outcome(shown))
	if answered != nil {
		steps = append(steps, t.published(*answered))
	}
	return steps
}

func (t timeline) at(s step, at time.Time) step {
	at = at.In(t.ses.Location())
	s.At = at
	if start := t.ses.Start.In(t.ses.Location()); at.Format(time.DateOnly) == start.Format(time.DateOnly) {
		s.When = t.words.Clock(at)
	} else {
		s.When = t.words.DateTime(at)
	}
	return s
}

func (t timeline) published(v questionView) step {
	s := step{Title: t.words.Text("public.step_published"), Done: true, Link: v.Path()}
	return t.at(s, v.Answer.PublishedAt)
}

// writing is where an accepted question stands.
func (t timeline) writing(shown bool) step {
	s := step{Title: t.words.Text("public.step_expert"), Note: t.words.Text("status." + string(t.q.State)), Current: true}
	if shown {
		s.Link = questionPath(t.ses.ID, t.q.Ref.Number)
	}
	return s
}

// outcome is the end of a question without an answer of its own.
func (t timeline) outcome(shown bool) step {
	s := step{Title: t.words.Text("status." + string(t.q.State)), Current: true}
	switch t.q.State {
	case session.Expired:
		if t.ses.State == session.Cancelled {
			s.Title, s.Note = t.words.Text("transcript.cancelled"), strings.Join(t.words.CalledOff(t.ses.CalledOff), " ")
		}
	case session.Declined:
		s.Note = t.options.ReasonFor(t.q.Reason, t.words.Language())
	case session.Redirected:
		s.Note = t.forwarded()
	case session.Merged:
		if shown {
			s.Link = questionPath(t.ses.ID, t.q.Into)
		}
	}
	return t.at(s, t.q.Since)
}

// forwarded says where a redirected question went, with the institution's name.
func (t timeline) forwarded() string {
	f := t.q.Forward
	if f == nil {
		return ""
	}
	rest := transcript.Redirect{Email: f.Email, Answered: f.Answered}
	switch {
	case f.Institution == "":
		return redirected(t.words, &rest)
	case rest == transcript.Redirect{}:
		return t.words.Text("public.forwarded", "institution", f.Institution)
	}
	return t.words.Text("public.forwarded", "institution", f.Institution) + " " + redirected(t.words, &rest)
}

// withdraw answers POST /r/{receipt}/withdraw. A second time is a success.
func (s *Server) withdraw(w http.ResponseWriter, r *http.Request) {
	family, err := s.received(r)
	if err != nil {
		s.Site.ErrorPage(w, r, "", err)
		return
	}
	cmd := session.WithdrawQuestion{On: session.On{Question: family[0].Ref}}
	if _, err := s.Service.Do(r.Context(), session.Actor{Role: session.Asker}, cmd); err != nil {
		s.Site.ErrorPageBack(w, r, "", "/r/"+r.PathValue("receipt"), err)
		return
	}
	http.Redirect(w, r, "/r/"+r.PathValue("receipt"), http.StatusSeeOther)
}
