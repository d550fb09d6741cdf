package session

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Expiry is a kind of what is kept of people for a while after an hour is over.
type Expiry string

// The kinds, in the order in which they are forgotten.
const (
	Emails      Expiry = "emails"      // e-mail addresses
	Originals   Expiry = "originals"   // accounts, private chats, the parts in which it came in, and its pictures
	Unpublished Expiry = "unpublished" // questions that the public cannot read
)

// Expiries lists every kind.
var Expiries = []Expiry{Emails, Originals, Unpublished}

// Retention says how long each kind is kept after an hour is over. What is missing, or 0,
// is kept for good.
type Retention map[Expiry]time.Duration

// Due lists what of an hour's has expired by now and was not forgotten yet.
func (r Retention) Due(s Session, now time.Time) []Expiry {
	var due []Expiry
	for _, e := range Expiries {
		at, ok := r.At(s, e)
		if ok && !now.Before(at) && !slices.Contains(s.Forgot, e) {
			due = append(due, e)
		}
	}
	return due
}

// At is when something of an hour expires; ok is false as long as the hour is not over.
func (r Retention) At(s Session, e Expiry) (at time.Time, ok bool) {
	return s.Closed.Add(r[e]), r[e] > 0 && s.State.Over() && !s.Closed.IsZero()
}

// ForgetQuestion drops what has expired of a question.
type ForgetQuestion struct {
	On
	What Expiry `json:"what"`
}

// Verb is Forget.
func (ForgetQuestion) Verb() Verb { return Forget }

func (c ForgetQuestion) already(q Question, _ Actor) bool { return !q.holds(c.What) }

func (c ForgetQuestion) apply(q *Question, _ Context) error {
	switch c.What {
	case Emails:
		q.Email = ""
	case Originals:
		q.unlink()
	case Unpublished:
		q.unlink()
		q.dropTexts()
	}
	q.Forgot = append(q.Forgot, c.What)
	return nil
}

// holds reports whether there is something of a kind left.
func (q Question) holds(e Expiry) bool {
	switch {
	case slices.Contains(q.Forgot, e):
		return false
	case e == Emails:
		return q.Email != ""
	case e == Unpublished:
		return q.Wanted == 0 && !q.Open() && !q.Accepted()
	}
	return true
}

// unlink drops what leads to the people who asked. What stands in a public place stays
// known, so that it can still be corrected there; what was said in private cannot.
func (q *Question) unlink() {
	private := map[Lane]bool{}
	forget := func(o *Origin) {
		if o.User = ""; o.Private {
			private[Lane{o.Connector, o.Place}] = true
			o.Place, o.Within, o.Message, o.URL = "", "", "", ""
		}
	}
	forget(&q.Origin)
	q.Followers = slices.Clone(q.Followers)
	for i := range q.Followers {
		forget(&q.Followers[i].Origin)
		q.Followers[i].Letters = false
	}
	q.Copies = slices.DeleteFunc(slices.Clone(q.Copies), func(c Copy) bool { return private[Lane{c.Connector, c.Place}] })
	q.Parts, q.Enclosed, q.Pending = nil, nil, ""
}

// unlinked reports whether what leads to the people who asked was dropped.
func (q Question) unlinked() bool {
	return slices.Contains(q.Forgot, Originals) || slices.Contains(q.Forgot, Unpublished)
}

// dropTexts drops everything that anybody wrote; the outcome stays.
func (q *Question) dropTexts() {
	q.Text, q.Pending, q.Name, q.Email, q.Posing = "", "", "", "", false
	q.Parts, q.Revisions, q.Notes, q.Approvals, q.Said, q.With = nil, nil, nil, nil, nil, ""
	for v, a := range q.Acts {
		a.Note = ""
		q.Acts[v] = a
	}
}

// ForgetSession says that something of all questions is forgotten. With the originals the
// store drops by which messages and accounts questions were found.
type ForgetSession struct {
	What Expiry `json:"what"`
}

// Verb is Forget.
func (ForgetSession) Verb() Verb { return Forget }

func (c ForgetSession) already(s Session, _ Actor) bool { return slices.Contains(s.Forgot, c.What) }

func (c ForgetSession) apply(s *Session, _ Context) error {
	s.Forgot = append(slices.Clone(s.Forgot), c.What)
	return nil
}

// Expired lists the questions of which something has to be forgotten, all of them that can be
// read.
func (s *Service) Expired(ctx context.Context, id ID, e Expiry) ([]int, error) {
	counts, err := s.Store.Counts(ctx, id)
	if err != nil {
		return nil, err
	}
	var numbers []int
	for at := 0; at < counts.Last; at += leftPage {
		qs, err := s.Store.List(ctx, id, Listing{States: States, Offset: at, Limit: leftPage})
		if err != nil {
			return nil, err
		}
		for _, q := range qs {
			if q.holds(e) {
				numbers = append(numbers, q.Ref.Number)
			}
		}
	}
	return numbers, nil
}

// forgetMost is how many questions one tick forgets: about a second's work.
const forgetMost = 500

// Forget drops what has expired of an hour, of so many questions at once, and reports
// whether nothing is left. Every replica may try: a question that was forgotten holds
// nothing any more, and the hour says when all are done.
func (s *Service) Forget(ctx context.Context, ses Session) (done bool, err error) {
	due := s.Retention.Due(ses, s.now())
	if len(due) == 0 {
		return true, nil
	}
	done = true
	for _, e := range due {
		all, err := s.forgetAll(ctx, ses.ID, e)
		if err != nil {
			return false, fmt.Errorf("forget %s: %w", e, err)
		}
		done = done && all
	}
	return done, nil
}

func (s *Service) forgetAll(ctx context.Context, id ID, e Expiry) (all bool, err error) {
	numbers, err := s.Expired(ctx, id, e)
	if err != nil {
		return false, err
	}
	for _, n := range numbers[:min(len(numbers), forgetMost)] {
		cmd := ForgetQuestion{On: On{Question: QuestionRef{id, n}}, What: e}
		if _, err := s.Do(ctx, Program, cmd); lost(err) != nil {
			return false, err
		}
	}
	if len(numbers) > forgetMost {
		return false, nil
	}
	if len(s.Store.Damaged(id)) > 0 { // the hour is not done: somebody may mend them
		return true, nil
	}
	return true, s.tickSession(ctx, id, ForgetSession{What: e})
}
