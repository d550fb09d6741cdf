package session

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The people and the clock of every test here.
var (
	anna   = Actor{"Anna", Moderator}
	boris  = Actor{"Boris", Moderator}
	edgars = Actor{"Edgars", ExpertRole}
	evita  = Actor{"Evita", ExpertRole}
	oskars = Actor{"Oskars", Observer}
	asker  = Actor{Role: Asker}

	people = Directory{{Name: "Edgars", Role: ExpertRole}, {Name: "Evita", Role: ExpertRole, Office: "Customs"},
		{Name: "Emils", Role: ExpertRole, Office: "Customs"}, {Name: "Anna", Role: Moderator}, {Name: "Oskars", Role: Observer}}

	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
)

// blind is the public place of the tests: nobody can look there, so an attempt of
// unknown outcome must never be repeated.
const blind ConnectorID = "blind"

// world is a whole expert hour without a store: the domain, the platforms as they
// really are, and a worker whose every step may fail.
type world struct {
	ses Session
	qs  []Question // question n is at n-1
	at  time.Time

	truth  map[string]int // what really stands at a copy: its counter
	texts  map[string]string
	aims   map[string]aim // where
	made   int            // messages
	flight map[string]int // copies that a worker is trying to bring to that counter
	seen   map[int]preview
	undo   time.Duration        // how long decisions of triage can be undone
	twice  []string             // copies that were posted while one already stood there
	posts  map[MessageID]string // what was written into a message last
}

// preview is what an approver has on the screen.
type preview struct {
	revision int
	digest   string
	copies   []Rendered
}

func newWorld() *world {
	ses := Session{ID: "s", State: Scheduled, Title: "Tax", Zone: "UTC", Experts: []Expert{{Name: "Edgars"}, {Name: "Evita"}},
		Acts:  map[Verb]Act{},
		Start: noon, End: noon.Add(time.Hour), AskFrom: noon.Add(-time.Hour), Language: Latvian, Reasons: []string{"off_topic", NotReached}}
	return &world{ses: ses, at: noon, truth: map[string]int{}, texts: map[string]string{}, flight: map[string]int{}, seen: map[int]preview{},
		posts: map[MessageID]string{}, aims: map[string]aim{}}
}

// render is the test's planner: the page, and the blind place under every original.
func render(q Question, rev Revision) ([]Rendered, string) {
	text := func(n int) string { return fmt.Sprintf("%s|%s|%d", q.Text, rev.Text, n) }
	n := q.Ref.Number
	rs := []Rendered{
		{Slot: Slot{Kind: KindAnswer, Connector: Page, Original: n}, Text: text(n)},
		{Slot: Slot{Kind: KindAnswer, Connector: blind, Place: "b", Original: n}, Text: text(n)},
	}
	for _, f := range q.Followers {
		rs = append(rs, Rendered{Slot: Slot{Kind: KindAnswer, Connector: blind, Place: "b", Original: f.Number}, Text: text(f.Number)})
	}
	return rs, Digest(q, rev.Number, rs)
}

// notices is the test's planner of what askers are told: a receipt into which the answer is
// edited, an outcome, and a ring when an answer stands in a message that was there already.
func (w *world) notices(q Question) (rs []Rendered) {
	add := func(kind CopyKind, original, of int, text string) {
		rs = append(rs, Rendered{Slot: Slot{Kind: kind, Connector: blind, Place: "b", Original: original, Of: of}, Text: text})
	}
	late := q.State == Approved || !q.PublishedAt.IsZero()
	if _, ok := q.Acts[Accept]; ok && q.State != Withdrawn && (!late || q.Receipt(blind, "b") != "") {
		add(KindReceipt, q.Ref.Number, 0, fmt.Sprint(slices.Contains(ended, q.State)))
	}
	for _, n := range append([]int{q.Ref.Number}, q.followers()...) {
		if slices.Contains(ended, q.State) {
			add(KindOutcome, n, 0, string(q.State))
		}
		c, _ := q.Copy(Slot{Kind: KindAnswer, Connector: blind, Place: "b", Original: n}.Key())
		if _, _, ok := c.Shown(); ok && c.Quiet != "" {
			add(KindRing, n, c.Out, string(c.Quiet))
		}
	}
	return rs
}

