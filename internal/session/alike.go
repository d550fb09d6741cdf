package session

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Sameness is what new questions have in common that are declined together.
type Sameness string

// What questions may have in common.
const (
	SameText    Sameness = "text"    // the words, whatever the case, the spaces and the signs
	SameNetwork Sameness = "network" // that from which they were asked; see Store.Networks
)

const (
	// mostAtOnce and longestAtOnce bound what one press does: a chat waits three seconds.
	mostAtOnce    = 500
	longestAtOnce = 2 * time.Second
	// lookedThrough is how many documents are in memory at a time.
	lookedThrough = 200
	// mostExamples are shown of the questions that would be declined.
	mostExamples = 3
)

// Alike are the new questions that have something in common with one of them.
type Alike struct {
	Same     Sameness
	Count    int        // that one included
	Examples []Question // of the others, at most three
}

// DeclineAlike declines a new question and every other new one that has something in common
// with it. Each is declined by a DeclineQuestion of its own, the one that was pressed last; so
// the same command goes on where an earlier one ended. See Service.Alike for what is shown first.
type DeclineAlike struct {
	DeclineQuestion
	Same Sameness `json:"same"`
	// Shown is when its giver was shown how many there are: what came or changed after that is
	// left alone.
	Shown time.Time `json:"shown"`
}

// Verb is DeclineTogether.
func (DeclineAlike) Verb() Verb { return DeclineTogether }

func (c DeclineAlike) apply(q *Question, x Context) error {
	switch {
	case c.Same != SameText && c.Same != SameNetwork:
		return Fail(Invalid, "same_unknown").At("same")
	case c.Shown.IsZero():
		return Fail(Stale, "stale")
	}
	return c.DeclineQuestion.apply(q, x)
}

// Batch is what became of questions that were to be decided together.
type Batch struct {
	Declined int   `json:"declined"`
	Undone   int   `json:"undone,omitempty"` // those that were declined together a moment ago, and were taken back
	Merged   int   `json:"merged,omitempty"`
	Kept     []int `json:"kept"` // numbers of those about which somebody decided, or which changed, meanwhile
	More     bool  `json:"more"` // not all could be done at once: the same command goes on
}

// Alike lists what may be declined together with a question: one entry for each Sameness that
// is known of it. Errors are *Error.
func (s *Service) Alike(ctx context.Context, ref QuestionRef) ([]Alike, error) {
	qs, err := s.Store.Questions(ctx, ref.Session, ref.Number)
	if err != nil {
		return nil, err
	}
	var all []Alike
	for _, same := range []Sameness{SameText, SameNetwork} {
		a := Alike{Same: same}
		err := s.inCommon(ctx, qs[0], same, func(o Question) error {
			if o.State == Received {
				a.add(qs[0], o)
			}
			return nil
		})
		if err != nil && FieldOf(err) != "same" {
			return nil, err
		}
		if a.Count > 0 {
			all = append(all, a)
		}
	}
	return all, nil
}

func (a *Alike) add(q, o Question) {
	a.Count++
	if o.Ref != q.Ref && len(a.Examples) < mostExamples {
		a.Examples = append(a.Examples, o)
	}
}

// mayBegin reads the question on which a command on several is given, and refuses it where it
// cannot be given on that one.
func (s *Service) mayBegin(ctx context.Context, by Actor, cmd Command) (r Result, err error) {
	ref := cmd.Target()
	if r.Session, err = s.Store.Session(ctx, ref.Session); err != nil {
		return r, err
	}
	qs, err := s.Store.Questions(ctx, ref.Session, ref.Number)
	if err != nil {
		return r, err
	}
	r.Question = qs[0]
	_, err = Decide(cmd, Context{By: by, At: s.now(), Session: r.Session}, r.Question, nil)
	return r, err
}

