package routing

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

func TestUnknownOriginals(t *testing.T) {
	t.Parallel()
	now := noon
	d := &desk{all: []session.Session{at("a", session.Open, 0)}, originals: map[session.ID]int{"a": 1}}
	in := inboxOn(d, &now)
	for _, o := range []session.Origin{{Connector: sandbox, Message: "other"}, {Connector: sandbox}, {Connector: birds, Message: "m1"}} {
		for what, err := range map[string]error{"reworded": in.Reworded(t.Context(), o, "x", noon), "removed": in.Removed(t.Context(), o),
			"voted": in.Voted(t.Context(), o, "u", true)} {
			if e, ok := errors.AsType[*session.Error](err); !ok || e.Kind != session.NotFound || e.ID != "not_found" {
				t.Errorf("%s %+v: %v", what, o, err)
			}
		}
	}
	if d.reads != 1 || len(d.done) > 0 {
		t.Errorf("%d reads of the list for what nobody knows, done %v", d.reads, d.done)
	}
}

// The newest session comes first; cancelled ones, and those elsewhere, are left out.
func TestOriginalsAreLookedForInTheNewestFirst(t *testing.T) {
	t.Parallel()
	now := noon
	elsewhere := at("elsewhere", session.Open, time.Hour)
	elsewhere.Targets = []session.Target{{Connector: announce}}
	place := at("place", session.Closed, -24*time.Hour)
	place.Targets[0].Place = "another" // an original may stand in a thread or a chat of its own
	d := &desk{all: []session.Session{at("old", session.Archived, -99*time.Hour), at("older", session.Archived, -999*time.Hour),
		at("off", session.Cancelled, 0), elsewhere, at("next", session.Scheduled, 48*time.Hour), place},
		originals: map[session.ID]int{"old": 3, "older": 4, "off": 5}}
	o := session.Origin{Connector: sandbox, Place: "square", Message: "m1"}
	if err := inboxOn(d, &now).Withdrawn(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if want := []session.ID{"next", "place", "old"}; !slices.Equal(d.looked, want) {
		t.Errorf("looked in %v, want %v", d.looked, want)
	}
	want := session.WithdrawQuestion{On: session.On{Question: session.QuestionRef{Session: "old", Number: 3}}}
	if len(d.done) != 1 || d.done[0] != session.Command(want) {
		t.Errorf("done %v", d.done)
	}
	if d.all[0].ID != "old" {
		t.Error("the shared list was reordered")
	}
}

func TestMine(t *testing.T) {
	t.Parallel()
	now := noon
	day := 24 * time.Hour
	d := &desk{all: []session.Session{at("new", session.Open, 0), at("off", session.Cancelled, -2*day), at("mid", session.Archived, -29*day),
		at("old", session.Archived, -31*day)},
		asker: map[session.ID][]int{"new": {1, 4}, "off": {2}, "mid": {7, 8, 9}, "old": {1}}}
	in := inboxOn(d, &now)
	mine := func() string {
		t.Helper()
		qs, err := in.Mine(t.Context(), sandbox, "u")
		if err != nil {
			t.Fatal(err)
		}
		var refs []string
		for _, q := range qs {
			refs = append(refs, q.Ref.String())
		}
		return fmt.Sprint(refs)
	}
	if got := mine(); got != "[new/4 new/1 off/2 mid/9 mid/8 mid/7]" {
		t.Errorf("mine: %s", got)
	}
	if qs, err := in.Mine(t.Context(), sandbox, "other"); len(qs) > 0 || err != nil {
		t.Errorf("of somebody else: %v, %v", qs, err)
	}
	for n := 10; n < 30; n++ {
		d.asker["off"] = append(d.asker["off"], n)
	}
	if qs, err := in.Mine(t.Context(), sandbox, "u"); len(qs) != mostMine || err != nil || qs[2].Ref.String() != "off/29" {
		t.Errorf("%d of many, %v", len(qs), err)
	}
	d.err = session.Fail(session.Unavailable, "unavailable")
	if _, err := in.Mine(t.Context(), sandbox, "u"); !errors.Is(err, d.err) {
		t.Errorf("store away: %v", err)
	}
}

// TestAnnounced: the hour that a post announces is found at its place, soon after it was
// posted and until a week after the hour.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	now := noon
	announced := func(s session.Session, m session.MessageID) session.Session {
		s.Copies = session.Copies{{Slot: session.Slot{Kind: session.KindAnnouncement, Connector: sandbox, Place: "square"}, Message: m}}
		return s
	}
	d := &desk{all: []session.Session{announced(at("now", session.Open, 0), "m1"),
		announced(at("next", session.Scheduled, 7*24*time.Hour), "m2"),
		announced(at("old", session.Archived, -8*24*time.Hour), "m3"), announced(at("unknown", session.Scheduled, time.Hour), "")}}
	in := inboxOn(d, &now)
	check := func(o session.Origin, want session.ID) {
		t.Helper()
		if id, ok, err := in.Announced(t.Context(), o, time.Time{}); id != want || ok != (want != "") || err != nil {
			t.Errorf("%+v: %q, %t, %v; want %q", o, id, ok, err, want)
		}
	}
	o := session.Origin{Connector: sandbox, Place: "square", Message: "m2"}
	check(o, "next")
	for _, other := range []session.Origin{{Connector: sandbox, Place: "square", Message: "m3"},
		{Connector: sandbox, Place: "square", Message: "m4"},
		{Connector: sandbox, Place: "square"}, {Connector: birds, Place: "square", Message: "m2"},
		{Connector: sandbox, Place: "street", Message: "m2"}} {
		check(other, "")
	}
	if d.reads != 1 {
		t.Errorf("%d reads of the list for what announces nothing", d.reads)
	}
	now = now.Add(2 * time.Second)
	d.all = append(d.all, announced(at("new", session.Scheduled, 14*24*time.Hour), "m4"))
	check(session.Origin{Connector: sandbox, Place: "square", Message: "m4"}, "new")
	now, d.err = now.Add(time.Minute), session.Fail(session.Unavailable, "unavailable")
	if _, _, err := in.Announced(t.Context(), o, time.Time{}); !errors.Is(err, d.err) {
		t.Errorf("store away: %v", err)
	}
}

