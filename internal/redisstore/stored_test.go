package redisstore_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/keyring"
	"experthour/internal/redisstore"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
)

var rewrite = flag.Bool("update", false, "write the stored hour of this schema, if there is none")

// storedHour is an hour of a schema, as the build stored it that wrote it. Those of
// earlier schemas stay, for they must be read for ever.
func storedHour(schema int) string { return fmt.Sprintf("testdata/hour-%d.json", schema) }

var (
	hourDesk = session.Lane{Connector: "chat", Place: "C1"}
	hourAt   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	erika    = session.Actor{Name: "Erika", Role: session.ExpertRole}
	mods     = []session.Actor{{Name: "Anna", Role: session.Moderator}, {Name: "Bela", Role: session.Moderator}}
)

// hourKeys sign the record of the stored hour.
var hourKeys = keyring.Ring{hourSecret}.For(keyring.Record)

const hourSecret = "the secret of the stored hours, for ever"

// hourOn is a service on a store, on a platform "tg" whose receipts are slots.
func hourOn(store *redistest.Store, now func() time.Time) *session.Service {
	limits := func(id session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Longest: connector.AtMost(500, session.Characters), Notices: true, Announces: true, Slots: true}, id == "tg"
	}
	return &session.Service{Store: store, Now: now, Keys: hourKeys, Planner: routing.Planner{Limits: limits, PublicURL: "https://x.lv"},
		Staff: session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Bela", Role: session.Moderator},
			{Name: "Erika", Role: session.ExpertRole, Office: "Tax office"}}}
}

// author writes an hour that holds something of everything.
type author struct {
	*testing.T
	store *redistest.Store
	s     *session.Service
	now   time.Time
	sent  map[session.Lane]int // posts
}

func (a *author) do(by session.Actor, cmds ...session.Command) {
	a.Helper()
	for _, cmd := range cmds {
		a.now = a.now.Add(time.Second)
		if _, err := a.s.Do(a.Context(), by, cmd); err != nil {
			a.Fatalf("%s: %v", cmd.Verb(), err)
		}
	}
}

func (a *author) hour(cmds ...session.SessionCommand) {
	a.Helper()
	for _, cmd := range cmds {
		a.now = a.now.Add(time.Second)
		if _, err := a.s.DoSession(a.Context(), mods[0], "tax", cmd); err != nil {
			a.Fatalf("%s: %v", cmd.Verb(), err)
		}
	}
}

func on(n int) session.On {
	return session.On{Question: session.QuestionRef{Session: "tax", Number: n}}
}

func (a *author) ask(asked session.Asked) {
	a.Helper()
	a.now = a.now.Add(time.Minute)
	asked.Session, asked.Key = "tax", asked.Text
	if _, _, err := a.s.Ask(a.Context(), asked); err != nil {
		a.Fatal(err)
	}
}

// deliver brings out what waits at a place, up to so many; with park it is refused there.
func (a *author) deliver(lane session.Lane, most int, park bool) {
	a.Helper()
	for range most {
		l, _, ok, err := a.store.Lease(a.Context(), "tax", lane, time.Minute)
		if check(a, err); !ok {
			return
		}
		if a.sent == nil {
			a.sent = map[session.Lane]int{}
		}
		a.sent[lane]++
		var cmd session.Command = session.RecordSent{On: on(l.Question), Copy: l.Copy, Brought: l.Wanted,
			Message: "m" + session.MessageID(fmt.Sprint(a.sent[lane])), URL: "https://t.me/x"}
		if park {
			cmd = session.RecordParked{On: on(l.Question), Copy: l.Copy, Trying: l.Wanted, Problem: session.RefusedIt, Detail: "no"}
		}
		_, err = a.s.Record(a.Context(), cmd, l.Finish)
		check(a, err)
	}
}

func (a *author) approve(n int) {
	a.Helper()
	qs, err := a.store.Questions(a.Context(), "tax", n)
	check(a, err)
	ses, err := a.store.Session(a.Context(), "tax")
	check(a, err)
	_, digest := a.s.Preview(ses, qs[0])
	a.do(mods[1], session.ApproveAnswer{On: on(n), Revision: qs[0].Latest().Number, Digest: digest})
}

