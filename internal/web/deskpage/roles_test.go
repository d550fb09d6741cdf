package deskpage

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/desk/view"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// everybody is one person of each kind.
var everybody = []session.PersonName{anna, janis, ilze, vilnis}

// questionVerbs says who may press what on a question, independently of the tables
// of package session.
var questionVerbs = map[session.Verb][]session.PersonName{
	session.Accept: {anna}, session.Decline: {anna}, session.Merge: {anna}, session.Redirect: {anna}, session.Expire: {anna},
	session.Retract: {anna}, session.Withdraw: {anna}, session.Restore: {anna}, session.Undo: {anna}, session.AllowName: {anna},
	session.SendBack: {anna}, session.HideAsked: {anna},
	session.Retry: {anna}, session.Drop: {anna}, session.IsOut: {anna}, session.SendAgain: {anna},
	session.Claim: {anna, janis}, session.Release: {anna, janis}, session.Submit: {anna, janis}, session.TakeBack: {anna, janis},
	session.Approve: {anna, janis}, session.Correct: {anna, janis}, session.Keep: {anna, janis}, session.AddNote: {anna, janis},
	session.Reword: {},
}

var sessionVerbs = []session.Verb{session.Reschedule, session.Edit, session.Start, session.Extend, session.Stop, session.Pause,
	session.Resume, session.Close, session.Cancel, session.Reopen, session.AllowSelfApproval, session.Lift}

var sample = url.Values{"comment": {"why"}, "reason": {"off_topic"}, "into": {"2"}, "text": {"A text"}, "copy": {"x"}, "revision": {"1"},
	"digest": {"x"}, "institution": {"Elsewhere"}, "minutes": {"15"}, "dollars": {"5"}}

// jsonOf is the body with which the API gives the same command.
func jsonOf(verb session.Verb) string {
	var cmd any
	if slices.Contains(sessionVerbs, verb) {
		cmd, _ = view.Reader{Desk: &view.Desk{}}.HourCommand(verb, connector.Values(sample))
	} else {
		cmd, _ = view.Command(verb, session.QuestionRef{}, connector.Values(sample))
	}
	b, _ := json.Marshal(cmd)
	return string(b)
}

func TestNobodyDoesWhatTheirRoleForbids(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("Who pays?", "The buyer.")
	k.ask("Another one")
	for _, name := range everybody {
		b := k.as(name)
		for verb, allowed := range questionVerbs {
			if slices.Contains(allowed, name) {
				continue
			}
			before := k.question(n).Version
			p := b.press(n, verb, sample)
			status, answer := k.api(name, "POST", "/tax/questions/"+itoa(n)+"/"+string(verb), jsonOf(verb))
			if verb == session.Reword { // nobody's verb on the desk
				if p.status != 404 || status != 404 {
					t.Errorf("%s %s: %d and %d", name, verb, p.status, status)
				}
				continue
			}
			if p.status != 403 || !strings.Contains(p.body, `role="alert"`) || !strings.Contains(p.text(), "moderators can use") {
				t.Errorf("page: %s %s: %d", name, verb, p.status)
			}
			if status != 403 || !strings.Contains(answer["detail"].(string), "moderators can use") || answer["code"] != "forbidden" {
				t.Errorf("API: %s %s: %d %v", name, verb, status, answer)
			}
			if k.question(n).Version != before {
				t.Errorf("%s %s: something changed", name, verb)
			}
		}
	}
}

func TestOnlyModeratorsRunTheHour(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	before, _ := k.store.Session(t.Context(), slug)
	for _, name := range everybody[1:] {
		b := k.as(name)
		for _, verb := range sessionVerbs {
			if p := b.post(b.at()+"/"+string(verb), sample); p.status != 403 || !strings.Contains(p.text(), "moderators can use") {
				t.Errorf("page: %s %s: %d", name, verb, p.status)
			}
			if status, answer := k.api(name, "POST", "/tax/"+string(verb), jsonOf(verb)); status != 403 {
				t.Errorf("API: %s %s: %d %v", name, verb, status, answer)
			}
		}
		b.get(b.home+"/_schedule").want(t, 403)
		b.post(b.home+"/_schedule", url.Values{"title": {"X"}, "experts": {string(janis)}, "date": {"2026-12-01"}, "start": {"10:00"},
			"end": {"11:00"}}).want(t, 403)
		b.post(b.home+"/_switch", url.Values{"connector": {string(place)}, "mode": {"refuses"}}).want(t, 403, "Only a moderator")
		if status, _ := k.api(name, "POST", "", `{"slug":"x","title":"X","experts":["`+string(janis)+`"],"start":"2026-12-01T10:00:00Z",`+
			`"end":"2026-12-01T11:00:00Z"}`); status != 403 {
			t.Errorf("API: %s schedules: %d", name, status)
		}
		b.get(b.at()).want(t, 200).without(t, `name="mode"`, "/pause", "/stop\"", "/triage")
	}
	if after, _ := k.store.Session(t.Context(), slug); after.Version != before.Version {
		t.Error("something changed")
	}
}

// TestButtonsAreThoseThatWork presses every button that a card shows: none is
// refused for the role.
func TestButtonsAreThoseThatWork(t *testing.T) {
	t.Parallel()
	for _, name := range everybody {
		k := newKit(t).open()
		n := k.reviewed("Who pays?", "The buyer.")
		page := k.as(name).get("/desk/"+wording.Slug(string(name), "person")+"/tax").want(t, 200)
		for verb, allowed := range questionVerbs {
			shown := strings.Contains(page.body, "/q/"+itoa(n)+"/"+string(verb)+`"`)
			may := slices.Contains(session.Allowed(mustSession(k), k.question(n), as(name)), verb)
			if verb == session.Approve && name != anna {
				may = false // the author is an expert
			}
			if shown != may || shown && !slices.Contains(allowed, name) {
				t.Errorf("%s %s: shown %t, allowed %t", name, verb, shown, may)
			}
		}
	}
}

func mustSession(k *kit) session.Session {
	ses, err := k.store.Session(k.t.Context(), slug)
	if err != nil {
		k.t.Fatal(err)
	}
	return ses
}

func TestSandboxSwitch(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	b := k.as(anna)
	b.get(b.at()).want(t, 200, "Sandbox place", "Refuses everything")
	p := b.post(b.home+"/_switch", url.Values{"connector": {string(place)}, "mode": {"refuses"}, "session": {"tax"}}).want(t,
		200, `value="refuses" checked`)
	if p.url.Path != b.at() {
		t.Errorf("leads to %s", p.url)
	}
	b.post(b.home+"/_switch", url.Values{"connector": {string(place)}, "mode": {"dance"}}).want(t, 422)
	if p := b.post(b.home+"/_switch", url.Values{"connector": {string(place)}, "mode": {"works"},
		"session": {"//evil.example"}}); p.url.Host != mustURL(t, k.server.URL).Host {
		t.Errorf("leads away: %s", p.url)
	}
}
