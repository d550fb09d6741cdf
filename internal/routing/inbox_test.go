package routing

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// desk records what the inbox calls, and refuses for sessions in closed.
type desk struct {
	all    []session.Session
	reads  int
	closed map[session.ID]bool
	asked  []session.Asked
	done   []session.Command
	by     session.Actor
	voter  session.Hash
	likes  []session.Likes
	listed int
	open   map[session.ID][]session.Question
	up     bool
	err    error

	email  string         // of every question
	copies session.Copies // of every question

	originals map[session.ID]int   // where the message m1 is a question
	asker     map[session.ID][]int // what u asked
	looked    []session.ID         // where originals were looked for

	tried   map[string]bool // copies that are being posted
	noted   func()          // what becomes known while that is looked for
	queried []string        // of which copies it was looked for
}

func (d *desk) Sessions(context.Context) ([]session.Session, error) {
	d.reads++
	return d.all, d.err
}

func (d *desk) Ask(_ context.Context, a session.Asked) (session.Question, bool, error) {
	if d.closed[a.Session] {
		return session.Question{}, false, session.Fail(session.Refused, "ask_over")
	}
	d.asked = append(d.asked, a)
	return session.Question{Ref: session.QuestionRef{Session: a.Session, Number: len(d.asked)}}, true, d.err
}

func (d *desk) Do(_ context.Context, by session.Actor, cmd session.Command) (session.Result, error) {
	d.by, d.done = by, append(d.done, cmd)
	return session.Result{}, d.err
}

func (d *desk) Vote(_ context.Context, v session.Vote) (int, error) {
	d.voter, d.up = v.By, v.Up && v.Early
	return 1, d.err
}

func (d *desk) Like(_ context.Context, l session.Likes) (int, error) {
	d.likes = append(d.likes, l)
	return l.Count, d.err
}

func (d *desk) List(_ context.Context, id session.ID, l session.Listing) ([]session.Question, error) {
	d.listed++
	if !l.Unfinished || l.Limit == 0 {
		return nil, errors.New("not a list of some open questions")
	}
	return d.open[id], d.err
}

func (d *desk) Session(_ context.Context, id session.ID) (session.Session, error) {
	return d.all[slices.IndexFunc(d.all, func(s session.Session) bool { return s.ID == id })], d.err
}

func (d *desk) Tried(_ context.Context, _ session.ID, copies ...string) (bool, error) {
	d.queried = append(d.queried, copies...)
	if d.noted != nil {
		d.noted()
	}
	return slices.ContainsFunc(copies, func(c string) bool { return d.tried[c] }), d.err
}

func (d *desk) ByOriginal(_ context.Context, id session.ID, o session.Origin) (int, bool, error) {
	d.looked = append(d.looked, id)
	n, ok := d.originals[id]
	return n, ok && o.Message == "m1", d.err
}

func (d *desk) ByAsker(_ context.Context, id session.ID, c session.ConnectorID, u session.UserRef) ([]int, error) {
	if c != sandbox || u != "u" {
		return nil, d.err
	}
	return slices.Clone(d.asker[id]), d.err
}

func (d *desk) Questions(_ context.Context, id session.ID, numbers ...int) ([]session.Question, error) {
	var qs []session.Question
	for _, n := range numbers { // question 1 of each session is as old as the session
		start := d.all[slices.IndexFunc(d.all, func(s session.Session) bool { return s.ID == id })].Start
		qs = append(qs, session.Question{Ref: session.QuestionRef{Session: id, Number: n}, Asked: start.Add(time.Duration(n) * time.Minute),
			Origin: session.Origin{Message: "m1"}, Email: d.email, Copies: d.copies})
	}
	return qs, d.err
}

func inboxOn(d *desk, now *time.Time) *Inbox {
	return &Inbox{Service: d, Store: d, Now: func() time.Time { return *now },
		Voter: func(c session.ConnectorID, u session.UserRef) session.Hash {
			return session.Hash(string(c) + "/" + string(u))
		}}
}

func at(id session.ID, state session.SessionState, start time.Duration) session.Session {
	s := hour()
	s.ID, s.State, s.Start, s.End = id, state, noon.Add(start), noon.Add(start+time.Hour)
	s.AskFrom, s.Stopped = s.Start.Add(-time.Hour), s.End
	return s
}

