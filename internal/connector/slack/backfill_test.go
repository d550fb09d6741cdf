package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/receive"
	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/session"
)

// What was written while nobody listened is read afterwards, once.
func TestBackfill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true, Redeliver: []time.Duration{}})
	root := w.must(card(1))
	m := w.anna.Reply(root, "While you were away.")
	early := w.anna.Say(w.channel, "On its own.")
	if err := w.anna.Edit(early, "On its own, edited."); err != nil {
		t.Fatal(err)
	}
	w.run()
	ws := w.written(3) // the edit by itself
	var all []string
	for _, got := range ws {
		all = append(all, texts(got.Lines)[0])
	}
	slices.Sort(all)
	if !slices.Equal(all, []string{"On its own, edited.", "On its own, edited.", "While you were away."}) {
		t.Fatalf("read %q", all)
	}
	i := slices.IndexFunc(ws, func(got written) bool { return string(got.Message) == m.TS() })
	if i < 0 || string(ws[i].Under) != root.TS() || ws[i].By.ID != "U0ANNA" {
		t.Errorf("written %+v", ws)
	}
	w.fake.CutSockets()
	w.await(func() bool { return w.fake.Sockets() > 0 })
	w.anna.Say(w.channel, "Live again.")
	w.written(4)
	w.settledMail()
	if n := len(got(w.inbox, &w.inbox.written)); n != 4 {
		t.Errorf("%d messages: what was there is read again", n)
	}
}

// backfill reads what was written since then, and gives where the next time begins.
func (w *world) backfill(since string) string {
	next, _ := w.Fetch(w.t.Context(), receive.Look{Cursor: []byte(since)}, w.runner.Put) // the log says what was wrong
	return string(next.Cursor)
}

// An edit that was missed is handed over although the message is known.
func TestBackfillOfAnEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slackfake.Options{NoLimits: true, Redeliver: []time.Duration{}})
	m := w.anna.Say(w.channel, "First.")
	w.backfill("")
	if err := w.anna.Edit(m, "Second."); err != nil {
		t.Fatal(err)
	}
	w.backfill(w.backfill(""))
	w.run()
	w.written(2)
	w.settledMail()
	ws := got(w.inbox, &w.inbox.written)
	if len(ws) != 2 || texts(ws[1].Lines)[0] != "Second." || ws[1].Message != ws[0].Message {
		t.Errorf("written %+v", ws)
	}
}

// More than a page of messages and of replies, where 15 may be read at a time.
func TestBackfillByPages(t *testing.T) {
	t.Parallel()
	var clock clock
	w := newWorld(t, slackfake.Options{SlowReads: true, PostBurst: 100, TierBurst: 1000, Redeliver: []time.Duration{}, Now: clock.now},
		func(o *Options) { o.Now = clock.now })
	root := w.anna.Say(w.channel, "root")
	for i := range 20 {
		w.anna.Say(w.channel, fmt.Sprint("message ", i))
		w.anna.Reply(root, fmt.Sprint("reply ", i))
	}
	stop := make(chan struct{})
	defer close(stop)
	go func() { // time flies
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				clock.add(30 * time.Second)
			case <-stop:
				return
			}
		}
	}()
	w.run()
	w.written(41)
}