// TestUnplaced: what may be an announcement of which nobody knows yet where it stands is neither
// that nor anything else, until it is known or a person was asked for long.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	slot := session.Slot{Kind: session.KindAnnouncement, Connector: sandbox, Place: "square"}
	key := slot.Key()
	o := session.Origin{Connector: sandbox, Place: "square", Message: "m1"}
	elsewhere := session.Origin{Connector: sandbox, Place: "street", Message: "m1"}
	asked := func(ago time.Duration) session.Copy {
		return session.Copy{Wanted: 1, Problem: session.Unsure, Since: noon.Add(-ago)}
	}
	for name, c := range map[string]struct {
		copy     session.Copy
		tried    bool
		at       session.Origin
		posted   time.Time
		unplaced bool
		id       session.ID
	}{
		"being posted":                    {session.Copy{Wanted: 1}, true, o, noon, true, ""},
		"in line":                         {session.Copy{Wanted: 1}, false, o, noon, false, ""},
		"given up while it was posted":    {session.Copy{Wanted: 1, Problem: session.Dropped}, true, o, noon, true, ""},
		"unwanted while it was posted":    {session.Copy{}, true, o, noon, true, ""},
		"out":                             {session.Copy{Wanted: 1, Out: 1, Message: "m2"}, true, o, noon, false, ""},
		"this one":                        {session.Copy{Wanted: 1, Out: 1, Message: "m1"}, true, o, noon, false, "h"},
		"being posted elsewhere":          {session.Copy{Wanted: 1}, true, elsewhere, noon, false, ""},
		"posted before it was approved":   {session.Copy{Wanted: 1, Approved: noon}, true, o, noon.Add(-2 * time.Minute), false, ""},
		"posted when nobody knows":        {session.Copy{Wanted: 1, Approved: noon}, true, o, time.Time{}, true, ""},
		"by a clock that is behind":       {session.Copy{Wanted: 1, Approved: noon}, true, o, noon.Add(-10 * time.Second), true, ""},
		"a person is asked":               {asked(29 * time.Minute), false, o, noon, true, ""},
		"a person was asked for too long": {asked(31 * time.Minute), true, o, noon, false, ""},
		"refused":                         {session.Copy{Wanted: 1, Problem: session.RefusedIt, Since: noon}, false, o, noon, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noon
			s := at("h", session.Scheduled, time.Hour)
			c.copy.Slot = slot
			s.Copies = session.Copies{c.copy}
			d := &desk{all: []session.Session{s}, tried: map[string]bool{key: c.tried}}
			id, ok, err := inboxOn(d, &now).Announced(t.Context(), c.at, c.posted)
			if errors.Is(err, connector.ErrUnplaced) != c.unplaced || err != nil && !c.unplaced || id != c.id || ok != (c.id != "") {
				t.Errorf("%q, %t, %v", id, ok, err)
			}
		})
	}
}