func TestAt(t *testing.T) {
	t.Parallel()
	here := session.Origin{Connector: sandbox, Place: "square"}
	early, soon, late := at("early", session.Scheduled, 30*time.Minute), at("soon", session.Scheduled, 20*time.Minute), at("late",
		session.Scheduled, 20*time.Hour)
	open, over := at("open", session.Open, -30*time.Minute), at("over", session.Closing, -time.Hour-3*time.Minute)
	ended := at("ended", session.Closing, -time.Hour)
	for name, c := range map[string]struct {
		all  []session.Session
		at   session.Origin
		want session.ID
	}{
		"the open one before early questions":       {[]session.Session{early, open}, here, "open"},
		"what came before the end":                  {[]session.Session{early, ended}, here, "ended"},
		"that is over":                              {[]session.Session{early, over}, here, "early"},
		"the soonest of two":                        {[]session.Session{early, soon}, here, "soon"},
		"one that takes questions before a planned": {[]session.Session{late, early}, here, "early"},
		"a planned one, to be refused with a time":  {[]session.Session{late}, here, "late"},
		"nothing":           {nil, here, ""},
		"only what is over": {[]session.Session{over, at("c", session.Cancelled, 0), at("a", session.Archived, 0)}, here, ""},
		"another connector": {[]session.Session{open}, session.Origin{Connector: birds, Place: "square"}, ""},
		"a whole connector": {[]session.Session{open}, session.Origin{Connector: announce, Place: "any"}, "open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ok := At(c.all, c.at, noon)
			if s.ID != c.want || ok != (c.want != "") {
				t.Errorf("belongs to %q, want %q", s.ID, c.want)
			}
		})
	}
}

func TestAskedReachesTheService(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("open", session.Open, 0)}}
	a := connector.Asked{Origin: session.Origin{Connector: sandbox, Place: "square", Message: "m1"}, Key: "k", Text: "Kā?", Name: "Ilze",
		Language: session.Latvian, At: noon}
	ref, err := inboxOn(d, &now).Asked(t.Context(), a)
	if err != nil || ref.Session != "open" || ref.Number != 1 {
		t.Fatalf("stored as %v, %v", ref, err)
	}
	want := session.Asked{Session: "open", Key: "k", Text: "Kā?", Name: "Ilze", Language: session.Latvian, Origin: a.Origin, At: noon}
	if d.asked[0] != want {
		t.Errorf("asked %+v, want %+v", d.asked[0], want)
	}
}

func TestAskedReadsTheSessionsOnceInAWhile(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("open", session.Open, 0)}}
	in := inboxOn(d, &now)
	a := connector.Asked{Origin: session.Origin{Connector: sandbox, Place: "square"}}
	for range 10 {
		if _, err := in.Asked(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if d.reads != 1 {
		t.Errorf("%d reads for 10 questions", d.reads)
	}
	now = now.Add(fresh + 1)
	if _, err := in.Asked(t.Context(), a); err != nil || d.reads != 2 {
		t.Errorf("%d reads after a while, %v", d.reads, err)
	}
}

func TestAskedLooksAgainBeforeItRefuses(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("first", session.Open, 0)}}
	in := inboxOn(d, &now)
	a := connector.Asked{Origin: session.Origin{Connector: sandbox, Place: "square"}}
	if _, err := in.Asked(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	d.closed, d.all = map[session.ID]bool{"first": true}, []session.Session{at("second", session.Open, 0)}
	if ref, err := in.Asked(t.Context(), a); err != nil || ref.Session != "second" {
		t.Errorf("stored as %v, %v", ref, err)
	}
}

func TestAskedNowhere(t *testing.T) {
	t.Parallel()
	now := noon
	_, err := inboxOn(&desk{}, &now).Asked(t.Context(), connector.Asked{Origin: session.Origin{Connector: sandbox}})
	if e, ok := errors.AsType[*session.Error](err); !ok || e.ID != "ask_nowhere" || e.Kind != session.Refused {
		t.Errorf("error %v", err)
	}
}

