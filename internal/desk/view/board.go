package view

import (
	"cmp"
	"context"
	"slices"
	"time"

	"experthour/internal/routing"
	"experthour/internal/session"
)

// FirstPage is how many cards stand on the first page of a desk.
const FirstPage = 50

// mostUrgent is how many cards the board names.
const mostUrgent = 5

// Board is the state of an hour at a glance.
type Board struct {
	State  Badge
	Span   string // from when to when
	Left   time.Duration
	Starts bool // Left is until the start, not until the end
	Soon   bool // these are the last minutes
	Paused bool
	// IntakePaused is set while no questions are taken.
	IntakePaused bool
	// PausedBy and IntakePausedBy are who did it last, and is to be asked.
	PausedBy, IntakePausedBy session.PersonName

	Received, Answered, Unanswered int
	Parked                         int // questions with a copy that waits for a person
	New                            int // questions that nobody has decided about
	ToApprove                      int // answers that wait for approval
	Fresh                          int // what waits for this very reader
	Counts                         []Count
	Oldest                         *Oldest // what waits longest; nil: nothing
	Holders                        []Holder
	Told                           []Copy // announcements that wait for a person
	Urgent                         []Urgent
	Warnings                       []string // what moderators should see to, and which questions are damaged

	// Cards are the first page of all questions, in the order in which they need this
	// reader.
	Cards []session.Question
}

// Count is how many questions are in a state.
type Count struct {
	Name string
	N    int
}

// Oldest is what waits longest for a person. Number is 0 when it is not on the first page.
type Oldest struct {
	State  session.State
	Wait   string
	Number int
}

// Holder is a person and what they are answering.
type Holder struct {
	Name    session.PersonName
	Numbers []int
}

// Urgent is one line of what needs somebody most.
type Urgent struct {
	Number    int
	Ref, What string
	Wait      string // "" when it is not worth a word
	Text      string
	Language  session.Language
}

// Board reads the state of the hour.
func (r Reader) Board(ctx context.Context, counts session.Counts, staff session.Directory) (Board, error) {
	first := routing.Attention(r.someone(session.Moderator))
	first.Limit = FirstPage
	qs, err := r.Store.List(ctx, r.Session.ID, first)
	if err != nil {
		return Board{}, err
	}
	var held []session.Question
	if held, err = r.held(ctx, counts); err != nil {
		return Board{}, err
	}
	routing.Sort(r.someone(session.Moderator), qs, nil)
	b := r.Head(counts, qs)
	b.Fresh = r.waiting(counts, held)
	b.Holders, b.Told, b.Urgent, b.Warnings, b.Cards = holders(held), r.Told(), r.urgent(qs), r.Warned(r.Doubts(staff)), qs
	b.Warnings = append(b.Warnings, r.Waiting()...)
	for _, n := range r.Store.Damaged(r.Session.ID) {
		b.Warnings = append(b.Warnings, r.Spoiled(n))
	}
	return b, nil
}

// Head is a board without what it says of single people and questions but for the one
// that waits longest, if it is among those given.
func (r Reader) Head(counts session.Counts, qs []session.Question) Board {
	s, zone := r.Session, r.Session.Location()
	b := Board{State: Badge{r.Words.Text("session." + string(s.State)), stateTones[s.State]},
		Span: r.Words.Span(s.Start.In(zone), s.End.In(zone)), Paused: s.Paused, IntakePaused: s.IntakePaused,
		PausedBy: s.Acts[session.Pause].By.Name, IntakePausedBy: s.Acts[session.PauseIntake].By.Name,
		Received: counts.Last, Answered: counts.ByState[session.Published], Unanswered: counts.Unfinished.Questions, Parked: counts.Parked,
		New: counts.ByState[session.Received], ToApprove: counts.ByState[session.Review],
		Fresh: r.waiting(counts, nil), Counts: r.Counts(counts), Oldest: r.oldest(counts, qs)}
	switch s.State {
	case session.Scheduled:
		b.Left, b.Starts = max(s.Start.Sub(r.At), 0), true
	case session.Open:
		b.Left = max(s.End.Sub(r.At), 0)
		b.Soon = b.Left <= session.EndingSoon
	}
	return b
}

// held are the questions that somebody answers now.
func (r Reader) held(ctx context.Context, counts session.Counts) ([]session.Question, error) {
	if counts.ByState[session.Claimed] == 0 {
		return nil, nil
	}
	return r.Store.List(ctx, r.Session.ID, session.Listing{States: []session.State{session.Claimed}, Limit: FirstPage})
}