// TestPlacedMeanwhile: what is noted between the two looks is found.
func TestPlacedMeanwhile(t *testing.T) {
	t.Parallel()
	now := noon
	s := at("h", session.Scheduled, time.Hour)
	s.Copies = session.Copies{{Slot: session.Slot{Kind: session.KindAnnouncement, Connector: sandbox, Place: "square"}, Wanted: 1}}
	d := &desk{all: []session.Session{s}}
	d.noted = func() {
		d.all[0].Copies = slices.Clone(s.Copies)
		d.all[0].Copies[0].Out, d.all[0].Copies[0].Message = 1, "m1"
	}
	o := session.Origin{Connector: sandbox, Place: "square", Message: "m1"}
	if id, ok, err := inboxOn(d, &now).Announced(t.Context(), o, noon); id != "h" || !ok || err != nil {
		t.Errorf("%q, %t, %v", id, ok, err)
	}
	o.Message = "m2"
	d.noted, d.queried = nil, nil
	if _, ok, err := inboxOn(d, &now).Announced(t.Context(), o, noon); ok || err != nil || len(d.queried) > 0 {
		t.Errorf("of what stands: %t, %v, asked about %q", ok, err, d.queried)
	}
}

// TestAskedUnderAnAnnouncement: the question belongs to the hour that is announced there, and
// not to the one that is on; only after it, to that.
func TestAskedUnderAnAnnouncement(t *testing.T) {
	t.Parallel()
	now := noon
	next := at("next", session.Scheduled, 7*24*time.Hour)
	next.AskFrom = noon
	d := &desk{all: []session.Session{at("now", session.Open, 0), next, at("closed", session.Closed, -24*time.Hour)},
		closed: map[session.ID]bool{}}
	in := inboxOn(d, &now)
	ask := func(under session.ID) error {
		_, err := in.Asked(t.Context(), connector.Asked{Origin: session.Origin{Connector: sandbox, Place: "square"}, Session: under})
		return err
	}
	for under, want := range map[session.ID]session.ID{"next": "next", "now": "now", "closed": "now", "": "now"} {
		if err := ask(under); err != nil || d.asked[len(d.asked)-1].Session != want {
			t.Errorf("under %q: %v, %+v", under, err, d.asked)
		}
	}
	d.closed["next"] = true
	if err := ask("next"); session.KindOf(err) != session.Refused {
		t.Errorf("an hour that takes no questions yet: %v", err)
	}
}