func (q Question) followers() (ns []int) {
	for _, f := range q.Followers {
		ns = append(ns, f.Number)
	}
	return ns
}

func (w *world) q(n int) Question { return w.qs[n-1] }

func (w *world) put(q Question) { w.qs[q.Ref.Number-1] = q }

func (w *world) on(n int) On { return On{Question: QuestionRef{w.ses.ID, n}} }

// ask takes a question in.
func (w *world) ask(text string) (int, error) {
	q, err := w.ses.receive(Asked{Key: "k", Text: text, Origin: Origin{Connector: blind, Place: "b", Message: "m0"}}, w.at)
	if err != nil {
		return 0, err
	}
	q.Ref = QuestionRef{w.ses.ID, len(w.qs) + 1}
	q.Version = 1
	w.qs = append(w.qs, q)
	return q.Ref.Number, nil
}

// do runs a command and commits what it decided.
func (w *world) do(by Actor, cmd Command) (Decision, error) {
	q := w.q(cmd.Target().Number)
	c := Context{By: by, At: w.at, Session: w.ses, Render: render, Undo: w.undo,
		Hides: func(id ConnectorID) bool { return id == blind }}
	d, err := Decide(cmd, c, q, w.family(cmd, q))
	if err != nil {
		return d, err
	}
	for _, ch := range d.Changed {
		ch.Question.notify(w.q(ch.Question.Ref.Number), ch.Verb, w.notices, w.at)
		ch.Question.Version++
		w.qs[ch.Question.Ref.Number-1] = w.roundTrip(ch.Question)
	}
	return d, nil
}

// roundTrip is what the store does to a document, so that a field that JSON loses
// is found here.
func (w *world) roundTrip(q Question) Question {
	text, err := json.Marshal(q)
	if err != nil {
		panic(err)
	}
	out := Question{Ref: q.Ref, Version: q.Version}
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	return out
}

func (w *world) family(cmd Command, q Question) []Question {
	j, ok := cmd.(joint)
	if !ok {
		return nil
	}
	ns := append(q.Kin(), j.others()...)
	var out []Question
	for _, n := range ns {
		if n > 0 && n <= len(w.qs) && n != q.Ref.Number && !slices.ContainsFunc(out, func(o Question) bool { return o.Ref.Number == n }) {
			out = append(out, w.q(n))
		}
	}
	return out
}

func (w *world) session(by Actor, cmd SessionCommand) error {
	var open Unfinished
	for _, q := range w.qs {
		if q.Open() {
			open.Questions++
		}
		if q.Moving() || q.Waits() {
			open.Copies++
		}
	}
	c := Context{By: by, At: w.at, Open: open, Staff: people, Places: []Target{{Connector: blind, Place: "b"}}}
	after, _, err := DecideSession(cmd, c, w.ses)
	if err == nil {
		w.ses = after
	}
	return err
}

func id(q Question, c Copy) string { return fmt.Sprintf("%d/%s", q.Ref.Number, c.Key()) }

// due lists the copies that a worker could lease now.
func (w *world) due() (refs []copyRef) {
	for _, q := range w.qs {
		for _, c := range q.Copies {
			if c.Due() && !w.busy(c) && w.ses.Leaves(c.class()) {
				refs = append(refs, copyRef{q.Ref.Number, c.Key()})
			}
		}
	}
	return refs
}

// busy reports whether something is sent in the lane of a copy.
func (w *world) busy(c Copy) bool {
	for k := range w.flight {
		if strings.Contains(k, ":"+string(c.Connector)+":") {
			return true
		}
	}
	return false
}

// aim is the message into which a copy is put.
type aim struct {
	message MessageID
	edited  bool // it stands there already
}

// aim is what stands there, the copy's receipt, or a new message.
func (w *world) aim(c Copy) aim {
	if c.Out != 0 {
		return aim{c.Message, true}
	}
	if m := w.q(c.Original).Receipt(c.Connector, c.Place); m != "" && c.Kind == KindAnswer && c.Attempt == 0 {
		return aim{m, true}
	}
	w.made++
	return aim{MessageID(fmt.Sprint("m", w.made)), false}
}

type copyRef struct {
	n   int
	key string
}

