package redisstore_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/keyring"
	"experthour/internal/redisstore"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// hand is somebody with access to the server who edits an hour by hand. They know how hashes
// are made, and no key.
type hand struct {
	*testing.T
	c      redis.UniversalClient
	prefix string
	old    map[string]string // the questions as they were a while ago
	record session.Record    // as it is before anything is edited
}

func (h hand) key(part string) string { return h.prefix + ":{tax}:" + part }

func (h hand) get(key, field string) string {
	h.Helper()
	v, err := h.c.HGet(h.Context(), h.key(key), field).Result()
	check(h.T, err)
	return v
}

func (h hand) set(key string, pairs ...any) {
	h.Helper()
	check(h.T, h.c.HSet(h.Context(), h.key(key), pairs...).Err())
}

// edit replaces a part of a stored text.
func (h hand) edit(key, field, old, text string) {
	h.Helper()
	was := h.get(key, field)
	is := strings.Replace(was, old, text, 1)
	if was == is {
		h.Fatalf("%s has no %q: %s", field, old, was)
	}
	h.set(key, field, is)
}

// log writes the log anew, with changed entries.
func (h hand) log(change func([]redis.XMessage) []redis.XMessage) {
	h.Helper()
	old, err := h.c.XRange(h.Context(), h.key("log"), "-", "+").Result()
	check(h.T, err)
	check(h.T, h.c.Del(h.Context(), h.key("log")).Err())
	for i, m := range change(old) {
		add := &redis.XAddArgs{Stream: h.key("log"), ID: fmt.Sprintf("%d-0", i+1), Values: m.Values}
		check(h.T, h.c.XAdd(h.Context(), add).Err())
	}
}

// last are the places of the last entries of question 1 in a log, the newest first.
func last(es []redis.XMessage) []int {
	var at []int
	for i, m := range slices.Backward(es) {
		if m.Values["n"] == "1" {
			at = append(at, i)
		}
	}
	return at
}

// forge changes the contents of question 1's last entry and makes everything fit that fits
// without a key: commitment, chain, head, and the seal over it.
func (h hand) forge(old, text string) {
	h.Helper()
	e := h.entry(1)
	h.edit("p", session.PayloadKey(1, e.Version), old, text)
	salt, payload, _ := strings.Cut(h.get("p", session.PayloadKey(1, e.Version)), " ")
	e.Commitment = session.Sealed{Salt: salt, Payload: payload}.Commitment()
	h.log(func(es []redis.XMessage) []redis.XMessage {
		es[last(es)[0]].Values["c"] = string(e.Commitment)
		return es
	})
	h.set("q", "1.h", string(e.Hash()))
}

// entry is the last one of question n.
func (h hand) entry(n int) session.Entry {
	es := slices.DeleteFunc(slices.Clone(h.record.Entries), func(e session.Entry) bool { return e.Number != n })
	return es[len(es)-1]
}

// put puts question n back to what it was a while ago.
func (h hand) put(n int, fields ...string) {
	for _, f := range fields {
		name := fmt.Sprintf("%d.%s", n, f)
		h.set("q", name, h.old[name])
	}
}

// adopt takes the question of another hour over as number 9 here, with all that belongs to it.
func (h hand) adopt() {
	h.Helper()
	ctx, other := h.Context(), h.prefix+":{other}:"
	es, err := h.c.XRange(ctx, other+"log", "-", "+").Result()
	check(h.T, err)
	theirs := es[len(es)-1]
	theirs.Values["n"] = "9"
	h.log(func(all []redis.XMessage) []redis.XMessage { return append(all, theirs) })
	q, err := h.c.HGetAll(ctx, other+"q").Result()
	check(h.T, err)
	payload, err := h.c.HGet(ctx, other+"p", "1:1").Result()
	check(h.T, err)
	h.set("q", "9.v", q["1.v"], "9.doc", q["1.doc"], "9.h", q["1.h"], "9.f", q["1.f"])
	h.set("p", "9:1", payload)
	check(h.T, h.c.Set(ctx, h.key("n"), 9, 0).Err())
	at, err := h.c.ZScore(ctx, other+"in", "00000001").Result()
	check(h.T, err)
	check(h.T, h.c.ZAdd(ctx, h.key("in"), redis.Z{Score: at, Member: "00000009"}).Err())
}

