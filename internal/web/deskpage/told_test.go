package deskpage

import (
	"html"
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// announcing is a kit whose hours are announced at the sandbox.
func announcing(t *testing.T) *kit {
	t.Helper()
	k := newKit(t)
	k.svc.Planner = routing.Planner{PublicURL: "http://localhost", Limits: func(id session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Longest: connector.AtMost(500, session.Characters), Announces: id == place, EditsQuietly: true}, id == place
	}}
	return k
}

// announced is an announcing kit with an hour in one hour's time.
func announced(t *testing.T) *kit {
	t.Helper()
	k := announcing(t)
	h := k.desk.Hour()
	h.Slug, h.Title, h.Experts, h.Targets = slug, "Taxes & you", []session.Expert{{Name: janis}}, []session.Target{
		k.desk.Views.Places[0].Target}
	h.Start, h.End = k.now().Add(time.Hour), k.now().Add(2*time.Hour)
	if _, err := k.svc.Schedule(t.Context(), as(anna), h); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *kit) announcement(n session.News) session.Copy {
	k.t.Helper()
	ses, err := k.store.Session(k.t.Context(), slug)
	if err != nil {
		k.t.Fatal(err)
	}
	c, _ := ses.Copies.Get(session.Slot{Kind: session.KindAnnouncement, Connector: place, Place: "p", News: n}.Key())
	return c
}

// told records what became of the announcement of an hour.
func (k *kit) told(p session.Problem) {
	k.t.Helper()
	c, on := k.announcement(session.NewsScheduled), session.On{Question: session.QuestionRef{Session: slug}}
	var cmd session.Command = session.RecordParked{On: on, Copy: c.Key(), Trying: c.Wanted, Problem: p, Detail: "no room"}
	if p == session.NoProblem {
		cmd = session.RecordSent{On: on, Copy: c.Key(), Brought: c.Wanted, Message: "m"}
	}
	if _, err := k.svc.Do(k.t.Context(), session.Program, cmd); err != nil {
		k.t.Fatal(err)
	}
}

// TestAnnouncementThatWaits: it stands under "please look" with the buttons of any copy,
// and the same decisions can be given as JSON.
func TestAnnouncementThatWaits(t *testing.T) {
	t.Parallel()
	for problem, verbs := range map[session.Problem][]session.Verb{session.Unsure: {session.IsOut, session.SendAgain},
		session.RefusedIt: {session.Retry, session.Drop}} {
		for _, v := range verbs {
			k := announced(t)
			k.told(problem)
			c := k.announcement(session.NewsScheduled)
			a := k.as(anna)
			if status, raw := k.call(k.token(anna), "GET", "/tax", ""); status != 200 ||
				!strings.Contains(raw, `"copy":"`+c.Key()+`","target":"sandbox"`) {
				t.Errorf("JSON: %d %s", status, raw)
			}
			p := a.get(a.at()).want(t, 200, "Sandbox place (announcement)", "no room", "Answered by: Jānis Kalniņš",
				`action="`+a.at()+"/"+string(v)+`"`)
			live := a.get(a.at()+"/board").want(t, 200, "Sandbox place (announcement)")
			if strings.Count(p.body, `class="look"`) != 1 || strings.Count(live.body, `class="look"`) != 1 {
				t.Errorf("%s: it stands there more than once", v)
			}
			e := k.as(janis)
			e.get(e.at()).want(t, 200, "Sandbox place (announcement)").without(t, "/tax/"+string(v)+`"`)
			form := url.Values{"copy": {c.Key()}, "attempt": {"1"}}
			a.post(a.at()+"/"+string(v), form).want(t, 200, "Announcement: ").without(t, "(announcement)")
			if k.announcement(session.NewsScheduled).Parked() {
				t.Errorf("%s is not done", v)
			}
			a.post(a.at()+"/"+string(v), form).want(t, 409, "decided")
		}
	}
}

