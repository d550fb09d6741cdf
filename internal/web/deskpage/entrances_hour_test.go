package deskpage

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// hourEntry is entry for a command on an hour.
type hourEntry struct {
	ready []session.SessionCommand // what Olga has done to a scheduled hour
	early []session.SessionCommand // where it cannot be done; nil is nowhere
	good  values
	forms values // what forms send instead, where they ask in another way
	bad   []wrongHour
	free  bool // as of entry
	says  bool
}

type wrongHour struct {
	wrongInput
	forms values
}

var (
	scheduled = []session.SessionCommand{}
	opened    = []session.SessionCommand{session.StartSession{}}
	stopped   = append(slices.Clone(opened), session.StopSession{})
	unpaid    = session.AwaitMoney{Connector: place, Unpaid: session.Unpaid{Question: 1, Price: 200, Spent: 900, Ceiling: 1000}}
	closed    = append(slices.Clone(stopped), session.CloseSession{})
)

var hourEntries = map[session.Verb]hourEntry{
	session.Start: {ready: scheduled, early: stopped},
	session.Stop:  {ready: opened, early: scheduled},
	session.Extend: {ready: opened, early: scheduled, good: values{"minutes": 15},
		bad: []wrongHour{{wrongInput: wrongInput{values{}, "extend_end", "minutes"}},
			{wrongInput: wrongInput{values{"minutes": 5000}, "extend_end", "minutes"}}}},
	session.Pause:        {ready: opened, free: true},
	session.Resume:       {ready: append(slices.Clone(opened), session.PauseSession{})},
	session.PauseIntake:  {ready: opened, early: closed, free: true},
	session.ResumeIntake: {ready: append(slices.Clone(opened), session.PauseIntakeSession{})},
	session.Lift: {ready: append(slices.Clone(opened), unpaid), early: scheduled, good: values{"dollars": 5}, free: true,
		bad: []wrongHour{{wrongInput: wrongInput{values{}, "dollars_wrong", "dollars"}},
			{wrongInput: wrongInput{values{"dollars": 1001}, "dollars_wrong", "dollars"}}}},
	session.Close: {ready: stopped, early: scheduled, says: true,
		bad: []wrongHour{{wrongInput: wrongInput{values{"force": true, "reason": long}, "field_too_long", "reason"}}}},
	session.Cancel: {ready: scheduled, early: opened, good: values{"public_reason": "The expert is ill.", "new_date": "2026-12-24"},
		bad: []wrongHour{{wrongInput: tooLong("public_reason")},
			{wrongInput: wrongInput{values{"new_date": "soon"}, "new_date_form", "new_date"}},
			{wrongInput: wrongInput{values{"new_date": "2026-11-21"}, "new_date_past", "new_date"}}}},
	session.Reopen: {ready: closed, early: opened},
	session.AllowSelfApproval: {ready: opened, early: closed, good: values{"reason": "alone"}, free: true,
		bad: []wrongHour{{wrongInput: wrongInput{values{}, "reason_missing", "reason"}}, {wrongInput: tooLong("reason")}}},
	session.Reschedule: {ready: scheduled, early: opened, good: values{"start": "2026-12-01T10:00:00Z", "end": "2026-12-01T11:00:00Z"},
		forms: values{"date": "2026-12-01", "start": "12:00", "end": "13:00"},
		bad: []wrongHour{{wrongInput{values{"start": "2026-11-01T10:00:00Z", "end": "2026-11-01T11:00:00Z"}, "end_past", "end"},
			values{"date": "2026-11-01", "start": "12:00", "end": "13:00"}}}},
	session.Edit: {ready: scheduled, early: closed, good: values{"title": "Taxes at home"},
		forms: values{"title": "Taxes at home", "experts": string(janis)},
		bad: []wrongHour{{wrongInput{values{"title": " "}, "title_missing", "title"}, values{"title": " ", "experts": string(janis)}},
			{wrongInput{values{"title": long}, "field_too_long", "title"}, values{"title": long, "experts": string(janis)}},
			{wrongInput{values{"experts": []string{"Nobody"}}, "expert_unknown", "experts"}, values{"title": "Taxes", "experts": "Nobody"}},
			{wrongInput{values{"targets": []string{"moon"}}, "target_unknown", "targets"},
				values{"title": "Taxes", "experts": string(janis), "targets": "moon"}}}},
}