// reseal writes another hash into the seal.
func (h hand) reseal() {
	h.edit("session", "doc", string(h.record.Session.Seals[0].Hash), strings.Repeat("0", 64))
}

// older is what differs in question 4 as it was a while ago.
var older = []string{"4 document acts", "4 document holder", "4 document reason", "4 document since", "4 document state", "4 list "}

// doc edits the document of question n, or of the session for 0.
func doc(n int, old, text string) func(hand) {
	if n == 0 {
		return func(h hand) { h.edit("session", "doc", old, text) }
	}
	return func(h hand) { h.edit("q", fmt.Sprintf("%d.doc", n), old, text) }
}

type edits = map[string]struct {
	edit func(hand)
	want []string // number, defect and field of each finding
}

// manipulations are what Verify must find in a sealed hour. Question 1 has an answer, two
// votes, a follower and four copies; question 4 was a draft when the old documents were kept.
var manipulations = edits{
	"nothing": {func(hand) {}, nil},
	"the answer": {doc(1, `"text":"Nē, jo nav.","at"`, `"text":"Jā.","at"`),
		[]string{"1 document revisions"}},
	"the answer on the page": {func(h hand) {
		h.edit("q", "1.doc", `"language":"lv","text":"Nē, jo nav`, `"language":"lv","text":"Jā, jo ir`)
	},
		[]string{"1 document copies.2"}},
	"an answer elsewhere": {doc(1, `"text":"Nē, jo nav.\n`, `"text":"Jā.\n`), []string{"1 document copies.3"}},
	"where a copy stands": {doc(1, `"message":"m2"`, `"message":"m7"`), []string{"1 document copies.3"}},
	"an announcement":     {doc(0, "https://x.lv/s/tax", "https://x.lv/s/fax"), []string{"0 document copies.1"}},
	"the question":        {doc(1, "Vai drīkst 1?", "Vai var 1?"), []string{"1 document text"}},
	"the name":            {doc(1, `"name":"Ilze"`, `"name":"Liga"`), []string{"1 document name"}},
	"the approver":        {doc(1, `"by":{"name":"Bela"`, `"by":{"name":"Anna"`), []string{"1 document approvals"}},
	"the state":           {doc(6, `"state":"declined"`, `"state":"expired"`), []string{"6 document state", "6 list "}},
	"the reason":          {doc(6, "off_topic", "personal"), []string{"6 document reason"}},
	"the title":           {doc(0, "Tax hour", "Free hour"), []string{"0 document title"}},
	"the experts":         {doc(0, "Erika", "Elina"), []string{"0 document experts"}},
	"a field twice":       {doc(1, `{`, `{"text":"Kāpēc?",`), []string{"1 document "}},
	"an old document":     {func(h hand) { h.put(4, "doc") }, older},
	"an old document with its head": {func(h hand) { h.put(4, "doc", "v", "h") },
		append([]string{"0 seal "}, append(slices.Clone(older[:5]), "4 head ", "4 list ")...)},
	"votes":          {func(h hand) { h.set("votes", "1", 900) }, []string{"1 votes "}},
	"votes invented": {func(h hand) { h.set("votes", "6", 1) }, []string{"6 votes "}},
	"found in another state": {func(h hand) {
		check(h.T, h.c.ZAdd(h.Context(), h.key("in"), redis.Z{Score: 1 << 43, Member: "00000006"}).Err())
	}, []string{"6 list "}},
	"a document that cannot be read": {func(h hand) { h.set("q", "1.doc", "?") }, []string{"1 damaged "}},
	"a document that is gone":        {func(h hand) { check(h.T, h.c.HDel(h.Context(), h.key("q"), "1.doc").Err()) }, []string{"1 damaged "}},
	"a question that is gone": {func(h hand) {
		check(h.T, h.c.HDel(h.Context(), h.key("q"), "1.doc", "1.v", "1.h").Err())
	}, []string{"0 seal ", "1 head ", "1 votes "}},
	"a session that cannot be read": {func(h hand) { h.set("session", "doc", "{") }, []string{"0 damaged "}},
	"an entry removed": {func(h hand) {
		h.log(func(es []redis.XMessage) []redis.XMessage { return slices.Delete(es, last(es)[1], last(es)[1]+1) })
	}, []string{"1 chain "}},
	"the last entry removed": {func(h hand) {
		h.log(func(es []redis.XMessage) []redis.XMessage { return slices.Delete(es, last(es)[0], last(es)[0]+1) })
	}, []string{"1 head "}},
	"an entry's author": {func(h hand) {
		h.log(func(es []redis.XMessage) []redis.XMessage { es[last(es)[1]].Values["role"] = "asker"; return es })
	}, []string{"1 chain ", "1 signature "}},
	"the time of the last entry": {func(h hand) {
		h.log(func(es []redis.XMessage) []redis.XMessage { es[last(es)[0]].Values["t"] = "1"; return es })
	}, []string{"1 head ", "1 signature "}},
	"two entries swapped": {func(h hand) {
		h.log(func(es []redis.XMessage) []redis.XMessage {
			a, b := last(es)[1], last(es)[2]
			es[a], es[b] = es[b], es[a]
			return es
		})
	}, []string{"1 chain ", "1 chain ", "1 chain "}},
	"an entry of another hour": {hand.adopt, []string{"0 seal ", "9 signature "}},
	"contents":                 {func(h hand) { h.edit("p", "1:2", "Anna", "Bela") }, []string{"1 payload "}},
	"contents removed":         {func(h hand) { check(h.T, h.c.HDel(h.Context(), h.key("p"), "1:2").Err()) }, []string{"1 missing "}},
	"contents marked as erased": {func(h hand) {
		check(h.T, h.c.HDel(h.Context(), h.key("p"), "1:1", "1:2").Err())
		h.set("p", "1:erased", 2)
	}, []string{"1 missing ", "1 missing "}},
	"contents forged without a key": {func(h hand) { h.forge(`"command"`, `"Command"`) }, []string{"0 seal ", "1 signature "}},
	"a signature taken off": {func(h hand) {
		h.log(func(es []redis.XMessage) []redis.XMessage { es[last(es)[1]].Values["s"] = ""; return es })
	}, []string{"1 signature "}},
	"a signature of another entry": {func(h hand) {
		h.log(func(es []redis.XMessage) []redis.XMessage {
			es[last(es)[1]].Values["s"] = es[last(es)[2]].Values["s"]
			return es
		})
	}, []string{"1 signature "}},
	"the seal": {hand.reseal, []string{"0 document seals", "0 seal "}},
	"the state of the hour": {doc(0, `"state":"archived"`, `"state":"closed"`),
		[]string{"0 document state"}},
}

