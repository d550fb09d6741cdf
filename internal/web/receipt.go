package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
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
	Status, Next              string // where it stands, and what the asker may do now
	Ended                     bool   // nothing more is to come by itself
	Asking                    bool   // the hour takes questions now
	Contact                   string
	Steps                     []step
	Text                      string
	Language                  session.Language
	Pictures                  int           // that came along
	Lacking                   []string      // what of it was not taken
	Question                  *questionView // whose answer it is, when there is one
	Mailed                    string        // the address that is written to, as far as it is shown
	MayLeave                  bool          // an address may be left
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
	p := site.Page{Title: words.Text(titleOf(v, family[0].State), "number", ref.Number), Language: ses.Language, Secret: true,
		Feed: path(ses.ID) + "/feed", Calendar: path(ses.ID) + "/session.ics", Scripts: []string{"receipt.js"}}
	s.pages.Render(w, r, http.StatusOK, "receipt", p, v)
}

// titles say in the name of a tab, which may be all that is seen of the page, where a
// question stands; of any other state only which question it is.
var titles = map[session.State]string{
	session.Queued: titleAccepted, session.Claimed: titleAccepted, session.Review: titleAccepted, session.Approved: titleAccepted,
	session.Declined: titleEnded, session.Redirected: titleEnded, session.Expired: titleEnded, session.Retracted: titleEnded,
}

const (
	titleAccepted = "public.title_accepted"
	titleEnded    = "public.title_ended"
)

func titleOf(v receiptView, s session.State) string {
	if v.Question != nil {
		return "public.title_answered"
	}
	return cmp.Or(titles[s], "public.your_number")
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
	v.Pictures = len(q.Sent())
	for _, l := range q.Lacking() {
		v.Lacking = append(v.Lacking, wording.In(ses.Language).Text("notice.lack_"+string(l)))
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
	for _, f := range family {
		if f.Ref.Number == shown {
			t.answers = f
		}
	}
	v.Steps = inOrder(t.steps(v.Question, public(vs, shown)))
	v.Asking, v.Contact = ses.Asking(s.now()), s.Site.Contact
	stands := q.State
	if v.Question != nil {
		stands = session.Published
	}
	v.Status, v.Next = t.status(stands), t.words.Text("next."+string(stands))
	if s.Letters.on() {
		v.Mailed, v.MayLeave = masked(q.Email), q.Email == "" && mayLeave(ses, family)
	}
	v.Ended = v.Question != nil || v.Withdrawn || titles[q.State] == titleEnded
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
	answers session.Question // whose answer is read: q, or what it was merged into
	words   wording.Words
	options transcript.Options
}

// status is where the question stands, in a sentence. An hour that was called off has not run
// out of time.
func (t timeline) status(stands session.State) string {
	if t.ses.State == session.Cancelled && stands == session.Expired {
		return t.words.Text("notice.cancelled")
	}
	return t.words.Text("status." + string(stands))
}

// inOrder sorts what happened by its time, before what is still to come, and leaves each link
// at the last step that has it.
func inOrder(steps []step) []step {
	slices.SortStableFunc(steps, func(a, b step) int {
		if a.At.IsZero() || b.At.IsZero() {
			return cmp.Compare(bit(a.At.IsZero()), bit(b.At.IsZero()))
		}
		return a.At.Compare(b.At)
	})
	for i := range steps {
		if slices.ContainsFunc(steps[i+1:], func(later step) bool { return later.Link == steps[i].Link }) {
			steps[i].Link = ""
		}
	}
	return steps
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
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
		return append(steps, t.published(*answered)...)
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
	end := t.outcome(shown)
	if answered == nil {
		return append(steps, end)
	}
	end.Done, end.Current = true, false
	return append(append(steps, end), t.published(*answered)...)
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

// published is when the answer was public first, and when what is read now was.
func (t timeline) published(v questionView) []step {
	first := step{Title: t.words.Text("public.step_published"), Done: true, Link: v.Path()}
	if !v.Answer.Corrected {
		return []step{t.at(first, v.Answer.PublishedAt)}
	}
	corrected := t.at(step{Title: t.words.Text("public.step_corrected"), Done: true, Link: v.Path()}, v.Answer.PublishedAt)
	if all := t.answers.Publications; len(all) > 0 && !all[0].At.IsZero() { // earlier versions did not keep it
		return []step{t.at(first, all[0].At), corrected}
	}
	return []step{corrected}
}

// writing is where an accepted question stands.
func (t timeline) writing(shown bool) step {
	s := step{Title: t.words.Text("public.step_expert"), Current: true}
	if shown {
		s.Link = questionPath(t.ses.ID, t.q.Ref.Number)
	}
	return s
}

// outcome is the end of a question without an answer of its own.
func (t timeline) outcome(shown bool) step {
	s := step{Title: t.words.Text("public.step_" + string(t.q.State)), Current: true}
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
	_, err = s.Service.Do(r.Context(), session.Actor{Role: session.Asker}, cmd)
	s.backToReceipt(w, r, err)
}