// write makes the hour: eight questions of which most have an outcome.
func (a *author) write() {
	a.Helper()
	h := session.Hour{Slug: "tax", Title: "Tax hour", Topic: "Returns.", Language: session.Latvian, Zone: "Europe/Riga",
		Experts: []session.Expert{{Name: "Erika"}},
		Targets: []session.Target{{Connector: "tg", Place: "g", Every: true}}, Desk: session.Desk(hourDesk),
		AskFrom: hourAt, Start: hourAt.Add(time.Hour), End: hourAt.Add(3 * time.Hour), Reasons: []string{"off_topic"},
		QuestionLimit: 900, QuestionCount: 100, Settle: 20 * time.Second}
	_, err := a.s.Schedule(a.Context(), mods[0], h)
	check(a, err)
	a.hour(session.StartSession{}, session.ExtendSession{Minutes: 30})
	tg := session.Lane{Connector: "tg", Place: "g"}
	a.deliver(tg, 1, false)
	at := func(user session.UserRef, message session.MessageID) session.Origin {
		return session.Origin{Connector: "tg", Place: "g", Message: message, User: user, URL: "https://t.me/g/1"}
	}
	page := session.Origin{Connector: session.Page}
	for i, o := range []session.Origin{at("u1", "1"), page, at("u2", "2"), page, at("u3", "3"), page, at("u4", "4"), page} {
		a.ask(session.Asked{Text: fmt.Sprintf("Vai drīkst %d?", i+1), Name: "Ilze", Email: "ilze@example.org",
			Language: session.Languages[i%2], Origin: o})
	}
	for n := 1; n <= 5; n++ {
		a.do(mods[0], session.AcceptQuestion{On: on(n)})
	}
	a.do(erika, session.ClaimQuestion{On: on(1)}, session.SubmitAnswer{On: on(1), Text: "Nē."})
	a.do(mods[0], session.NoteQuestion{On: on(1), Text: "Skat. 3. pantu."}, session.SendBackAnswer{On: on(1), Comment: "Kāpēc?"})
	a.do(erika, session.SubmitAnswer{On: on(1), Text: "Nē, jo nav."}, session.SubmitAnswer{On: on(2), Text: "Jā."},
		session.SubmitAnswer{On: on(5), Text: "Varbūt."})
	a.do(mods[0], session.MergeQuestion{On: on(3), Into: 1})
	a.approve(1)
	a.deliver(session.Lane{Connector: session.Page}, 1, false)
	a.deliver(tg, 4, false)
	a.approve(2)
	a.deliver(tg, 4, true)
	a.do(erika, session.WriteMessage{On: on(4), Message: "d1", At: a.now, Lines: []session.ChatLine{{Text: "Tā ir."}}})
	a.do(erika, session.CorrectAnswer{On: on(1), Text: "Nē, jo nav vajadzīgs."})
	a.do(mods[0], session.DeclineQuestion{On: on(6), Reason: "off_topic", Remark: "par citu"})
	a.do(mods[0], session.RedirectQuestion{On: on(7), Forward: session.Forward{Institution: "VID"}})
	a.do(session.Actor{Role: session.Asker}, session.WithdrawQuestion{On: on(8)})
	a.draw()
	for _, voter := range []session.Hash{"a", "b"} {
		_, err := a.store.Vote(a.Context(), session.Vote{Question: on(1).Question, By: voter, Up: true})
		check(a, err)
	}
	a.hour(session.PauseSession{})
}

// draw posts the board and two cards, and leaves the others and a call out of date.
func (a *author) draw() {
	a.Helper()
	for _, class := range []connector.CardClass{connector.CardBoard, connector.CardNew, connector.CardNew} {
		take := delivery.Take{Lane: &hourDesk, TTL: time.Minute}
		take.Cards[class] = true
		w, err := a.store.Look(a.Context(), "tax", take)
		check(a, err)
		n := w.Cards[0].Cards[0].Number
		_, err = a.store.Drawn(a.Context(), "tax", w.Cards[0], map[int]delivery.Drawing{n: {At: session.MessageID(fmt.Sprint("c", n)), Call: 1}})
		check(a, err)
	}
}

