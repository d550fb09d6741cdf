package deskpage

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"experthour/internal/session"
)

// hostile is text that would do harm if anything were not escaped.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.Secret}}`

var (
	element  = regexp.MustCompile(`<(script|img)[^>]*>`)
	harmless = regexp.MustCompile(`^<script src="/static/(desk|compose|alerts|keys)\.[0-9a-f]+\.js" defer>$`)
)

func checkEscaped(t *testing.T, p shown) {
	t.Helper()
	for _, e := range element.FindAllString(p.body, -1) {
		if !harmless.MatchString(e) {
			t.Errorf("%s: %s", p.url, e)
		}
	}
	for _, inline := range []string{"<style", "style=\"", "onclick=", "javascript:"} {
		if strings.Contains(p.body, inline) {
			t.Errorf("%s has %s", p.url, inline)
		}
	}
}

func TestHostileTextIsTextEverywhere(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	h := k.desk.Hour()
	h.Slug, h.Title, h.Topic, h.Experts = slug, hostile, hostile, []session.Expert{{Name: janis}}
	h.Start, h.End = k.now(), k.now().Add(time.Hour)
	h.Targets = []session.Target{k.desk.Views.Places[0].Target}
	if _, err := k.svc.Schedule(t.Context(), as(anna), h); err != nil {
		t.Fatal(err)
	}
	k.session(session.StartSession{})
	ask := func() int {
		k.asked++
		q, _, err := k.svc.Ask(t.Context(), session.Asked{Session: slug, Key: fmt.Sprint(k.asked), Text: hostile,
			Name: hostile[:40], Language: "ar",
			Origin: session.Origin{Connector: place, Place: "p", Message: "m", URL: "javascript:alert(1)"}})
		if err != nil {
			t.Fatal(err)
		}
		return q.Ref.Number
	}
	n := ask()
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	k.do(anna, session.NoteQuestion{On: k.on(n), Text: hostile})
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: hostile})
	k.do(anna, session.SendBackAnswer{On: k.on(n), Comment: hostile})
	a := k.as(anna)
	checkEscaped(t, a.get(a.at()))
	k.do(janis, session.SubmitAnswer{On: k.on(n), Text: hostile + " more"})
	k.approve(n)
	key := k.park(n, session.Unsure)
	checkEscaped(t, a.get(a.at()))
	k.do(anna, session.ResolveCopy{On: k.on(n), Decision: session.IsOut, Copy: key, URL: "javascript:alert(1)"})
	k.do(anna, session.DeclineQuestion{On: k.on(ask()), Reason: "off_topic", Remark: hostile})
	k.do(anna, session.RedirectQuestion{On: k.on(ask()), Forward: session.Forward{Institution: hostile}})
	ask()
	k.session(session.SelfApprovalExcept{Reason: hostile})
	for _, path := range []string{"", "/triage", "/close", "/board", "/cards/1", "/cards/2", "/cards/3", "/cards/4", "/q/4/merge"} {
		checkEscaped(t, a.get(a.at()+path).want(t, 200))
	}
	checkEscaped(t, a.get(a.home))
	for _, verb := range []session.Verb{session.Submit, session.SendBack, session.Decline, session.Redirect, session.AddNote,
		session.IsOut, session.Merge} {
		checkEscaped(t, a.press(4, verb, url.Values{"text": {hostile}, "comment": {hostile}, "reason": {hostile},
			"remark": {hostile}, "institution": {hostile},
			"answered": {hostile}, "url": {hostile}, "other": {hostile}, "base": {"9"}, "copy": {hostile}, "show": {hostile}}))
	}
	checkEscaped(t, a.post(a.home+"/_schedule", url.Values{"title": {hostile}, "topic": {hostile}, "slug": {hostile}, "start": {hostile},
		"end": {hostile}, "experts": {hostile}}))
	k.store.Break(errBroken)
	checkEscaped(t, a.press(4, session.Submit, url.Values{"text": {hostile}, hostile: {hostile}}))
}