// TestScheduleShowsWhatIsTold: every announcement is shown to the letter before scheduling
// approves it, and only what was shown is told.
func TestScheduleShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := announcing(t)
	a, form := k.as(anna), hourForm1()
	p := a.post(a.home+"/_schedule", form).want(t, 200, "This is exactly what will be public", "Sandbox place", "announcement",
		"Answered by: Jānis Kalniņš",
		"at the start", "We have started", "last questions", "at the end", "of 500 characters", `name="title" value="Zemes nodoklis: ko zināt"`)
	a.get(a.home).without(t, "Zemes nodoklis")
	form.Set("digest", p.value(t, "digest"))
	again := url.Values{"edit": {"1"}}
	for name, v := range form {
		again[name] = v
	}
	a.post(a.home+"/_schedule", again).want(t, 200, `value="Zemes nodoklis: ko zināt"`, `value="sandbox" checked`)
	changed := url.Values{}
	for name, v := range form {
		changed[name] = v
	}
	changed.Set("title", "Zemes nodoklis")
	a.post(a.home+"/_schedule", changed).want(t, 200, "has changed since you looked", "This is exactly what will be public")
	a.post(a.home+"/_schedule", form).want(t, 200, "The expert hour is scheduled.")
}

// TestWhatWasShownIsWhatIsSent: the hidden fields under the texts bring the same hour again, in the order in which its
// experts and places were ticked, so that the second press schedules it.
func TestWhatWasShownIsWhatIsSent(t *testing.T) {
	t.Parallel()
	k := announcing(t)
	a, form := k.as(anna), hourForm1()
	form["experts"] = []string{string(janis), string(anna)} // not as the alphabet has them
	p := a.post(a.home+"/_schedule", form).want(t, 200, "This is exactly what will be public")
	a.post(a.home+"/_schedule", p.hidden()).want(t, 200, "The expert hour is scheduled.")
}

