package routing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// world is the domain with the planner and a store: what a change leads
// to is read off the question that was stored.
type world struct {
	t    *testing.T
	s    *session.Service
	keys int
}

var (
	anna = session.Actor{Name: "Anna", Role: session.ExpertRole}
	mod  = session.Actor{Name: "Mod", Role: session.Moderator}
	at   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
)

func newWorld(t *testing.T) *world {
	now := func() time.Time { return at }
	limits := func(id session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Longest: connector.AtMost(500, session.Characters), Notices: id == "sandbox"}, true
	}
	s := &session.Service{Store: redistest.New(t, now), Planner: routing.Planner{Limits: limits, PublicURL: "https://x.lv"},
		Staff: session.Directory{{Name: "Anna", Role: session.ExpertRole}, {Name: "Mod", Role: session.Moderator}}, Now: now}
	h := session.Hour{Slug: "h", Title: "H", Language: session.English, Zone: "Europe/Riga", Experts: []session.Expert{{Name: "Anna"}},
		Desk:    session.Desk{Connector: session.DeskPage},
		Targets: []session.Target{{Connector: "sandbox", Place: "sq"}, {Connector: "wall", Every: true}},
		Start:   at, End: at.Add(time.Hour), Reasons: []string{"off_topic"}}
	_, err := s.Schedule(t.Context(), mod, h)
	fatal(t, err)
	_, err = s.DoSession(t.Context(), mod, "h", session.StartSession{})
	fatal(t, err)
	return &world{t: t, s: s}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) ask(c session.ConnectorID) session.On {
	w.t.Helper()
	w.keys++
	q, _, err := w.s.Ask(w.t.Context(), session.Asked{Session: "h", Key: strings.Repeat("k", w.keys), Text: "When?",
		Origin: session.Origin{Connector: c, Place: "sq", Message: "m"}})
	fatal(w.t, err)
	return session.On{Question: q.Ref}
}

func (w *world) do(by session.Actor, cmds ...session.Command) {
	w.t.Helper()
	for _, c := range cmds {
		_, err := w.s.Do(w.t.Context(), by, c)
		fatal(w.t, err)
	}
}

func (w *world) question(on session.On) session.Question {
	w.t.Helper()
	qs, err := w.s.Store.Questions(w.t.Context(), on.Question.Session, on.Question.Number)
	fatal(w.t, err)
	return qs[0]
}

// publish brings an answer out on the page, as the worker does.
func (w *world) publish(on session.On) {
	w.approve(on)
	for _, c := range w.question(on).Copies {
		w.do(session.Program, session.RecordSent{On: on, Copy: c.Key(), Brought: c.Wanted, Message: "out"})
	}
}

func (w *world) approve(on session.On) {
	w.t.Helper()
	w.do(mod, session.AcceptQuestion{On: on})
	w.do(anna, session.SubmitAnswer{On: on, Text: "Now."})
	w.approveLatest(on)
}

func (w *world) approveLatest(on session.On) {
	w.t.Helper()
	ses, err := w.s.Store.Session(w.t.Context(), "h")
	fatal(w.t, err)
	q := w.question(on)
	_, digest := w.s.Preview(ses, q)
	w.do(mod, session.ApproveAnswer{On: on, Revision: q.Latest().Number, Digest: digest})
}

// wanted lists what is wanted public of a question, sorted.
func (w *world) wanted(on session.On) string {
	var ks []string
	for _, c := range w.question(on).Copies {
		if c.Wanted != 0 {
			ks = append(ks, c.Key())
		}
	}
	slices.Sort(ks)
	return strings.Join(ks, " ")
}

const (
	everywhere = "answer:page::1 answer:sandbox:sq:1 answer:wall::1"
	toldOff    = "outcome:sandbox:sq:1"
)