func TestPersonalDataIsNamedAndNeverRepeated(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("Call me at 29123456 please?")
	a := k.as(anna)
	p := a.get(a.at()).want(t, 200, "phone number")
	if strings.Count(p.body, "29123456") != 2 { // the question itself, and the list of urgent ones
		t.Errorf("%d times", strings.Count(p.body, "29123456"))
	}
}

func TestTabsAndPages(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for i := range 60 {
		k.ask(fmt.Sprintf("Question %d?", i+1))
	}
	k.do(anna, session.AcceptQuestion{On: k.on(60)})
	a := k.as(anna)
	cards := func(path string) int { return strings.Count(a.get(a.at()+path).want(t, 200).body, "<article ") }
	for path, want := range map[string]int{"": 50, "?page=2": 10, "?show=received": 50, "?show=received&page=2": 9, "?show=queued": 1,
		"?show=review": 0, "?show=nonsense": 50, "?page=99": 0, "?show=queued&at=7": 2, "?at=999": 50, "?page=-1": 50} {
		if got := cards(path); got != want {
			t.Errorf("%s: %d cards, want %d", path, got, want)
		}
	}
	a.get(a.at()+"?show=received").want(t, 200, "page 1 of 2", a.at()+"?page=2&amp;show=received")
	p := a.press(3, session.Accept, url.Values{"wording": {"1"}, "show": {"received"}}).want(t, 200, `id="q3"`)
	if p.url.Query().Get("show") != "received" {
		t.Errorf("leads to %s", p.url)
	}
}

// TestWhatWaitsForMe: the title of the tab counts what waits for its reader, of whatever hour
// on the first page of the desk.
func TestWhatWaitsForMe(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("New?")
	k.reviewed("Who pays?", "The buyer.")
	k.park(k.published("Who else?", "The seller."), session.Unsure)
	for _, text := range []string{"Whose?", "When?"} {
		k.do(anna, session.AcceptQuestion{On: k.on(k.ask(text))})
	}
	k.do(janis, session.ClaimQuestion{On: k.on(4)})
	for who, want := range map[session.PersonName]string{anna: "<title>(3) ", janis: "<title>(2) ", ilze: "<title>(1) "} {
		a := k.as(who)
		a.get(a.at()).want(t, 200, want)
		a.get(a.home).want(t, 200, want, want[8:9]+" wait")
	}
	if v := k.as(vilnis); strings.Contains(v.get(v.at()).body, "<title>(") || strings.Contains(v.get(v.home).body, "wait for you") {
		t.Error("something waits for an observer")
	}
}

// TestSearch: the search is on every page of the desk, shows cards of all states, and a
// decision leads back to it.
func TestSearch(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	for i := range 55 {
		k.ask(fmt.Sprintf("Cik liels ir zemes nodoklis %d. pagastā?", i+1))
	}
	k.do(anna, session.DeclineQuestion{On: k.on(7), Reason: "off_topic"})
	a := k.as(anna)
	a.get(a.at()).want(t, 200, `name="find"`, `role="search"`)
	p := a.get(a.at()+"?find=nodoklis+7.").want(t, 200, "5 questions were found", `id="q7"`, `id="q27"`, `value="nodoklis 7."`)
	if n := strings.Count(p.body, "<article "); n != 5 || strings.Contains(p.body, `aria-current="page"`) {
		t.Errorf("%d cards, or a tab is current", n)
	}
	if strings.Index(p.body, `id="q7"`) > strings.Index(p.body, `id="q47"`) {
		t.Error("what the phrase fits only in the middle of a word comes first")
	}
	a.get(a.at()+"?find=zemes").want(t, 200, "55 questions were found", "The first 50 are shown")
	a.get(a.at()+"?find=%3Cb%3E").want(t, 200, "0 questions were found", `value="&lt;b&gt;"`)
	a.get(a.at()+"/board?find=%237").want(t, 200, `data-card="7"`)
	p = a.press(27, session.Accept, url.Values{"wording": {"1"}, "find": {"nodoklis 7."}}).want(t, 200, "5 questions were found")
	if p.url.Query().Get("find") != "nodoklis 7." {
		t.Errorf("leads to %s", p.url)
	}
	k.as(vilnis).get(k.as(vilnis).at()+"?find=%2327").want(t, 200, `id="q27"`)
}

