package session

import (
	"context"
	"regexp"
	"slices"
	"time"
)

// Typed is a text that a person is writing as an answer and has not sent. Nobody has approved
// anything of it, so it stands neither in the question nor in the record.
type Typed struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	// From names the window in which it is written.
	From string `json:"from"`
	// Stage, Base and Draft are what its writer had before them; see SubmitAnswer.
	Stage string `json:"stage,omitempty"`
	Base  int    `json:"base,omitempty"`
	Draft string `json:"draft,omitempty"`
}

// Mark names the text.
func (t Typed) Mark() string { return markOf(t.Text) }

// Typing is what people have typed about one question, each the newest first. Whoever writes in
// several windows that did not see each other has several texts.
type Typing map[PersonName][]Typed

// What typing is bounded by.
const (
	// TypedFor is how long it is kept after the last change in its hour.
	TypedFor    = 48 * time.Hour
	mostTyped   = 3  // texts of one person about one question
	mostTypists = 8  // people at one question
	typedAtOnce = 60 // how often one person is heard, and as often again in each minute
	longestName = 64 // of a window, a stage and a draft
)

// TypingStore keeps what people are typing. It goes when its question is withdrawn or forgotten,
// when the hour closes, and TypedFor after the last change in its hour.
type TypingStore interface {
	Quotas
	// Typing reads what is typed about some questions; those about which nothing is are left out.
	Typing(ctx context.Context, id ID, numbers ...int) (map[int]Typing, error)
	// SwapTyping puts what is typed about a question in the place of what was read. It is
	// ErrConflict if that, or the question, is not as it was read any more.
	SwapTyping(ctx context.Context, q Question, was, now Typing) error
}

var windowName = regexp.MustCompile(`^[0-9A-Za-z-]+$`)

// KeepTyped keeps what a person is typing about a question, and gives all their texts about it. over
// is the Mark of the text that they found in their window: that one is replaced. What was written
// meanwhile in another window stays beside it. An empty text, and one that stands there anyway, is
// kept no more. The result's Question is what the text is about.
func (s *Service) KeepTyped(ctx context.Context, by Actor, ref QuestionRef, t Typed, over string) (Result, []Typed, error) {
	if err := s.hear(ctx, by, &t); err != nil {
		return Result{}, nil, err
	}
	var texts []Typed
	r, err := s.typing(ctx, ref, func(r Result, all Typing) (Typing, error) {
		if err := r.Question.mayType(by, r.Session, t); err != nil {
			return nil, err
		}
		var err error
		texts, err = keepTyped(all, by.Name, t, over, r.Question.given())
		return all, err
	})
	return r, texts, err
}

// hear bounds what is typed, and how often.
func (s *Service) hear(ctx context.Context, by Actor, t *Typed) error {
	t.Text, t.At = CleanText(t.Text), s.now()
	if !windowName.MatchString(t.From) || max(len(t.From), len(t.Stage), len(t.Draft)) > longestName {
		return Fail(Invalid, "fields_wrong", "detail", "window")
	}
	if err := tooLong("text", t.Text, maxAnswer); err != nil {
		return err
	}
	name := "typed:" + string(by.Name)
	wait, err := s.Typed.Spend(ctx, name, Quota{Name: name, Most: typedAtOnce, Per: time.Minute})
	if err == nil && wait > 0 {
		err = Fail(TooMany, "typed_too_often")
	}
	return err
}

// mayType refuses a text that its writer could not send. One of before they sent an answer comes late.
func (q Question) mayType(by Actor, s Session, t Typed) error {
	allowed := Allowed(s, q, by)
	switch {
	case !slices.Contains(allowed, Submit) && !slices.Contains(allowed, Correct):
		return q.tooLate(Submit)
	case t.Base < len(q.Revisions) && q.Latest().Author == by.Name:
		return Fail(Stale, "typed_sent")
	}
	return nil
}

// TakesAnswers reports whether somebody may be writing an answer to the question, or another one.
func (q Question) TakesAnswers() bool {
	return q.State == Published || slices.Contains(answering, q.State)
}

// given is what the form of an answer holds by itself.
func (q Question) given() string {
	if d := q.Draft(); d != "" {
		return d
	}
	return q.Latest().Text
}

func keepTyped(all Typing, by PersonName, t Typed, over, given string) ([]Typed, error) {
	texts := slices.DeleteFunc(slices.Clone(all[by]), func(o Typed) bool {
		return o.From == t.From || o.Text == t.Text || over != "" && o.Mark() == over
	})
	if t.Text != "" && t.Text != given {
		texts = slices.Insert(texts, 0, t)
	}
	texts = texts[:min(len(texts), mostTyped)]
	if all[by] = texts; len(texts) == 0 {
		delete(all, by)
	}
	if len(all) > mostTypists {
		return nil, Fail(TooMany, "typed_full")
	}
	return texts, nil
}

// DropTyped forgets what a person has sent: the text itself, and what stood in the window, or
// was found there. What was written elsewhere stays.
func (s *Service) DropTyped(ctx context.Context, by Actor, ref QuestionRef, t Typed, over string) error {
	if s.Typed == nil {
		return nil
	}
	t.Text = CleanText(t.Text)
	_, err := s.typing(ctx, ref, func(_ Result, all Typing) (Typing, error) {
		_, err := keepTyped(all, by.Name, t, over, t.Text)
		return all, err
	})
	return err
}

// typing changes what is typed about a question, on what is there now.
func (s *Service) typing(ctx context.Context, ref QuestionRef, change func(Result, Typing) (Typing, error)) (r Result, err error) {
	return s.retry(ref.Session, func() (Result, error) {
		ses, err := s.Store.Session(ctx, ref.Session) // as it is now: after its end nothing is kept
		if err != nil {
			return Result{}, err
		}
		qs, err := s.Store.Questions(ctx, ref.Session, ref.Number)
		if err != nil {
			return Result{}, err
		}
		r := Result{Question: qs[0], Session: ses}
		found, err := s.Typed.Typing(ctx, ref.Session, ref.Number)
		if err != nil {
			return r, err
		}
		was, now := found[ref.Number], Typing{}
		for name, texts := range was {
			now[name] = texts
		}
		if now, err = change(r, now); err != nil {
			return r, err
		}
		return r, s.Typed.SwapTyping(ctx, r.Question, was, now)
	})
}

// AsSent is the question as it would be if a person sent the text as its next answer.
func (q Question) AsSent(text string, by Actor, at time.Time) (Question, error) {
	q = q.clone()
	return q, q.revise(text, Context{By: by, At: at})
}
