package chat

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// announced is a kit with a scheduled hour "tax" that is announced at the square.
func announced(t *testing.T) *kit {
	t.Helper()
	k := desk(t)
	k.tells.Store(true)
	h := k.chat.Hour()
	h.Slug, h.Title, h.Start, h.End, h.Desk = "tax", "Tax hour", noon.Add(time.Hour), noon.Add(2*time.Hour), session.Desk{Connector: chat,
		Place: room}
	h.Experts, h.Targets = []session.Expert{{Name: janis}}, []session.Target{k.chat.Views.Places[0].Target}
	_, err := k.svc.Schedule(t.Context(), session.Actor{Name: anna, Role: session.Moderator}, h)
	k.must(err)
	return k
}

func (k *kit) announcement(n session.News) session.Copy {
	k.Helper()
	c, _ := k.session().Copies.Get(session.Slot{Kind: session.KindAnnouncement, Connector: "square", Place: "p", News: n}.Key())
	return c
}

// tells records what became of an announcement.
func (k *kit) told(n session.News, p session.Problem) {
	k.Helper()
	c, on := k.announcement(n), session.On{Question: session.QuestionRef{Session: "tax"}}
	var cmd session.Command = session.RecordParked{On: on, Copy: c.Key(), Trying: c.Wanted, Problem: p, Detail: "no room"}
	if p == session.NoProblem {
		cmd = session.RecordSent{On: on, Copy: c.Key(), Brought: c.Wanted, Message: "m"}
	}
	_, err := k.svc.Do(k.Context(), session.Program, cmd)
	k.must(err)
}

// TestAnnouncementThatWaits: the board asks about it what a card asks about its copies.
func TestAnnouncementThatWaits(t *testing.T) {
	t.Parallel()
	for problem, labels := range map[session.Problem][]string{session.Unsure: {"It is out", "Send again"},
		session.RefusedIt: {"Try again", "Do not send"}} {
		for _, label := range labels {
			k := announced(t)
			k.told(session.NewsScheduled, problem)
			b := k.card(0)
			k.reads(flat("", b.Lines), "Square (announcement): ⚠", "no room")
			press := "Square (announcement): " + label
			action := k.action(b.Buttons, press)
			k.reads(k.press(janis, 0, press).Say, "Only moderators can use")
			a := k.press(anna, 0, press)
			if a.Form != nil { // where it is
				a = k.submit(anna, a.Form, connector.Values{"url": {"https://square.example/1"}})
			}
			if !a.Close && a.Say != "" {
				t.Errorf("%s: %+v", label, a)
			}
			if c := k.announcement(session.NewsScheduled); c.Parked() || strings.Contains(flat("", k.card(0).Lines), "Square") {
				t.Errorf("%s: %+v", label, c)
			}
			a, err := k.chat.Pressed(t.Context(), connector.Press{By: user(anna), Action: action})
			k.must(err)
			k.reads(a.Say, "decided")
		}
	}
}

// TestScheduleShowsWhatIsTold: every announcement that scheduling approves is shown to the
// letter before it is.
func TestScheduleShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.tells.Store(true)
	f := k.types(anna, "schedule").Form
	v := filled(f)
	v["title"], v["experts"] = []string{"Tax"}, []string{string(account(janis))}
	a := k.submit(anna, f, v)
	if a.Form == nil || !a.Push || a.Form.Submit != "Schedule" || len(a.Form.Fields) != 0 {
		t.Fatalf("the second step: %+v", a)
	}
	text := flat(a.Form.Title, a.Form.Lines)
	k.reads(text, "exactly", "Square (announcement)", "Answered by: Jānis", "Square (at the start)",
		"We have started", "Square (last questions)",
		"Square (at the end)", "/transcript", "of 300 characters")
	if _, err := k.store.Session(t.Context(), "tax"); session.KindOf(err) != session.NotFound {
		t.Fatalf("scheduled already: %v", err)
	}
	if a = k.submit(anna, a.Form, nil); !a.Close || !strings.Contains(a.Say, "Tax") {
		t.Fatalf("scheduling: %+v", a)
	}
	if c := k.announcement(session.NewsScheduled); !strings.Contains(text, c.Text) || c.Text == "" {
		t.Errorf("what is told was not shown: %+v", c)
	}
}

// TestScheduleShowsWhatChanged: somebody who was shown another text sees the new one, and
// only that is told.
func TestScheduleShowsWhatChanged(t *testing.T) {
	t.Parallel()
	k := desk(t)
	k.tells.Store(true)
	f := k.types(anna, "schedule").Form
	v := filled(f)
	v["title"], v["experts"] = []string{"Tax"}, []string{string(account(janis))}
	shown := k.submit(anna, f, v).Form
	k.pass(70 * time.Minute) // its start is past: it would begin now
	a := k.submit(anna, shown, nil)
	if a.Form == nil || a.Push || a.Form.Submit == "" {
		t.Fatalf("the changed text: %+v", a)
	}
	k.reads(flat("", a.Form.Lines), "has changed", "15:10")
	if a = k.submit(anna, a.Form, nil); !a.Close {
		t.Errorf("scheduling: %+v", a)
	}
	v["date"] = []string{k.session().Start.Format(time.DateOnly)}
	if a = k.submit(anna, f, v); a.Wrong["title"] == "" {
		t.Errorf("the same hour twice: %+v", a)
	}
}