func TestRewordingIsAcceptedAsSeen(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(n)})
	if _, err := k.svc.Do(t.Context(), session.Actor{Role: session.Asker},
		session.RewordQuestion{On: k.on(n), Text: "Who pays the tax?"}); err != nil {
		t.Fatal(err)
	}
	a := k.as(anna)
	p := a.get(a.at()).want(t, 200, "The asker proposes a new wording", "Who pays the tax?", "Accept the new wording")
	a.press(n, session.Accept, url.Values{"wording": {"1"}}).want(t, 409, "changed the wording")
	a.press(n, session.Accept, p.form(t, a.at()+"/q/1/accept")).want(t, 200)
	if k.question(n).Text != "Who pays the tax?" {
		t.Error(k.question(n).Text)
	}
}

func TestAChangeIsToldToOpenPages(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	a := k.as(anna)
	page := a.get(a.at())
	after := regexp.MustCompile(`data-after="([^"]*)"`).FindStringSubmatch(page.body)[1]
	r, err := a.client.Get(k.server.URL + a.at() + "/events?after=" + url.QueryEscape(after))
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatal(r, err)
	}
	defer r.Body.Close()
	n := k.ask("Who pays?")
	lines := bufio.NewScanner(r.Body)
	for lines.Scan() {
		if lines.Text() == fmt.Sprintf(`data: {"card":%d}`, n) {
			a.get(a.at()+"/cards/"+itoa(n)).want(t, 200, `id="q1"`)
			a.get(a.at()+"/board").want(t, 200, `<li data-card="1">`, "Most urgent")
			return
		}
	}
	t.Error("the stream ended without the change")
}

func TestWrongAddresses(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	a := k.as(anna)
	for path, status := range map[string]int{"/nope": 404, "/tax/cards/x": 404, "/tax/cards/9": 404, "/nope/board": 404,
		"/nope/triage": 404, "/tax/q/0/merge": 404} {
		a.get(a.home+path).want(t, status)
	}
	if p := a.get(a.at()+"/q/7/submit").want(t, 200); p.url.Path != a.at() || p.url.Fragment != "q7" {
		t.Errorf("a refused form loaded again leads to %s", p.url)
	}
	if p := a.get(a.at()+"/extend").want(t, 200); p.url.Path != a.at() {
		t.Errorf("a refused form loaded again leads to %s", p.url)
	}
	a.press(9, session.Accept, nil).want(t, 404)
	a.press(1, "dance", nil).want(t, 404)
	a.post(a.home+"/tax/dance", nil).want(t, 404)
}

func TestDiffLosesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"", ""}, {"a b", "a c"}, {"a\n\nb  c", "a b c"}, {strings.Repeat("x ", 2000), "y"}, {"same", "same"}} {
		var before, after string
		for _, s := range diff(c[0], c[1]) {
			if !s.Added {
				before += s.Text
			}
			if !s.Removed {
				after += s.Text
			}
		}
		if before != c[0] || after != c[1] {
			t.Errorf("%q -> %q became %q -> %q", c[0], c[1], before, after)
		}
	}
}

// wordy renders one copy that is too long and one that just fits.
type wordy struct{}

func (wordy) Copies(_ session.Session, q session.Question, rev session.Revision) []session.Rendered {
	slot := session.Slot{Kind: session.KindAnswer, Connector: session.Page, Original: q.Ref.Number}
	over := session.Slot{Kind: session.KindAnswer, Connector: place, Original: q.Ref.Number}
	return []session.Rendered{{Slot: slot, Text: rev.Text, Unit: session.Characters, Length: 480, Limit: 500},
		{Slot: over, Text: rev.Text, Unit: session.Characters, Length: 587, Limit: 500}}
}

