package session

import "time"

// Command is what somebody wants done to one question. A button, a form, a slash
// command, the JSON API and a test all build the same small struct; see NewCommand
// for building one by its verb.
type Command interface {
	command[Question]
	Target() QuestionRef
}

// joint is a command that touches further questions of the same session.
type joint interface {
	Command
	others() []int // besides the question's own target and its followers
}

// Context is everything a command may look at besides what it is about.
type Context struct {
	By Actor
	At time.Time
	// Session is the one of the question that the command is about.
	Session Session
	// Render gives the public copies of a revision as they would go out now, and
	// their digest.
	Render func(q Question, rev Revision) ([]Rendered, string)
	// Broken lists the guidelines that block and that these copies do not keep to; nil is none.
	Broken func(q Question, rev Revision, copies []Rendered) []string
	// Locate reads addresses of copies; nil where nobody can.
	Locate Locate
	Open   Unfinished // what Close must know
	Staff  Directory  // of whom Edit may choose experts,
	Places []Target   // and of what it may choose places
	// Hides reports whether the owner of a place can hide there what others wrote; nil is nowhere.
	Hides func(ConnectorID) bool
	// Undo is how long a decision of triage can be undone; 0 is not at all.
	Undo time.Duration
	Head Hash // what Archive seals: the heads of all records

	Public Hash        // what Archive seals besides: what the public reads,
	Votes  map[int]int // and the votes of every question that has any

	kin kin
}

// kin are the questions that a joint command may touch besides its own.
type kin map[int]*relative

type relative struct {
	Question
	verb Verb // empty while it is as it was
}

func kinOf(others []Question) kin {
	k := kin{}
	for _, o := range others {
		k[o.Ref.Number] = &relative{Question: o.clone()}
	}
	return k
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

// Changed is a question after a command.
type Changed struct {
	Question Question // Version and Head still those that were read
	Verb     Verb
	Erase    bool // forget the contents of the earlier record entries
}

// Decision is the outcome of Decide: nothing to do because it is already so, or
// the questions as they should become.
type Decision struct {
	Already bool
	Changed []Changed
}

// Decide applies cmd to q, with the other questions it touches, and returns what
// should be committed. The order is: role, already so, state table, guards, the stage
// that was seen. Errors are *Error: Forbidden, Already, Refused, Stale or Invalid; q is
// never changed.
func Decide(cmd Command, c Context, q Question, others []Question) (Decision, error) {
	c.By, c.kin = c.Session.effective(c.By), kinOf(others)
	after, already, err := questions.decide(cmd, c, q)
	if err != nil || already {
		return Decision{Already: already}, err
	}
	after.Undo = undoOf(cmd, c, q, after)
	d := Decision{Changed: []Changed{{Question: after, Verb: cmd.Verb(), Erase: erases(cmd.Verb())}}}
	for _, o := range others {
		if r := c.kin[o.Ref.Number]; r.verb != "" {
			d.Changed = append(d.Changed, Changed{Question: r.Question, Verb: r.verb})
		}
	}
	return d, nil
}

// erases reports whether a verb forgets the contents of the record entries before it.
func erases(v Verb) bool { return v == Withdraw || v == Forget }

func (q Question) state() State { return q.State }

// admits checks the phase of the hour and what is public.
func (q Question) admits(r rule[State], c Context) error {
	switch {
	case !r.public.holds(q):
		return q.tooLate(r.verb)
	case !r.phase.in(c.Session.State, q.Wanted != 0, c.By.Role):
		return Fail(Refused, "session_over", "verb", r.verb, "state", c.Session.State)
	}
	return nil
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
		return q.tooLate(wanted)
	case q.Last == Reword:
		return Fail(Stale, "stale_wording")
	}
	return Fail(Stale, "stale")
}

func (q Question) tooLate(wanted Verb) error {
	if verb, by := q.faster(); by != "" {
		return Fail(Already, "already", "verb", verb, "wanted", wanted, "state", q.State).Of(by)
	}
	return Fail(Refused, "not_now", "verb", wanted, "state", q.State)
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

func (q Question) acted(v Verb, next State, a Act) Question {
	q.enter(next, a.At)
	q.Acts[v] = a
	if a.By.Role != System && decides(v) {
		q.Last = v
	}
	return q
}

// enter moves q to state s; staying does not restart the clock of its wait.
func (q *Question) enter(s State, at time.Time) {
	if q.State != s {
		q.State, q.Since = s, at
	}
}

// decides leaves out what changes nothing that somebody else could decide about.
func decides(v Verb) bool {
	return v != Write && v != AddNote && v != AllowName && v != LeaveEmail && !copyVerb(v)
}

// On is the part that all commands share: the question they are about.
type On struct {
	Question QuestionRef `json:"-"`
	Seen
}

// Target is the question that the command is about.
func (o On) Target() QuestionRef { return o.Question }

// already is the default: nothing is.
func (On) already(Question, Actor) bool { return false }