// stored is a key of Redis: whichever of these it is.
type stored struct {
	Text   string            `json:"text,omitempty"`
	Hash   map[string]string `json:"hash,omitempty"`
	Set    []string          `json:"set,omitempty"`
	Sorted []redis.Z         `json:"sorted,omitempty"`
	Stream []redis.XMessage  `json:"stream,omitempty"`
}

// dumped reads every key.
func dumped(t *testing.T, c redis.UniversalClient) map[string]stored {
	t.Helper()
	keys, err := c.Keys(t.Context(), "*").Result()
	check(t, err)
	all := map[string]stored{}
	for _, k := range keys {
		var s stored
		kind, err := c.Type(t.Context(), k).Result()
		check(t, err)
		switch kind {
		case "string":
			s.Text, err = c.Get(t.Context(), k).Result()
		case "hash":
			s.Hash, err = c.HGetAll(t.Context(), k).Result()
		case "set":
			s.Set, err = c.SMembers(t.Context(), k).Result()
		case "zset":
			s.Sorted, err = c.ZRangeWithScores(t.Context(), k, 0, -1).Result()
		case "stream":
			s.Stream, err = c.XRange(t.Context(), k, "-", "+").Result()
		default:
			t.Fatalf("%s is a %s", k, kind)
		}
		check(t, err)
		all[k] = s
	}
	return all
}

// fill writes keys as they were.
func fill(t *testing.T, c redis.UniversalClient, all map[string]stored) {
	t.Helper()
	for k, s := range all {
		switch {
		case s.Text != "":
			check(t, c.Set(t.Context(), k, s.Text, 0).Err())
		case s.Hash != nil:
			check(t, c.HSet(t.Context(), k, s.Hash).Err())
		case s.Set != nil:
			check(t, c.SAdd(t.Context(), k, s.Set).Err())
		case s.Sorted != nil:
			check(t, c.ZAdd(t.Context(), k, s.Sorted...).Err())
		}
		for _, m := range s.Stream {
			check(t, c.XAdd(t.Context(), &redis.XAddArgs{Stream: k, ID: m.ID, Values: m.Values}).Err())
		}
	}
}

// TestStoredHour opens an hour of every schema, as an earlier build stored it, and works
// on it. What cannot be read here is lost to the institutions that have one.
func TestStoredHour(t *testing.T) {
	t.Parallel()
	if *rewrite {
		writeHour(t, storedHour(session.Schema))
	}
	for schema := 1; schema <= session.Schema; schema++ {
		t.Run(fmt.Sprint(schema), func(t *testing.T) {
			text, err := os.ReadFile(storedHour(schema))
			check(t, err)
			var all map[string]stored
			check(t, json.Unmarshal(text, &all))
			a := newAuthor(t, hourAt.Add(2*time.Hour))
			fill(t, a.store.Client, all)
			a.reads(all, schema == session.Schema)
			a.goesOn()
		})
	}
}

func newAuthor(t *testing.T, now time.Time) *author {
	a := &author{T: t, now: now}
	a.store = redistest.New(t, func() time.Time { return a.now })
	a.s = hourOn(a.store, func() time.Time { return a.now })
	return a
}

// reads reads every document, and would write one of the same schema as it was.
func (a *author) reads(all map[string]stored, sameSchema bool) {
	a.Helper()
	ses, err := a.store.Sessions(a.Context())
	if check(a, err); len(ses) != 1 {
		a.Fatalf("sessions %v", ses)
	}
	qs, err := a.store.List(a.Context(), "tax", session.Listing{States: session.States})
	if check(a, err); len(qs) != 8 {
		a.Fatalf("%d questions", len(qs))
	}
	same := func(what string, v any, doc string) {
		a.Helper()
		b, err := json.Marshal(v)
		if check(a, err); sameSchema && string(b) != doc {
			a.Errorf("%s was\n%s\nand is\n%s", what, doc, b)
		}
	}
	same("session", ses[0], all["eh:{tax}:session"].Hash["doc"])
	for _, q := range qs {
		same(q.Ref.String(), q, all["eh:{tax}:q"].Hash[fmt.Sprintf("%d.doc", q.Ref.Number)])
	}
	r, err := a.store.Record(a.Context(), "tax")
	check(a, err)
	if fs := session.Verify(r, hourKeys); len(fs) > 0 || len(r.Entries) < 30 {
		a.Errorf("record of %d entries: %v", len(r.Entries), fs)
	}
}