func (wordy) Notices(session.Session, session.Question) []session.Rendered { return nil }

func (wordy) Announcements(session.Session, time.Time) []session.Rendered { return nil }

func TestACopyThatIsTooLongCannotBeApproved(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.svc.Planner = wordy{}
	k.reviewed("Who pays?", "THE BUYER PAYS ALL OF IT, ALWAYS. Call 29123456.")
	a := k.as(anna)
	a.get(a.at()).want(t, 200, `<div class="copy over"`, "587 of 500 characters: 87 too many", "One copy is too long",
		`min="0" max="500" low="450" high="500" optimum="0" value="480"`, `min="0" max="587" low="499" high="500" optimum="0" value="587"`,
		"This is exactly what would be public", "phone number").without(t, "/q/1/approve")
}

// TestAnExpertSeesNewQuestionsFolded: only moderators can do something about them.
func TestAnExpertSeesNewQuestionsFolded(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: k.on(k.ask("When is it due?"))})
	p := k.as(janis)
	p.get(p.at()).want(t, 200, `class="card received folded" id="q1"`, `class="card queued" id="q2"`,
		`<li><a href="#q2">`).without(t, `<li><a href="#q1">`)
	b := k.as(anna)
	b.get(b.at()).want(t, 200, `class="card received" id="q1"`, `<li><a href="#q1">`)
}

// TestTheTitleCountsWhatIsFresh: a moderator sees in the tab of the browser how many
// questions are new, an expert how many wait for an answer.
func TestTheTitleCountsWhatIsFresh(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	a, j := k.as(anna), k.as(janis)
	a.get(a.at()).want(t, 200, "<title>Desk: ", `data-fresh="0"`)
	k.ask("Who pays?")
	k.ask("How much?")
	k.do(anna, session.AcceptQuestion{On: k.on(k.ask("When is it due?"))})
	a.get(a.at()).want(t, 200, "<title>(2) Desk: ", `data-fresh="2"`)
	j.get(j.at()).want(t, 200, "<title>(1) Desk: ", `data-fresh="1"`)
	j.get(j.at()+"/board").want(t, 200, `data-fresh="1"`)
}

// TestAScheduledHourSaysWhen: the day and the time, and the minutes only when they
// can be counted.
func TestAScheduledHourSaysWhen(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	h := k.desk.Hour()
	h.Slug, h.Title, h.Experts = slug, "Taxes", []session.Expert{{Name: janis}}
	h.Start, h.End = k.now().Add(26*time.Hour), k.now().Add(27*time.Hour)
	if _, err := k.svc.Schedule(t.Context(), as(anna), h); err != nil {
		t.Fatal(err)
	}
	a := k.as(anna)
	a.get(a.at()).want(t, 200, "Monday, 23 November 2026, 16:00–17:00").without(t, "min to the start")
	k.pass(25 * time.Hour)
	a.login(anna).get(a.at()).want(t, 200, "Monday, 23 November 2026, 16:00–17:00", "<b>60</b> <span>min to the start")
}

// TestLastMinutesOfferExtendAndStop: five minutes before the end, and not before, the
// board asks the moderator what to do.
func TestLastMinutesOfferExtendAndStop(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	a := k.as(anna)
	a.get(a.at()).want(t, 200).without(t, "The hour ends at")
	ses, err := k.store.Session(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	k.pass(ses.End.Sub(k.now()) - session.EndingSoon)
	a.get(a.at()).want(t, 200, "The hour ends at", "Extend 15 min", "Stop now")
	j := k.as(janis)
	j.get(j.at()).want(t, 200).without(t, "Extend 15 min")
	a.post(a.at()+"/extend", url.Values{"minutes": {"15"}})
	a.get(a.at()).want(t, 200).without(t, "The hour ends at")
}