func TestBackfillStartsWhereItEnded(t *testing.T) {
	t.Parallel()
	var clock clock
	w := newWorld(t, slackfake.Options{NoLimits: true, Redeliver: []time.Duration{}, Now: clock.now}, func(o *Options) { o.Now = clock.now })
	w.anna.Say(w.channel, "Long ago.")
	clock.add(3 * time.Hour)
	w.anna.Say(w.channel, "Just now.")
	w.backfill(stamp(clock.now().Add(-time.Hour)))
	w.run()
	if ws := w.written(1); texts(ws[0].Lines)[0] != "Just now." {
		t.Errorf("read %+v", ws[0])
	}
	w.settledMail()
	if n := len(got(w.inbox, &w.inbox.written)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// threads lets the backfill know cards by what it is told.
func threads(roots *[]session.MessageID) func(*Options) {
	return func(o *Options) {
		o.Threads = func(context.Context) ([]session.MessageID, error) { return *roots, nil }
	}
}

// Early questions stand in the channel for days before the hour: what is replied to
// them while nobody listens is read as well, once.
func TestBackfillUnderOldCards(t *testing.T) {
	t.Parallel()
	var clock clock
	var roots []session.MessageID
	w := newWorld(t, slackfake.Options{NoLimits: true, Redeliver: []time.Duration{}, Now: clock.now}, func(o *Options) {
		o.Now = clock.now
	}, threads(&roots))
	old, gone, over := w.must(card(1)), w.must(card(2)), w.must(card(3))
	w.anna.Reply(old, "Known before.")
	for _, m := range []*slackfake.Message{old, gone} {
		roots = append(roots, session.MessageID(m.TS()))
	}
	clock.add(3 * 24 * time.Hour)
	seen := stamp(clock.now())
	clock.add(20 * time.Minute)
	young := w.must(card(4))
	roots = append(roots, session.MessageID(young.TS()), "", "1700000000.000100", roots[0])
	for _, m := range []*slackfake.Message{old, young, over} {
		w.anna.Reply(m, "The answer.")
	}
	if err := gone.Remove(); err != nil {
		t.Fatal(err)
	}
	w.backfill(seen)
	var under []string
	w.run()
	for _, got := range w.written(2) {
		under = append(under, string(got.Under)+" "+texts(got.Lines)[0])
	}
	w.settledMail()
	if want := []string{young.TS() + " The answer.", old.TS() + " The answer."}; !slices.Equal(under, want) ||
		len(got(w.inbox, &w.inbox.written)) != 2 {
		t.Errorf("read %q, want %q", under, want)
	}
	if log := w.logs.String(); strings.Contains(log, "could not be read") {
		t.Errorf("log: %s", log)
	}
}

// Of very many threads the newest are read, and none that cannot be read keeps the
// backfill from the others.
func TestBackfillOfManyThreads(t *testing.T) {
	t.Parallel()
	var clock clock
	var roots []session.MessageID
	w := newWorld(t, slackfake.Options{NoLimits: true, Redeliver: []time.Duration{}, Now: clock.now}, func(o *Options) {
		o.Now = clock.now
	}, threads(&roots))
	oldest := w.must(card(1))
	clock.add(time.Second)
	root := w.must(card(2))
	clock.add(3 * 24 * time.Hour)
	seen := stamp(clock.now())
	roots = []session.MessageID{session.MessageID(oldest.TS()), session.MessageID(root.TS())}
	for i := range mostThreads - 1 {
		roots = append(roots, session.MessageID(stamp(clock.now().Add(-time.Hour*24-time.Duration(i)*time.Minute))))
	}
	w.anna.Reply(oldest, "Too old.")
	w.anna.Reply(root, "The answer.")
	w.fake.Refuse("conversations.replies", 2, "not_allowed")
	w.backfill(seen)
	w.run()
	ws := w.written(1)
	w.settledMail()
	if len(got(w.inbox, &w.inbox.written)) != 1 || texts(ws[0].Lines)[0] != "The answer." ||
		!strings.Contains(w.logs.String(), "not_allowed") {
		t.Errorf("read %+v\n%s", ws, w.logs)
	}
}

func TestBackfillWithoutAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast, func(o *Options) {
		o.Threads = func(context.Context) ([]session.MessageID, error) { return nil, errors.New("away") }
	})
	w.anna.Say(w.channel, "On its own.")
	w.backfill("")
	if n := w.mail.Left(); n != 1 || !strings.Contains(w.logs.String(), "away") {
		t.Errorf("%d letters\n%s", n, w.logs)
	}
}