func (w *world) lease(r copyRef) {
	c, _ := w.q(r.n).Copy(r.key)
	w.flight[id(w.q(r.n), c)] = c.Wanted
	w.aims[id(w.q(r.n), c)] = w.aim(c)
}

// apply is the platform doing what it was asked.
func (w *world) apply(r copyRef, brought int) {
	q := w.q(r.n)
	c, _ := q.Copy(r.key)
	k := id(q, c)
	m, edited := w.aims[k].message, w.aims[k].edited
	counts := c.Kind == KindAnswer || c.Kind == KindRing // of others one of unknown fate may be given up, and told anew
	if c.Out == 0 && brought != 0 && w.truth[k] != 0 && c.Connector == blind && !edited && counts {
		w.twice = append(w.twice, k)
	}
	w.truth[k] = brought
	if w.posts[m] = k; brought == 0 {
		w.posts[m] = ""
		for _, o := range q.Copies { // an answer and the receipt that it stands in are one message
			if o.Message == m && o.Connector == c.Connector {
				w.truth[id(q, o)] = 0
			}
		}
	}
}

// land ends a flight in one of the ways that a send can end.
func (w *world) land(r copyRef, how string) {
	q := w.q(r.n)
	c, _ := q.Copy(r.key)
	brought, ok := w.flight[id(q, c)]
	if !ok {
		return
	}
	delete(w.flight, id(q, c))
	if c.Connector == Page {
		how = "sent" // the page cannot fail
	}
	m, edited := w.aims[id(q, c)].message, w.aims[id(q, c)].edited
	if how == "refused" && edited && w.truth[id(q, c)] == brought { // a repeat of what stands there
		how = "sent"
	}
	if how == "sent" || how == "unsure-out" {
		w.apply(r, brought)
	}
	into := edited && c.Out == 0 && brought != 0 // a receipt: the edit is repeated for as long as the answer is wanted
	switch {
	case how != "sent" && how != "refused" && into && brought == c.Wanted:
		w.flight[id(q, c)] = brought
	case strings.HasPrefix(how, "unsure") && into:
		w.must(Program, RecordParked{On: w.on(r.n), Copy: r.key, Trying: brought, Problem: Unsure})
	case how == "sent":
		w.must(Program, RecordSent{On: w.on(r.n), Copy: r.key, Brought: brought, Message: m, Edited: edited})
	case how == "refused" && brought != 0:
		w.must(Program, RecordParked{On: w.on(r.n), Copy: r.key, Trying: brought, Problem: RefusedIt})
	case strings.HasPrefix(how, "unsure") && brought != 0 && !edited:
		w.must(Program, RecordParked{On: w.on(r.n), Copy: r.key, Trying: brought, Problem: Unsure})
	}
}

// must runs a command that is never refused.
func (w *world) must(by Actor, cmd Command) {
	if _, err := w.do(by, cmd); err != nil {
		panic(fmt.Sprintf("%s on %v: %v", cmd.Verb(), cmd.Target(), err))
	}
}

// settle is a person who looks at the platform and says what they see.
func (w *world) settle(n int, c Copy) {
	v := Retry
	if c.Problem == Unsure {
		v = SendAgain
		if w.truth[id(w.q(n), c)] == c.Trying {
			v = IsOut
		}
	}
	w.must(anna, ResolveCopy{On: w.on(n), Decision: v, Copy: c.Key(), Attempt: c.Attempt})
}

// calm lets people settle what is parked and the worker finish what is due.
func (w *world) calm(t interface{ Fatal(...any) }) {
	for range 200 {
		w.ses.Paused = false
		for k := range w.flight {
			n, key, _ := strings.Cut(k, "/")
			w.land(copyRef{number(n), key}, "sent")
		}
		for _, q := range w.qs {
			for _, c := range q.Copies {
				if c.Parked() {
					w.settle(q.Ref.Number, c)
				}
			}
		}
		refs := w.due()
		if len(refs) == 0 && len(w.flight) == 0 {
			return
		}
		for _, r := range refs {
			w.lease(r)
			w.land(r, "sent")
		}
	}
	t.Fatal("copies never settle")
}

func number(s string) (n int) {
	fmt.Sscan(s, &n)
	return n
}