// declineAlike runs a DeclineAlike: first the others, then the question itself, which so
// stands for all as long as there are more.
func (s *Service) declineAlike(ctx context.Context, by Actor, cmd DeclineAlike) (Result, error) {
	r, err := s.mayBegin(ctx, by, cmd)
	if err != nil {
		return r, err
	}
	b := &batch{DeclineAlike: cmd, Batch: Batch{Kept: []int{}}, service: s, by: by, until: s.now().Add(longestAtOnce)}
	err = s.inCommon(ctx, r.Question, cmd.Same, func(o Question) error { return b.decline(ctx, o) })
	switch {
	case errors.Is(err, errEnough):
		b.More, err = true, nil
	case err != nil:
		return r, err
	default:
		cmd.with = b.done
		r, err = s.run(ctx, by, cmd.DeclineQuestion, nil)
		err = b.count(cmd.Target().Number, r.Already, err)
	}
	r.Batch, r.Already = &b.Batch, r.Already && b.Declined == 0
	return r, err
}

// batch is a DeclineAlike at work.
type batch struct {
	DeclineAlike
	Batch
	service *Service
	by      Actor
	until   time.Time
	done    []int // numbers of those that it decided about
}

// errEnough ends a walk before its end.
var errEnough = errors.New("enough for once")

// decline decides about one of the others, if it still is as the giver was shown it.
func (b *batch) decline(ctx context.Context, o Question) error {
	changed := o.Since.After(b.Shown) || o.Acts[Reword].At.After(b.Shown)
	switch {
	case o.Ref == b.Target(), o.State == Declined && o.Reason == b.Reason, o.State == Withdrawn:
		return nil
	case changed && o.Asked.Before(b.Shown):
		b.Kept = append(b.Kept, o.Ref.Number)
		return nil
	case changed, o.State != Received:
		return nil
	case b.Declined == mostAtOnce, b.service.now().After(b.until):
		return errEnough
	}
	r, err := b.service.Do(ctx, b.by, DeclineQuestion{On: On{o.Ref, Seen{Stage: o.Stage(), along: true}}, Reason: b.Reason, Remark: b.Remark})
	return b.count(o.Ref.Number, r.Already, err)
}

// count keeps what became of one; that somebody was faster there is no reason to stop.
func (b *batch) count(number int, already bool, err error) error {
	switch {
	case err == nil && !already:
		b.Declined++
		b.done = append(b.done, number)
	case err != nil && lost(err) == nil:
		b.Kept = append(b.Kept, number)
	}
	return lost(err)
}

// inCommon visits every question of the session that has something in common with q, itself
// included, in the order of their numbers and in whatever state.
func (s *Service) inCommon(ctx context.Context, q Question, same Sameness, visit func(Question) error) error {
	numbers, err := s.among(ctx, q, same)
	if err != nil {
		return err
	}
	words := wordsOf(q.Text)
	for part := range slices.Chunk(numbers, lookedThrough) {
		qs, err := s.Store.Questions(ctx, q.Ref.Session, part...)
		if err != nil {
			return err
		}
		for _, o := range qs {
			if same == SameText && wordsOf(o.Text) != words {
				continue
			}
			if err := visit(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// among are the numbers of the questions to look at: for a network those from it.
func (s *Service) among(ctx context.Context, q Question, same Sameness) (numbers []int, err error) {
	if same == SameText {
		counts, err := s.Store.Counts(ctx, q.Ref.Session)
		for n := range counts.Last {
			numbers = append(numbers, n+1)
		}
		return numbers, err
	}
	networks, err := s.Store.Networks(ctx, q.Ref.Session)
	if err != nil {
		return nil, err
	}
	from, known := networks[q.Ref.Number]
	if !known {
		return nil, Fail(Refused, "network_unknown").At("same")
	}
	maps.DeleteFunc(networks, func(_ int, h Hash) bool { return h != from })
	return slices.Sorted(maps.Keys(networks)), nil
}

// wordsOf is a text without what does not tell two texts apart; a text without any words is
// itself.
func wordsOf(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	if len(words) == 0 {
		return text
	}
	return strings.Join(words, " ")
}