// An error of the store must reach the connector, or it would acknowledge a
// question that nobody has.
func TestErrorsOfTheStoreAreHandedOn(t *testing.T) {
	t.Parallel()
	now := noon
	away := session.Fail(session.Unavailable, "unavailable")
	in := inboxOn(&desk{err: away}, &now)
	o := session.Origin{Connector: sandbox, Place: "square", Message: "m1"}
	_, err := in.Asked(t.Context(), connector.Asked{Origin: o})
	_, _, said := in.Said(t.Context(), connector.Asked{Origin: o})
	_, parted := in.Parted(t.Context(), connector.Asked{Origin: o}, 1)
	for name, err := range map[string]error{"asked": err, "said": said, "parted": parted, "reworded": in.Reworded(t.Context(), o, "x", noon),
		"removed": in.Removed(t.Context(), o), "withdrawn": in.Withdrawn(t.Context(), o), "voted": in.Voted(t.Context(), o, "u", true)} {
		if !errors.Is(err, error(away)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatAskersDoToTheirOwnQuestion(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("tax-2026", session.Open, 0)}, originals: map[session.ID]int{"tax-2026": 7}}
	in := inboxOn(d, &now)
	o := session.Origin{Connector: sandbox, Place: "square", Message: "m1"}
	on := session.On{Question: session.QuestionRef{Session: "tax-2026", Number: 7}}
	if err := in.Reworded(t.Context(), o, "New", noon); err != nil ||
		d.done[0] != session.Command(session.RewordQuestion{On: on, Message: "m1", Text: "New", Edited: noon}) {
		t.Errorf("reworded: %v %v", d.done, err)
	}
	if err := in.Withdrawn(t.Context(), o); err != nil || d.done[1] != session.Command(session.WithdrawQuestion{On: on}) {
		t.Errorf("withdrawn: %v %v", d.done, err)
	}
	if d.by != (session.Actor{Role: session.Asker}) {
		t.Errorf("done by %+v: the public may only be an asker", d.by)
	}
	if err := in.Voted(t.Context(), o, "u", true); err != nil || d.voter != "sandbox/u" || !d.up {
		t.Errorf("voted: %q %v %v", d.voter, d.up, err)
	}
}

// TestHiddenIsNotRemoved: a platform may say of what a moderator hid that it is not there.
func TestHiddenIsNotRemoved(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("tax-2026", session.Open, 0)}, originals: map[session.ID]int{"tax-2026": 7}}
	in, o := inboxOn(d, &now), session.Origin{Connector: sandbox, Place: "square", Message: "m1"}
	shown := session.Copy{At: noon.Add(-time.Minute)}                // a moment ago, when the removal was on its way here
	for _, c := range []session.Copy{{Wanted: 1}, {Out: 1}, shown} { // it is to be hidden, and to be shown again
		c.Slot = session.Slot{Kind: session.KindHidden, Connector: sandbox, Place: "square", Original: 7}
		d.copies = session.Copies{c}
		if err := in.Removed(t.Context(), o); err != nil || len(d.done) != 0 {
			t.Errorf("%+v: %v, %v", c, d.done, err)
		}
	}
	now = noon.Add(time.Hour) // long after it was shown again
	if err := in.Removed(t.Context(), o); err != nil || len(d.done) != 1 {
		t.Errorf("%v, %v", d.done, err)
	}
}

// TestRestOfAQuestion: what an app cut off becomes a part of what its author asked just
// before there, and is no question of its own.
func TestRestOfAQuestion(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("open", session.Open, 0)}, asker: map[session.ID][]int{"open": {1}}}
	a := connector.Asked{Origin: session.Origin{Connector: sandbox, Message: "m2", User: "u"}, Key: "k", Text: "and the end?",
		At: noon.Add(62 * time.Second), Cut: true}
	ref, err := inboxOn(d, &now).Asked(t.Context(), a)
	want := session.RewordQuestion{On: session.On{Question: session.QuestionRef{Session: "open", Number: 1}}, Message: "m2", At: a.At,
		Text: a.Text, Cut: true}
	if err != nil || ref.Number != 1 || len(d.asked) != 0 || len(d.done) != 1 || d.done[0] != session.Command(want) {
		t.Errorf("%v, %v; asked %v, done %+v", ref, err, d.asked, d.done)
	}
	for name, change := range map[string]func(*connector.Asked){
		"too late":      func(a *connector.Asked) { a.At = noon.Add(time.Hour) },
		"somebody else": func(a *connector.Asked) { a.Origin.User = "v" },
		"elsewhere":     func(a *connector.Asked) { a.Origin.Place = "other" },
	} {
		rest := a
		change(&rest)
		if _, err := inboxOn(d, &now).Asked(t.Context(), rest); session.KindOf(err) != session.NotFound || len(d.asked) != 0 || len(d.done) != 1 {
			t.Errorf("%s: %v; asked %v, done %v", name, err, d.asked, d.done)
		}
	}
}

// TestLiked: a count is of the original alone, within bounds.
func TestLiked(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("now", session.Open, 0)}, originals: map[session.ID]int{"now": 7}}
	in := inboxOn(d, &now)
	o := session.Origin{Connector: "sandbox", Message: "m1"}
	for _, count := range []int{3, -1, 1 << 40} {
		if err := in.Liked(t.Context(), o, count, noon); err != nil {
			t.Fatal(err)
		}
	}
	ref := session.QuestionRef{Session: "now", Number: 7}
	want := func(count int) session.Likes {
		return session.Likes{Question: ref, From: "sandbox", Count: count, At: noon}
	}
	if !slices.Equal(d.likes, []session.Likes{want(3), want(0), want(mostLikes)}) {
		t.Errorf("likes %+v", d.likes)
	}
	o.Message = "m2"
	if err := in.Liked(t.Context(), o, 5, noon); session.KindOf(err) != session.NotFound {
		t.Errorf("likes of nothing: %v", err)
	}
}
