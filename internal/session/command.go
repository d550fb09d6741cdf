package session

import (
	"slices"
	"time"
)

// Command is what somebody wants done to one question. A button, a form, a slash
// command, the JSON API and a test all build the same small struct; see NewCommand
// for building one by its verb.
type Command interface {
	Verb() Verb
	Target() QuestionRef
	// seen is the stage at which the person saw the question; "" leaves the check out.
	seen() string
	// settled reports that q already is as the command wants it, so that a second
	// click is a success.
	settled(q Question, by Actor) bool
	// apply checks the guards and changes data, never the state.
	apply(q *Question, kin kin, c Context) error
}

// joint is a command that touches further questions of the same session.
type joint interface {
	Command
	others() []int // besides the question's own target and its followers
}

// conditional is a command whose move happens only sometimes.
type conditional interface {
	moves(q Question, by Actor) bool
}

// noted is a command with an internal remark for the record.
type noted interface {
	note() string
}

// Context is everything a command may look at besides its question.
type Context struct {
	By      Actor
	At      time.Time
	Session Session
	// Render gives the public copies of a revision as they would go out now, and
	// their digest.
	Render func(q Question, rev Revision) ([]Rendered, string)
	// Locate reads addresses of copies; nil where nobody can.
	Locate Locate
}

// kin are the questions that a joint command may touch besides its own.
type kin map[int]*relative

type relative struct {
	Question
	verb Verb // empty while it is as it was
}

// touch gives question n for changing, and says by which verb it changes.
func (k kin) touch(n int, v Verb) (*Question, bool) {
	r, ok := k[n]
	if !ok {
		return nil, false
	}
	r.verb = v
	return &r.Question, true
}

// Changed is a question after a command, with its new record entry.
type Changed struct {
	Question Question // Version and Head still those that were read
	Verb     Verb
	Payload  Payload
	Erase    bool // forget the contents of the earlier record entries
}

// Decision is the outcome of Decide: nothing to do because it is already so, or
// the questions as they should become.
type Decision struct {
	Settled bool
	Changed []Changed
}

// Decide applies cmd to q, with the other questions it touches, and returns what
// should be committed. The order is: role, already so, state table, guards. Errors
// are *Error: Forbidden, Already, Refused, Stale or Invalid; q is never changed.
func Decide(cmd Command, c Context, q Question, others []Question) (Decision, error) {
	r, ok := ruleOf(cmd.Verb())
	if !ok {
		return Decision{}, Fail(Invalid, "verb_unknown", "verb", string(cmd.Verb()))
	}
	c.By = c.Session.effective(c.By)
	if !slices.Contains(r.roles, c.By.Role) {
		return Decision{}, Fail(Forbidden, "forbidden", "role", c.By.Role, "verb", r.verb)
	}
	if cmd.settled(q, c.By) {
		return Decision{Settled: true}, nil
	}
	next, err := r.admit(c, q)
	if err != nil {
		return Decision{}, err
	}
	if m, ok := cmd.(conditional); ok && !m.moves(q, c.By) {
		next = q.State
	}
	d, err := change(cmd, c, q.clone(), others, next)
	if err == nil {
		err = q.SeenAt(cmd.seen(), c.By, r.verb)
	}
	if err != nil {
		return Decision{}, err
	}
	return d, nil
}

// SeenAt refuses a verb of a person who saw the question at another stage than it is at
// now, and says what became of it; "" is whoever did not look. Whoever moved it last has
// seen it move.
func (q Question) SeenAt(stage string, by Actor, wanted Verb) error {
	_, mover := q.faster()
	switch {
	case stage == "" || stage == q.Stage() || mover != "" && mover == by.Name:
		return nil
	case mover != "":
		return tooLate(wanted, q)
	case q.Last == Reword:
		return Fail(Stale, "stale_wording")
	}
	return Fail(Stale, "stale")
}

// faster is who decided or answered last, and the verb by which people know it.
func (q Question) faster() (Verb, PersonName) {
	last := q.Acts[q.Last]
	switch {
	case q.Latest().At.After(last.At): // the clock submitted it
		return Submit, q.Latest().Author
	case q.State == Claimed && q.Acts[Write].At.After(last.At): // by writing
		return Claim, q.Holder
	}
	return q.Last, last.By.Name
}

// admit checks the state table and the phase.
func (r rule) admit(c Context, q Question) (State, error) {
	next, ok := r.next(q.State)
	if !ok || !r.public.holds(q) {
		return "", tooLate(r.verb, q)
	}
	if !r.phase.in(c.Session.State, q.Wanted != 0, c.By.Role) {
		return "", Fail(Refused, "session_over", "verb", r.verb, "state", c.Session.State)
	}
	return next, nil
}

// tooLate says who was faster, when a person moved the question meanwhile.
func tooLate(v Verb, q Question) error {
	if verb, by := q.faster(); by != "" {
		return Fail(Already, "already", "verb", verb, "by", by, "wanted", v, "state", q.State)
	}
	return Fail(Refused, "not_now", "verb", v, "state", q.State)
}

func change(cmd Command, c Context, q Question, others []Question, next State) (Decision, error) {
	family := kin{}
	for _, o := range others {
		family[o.Ref.Number] = &relative{Question: o.clone()}
	}
	if err := cmd.apply(&q, family, c); err != nil {
		return Decision{}, err
	}
	q.enter(next, c.At)
	q.act(cmd, c)
	d := Decision{Changed: []Changed{{Question: q, Verb: cmd.Verb(), Payload: payload(cmd, c), Erase: cmd.Verb() == Withdraw}}}
	for _, o := range others {
		if r := family[o.Ref.Number]; r.verb != "" {
			d.Changed = append(d.Changed, Changed{Question: r.Question, Verb: r.verb, Payload: payload(cmd, c)})
		}
	}
	return d, nil
}

// enter moves q to state s; staying does not restart the clock of its wait.
func (q *Question) enter(s State, at time.Time) {
	if q.State != s {
		if s == Queued {
			q.Calls++
		}
		q.State, q.Since = s, at
	}
}

func (q *Question) act(cmd Command, c Context) {
	a := Act{By: c.By, At: c.At}
	if n, ok := cmd.(noted); ok {
		a.Note = n.note()
	}
	q.Acts[cmd.Verb()] = a
	if c.By.Role != System && decides(cmd.Verb()) {
		q.Last = cmd.Verb()
	}
}

// decides leaves out what changes nothing that somebody else could decide about.
func decides(v Verb) bool { return v != Write && v != AddNote && !copyVerb(v) }

// On is the part that all commands share: the question they are about.
type On struct {
	Question QuestionRef `json:"-"`
	// Stage is Question.Stage as the person saw it, where a decision must not be about
	// something else than that; "" leaves the check out.
	Stage string `json:"stage,omitempty"`
}

// Target is the question that the command is about.
func (o On) Target() QuestionRef { return o.Question }

func (o On) seen() string { return o.Stage }

// settled is the default: nothing is already so.
func (On) settled(Question, Actor) bool { return false }