// waiting counts what waits for this person: for a moderator what is new, to approve and to
// check, for an expert what they answer and what nobody has taken up, for others nothing.
func (r Reader) waiting(counts session.Counts, held []session.Question) int {
	switch r.someone(session.Moderator).Role {
	case session.Moderator:
		return counts.ByState[session.Received] + counts.ByState[session.Review] + counts.Parked
	case session.ExpertRole:
		n := counts.ByState[session.Queued]
		for _, q := range held {
			if q.Holder == r.By.Name {
				n++
			}
		}
		return n
	}
	return 0
}

// Waits is how much waits for this person in an hour; nothing when it is over.
func (r Reader) Waits(ctx context.Context) (int, error) {
	if r.Session.State.Over() {
		return 0, nil
	}
	counts, err := r.Store.Counts(ctx, r.Session.ID)
	if err != nil {
		return 0, err
	}
	held, err := r.held(ctx, counts)
	return r.waiting(counts, held), err
}

var stateTones = map[session.SessionState]Tone{session.Open: Live, session.Closing: Warn}

// Counts are the states in which there is any question, in the order of its life.
func (r Reader) Counts(counts session.Counts) []Count {
	var cs []Count
	for _, st := range session.States {
		if n := counts.ByState[st]; n > 0 {
			cs = append(cs, Count{r.Words.Text("state." + string(st)), n})
		}
	}
	return cs
}

// oldest finds what waits longest for a person.
func (r Reader) oldest(counts session.Counts, qs []session.Question) *Oldest {
	var longest session.State
	for _, st := range session.States {
		if at, ok := counts.Oldest[st]; ok && patience[st] > 0 && (longest == "" || at.Before(counts.Oldest[longest])) {
			longest = st
		}
	}
	if longest == "" {
		return nil
	}
	since := counts.Oldest[longest]
	o := &Oldest{State: longest, Wait: r.Words.Lasting(r.waited(since))}
	if i := slices.IndexFunc(qs, func(q session.Question) bool { return q.State == longest && q.Since.Equal(since) }); i >= 0 {
		o.Number = qs[i].Ref.Number
	}
	return o
}

// holders groups claimed questions by who answers them.
func holders(qs []session.Question) []Holder {
	var hs []Holder
	for _, q := range qs {
		i := slices.IndexFunc(hs, func(h Holder) bool { return h.Name == q.Holder })
		if i < 0 {
			hs, i = append(hs, Holder{Name: q.Holder}), len(hs)
		}
		hs[i].Numbers = append(hs[i].Numbers, q.Ref.Number)
	}
	slices.SortFunc(hs, func(a, b Holder) int { return cmp.Compare(a.Name, b.Name) })
	return hs
}

// urgent lists what needs somebody most, of questions in their order.
func (r Reader) urgent(qs []session.Question) []Urgent {
	var us []Urgent
	for _, q := range qs {
		if len(us) == mostUrgent || !waits(q) || !r.mine(q) {
			continue
		}
		u := Urgent{Number: q.Ref.Number, Ref: r.Ref(q.Ref.Number), What: r.Badge(q).Text,
			Text: session.Shorten(q.Text, 120), Language: q.Language}
		if q.State == session.Withdrawn {
			u.Text, u.Language = r.Words.Text("desk.erased"), r.Words.Language()
		}
		if w := r.waited(q.Since); w >= time.Minute {
			u.Wait = r.Words.Lasting(w)
		}
		us = append(us, u)
	}
	return us
}

// waits reports whether a question waits for somebody.
func waits(q session.Question) bool { return patience[q.State] > 0 || q.Waits() }

// mine reports whether a question is anything to this reader yet: a new one is for
// moderators only.
func (r Reader) mine(q session.Question) bool {
	return q.State != session.Received || r.someone(session.Moderator).Role == session.Moderator
}

// concerns reports whether a question waits for this very reader: it is one of those that waiting counts.
func (r Reader) concerns(q session.Question) bool {
	switch r.By.Role {
	case session.Moderator:
		return q.State == session.Received || q.State == session.Review || q.Waits()
	case session.ExpertRole:
		return q.State == session.Queued || q.State == session.Claimed && q.Holder == r.By.Name
	}
	return false
}

// Doubts are what a moderator should see to about an hour, until it is over.
func (r Reader) Doubts(staff session.Directory) []session.Warning {
	if r.someone(session.Moderator).Role != session.Moderator || r.Session.State.Over() {
		return nil
	}
	return r.Session.Warnings(staff)
}

// Warned words what is doubtful about an hour.
func (d *Desk) Warned(ws []session.Warning) []string {
	var texts []string
	for _, w := range ws {
		texts = append(texts, d.Words.Text("warning."+string(w)))
	}
	return texts
}

// Spoiled says that a question is damaged. Nothing can be done about it at a desk.
func (d *Desk) Spoiled(n int) string { return d.Words.Text("desk.damaged", "number", n) }
