package session

import "slices"

// machine is a state table and the one way in which commands are decided by it: what
// may be done to a T, by whom, and in which of its states S.
type machine[T subject[T, S], S ~string] []rule[S]

// rule is one row of a state table. What a command does, the buttons of the desk and
// docs/states.md are all read from these rows, so they cannot disagree.
type rule[S ~string] struct {
	verb   Verb
	roles  []Role
	phase  phase     // of the hour; a session has its own states for that
	public publicity // of the answer; a session has none
	moves  []move[S]
	guards string // for docs/states.md: what the command checks besides
}

// move is one step between states; a move to the same state changes data only.
type move[S ~string] struct {
	from []S
	to   S
}

// command is what somebody wants done to a T.
type command[T any] interface {
	Verb() Verb
	// already reports that t is as the command wants it, so that a second click is a
	// success.
	already(t T, by Actor) bool
	// apply checks the guards and changes data, never the state.
	apply(t *T, c Context) error
}

// conditional is a command whose move happens only sometimes.
type conditional[T any] interface {
	moves(t T, by Actor) bool
}

// returning is a command that leads a T to where it had come from.
type returning[T any, S ~string] interface {
	to(t T) S
}

// staged is a command about a T as somebody saw it.
type staged interface {
	seen() string // the stage; "" leaves the check out
}

// Seen is the part of a command that says what its giver had before them.
type Seen struct {
	// Stage is that of the question or the session as the person saw it, where a decision
	// must not be about something else than that; "" leaves the check out.
	Stage string `json:"stage,omitempty"`
	along bool   // it is decided along with another question, which somebody pressed
}

func (s Seen) seen() string { return s.Stage }

func (s Seen) wentAlong() bool { return s.along }

// noted is a command with an internal remark for the record.
type noted interface {
	note() string
}

// subject is what commands are about.
type subject[T any, S ~string] interface {
	state() S
	clone() T
	// admits checks the columns of the table that are no states.
	admits(r rule[S], c Context) error
	// tooLate says who was faster, when a person moved it meanwhile.
	tooLate(wanted Verb) error
	// SeenAt refuses a verb of a person who saw it at another stage than it is at now.
	SeenAt(stage string, by Actor, wanted Verb) error
	// acted is the clone in the next state, with the act that brought it there.
	acted(v Verb, next S, a Act) T
}

// decide gives t as it becomes by cmd. The order is: role, already so, state table,
// guards, the stage that was seen. t is never changed.
func (m machine[T, S]) decide(cmd command[T], c Context, t T) (after T, already bool, err error) {
	r, ok := m.rule(cmd.Verb())
	switch {
	case !ok:
		return t, false, Fail(Invalid, "verb_unknown", "verb", string(cmd.Verb()))
	case !slices.Contains(r.roles, c.By.Role):
		return t, false, Fail(Forbidden, "forbidden", "who", Roles(r.roles), "verb", r.verb)
	case cmd.already(t, c.By):
		return t, true, nil
	}
	next, ok := r.next(t.state())
	if !ok {
		return t, false, t.tooLate(r.verb)
	}
	if err := t.admits(r, c); err != nil {
		return t, false, err
	}
	after = t.clone()
	if err := cmd.apply(&after, c); err != nil {
		return t, false, err
	}
	if s, ok := cmd.(staged); ok {
		if err := t.SeenAt(s.seen(), c.By, r.verb); err != nil {
			return t, false, err
		}
	}
	if m, ok := cmd.(conditional[T]); ok && !m.moves(t, c.By) {
		next = t.state()
	}
	if b, ok := cmd.(returning[T, S]); ok {
		next = b.to(t)
	}
	a := Act{By: c.By, At: c.At}
	if n, ok := cmd.(noted); ok {
		a.Note = n.note()
	}
	return after.acted(r.verb, next, a), false, nil
}

// allowed lists the verbs that c.By may use on t now, in the order of the table: the
// buttons of a desk. Facts about copies and what a person decides about a parked copy
// are not among them: those belong to a copy.
func (m machine[T, S]) allowed(t T, c Context, useful func(Verb) bool) []Verb {
	var vs []Verb
	for _, r := range m {
		_, moves := r.next(t.state())
		if moves && !copyVerb(r.verb) && slices.Contains(r.roles, c.By.Role) && t.admits(r, c) == nil && useful(r.verb) {
			vs = append(vs, r.verb)
		}
	}
	return vs
}

func (m machine[T, S]) rule(v Verb) (rule[S], bool) {
	i := slices.IndexFunc(m, func(r rule[S]) bool { return r.verb == v })
	if i < 0 {
		return rule[S]{}, false
	}
	return m[i], true
}

// next returns the state after the verb, from state s.
func (r rule[S]) next(s S) (S, bool) {
	for _, m := range r.moves {
		if slices.Contains(m.from, s) {
			return m.to, true
		}
	}
	return "", false
}

// stay lists moves that change data but no state, after those that do.
func stay[S ~string](states []S, ms ...move[S]) []move[S] {
	for _, s := range states {
		ms = append(ms, move[S]{[]S{s}, s})
	}
	return ms
}