// sealedHour writes an hour on a server and seals it.
func sealedHour(t *testing.T, c redis.UniversalClient, p string) (a *author, old map[string]string) {
	t.Helper()
	a = &author{T: t, now: hourAt}
	a.store = &redistest.Store{Store: redisstore.New(c, redisstore.Options{Prefix: p}), Client: c}
	a.s = hourOn(a.store, func() time.Time { return a.now })
	a.write()
	old, err := c.HGetAll(t.Context(), p+":{tax}:q").Result()
	check(t, err)
	a.hour(session.ResumeSession{})
	a.deliver(session.Lane{Connector: session.Page}, 9, false)
	_, err = a.s.Schedule(t.Context(), mods[0], session.Hour{Slug: "other", Title: "Another", Language: session.Latvian, Zone: "Europe/Riga",
		Experts: []session.Expert{{Name: "Erika"}}, AskFrom: a.now, Start: a.now.Add(time.Hour), End: a.now.Add(2 * time.Hour)})
	check(t, err)
	_, _, err = a.s.Ask(t.Context(), session.Asked{Session: "other", Key: "k", Text: "Vai?", Origin: session.Origin{Connector: session.Page}})
	check(t, err)
	a.hour(session.StopSession{}, session.CloseSession{Force: true, Reason: "late"})
	for range 2 { // one for what is left, one for the seal
		ses, err := a.store.Session(t.Context(), "tax")
		check(t, err)
		a.now = a.now.Add(time.Minute)
		check(t, a.s.Tick(t.Context(), ses))
	}
	return a, old
}