func TestPlanForEveryChange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		play func(w *world, on session.On)
		want string
	}{
		"received": {func(*world, session.On) {}, ""},
		"accepted": {func(w *world, on session.On) { w.do(mod, session.AcceptQuestion{On: on}) }, ""},
		"claimed": {func(w *world, on session.On) {
			w.do(mod, session.AcceptQuestion{On: on}, session.ClaimQuestion{On: on})
		}, ""},
		"submitted": {func(w *world, on session.On) {
			w.do(mod, session.AcceptQuestion{On: on})
			w.do(anna, session.SubmitAnswer{On: on, Text: "Now."})
		}, ""},
		"approved": {(*world).approve, everywhere},
		"approved, sent back": {func(w *world, on session.On) {
			w.approve(on)
			w.do(mod, session.SendBackAnswer{On: on, Comment: "why?"})
		}, ""},
		"published": {(*world).publish, everywhere},
		"corrected, unapproved": {func(w *world, on session.On) {
			w.publish(on)
			w.do(anna, session.CorrectAnswer{On: on, Text: "Later."})
		}, everywhere},
		"corrected, approved": {func(w *world, on session.On) {
			w.publish(on)
			w.do(anna, session.CorrectAnswer{On: on, Text: "Later."})
			w.approveLatest(on)
		}, everywhere},
		"retracted": {func(w *world, on session.On) {
			w.publish(on)
			w.do(mod, session.RetractAnswer{On: on, Remark: "wrong"})
		}, toldOff},
		"retracted, restored": {func(w *world, on session.On) {
			w.publish(on)
			w.do(mod, session.RetractAnswer{On: on, Remark: "wrong"}, session.RestoreQuestion{On: on})
		}, ""},
		"declined": {func(w *world, on session.On) { w.do(mod, session.DeclineQuestion{On: on, Reason: "off_topic"}) }, toldOff},
		"declined, restored": {func(w *world, on session.On) {
			w.do(mod, session.DeclineQuestion{On: on, Reason: "off_topic"}, session.RestoreQuestion{On: on})
		}, ""},
		"declined, withdrawn": {func(w *world, on session.On) {
			w.do(mod, session.DeclineQuestion{On: on, Reason: "off_topic"}, session.WithdrawQuestion{On: on, Remark: "asked by mail"})
		}, ""},
		"declined, restored, published": {func(w *world, on session.On) {
			w.do(mod, session.DeclineQuestion{On: on, Reason: "off_topic"}, session.RestoreQuestion{On: on})
			w.publish(on)
		}, everywhere},
		"redirected": {func(w *world, on session.On) {
			w.do(mod, session.RedirectQuestion{On: on, Forward: session.Forward{Institution: "VID"}})
		}, toldOff},
		"expired": {func(w *world, on session.On) { w.do(mod, session.ExpireQuestion{On: on}) }, toldOff},
		"withdrawn": {func(w *world, on session.On) {
			w.publish(on)
			w.do(mod, session.WithdrawQuestion{On: on, Remark: "asked by mail"})
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			on := w.ask("sandbox")
			c.play(w, on)
			if got := w.wanted(on); got != c.want {
				t.Errorf("wanted %q, want %q", got, c.want)
			}
		})
	}
}

func TestPlanForMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root, other := w.ask(session.Page), w.ask("sandbox")
	w.do(mod, session.MergeQuestion{On: other, Into: root.Question.Number})
	if got := w.wanted(other); got != "outcome:sandbox:sq:2" {
		t.Errorf("the follower is told by %q", got)
	}
	w.publish(root)
	if got := w.wanted(root); got != "answer:page::1 answer:sandbox:sq:2 answer:wall::1" {
		t.Errorf("copies of the target: %q", got)
	}
	w.do(mod, session.RestoreQuestion{On: other})
	if got := w.wanted(root) + "; " + w.wanted(other); got != "answer:page::1 answer:wall::1; " {
		t.Errorf("after unmerging: %q", got)
	}
}

// Only a change of the outcome touches a notice: a later fact about a delivery
// must not edit it because a sentence of the configuration is another one now.
func TestNoticeIsNotWordedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	on := w.ask("sandbox")
	w.do(mod, session.DeclineQuestion{On: on, Reason: "off_topic"})
	before, _ := w.question(on).Copy(toldOff)
	w.s.Planner = reworded{w.s.Planner}
	w.do(session.Program, session.RecordSent{On: on, Copy: toldOff, Brought: before.Wanted, Message: "out"})
	if after, _ := w.question(on).Copy(toldOff); after.Text != before.Text || after.Wanted != before.Wanted || after.Due() {
		t.Errorf("notice became %+v", after)
	}
}

type reworded struct{ session.Planner }

func (r reworded) Notices(s session.Session, q session.Question) []session.Rendered {
	rs := r.Planner.Notices(s, q)
	for i := range rs {
		rs[i].Text += " (new)"
	}
	return rs
}