// aboutAnnouncements are tested where there are some: TestAnnouncementThatWaits on both desks.
var aboutAnnouncements = []session.Verb{session.Retry, session.Drop, session.IsOut, session.SendAgain}

// inTheRoom has new hours at a desk in a chat.
func inTheRoom(o *Options) {
	h := o.Hour()
	h.Desk = session.Desk{Connector: talk, Place: "room"}
	o.Hour = hourly(h)
}

// newHourWorld is a world whose hour begins tomorrow, after what Olga did to it.
func newHourWorld(t *testing.T, cmds []session.SessionCommand) *world {
	t.Helper()
	w := worldOf(newKit(t, inTheRoom))
	h := w.desk.Hour()
	h.Slug, h.Title, h.Experts = slug, "Taxes", []session.Expert{{Name: janis}}
	h.Start, h.End = w.now().Add(24*time.Hour), w.now().Add(25*time.Hour)
	if _, err := w.svc.Schedule(t.Context(), as(olga), h); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range cmds {
		w.pass(time.Second)
		by := as(olga)
		if cmd == unpaid {
			by = session.Program
		}
		if _, err := w.svc.DoSession(t.Context(), by, slug, cmd); err != nil {
			t.Fatal(err)
		}
	}
	w.pass(time.Second)
	return w
}

// try gives a command through every entrance, each to an hour of its own.
func (e hourEntry) try(t *testing.T, name string, by session.PersonName, v session.Verb, ready []session.SessionCommand,
	in, forms values, code, field string) {
	t.Helper()
	var want given
	for _, way := range []string{"JSON", "page", "chat"} {
		w := newHourWorld(t, ready)
		in := in
		if way != "JSON" && forms != nil {
			in = forms
		}
		got := entrances[way](w, by, v, 0, in)
		if way == "JSON" {
			want = got
			if got.ok != (code == "") || code != "*" && (got.code != code || got.at != field) {
				t.Errorf("%s, %s by JSON: %+v, want %s at %q", v, name, got, code, field)
			}
			continue
		}
		if e.says && way == "chat" && !got.ok && !want.ok && field == "" {
			continue
		}
		if got.ok != want.ok || !strings.Contains(got.text, want.text) || got.at != want.at && want.at != "" {
			t.Errorf("%s, %s by %s: %v at %q, want %q at %q\n%.600s", v, name, way, got.ok, got.at, want.text, want.at, got.text)
		}
	}
}

func TestEveryCommandOnAnHourThroughEveryEntrance(t *testing.T) {
	t.Parallel()
	_, verbs := view.Verbs()
	for _, v := range verbs {
		e, ok := hourEntries[v]
		if !ok && !slices.Contains(aboutAnnouncements, v) {
			t.Errorf("%s has no row: what is it, and what does it refuse?", v)
		}
		if !ok {
			continue
		}
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			e.try(t, "good", anna, v, e.ready, e.good, e.forms, "", "")
			e.try(t, "an expert", janis, v, e.ready, e.good, e.forms, "forbidden", "")
			for _, bad := range e.bad {
				e.try(t, bad.code, anna, v, e.ready, bad.values, bad.forms, bad.code, bad.field)
			}
			if e.early != nil {
				e.try(t, "not now", anna, v, e.early, e.good, e.forms, "*", "")
			}
			if !e.free {
				old, forms := values{"stage": "another"}, values{"stage": "another"}
				maps.Copy(old, e.good)
				maps.Copy(forms, e.good)
				maps.Copy(forms, e.forms)
				e.try(t, "another stage", anna, v, e.ready, old, forms, "already", "")
			}
		})
	}
}
