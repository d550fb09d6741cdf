package deskpage

import (
	"net/url"
	"strings"
	"testing"

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
		{"end", "", "start", "start and the end"},
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