// hidden is what the first form of the page that has hidden fields sends.
func (p shown) hidden() url.Values {
	form, sent := p.body[strings.Index(p.body, `type="hidden"`):], url.Values{}
	form, _, _ = strings.Cut(form, "</form>")
	for _, m := range regexp.MustCompile(`name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		sent.Add(m[1], html.UnescapeString(m[2]))
	}
	return sent
}

// TestRescheduleShowsWhatIsTold: also the post that says so where an edit would not; and so
// does calling an hour off.
func TestRescheduleShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := announced(t)
	k.told(session.NoProblem)
	a := k.as(anna)
	for verb, c := range map[session.Verb]struct {
		form url.Values
		says []string
	}{
		session.Reschedule: {url.Values{"date": {"2026-12-01"}, "start": {"18:00"}, "end": {"19:00"}}, []string{"new time", "Moved to", "18:00"}},
		session.Cancel: {url.Values{"public_reason": {"The expert is ill."}, "new_date": {"2026-12-24"}}, []string{"called off",
			"This expert hour is called off.", "Reason: The expert is ill.", "New date: Thursday, 24 December 2026"}},
	} {
		p := a.post(a.at()+"/"+string(verb), c.form).want(t, 200, append(c.says, "This is exactly what will be public")...)
		if verb == session.Reschedule {
			c.form.Set("digest", p.value(t, "digest"))
			a.post(a.at()+"/reschedule", c.form).want(t, 200, "has been moved")
		}
	}
}

// TestEditShowsWhatIsTold: also what is taken back where the hour is no longer held; whoever
// looks again finds what they typed.
func TestEditShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := announced(t)
	k.told(session.NoProblem)
	a := k.as(anna)
	a.get(a.at()).want(t, 200, `value="Taxes &amp; you"`, "Edit the expert hour")
	form := url.Values{"title": {"Taxes and you"}, "experts": {string(janis)}, "topic": {"Deductions."}}
	a.post(a.at()+"/edit", form).want(t, 200, "This is exactly what will be public", "What stands there is removed.")
	form.Set("targets", string(place))
	p := a.post(a.at()+"/edit", form).want(t, 200, "Taxes and you", "Deductions.").without(t, "is removed")
	again := maps.Clone(form)
	again.Set("edit", "1")
	a.post(a.at()+"/edit", again).want(t, 200, `value="Taxes and you"`, "Deductions.</textarea>", `value="sandbox" checked`)
	form.Set("digest", p.value(t, "digest"))
	a.post(a.at()+"/edit", form).want(t, 200, "The expert hour has been changed.", "Taxes and you")
	if c := k.announcement(session.NewsScheduled); !c.Due() || !strings.Contains(c.Text, "Deductions.") {
		t.Errorf("the announcement: %+v", c)
	}
	if rec, found, err := k.svc.Verify(t.Context(), slug); err != nil || len(found) > 0 || len(rec.Entries) == 0 {
		t.Errorf("the record: %v %+v", err, found)
	}
}

// value is that of a hidden field.
func (p shown) value(t *testing.T, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(p.body, `name="`+name+`" value="`)
	if !ok {
		t.Fatalf("%s: no field %s", p.url, name)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// TestAnnouncementSettledByJSON: the verbs of copies work on the session, too.
func TestAnnouncementSettledByJSON(t *testing.T) {
	t.Parallel()
	k := announced(t)
	k.told(session.RefusedIt)
	token, body := k.token(anna), `{"copy":"`+k.announcement(session.NewsScheduled).Key()+`","attempt":1}`
	if status, raw := k.call(token, "POST", "/tax/retry", body); status != 200 || strings.Contains(raw, "parked") {
		t.Errorf("%d %s", status, raw)
	}
	if status, raw := k.call(token, "POST", "/tax/retry", body); status != 409 {
		t.Errorf("the second time: %d %s", status, raw)
	}
	if c := k.announcement(session.NewsScheduled); !c.Due() {
		t.Errorf("%+v", c)
	}
}

// TestJSONShowsWhatIsTold: programs can read what they approve, and approve only that.
func TestJSONShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := announcing(t)
	body := func(digest string) string {
		return `{"slug":"tax","title":"Taxes","experts":["Jānis Kalniņš"],` +
			`"start":"2026-12-01T10:00:00Z","end":"2026-12-01T12:00:00Z"` + digest + `}`
	}
	status, told := k.api(anna, "POST", "/_preview", body(""))
	all, _ := told["announcements"].([]any)
	if status != 200 || len(all) != 4 {
		t.Fatalf("%d %v", status, told)
	}
	first := all[0].(map[string]any)
	if first["news"] != "scheduled" || first["target"] != string(place) ||
		!strings.Contains(first["text"].(string), "Answered by: Jānis Kalniņš") {
		t.Errorf("%v", first)
	}
	if status, p := k.api(anna, "POST", "", body(`,"digest":"old"`)); status != 409 || p["code"] != "stale_preview" {
		t.Fatalf("with another digest: %d %v", status, p)
	}
	if status, p := k.api(anna, "POST", "", body(`,"digest":"`+told["digest"].(string)+`"`)); status != 201 {
		t.Fatalf("%d %v", status, p)
	}
	if c := k.announcement(session.NewsScheduled); c.Text != first["text"] {
		t.Errorf("what is told was not shown: %+v", c)
	}
	k.told(session.NoProblem)
	later := `{"start":"2026-12-02T10:00:00Z","end":"2026-12-02T12:00:00Z"`
	status, told = k.api(anna, "POST", "/tax/reschedule/_preview", later+"}")
	if all, _ := told["announcements"].([]any); status != 200 || len(all) == 0 {
		t.Fatalf("%d %v", status, told)
	}
	if status, p := k.api(anna, "POST", "/tax/reschedule", later+`,"digest":"`+told["digest"].(string)+`"}`); status != 200 {
		t.Errorf("%d %v", status, p)
	}
	if status, p := k.api(janis, "POST", "/tax/cancel/_preview", ""); status != 403 {
		t.Errorf("by an expert: %d %v", status, p)
	}
}
