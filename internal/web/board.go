package web

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
	"experthour/internal/wording"
)

// Bounds of the lists: a page costs the same however many questions there are.
const (
	onFront   = 10 // questions of each list on the hour's page
	listPage  = 25 // questions on a page of a list
	underWork = 200
)

// board is the hour's page: the beginning of every list.
type board struct {
	reader
	lists    map[string]listView
	received int
	after    string // the change after which it was read
	stale    bool   // the store is away: this is how it was
}

// questionView is a question as the public reads it.
type questionView struct {
	transcript.Question
	CanVote bool
	Voted   bool
	Taken   bool // somebody is at the answer
	Status  string
	reader  reader
}

// Path is the question's own address.
func (v questionView) Path() string { return v.reader.link(questionPath(v.reader.ID, v.Number)) }

// VotePath is where votes for it go.
func (v questionView) VotePath() string {
	return v.reader.link(questionPath(v.reader.ID, v.Number) + "/vote")
}

// IntoPath is the address of the question that it was merged into.
func (v questionView) IntoPath() string { return v.reader.link(questionPath(v.reader.ID, v.Into)) }

// When is a time of day, with the date when it is not that of the hour.
func (v questionView) When(t time.Time) string {
	zone := v.reader.Location()
	t = t.In(zone)
	if t.Format(time.DateOnly) == v.reader.Start.In(zone).Format(time.DateOnly) {
		return v.reader.words().Clock(t)
	}
	return v.reader.words().DateTime(t)
}

// AlsoList names the questions that were merged into this one.
func (v questionView) AlsoList() string {
	var refs []string
	for _, n := range v.Also {
		refs = append(refs, "#"+strconv.Itoa(n))
	}
	return strings.Join(refs, ", ")
}

// Often says how often it was asked, with those.
func (v questionView) Often() string { return v.reader.words().Askings(v.Askings) }

// views draws questions for the public, in the language of the hour.
func (s *Server) views(ctx context.Context, ses session.Session, qs []session.Question) ([]questionView, error) {
	return s.viewsFor(ctx, own(ses), qs)
}

// viewsFor draws questions, by number; those of which nothing is public are left out.
func (s *Server) viewsFor(ctx context.Context, rd reader, qs []session.Question) ([]questionView, error) {
	votes, err := s.Store.Tally(ctx, rd.ID, numbers(qs)...)
	if err != nil {
		return nil, err
	}
	return s.draw(rd, qs, votes), nil
}

func (s *Server) draw(rd reader, qs []session.Question, votes map[int]int) []questionView {
	options := s.Options
	options.Language = rd.lang
	doc := transcript.Build(rd.Session, qs, votes, options)
	told := map[int]session.Question{}
	for _, q := range qs {
		told[q.Ref.Number] = q.AsTold()
	}
	words := rd.words()
	out := make([]questionView, 0, len(doc.Questions))
	for _, q := range doc.Questions {
		t := told[q.Number]
		q.Also = nil
		for _, f := range t.Followers {
			q.Also = append(q.Also, f.Number)
		}
		v := questionView{Question: q, reader: rd, Status: status(words, q)}
		v.CanVote = rd.Voting() && q.Asked != nil && q.Outcome == session.Queued
		v.Taken = v.CanVote && slices.Contains(working, t.State)
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

// board reads the hour's page.
func (s *Server) board(ctx context.Context, m *site.Moment, rd reader) (board, error) {
	b := board{reader: rd, lists: map[string]listView{}, after: m.After}
	l, err := s.ledger(ctx, m, rd.Session)
	if err != nil {
		return b, err
	}
	b.received = l.received
	for list, orders := range orders {
		ns := l.inOrder(list, orders[0])
		v := rd.list(list, len(ns))
		if v.Items, err = s.items(ctx, rd, ns[:min(len(ns), onFront)]); err != nil {
			return b, err
		}
		if len(ns) > onFront {
			v.All = rd.link(listPath(rd.ID, list))
		}
		b.lists[list] = v
	}
	s.lastSeen.Store(rd.ID, b)
	return b, nil
}

// items draws questions in the order of their numbers.
func (s *Server) items(ctx context.Context, rd reader, ns []int) ([]questionView, error) {
	if len(ns) == 0 {
		return nil, nil
	}
	qs, err := routing.Undamaged(ctx, s.Store, rd.ID, ns)
	if err != nil {
		return nil, err
	}
	vs, err := s.viewsFor(ctx, rd, qs)
	slices.SortFunc(vs, func(a, b questionView) int { return slices.Index(ns, a.Number) - slices.Index(ns, b.Number) })
	return vs, err
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

// list names the list of the page in which a question stands now; empty is none.
func list(v questionView) string {
	switch {
	case v.Answer != nil:
		return answered
	case v.Outcome == session.Queued && v.Asked != nil:
		return waiting
	}
	return ""
}