// goesOn works on: what was due is leased, what was parked is known, and the hour ends.
func (a *author) goesOn() {
	a.Helper()
	w, err := a.store.Look(a.Context(), "tax", delivery.Take{Lane: &hourDesk, TTL: time.Minute, Calls: true,
		Cards: [connector.CardClasses]bool{true, true, true, true}})
	check(a, err)
	if len(w.Cards) != 3 || w.Call == nil || w.Call.Wanted != 1 || w.Dirty[connector.CardNew] != 6 {
		a.Errorf("the desk has %+v, %+v, %v", w.Cards, w.Call, w.Dirty)
	}
	counts, err := a.store.Counts(a.Context(), "tax")
	if check(a, err); counts.Last != 8 || counts.Parked == 0 || counts.Unfinished.Questions == 0 {
		a.Errorf("counts %+v", counts)
	}
	if ns, _, err := a.store.Drafts(a.Context(), "tax", a.now); err != nil || !slices.Equal(ns, []int{4}) {
		a.Errorf("drafts %v, %v", ns, err)
	}
	if tally, err := a.store.Tally(a.Context(), "tax", 1); err != nil || tally[1] != 2 {
		a.Errorf("votes %v, %v", tally, err)
	}
	a.hour(session.ResumeSession{})
	a.deliver(session.Lane{Connector: session.Page}, 9, false)
	a.do(session.Program, session.SettleDraft{On: on(4)})
	a.approve(4)
	a.hour(session.StopSession{}, session.CloseSession{Force: true, Reason: "late"})
	ses, err := a.store.Session(a.Context(), "tax")
	check(a, err)
	check(a, a.s.Tick(a.Context(), ses))
	r, err := a.store.Record(a.Context(), "tax")
	check(a, err)
	if fs := session.Verify(r, hourKeys); len(fs) > 0 {
		a.Errorf("the record breaks when it goes on: %v", fs)
	}
}

// TestNewerStore: what a later version wrote is refused at the start, with what to do, and
// where one of its documents is read.
func TestNewerStore(t *testing.T) {
	t.Parallel()
	s := redistest.New(t, time.Now)
	for range 2 {
		if r, err := s.Claim(t.Context(), "v1"); err != nil || r != nil {
			t.Fatal(r, err)
		}
	}
	if by := s.Client.HGet(t.Context(), "eh:schema", "by").Val(); by != "v1" {
		t.Errorf("claimed by %q", by)
	}
	check(t, s.Client.HSet(t.Context(), "eh:schema", "newest", session.Schema+1, "by", "v2").Err())
	for what, f := range map[string]func() (redisstore.Report, error){
		"check": func() (redisstore.Report, error) { return s.Check(t.Context()) },
		"claim": func() (redisstore.Report, error) { return s.Claim(t.Context(), "v1") },
	} {
		r, err := f()
		if !errors.Is(err, redisstore.ErrNewer) || len(r) != 1 || r[0].ID != "newer" ||
			fmt.Sprint(r[0].Args...) != fmt.Sprint("version", "v2", "schema", session.Schema+1, "known", session.Schema) {
			t.Errorf("%s: %v, %v", what, r, err)
		}
	}
	doc := fmt.Sprintf(`{"schema":%d}`, session.Schema+1)
	check(t, s.Client.HSet(t.Context(), "eh:{tax}:session", "v", 1, "doc", doc).Err())
	check(t, s.Client.HSet(t.Context(), "eh:{tax}:q", "1.v", 1, "1.doc", doc).Err())
	_, ses := s.Session(t.Context(), "tax")
	_, q := s.Questions(t.Context(), "tax", 1)
	for _, err := range []error{ses, q} {
		if e, ok := errors.AsType[*session.Error](err); !ok || e.ID != "schema_newer" {
			t.Errorf("read: %v", err)
		}
	}
}
