package deskpage

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

func hourForm1() url.Values {
	return url.Values{"title": {"Zemes nodoklis: ko zināt"}, "topic": {"<Topic>"}, "experts": {string(janis)},
		"date": {"2026-12-01"}, "start": {"10:00"}, "end": {"12:00"}, "ask_from": {"2026-11-30"}, "ask_time": {"09:00"},
		"targets": {string(place)}}
}

func TestScheduling(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a := k.as(anna)
	a.get(a.home+"/_schedule").want(t, 200, "Jānis Kalniņš, Tax Office", `value="sandbox" checked`).without(t, "Vilnis Vītols")
	p := a.post(a.home+"/_schedule", hourForm1()).want(t, 200, "The expert hour is scheduled.", "Scheduled",
		"Tuesday, 1 December 2026, 10:00–12:00")
	if p.url.Path != a.home+"/zemes-nodoklis-ko-zinat" {
		t.Errorf("leads to %s", p.url)
	}
	ses, err := k.store.Session(t.Context(), "zemes-nodoklis-ko-zinat")
	if err != nil {
		t.Fatal(err)
	}
	if got := ses.Start.Format("2006-01-02T15:04Z07:00"); got != "2026-12-01T08:00Z" { // Riga is two hours ahead
		t.Errorf("starts %s", got)
	}
	if len(ses.Targets) != 1 || ses.Targets[0].Connector != place || ses.Language != session.English {
		t.Errorf("%+v", ses)
	}
	a.get(a.home).want(t, 200, "Zemes nodoklis", "Tuesday, 1 December 2026, 10:00–12:00")
	a.post(a.home+"/zemes-nodoklis-ko-zinat/reschedule",
		url.Values{"date": {"2026-12-01"}, "start": {"10:00"}, "end": {"13:00"}}).want(t, 200, "has been moved")
	a.post(a.home+"/zemes-nodoklis-ko-zinat/start", nil).want(t, 200, "Open")
}

func TestWrongInputIsShownAtItsFieldAndKept(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	a := k.as(anna)
	for _, c := range []struct{ name, value, field, says string }{
		{"title", "", "title", "write a title"},
		{"title", strings.Repeat("x", 201), "title", "shorten it"},
		{"slug", "Ā b", "slug", "small letters"},
		{"slug", "tax", "slug", "is taken"},
		{"end", "10:00", "end", "must be after the start"},
		{"end", "tomorrow", "end", "day and time"},
		{"end", "", "end", "start and the end"},
		{"experts", "", "experts", "1 to 20 experts"},
		{"experts", "Nobody", "experts", "not on the list of staff"},
		{"targets", "mars", "targets", "no public place"},
		{"date", "2026-11-22", "start", "same time"},
	} {
		form := hourForm1()
		form.Set(c.name, c.value)
		if c.value == "" {
			form.Del(c.name)
		}
		if c.says == "same time" {
			form.Set("start", "14:30")
			form.Set("end", "15:30")
		}
		p := a.post(a.home+"/_schedule", form)
		if p.status < 400 || !strings.Contains(p.body, `id="`+c.field+`-error"`) || !strings.Contains(p.text(), c.says) ||
			!strings.Contains(p.text(), "<Topic>") {
			t.Errorf("%s=%q: %d, want %q at %s\n%s", c.name, c.value, p.status, c.says, c.field, p.text())
		}
		if c.value != "" && c.name != "experts" && c.name != "targets" && !strings.Contains(p.body, `value="`+c.value+`"`) {
			t.Errorf("%s=%q is not kept", c.name, c.value)
		}
	}
}

// TestAllThatIsWrongIsShownAtOnce: each at its field, and as a list with links above.
func TestAllThatIsWrongIsShownAtOnce(t *testing.T) {
	t.Parallel()
	a := newKit(t).as(anna)
	form := url.Values{"title": {""}, "topic": {strings.Repeat("x", 2001)}, "slug": {"Ā"}, "date": {"2026-12-01"}, "start": {"soon"},
		"end": {"12:00"}, "targets": {"mars"}}
	p := a.post(a.home+"/_schedule", form)
	for _, field := range []string{"title", "topic", "slug", "experts", "start", "targets"} {
		if !strings.Contains(p.body, `id="`+field+`-error"`) || !strings.Contains(p.body, `<a href="#`+field+`">`) {
			t.Errorf("nothing is said at %s", field)
		}
	}
	if p.status != 422 || strings.Contains(p.body, `id="end-error"`) {
		t.Errorf("%d: %s", p.status, p.text())
	}
	status, problem := newKit(t).api(anna, "POST", "", `{"title":"","experts":[],"start":"2026-12-01T10:00:00Z","end":"2026-12-01T09:00:00Z"}`)
	if all, _ := problem["errors"].([]any); status != 422 || len(all) != 3 || problem["field"] != "title" {
		t.Errorf("JSON: %d %v", status, problem)
	}
}