func TestManipulations(t *testing.T) {
	t.Parallel()
	srv, err := shared()
	needed(t, err)
	c := dial(t, srv.address())
	for name, m := range manipulations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := prefix(t)
			a, old := sealedHour(t, c, p)
			r, found, err := a.s.Verify(t.Context(), "tax")
			check(t, err)
			if len(found) > 0 || r.Session.State != session.Archived || r.Unsigned() > 0 {
				t.Fatalf("before: %v, %s, %d unsigned", found, r.Session.State, r.Unsigned())
			}
			h := hand{t, c, p, old, r}
			m.edit(h)
			_, found, err = a.s.Verify(t.Context(), "tax")
			check(t, err)
			var got []string
			for _, f := range found {
				got = append(got, fmt.Sprintf("%d %s %s", f.Number, f.What, f.Field))
				if f.What == session.DocumentDiffers && !f.Right.Equal(h.entry(f.Number).At) {
					t.Errorf("%v was right at %s", f, h.entry(f.Number).At)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, m.want) {
				t.Errorf("found %q, want %q", got, m.want)
			}
		})
	}
}

// TestChangedBeforeACommand: what was changed by hand is found also when the program has
// read it and written it again, and it is said until when it was right.
func TestChangedBeforeACommand(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, hourAt)
	a.write()
	h := hand{T: t, c: a.store.Client, prefix: "eh"}
	right := a.now
	h.edit("q", "1.doc", "Vai drīkst 1?", "Vai var 1?")
	h.edit("q", "2.doc", `"revisions":[`, `"notes":[{"by":"Anna","at":"2026-11-22T12:00:00Z","text":"x"}],"revisions":[`)
	h.edit("q", "5.doc", `"name":"Ilze"`, `"name":"Liga"`)
	for _, n := range []int{1, 2, 5} {
		a.do(mods[0], session.NoteQuestion{On: on(n), Text: "y"})
	}
	h.edit("q", "5.doc", `"name":"Liga"`, `"name":"Ilze"`)
	_, found, err := a.s.Verify(t.Context(), "tax")
	check(t, err)
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%d %s %s", f.Number, f.What, f.Field))
		if f.Right.IsZero() || f.Right.After(right) {
			t.Errorf("%v was right until %s", f, right)
		}
	}
	if want := []string{"1 document text", "2 document notes", "5 document "}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// TestKeysOfTheRecord: what any of the secrets signed is known, what another one signed is
// not, and that a record has no signatures is said.
func TestKeysOfTheRecord(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, hourAt)
	a.write()
	r, err := a.store.Record(t.Context(), "tax")
	check(t, err)
	keys := func(secrets ...string) session.Signer { return keyring.Ring(secrets).For(keyring.Record) }
	if fs := session.Verify(r, keys("a newer one", hourSecret)); len(fs) > 0 {
		t.Errorf("with the secret in second place: %v", fs)
	}
	if fs := session.Verify(r, keys("a newer one")); len(fs) != len(r.Entries) || fs[0].What != session.Forged {
		t.Errorf("without the secret: %v", fs)
	}
	for i := range r.Entries {
		r.Entries[i].Sign = ""
	}
	if fs := session.Verify(r, hourKeys); len(fs) > 0 || r.Unsigned() != len(r.Entries) {
		t.Errorf("unsigned: %v, %d of %d", fs, r.Unsigned(), len(r.Entries))
	}
}

// TestSealTakenOut: whoever takes the seal of an hour out has it sealed anew by the clock, and
// the new seal does not hide that there was another one.
func TestSealTakenOut(t *testing.T) {
	t.Parallel()
	srv, err := shared()
	needed(t, err)
	p := prefix(t)
	c := dial(t, srv.address())
	a, _ := sealedHour(t, c, p)
	h := hand{T: t, c: c, prefix: p}
	doc := h.get("session", "doc")
	h.set("session", "doc", regexp.MustCompile(`"seals":\[[^]]*\],?`).ReplaceAllString(doc, ""))
	ses, err := a.store.Session(t.Context(), "tax")
	check(t, err)
	if len(ses.Seals) != 0 {
		t.Fatalf("there are still %d seals", len(ses.Seals))
	}
	a.now = a.now.Add(time.Minute)
	check(t, a.s.Tick(t.Context(), ses))
	r, found, err := a.s.Verify(t.Context(), "tax")
	check(t, err)
	gone := func(f session.Finding) bool { return f.Number == 0 && f.What == session.SealDiffers }
	if len(r.Session.Seals) != 1 || !slices.ContainsFunc(found, gone) {
		t.Errorf("%d seals, found %v", len(r.Session.Seals), found)
	}
}
