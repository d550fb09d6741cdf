package web

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/wording"
)

// Bounds of the lists: a page of 50 costs the same however many questions there are.
const (
	listPage = 50
	// underWork bounds the questions that experts have in their hands at one time;
	// more than that are on the next pages.
	underWork = 200
	// justDecided bounds those of an outcome that can still be undone: the page shows them as
	// they were until then.
	justDecided = 20
)

var (
	working = []session.State{session.Approved, session.Review, session.Claimed}
	// undoable are where a question stands that may come back for a moment yet.
	undoable = []session.State{session.Declined, session.Merged, session.Redirected}
	ended    = []session.State{session.Declined, session.Redirected, session.Retracted, session.Expired, session.Withdrawn}
)

// board is what the public may read of a session, page by page.
type board struct {
	session  session.Session
	answered []questionView
	waiting  []questionView
	other    []questionView
	counts   session.Counts
	page     int
	after    string // the change after which it was read
	stale    bool   // the store is away: this is how it was
}

// questionView is a question as the public reads it.
type questionView struct {
	transcript.Question
	Slug    session.ID
	CanVote bool
	Voted   bool
	Status  string
	words   wording.Words
	zone    *time.Location
	day     string // of the hour, so that other days are said
}

// Path is the question's own address.
func (v questionView) Path() string { return questionPath(v.Slug, v.Number) }

// IntoPath is the address of the question that it was merged into.
func (v questionView) IntoPath() string { return questionPath(v.Slug, v.Into) }

// When is a time of day, with the date when it is not that of the hour.
func (v questionView) When(t time.Time) string {
	t = t.In(v.zone)
	if t.Format(time.DateOnly) == v.day {
		return v.words.Clock(t)
	}
	return v.words.DateTime(t)
}

// AlsoList names the questions that were merged into this one.
func (v questionView) AlsoList() string {
	var refs []string
	for _, n := range v.Also {
		refs = append(refs, "#"+strconv.Itoa(n))
	}
	return strings.Join(refs, ", ")
}

// views draws questions for the public; those of which nothing is public are left out.
func (s *Server) views(ctx context.Context, ses session.Session, qs []session.Question) ([]questionView, error) {
	votes, err := s.Store.Tally(ctx, ses.ID, numbers(qs)...)
	if err != nil {
		return nil, err
	}
	return s.draw(ses, qs, votes), nil
}

func (s *Server) draw(ses session.Session, qs []session.Question, votes map[int]int) []questionView {
	doc := transcript.Build(ses, qs, votes, s.Options)
	followers := map[int][]int{}
	for _, q := range qs {
		for _, f := range q.AsTold().Followers {
			followers[q.Ref.Number] = append(followers[q.Ref.Number], f.Number)
		}
	}
	words, zone := wording.In(ses.Language), ses.Location()
	out := make([]questionView, 0, len(doc.Questions))
	for _, q := range doc.Questions {
		q.Also = followers[q.Number]
		v := questionView{Question: q, Slug: ses.ID, words: words, zone: zone, day: ses.Start.In(zone).Format(time.DateOnly)}
		v.CanVote = ses.Voting() && q.Asked != nil && q.Outcome == session.Queued
		v.Status = status(words, q)
		out = append(out, v)
	}
	return out
}

// status says in words what became of a question without an answer.
func status(w wording.Words, q transcript.Question) string {
	switch q.Outcome {
	case session.Declined:
		return strings.TrimSpace(w.Text("transcript.declined") + " " + q.Reason)
	case session.Merged:
		return w.Text("public.merged_into")
	case session.Redirected:
		return redirected(w, q.Redirect)
	case session.Expired:
		return w.Text("transcript.expired")
	case session.Retracted:
		return w.Text("transcript.retracted")
	case session.Withdrawn:
		return w.Text("transcript.withdrawn")
	}
	return ""
}

// redirected words where a question went; which institution it is only its asker reads.
func redirected(w wording.Words, r *transcript.Redirect) string {
	return r.Words(w, func(number int) string { return "#" + strconv.Itoa(number) })
}

func numbers(qs []session.Question) []int {
	ns := make([]int, 0, len(qs))
	for _, q := range qs {
		ns = append(ns, q.Ref.Number)
	}
	return ns
}

// board reads one page of a session, the first being 1.
func (s *Server) board(ctx context.Context, ses session.Session, page int) (board, error) {
	b := board{session: ses, page: page}
	var err error
	if b.counts, err = s.Store.Counts(ctx, ses.ID); err != nil {
		return b, err
	}
	qs, err := s.onPage(ctx, ses, page)
	if err != nil {
		return b, err
	}
	vs, err := s.views(ctx, ses, qs)
	if err != nil {
		return b, err
	}
	b.sort(vs, qs)
	if page == 1 {
		s.lastSeen.Store(ses.ID, b)
	}
	return b, nil
}

// onPage reads the questions of one page of every list.
func (s *Server) onPage(ctx context.Context, ses session.Session, page int) ([]session.Question, error) {
	offset := (page - 1) * listPage
	listings := []session.Listing{
		{States: []session.State{session.Published}, Newest: true, Offset: offset, Limit: listPage},
		{States: []session.State{session.Queued}, Offset: offset, Limit: listPage},
	}
	if page == 1 {
		listings = append(listings, session.Listing{States: working, Limit: underWork})
		for _, s := range undoable {
			listings = append(listings, session.Listing{States: []session.State{s}, Newest: true, Limit: justDecided})
		}
	}
	if !ses.Voting() {
		listings = append(listings, session.Listing{States: ended, Offset: offset, Limit: listPage})
	}
	qs, err := s.listed(ctx, ses.ID, listings...)
	return slices.DeleteFunc(qs, func(q session.Question) bool {
		return ses.Voting() && q.Undo == nil && slices.Contains(undoable, q.State)
	}), err
}

// listed reads several listings; a question that is in two of them comes once.
func (s *Server) listed(ctx context.Context, id session.ID, listings ...session.Listing) ([]session.Question, error) {
	var qs []session.Question
	for _, l := range listings {
		more, err := s.Store.List(ctx, id, l)
		if err != nil {
			return nil, err
		}
		qs = append(qs, more...)
	}
	return unique(qs), nil
}

// unique drops a question that moved between two of the listings while they were read.
func unique(qs []session.Question) []session.Question {
	seen := map[int]bool{}
	return slices.DeleteFunc(qs, func(q session.Question) bool {
		dup := seen[q.Ref.Number]
		seen[q.Ref.Number] = true
		return dup
	})
}

// sort puts each question into its list. The order of qs is kept but for a public
// answer that is being corrected, which stays among the answered ones.
func (b *board) sort(vs []questionView, qs []session.Question) {
	byNumber := map[int]questionView{}
	for _, v := range vs {
		byNumber[v.Number] = v
	}
	for _, q := range qs {
		v, ok := byNumber[q.Ref.Number]
		switch {
		case !ok:
		case v.Answer != nil:
			b.answered = append(b.answered, v)
		case v.Outcome == session.Queued && v.Asked != nil:
			b.waiting = append(b.waiting, v)
		case v.Outcome != session.Queued:
			b.other = append(b.other, v)
		}
	}
	slices.SortStableFunc(b.answered, func(x, y questionView) int { return y.Answer.PublishedAt.Compare(x.Answer.PublishedAt) })
}

// list names the list of the page in which a question stands now; empty is none.
func list(v questionView) string {
	switch {
	case v.Answer != nil:
		return "answered"
	case v.Outcome == session.Queued && v.Asked != nil:
		return "waiting"
	}
	return ""
}