// TestAddresses: the same title again gets a free one, and one in other letters is written in
// Latin ones, or after the day. What is typed stands.
func TestAddresses(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a := k.as(anna)
	schedule := func(title, slug, day string) string {
		form := hourForm1()
		form.Set("title", title)
		form.Set("slug", slug)
		form.Set("date", day)
		path := a.post(a.home+"/_schedule", form).want(t, 200, "The expert hour is scheduled.").url.Path
		return strings.TrimPrefix(path, a.home+"/")
	}
	for _, c := range [][4]string{
		{"Nodokļi", "", "2026-12-01", "nodokli"}, {"Nodokļi", "", "2026-12-02", "nodokli-2"}, {"Nodokļi", "", "2026-12-03", "nodokli-3"},
		{"Nodokļi", "decembris", "2026-12-04", "decembris"}, {"Налоги", "", "2026-12-05", "nalogi"}, {"税金", "", "2026-12-06", "2026-12-06"},
		{strings.Repeat("ab ", 30), "", "2026-12-07", strings.Repeat("ab-", 19) + "ab"},
		{strings.Repeat("ab ", 30), "", "2026-12-08", strings.Repeat("ab-", 19) + "a-2"},
	} {
		if got := schedule(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%s: %s, want %s", c[0], got, c[3])
		}
	}
	form := hourForm1() // pressed twice
	form.Set("title", "Nodokļi")
	a.post(a.home+"/_schedule", form).want(t, 409, "is scheduled already: nodokli.")
	form.Set("slug", "nodokli")
	a.post(a.home+"/_schedule", form).want(t, 409, "is taken")
	if status, made := k.api(anna, "POST", "", `{"title":"Nodokļi","experts":["Jānis Kalniņš"],"start":"2027-01-01T10:00:00Z",`+
		`"end":"2027-01-01T12:00:00Z"}`); status != 201 || made["slug"] != "nodokli-4" {
		t.Errorf("JSON: %d %v", status, made)
	}
}

// TestTimesThatTheClocksSkipOrShowTwice: said, and asked about.
func TestTimesThatTheClocksSkipOrShowTwice(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	a := k.as(anna)
	form := hourForm1()
	for name, value := range map[string]string{"date": "2027-03-28", "start": "03:30", "end": "05:00"} {
		form.Set(name, value)
	}
	a.post(a.home+"/_schedule", form).want(t, 422, "the clocks skip", `id="start-error"`)
	form.Set("date", "2027-10-31")
	a.post(a.home+"/_schedule", form).want(t, 422, "twice that night", `id="start-error"`, `name="start_which"`,
		"the first time, 03:30 (UTC&#43;03:00)", "the second time, 03:30 (UTC&#43;02:00)")
	form.Set("start_which", "later")
	a.post(a.home+"/_schedule", form).want(t, 200, "The expert hour is scheduled.")
	ses, err := k.store.Session(t.Context(), "zemes-nodoklis-ko-zinat")
	if want := time.Date(2027, 10, 31, 1, 30, 0, 0, time.UTC); err != nil || !ses.Start.Equal(want) {
		t.Errorf("it starts %s: %v", ses.Start, err)
	}
	at := a.home + "/zemes-nodoklis-ko-zinat/reschedule"
	moved := url.Values{"date": {"2027-10-31"}, "start": {"03:45"}, "end": {"05:00"}}
	a.post(at, moved).want(t, 422, "twice that night", `name="start_which"`)
	moved.Set("start_which", "earlier")
	a.post(at, moved).want(t, 200, "has been moved")
}

func TestWarnsWhenOnlyTheAuthorCouldApprove(t *testing.T) {
	t.Parallel()
	alone := session.Directory{staff[0]}
	k := newKit(t, func(o *Options) { o.Staff, o.Service.Staff = alone, alone })
	a := k.as(anna)
	form := hourForm1()
	form.Set("experts", string(anna))
	at := a.post(a.home+"/_schedule", form).want(t, 200, "Nobody but the author could approve").url.Path
	a.get(a.home).want(t, 200, "Nobody but the author could approve")
	a.post(at+"/start", nil).want(t, 200, "Nobody but the author could approve")
	a.post(at+"/allow_self_approval", url.Values{"reason": {"alone today"}}).want(t, 200, "“alone today”").without(t, "Nobody but the author")
}