// TestHours: what is on at a connector, from its first announcement on, and nothing of
// elsewhere or of what is long over.
func TestHours(t *testing.T) {
	t.Parallel()
	now := noon
	made := func(s session.Session, ago time.Duration, m session.MessageID) session.Session {
		s.Acts = map[session.Verb]session.Act{session.Schedule: {At: noon.Add(-ago)}}
		s.Copies = session.Copies{{Slot: session.Slot{Kind: session.KindAnnouncement, Connector: sandbox, Place: "square"}, Message: m},
			{Slot: session.Slot{Kind: session.KindAnnouncement, Connector: birds, Place: "sky"}, Message: "b" + m}}
		return s
	}
	elsewhere := made(at("elsewhere", session.Open, 0), 99*time.Hour, "m9")
	elsewhere.Targets = []session.Target{{Connector: birds}}
	d := &desk{all: []session.Session{elsewhere,
		made(at("next", session.Scheduled, 7*24*time.Hour), 2*time.Hour, "m1"),
		made(at("last", session.Closed, -24*time.Hour), 30*time.Hour, ""),
		made(at("old", session.Archived, -8*24*time.Hour), 999*time.Hour, "m3"),
		made(at("off", session.Cancelled, time.Hour), 999*time.Hour, "m4")}}
	in := inboxOn(d, &now)
	got, err := in.Hours(t.Context(), sandbox)
	want := []session.Origin{{Connector: sandbox, Place: "square", Message: "m1"}}
	if err != nil || got.Busy || !got.Since.Equal(noon.Add(-30*time.Hour)) || !slices.Equal(got.Under, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := in.Hours(t.Context(), birds); err != nil || !got.Busy || len(got.Under) != 1 || got.Under[0].Message != "bm9" {
		t.Errorf("elsewhere %+v, %v", got, err)
	}
	if got, err := in.Hours(t.Context(), "nowhere"); err != nil || !got.Since.IsZero() {
		t.Errorf("where nothing is on: %+v, %v", got, err)
	}
	now, d.err = now.Add(time.Minute), session.Fail(session.Unavailable, "unavailable")
	if _, err := in.Hours(t.Context(), sandbox); !errors.Is(err, d.err) {
		t.Errorf("store away: %v", err)
	}
}

// TestOriginals: what may still be changed, of the hours that are on at a connector, read at
// most every so often.
func TestOriginals(t *testing.T) {
	t.Parallel()
	now := noon
	asked := func(c session.ConnectorID, m session.MessageID, parts ...session.Part) session.Question {
		return session.Question{Text: "Who?", Origin: session.Origin{Connector: c, Place: "square", Message: m}, Parts: parts}
	}
	d := &desk{all: []session.Session{at("now", session.Open, 0), at("over", session.Closed, -2*time.Hour)},
		open: map[session.ID][]session.Question{
			"now": {asked(sandbox, "m1"), asked(birds, "m2"), asked(sandbox, "m3", session.Part{Message: "m3", Text: "Who"},
				session.Part{Message: "m4"}, session.Part{Message: "m5", Text: "pays?"})},
			"over": {asked(sandbox, "m9")}}}
	in := inboxOn(d, &now)
	for range 3 {
		os, err := in.Originals(t.Context(), sandbox)
		var got []session.MessageID
		for _, o := range os {
			if got = append(got, o.Message); o.Place != "square" {
				t.Errorf("at %q", o.Place)
			}
		}
		if err != nil || !slices.Equal(got, []session.MessageID{"m1", "m3", "m5"}) {
			t.Errorf("%v, %v", got, err)
		}
	}
	now = now.Add(time.Minute)
	if _, err := in.Originals(t.Context(), sandbox); err != nil || d.listed != 2 {
		t.Errorf("listed %d times, %v", d.listed, err)
	}
	now, d.err = now.Add(time.Minute), session.Fail(session.Unavailable, "unavailable")
	if _, err := in.Originals(t.Context(), sandbox); !errors.Is(err, d.err) {
		t.Errorf("store away: %v", err)
	}
}