// TestRescheduleShowsWhatIsTold: also the post that says so where an edit would not.
func TestRescheduleShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := announced(t)
	k.told(session.NewsScheduled, session.NoProblem)
	f := k.press(anna, 0, "Reschedule").Form
	v := filled(f)
	v["start"], v["end"] = []string{"18:00"}, []string{"19:00"}
	a := k.submit(anna, f, v)
	if a.Form == nil || !a.Push || a.Form.Submit != "Reschedule" {
		t.Fatalf("the second step: %+v", a)
	}
	k.reads(flat("", a.Form.Lines), "Square (announcement)", "Square (new time)", "Moved to", "18:00")
	if k.session().Moved != 0 {
		t.Error("moved already")
	}
	if a := k.submit(anna, a.Form, nil); !a.Close || k.session().Moved == 0 {
		t.Errorf("rescheduling: %+v", a)
	}
}

// TestCancelShowsWhatIsTold before anybody is told: the reason, and the new date.
func TestCancelShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := announced(t)
	f := k.press(anna, 0, "Cancel the hour").Form
	v := connector.Values{"public_reason": {"The expert is ill."}, "new_date": {"2026-12-24"}}
	a := k.submit(anna, f, v)
	if a.Form == nil || !a.Push || k.session().State != session.Scheduled {
		t.Fatalf("the second step: %+v", a)
	}
	k.reads(flat("", a.Form.Lines), "Square (called off)", "This expert hour is called off.", "Reason: The expert is ill.",
		"New date: Thursday, 24 December 2026")
	if a := k.submit(anna, a.Form, nil); !a.Close || k.session().State != session.Cancelled {
		t.Errorf("cancelling: %+v", a)
	}
}

// TestEditShowsWhatIsTold: the form has what the hour is, experts by their accounts.
func TestEditShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	k := announced(t)
	k.told(session.NewsScheduled, session.NoProblem)
	f := k.types(anna, "edit").Form
	v := filled(f)
	if v.First("title") != "Tax hour" || v.First("experts") != string(account(janis)) || v.First("targets") != "square" {
		t.Fatalf("the form: %+v", v)
	}
	v["title"], v["topic"] = []string{"VAT hour"}, []string{"Rates."}
	a := k.submit(anna, f, v)
	if a.Form == nil || !a.Push || a.Form.Submit != "Edit the hour" {
		t.Fatalf("the second step: %+v", a)
	}
	k.reads(flat("", a.Form.Lines), "Square (announcement)", "VAT hour", "Rates.")
	if a := k.submit(anna, a.Form, nil); !a.Close || k.session().Title != "VAT hour" || len(k.session().Experts) != 1 {
		t.Errorf("editing: %+v", a)
	}
}

// TestAllThatIsWrongIsSaidAtOnce, each at its field.
func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	k := desk(t)
	f := k.types(anna, "schedule").Form
	v := filled(f)
	v["title"], v["experts"], v["slug"], v["start"] = nil, nil, []string{"Ā"}, []string{"soon"}
	a := k.submit(anna, f, v)
	for _, field := range []string{"title", "experts", "slug", "start"} {
		if a.Wrong[field] == "" {
			t.Errorf("nothing at %s: %+v", field, a)
		}
	}
	if len(a.Wrong) != 4 {
		t.Errorf("%+v", a.Wrong)
	}
}

// TestATimeThatComesTwiceIsAskedAbout: the form comes back with one question more and with
// everything that was typed.
func TestATimeThatComesTwiceIsAskedAbout(t *testing.T) {
	t.Parallel()
	k := desk(t)
	f := k.types(anna, "schedule").Form
	v := filled(f)
	v["title"], v["experts"] = []string{"Tax"}, []string{string(account(janis))}
	v["date"], v["start"], v["end"] = []string{"2027-10-31"}, []string{"03:30"}, []string{"05:00"}
	a := k.submit(anna, f, v)
	if a.Form == nil || a.Push {
		t.Fatalf("%+v", a)
	}
	k.reads(flat("", a.Form.Lines), "twice that night")
	again := filled(a.Form)
	if again.First("title") != "Tax" || len(again["start_which"]) > 0 {
		t.Fatalf("the form: %+v", again)
	}
	again["start_which"] = []string{"later"}
	if a = k.submit(anna, a.Form, again); !a.Close || k.session().Start.Hour() != 1 {
		t.Errorf("%+v: %s", a, k.session().Start)
	}
	v["date"] = []string{"2027-03-28"}
	if a = k.submit(anna, f, v); !strings.Contains(a.Wrong["start"], "the clocks skip") {
		t.Errorf("skipped: %+v", a)
	}
}
