package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
)

// TestHourInSlack is a whole expert hour as moderators and the expert live it in one
// channel, in both of Slack's modes.
func TestHourInSlack(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			f := openOffice(t, mode, "embedded", "5m", slackfake.Options{})
			f.scheduleByModal()
			f.askEarly()
			f.startIt()
			f.triage()
			f.answerInThread()
			f.stalePreview()
			f.correct()
			f.retract()
			f.pause()
			f.race()
			f.closeIt()
			f.healthy()
		})
	}
}

func (f *chatOffice) scheduleByModal() {
	f.Helper()
	_, err := f.anna.Command(f.desk, "/hour", "schedule")
	f.must(err)
	v := f.modal(f.anna, "")
	soon := time.Now().Add(2 * time.Hour)
	zone, _ := time.LoadLocation("Europe/Riga")
	soon = soon.In(zone)
	early := soon.AddDate(0, 0, -1)
	v.Fill("Title", "Warmer homes").Fill("Experts", "Edgars").Fill("Date", soon.Format(time.DateOnly)).
		Fill("Start", soon.Format("15:04")).Fill("End", soon.Format("15:04")).
		Fill("Early questions from (date)", early.Format(time.DateOnly)).Fill("Early questions from (time)", "00:00")
	if got := v.Value("Public places"); len(got) != 1 || got[0] != "Pretend platform" {
		f.Errorf("public places %q", got)
	}
	if s := f.submit(v); len(s.Errors) == 0 || s.Errors["End"] == "" {
		f.Errorf("an end at the start: %v", s.Errors)
	}
	v.Fill("End", soon.Add(90*time.Minute).Format("15:04"))
	if s := f.submit(v); len(s.Errors) > 0 {
		f.Fatalf("not scheduled: %v", s.Errors)
	}
	f.board("Scheduled")
	f.ws.WaitPrivate(f.patient(), f.anna, "Scheduled: “Warmer homes”")
}

func (f *chatOffice) askEarly() {
	f.Helper()
	f.ask("warmer-homes", "Is it too early to ask?")
	m := f.card(1, "Accept")
	if err := m.Click(f.edgars, "Accept"); err != nil {
		f.Fatal(err)
	}
	f.ws.WaitPrivate(f.patient(), f.edgars, "moderator")
	if err := m.Click(f.stray, "Accept"); err != nil {
		f.Fatal(err)
	}
	f.ws.WaitPrivate(f.patient(), f.stray, "Anna Bērziņa")
	f.card(1, "Accept")
}

func (f *chatOffice) startIt() {
	f.Helper()
	f.click(f.board("Scheduled"), f.anna, "Start")
	f.board("Open")
	for i := range 30 {
		f.ask("warmer-homes", fmt.Sprintf("Question %d: <!channel> *bold* <https://evil.example|click>?", i+2))
	}
}

// triage accepts the early question and what came first, and declines one.
func (f *chatOffice) triage() {
	f.Helper()
	f.must(f.waitNext().Click(f.anna, "Next (31 new)"))
	v := f.modal(f.anna, "Is it too early")
	f.must(v.Press("Accept"))
	v = f.modal(f.anna, "Question 2:")
	if got := v.Mentions(); len(got) > 0 {
		f.Errorf("a stranger's text mentions %v", got)
	}
	f.must(v.Press("Accept"))
	v = f.modal(f.anna, "Question 3:")
	v.Fill("Reason", "The question contains offensive language.")
	f.must(v.Press("Decline"))
	v = f.modal(f.anna, "Question 4:")
	f.must(v.Close())
	if m := f.reads(3, "Declined"); len(m.Mentions()) > 0 {
		f.Errorf("card 3 mentions %v", m.Mentions())
	}
}

// waitNext waits until the board counts everything that is new.
func (f *chatOffice) waitNext() *slackfake.Message {
	f.Helper()
	b := f.board("Open")
	f.must(f.desk.Await(f.patient(), func(*slackfake.Channel) bool { return b.Has("Next (31 new)") }))
	return b
}

func (f *chatOffice) answerInThread() {
	f.Helper()
	card := f.card(1, "Claim")
	call := card.WaitReply(f.patient(), "too early to ask")
	if call == nil || len(call.Mentions()) != 1 {
		f.Fatalf("the call mentions %v", call.Mentions())
	}
	f.edgars.Reply(card, "No,")
	f.edgars.Reply(card, "// Anna, is that right?")
	f.anna.Reply(card, "Yes, and say when.")
	f.edgars.Reply(card, "it is not too early.")
	f.reads(1, "it is not too early.")
	f.click(f.card(1, "Submit now"), f.edgars, "Submit now")
	f.reads(1, "Answer by Edgars Ozols, revision 1")
	if text := f.desk.Card(1).Text(); strings.Contains(text, "is that right") || strings.Contains(text, "say when") {
		f.Errorf("talk is in the answer: %s", text)
	}
}

// stalePreview: the expert edits a message after the preview was opened.
func (f *chatOffice) stalePreview() {
	f.Helper()
	f.click(f.card(1, "Approve"), f.anna, "Approve")
	v := f.modal(f.anna, "No,\n\nit is not too early.")
	var last *slackfake.Message
	for _, m := range f.desk.Card(1).Thread() {
		if strings.Contains(m.Text(), "not too early") && !m.IsBot() {
			last = m
		}
	}
	f.must(f.edgars.Edit(last, "it is never too early."))
	f.reads(1, "revision 2")
	f.submit(v)
	v = f.modal(f.anna, "never too early")
	f.answered("warmer-homes", 1, "")
	f.submit(v)
	f.answered("warmer-homes", 1, "No,\n\nit is never too early.")
	f.reads(1, "approved by Anna Bērziņa")
}

func (f *chatOffice) correct() {
	f.Helper()
	f.must(f.reads(1, "Published").Overflow(f.edgars, "Correct"))
	v := f.modal(f.edgars, "Answer")
	v.Fill("Answer", "No, it is never too early. Ask at any time.")
	f.submit(v)
	f.click(f.card(1, "Approve"), f.janis, "Approve")
	f.submit(f.modal(f.janis, "Ask at any time"))
	f.answered("warmer-homes", 1, "No, it is never too early. Ask at any time.")
}

func (f *chatOffice) retract() {
	f.Helper()
	f.must(f.reads(1, "Published").Overflow(f.anna, "Retract"))
	v := f.modal(f.anna, "Retract")
	v.Fill("Reason", "It is not decided.")
	f.submit(v)
	f.answered("warmer-homes", 1, "")
	f.reads(1, "Answer retracted")
}

// pause holds a copy back that is due.
func (f *chatOffice) pause() {
	f.Helper()
	f.click(f.board("Open"), f.anna, "Pause")
	f.board("Publishing is paused")
	card := f.card(2, "Claim")
	f.edgars.Reply(card, "Second answer.")
	f.click(f.card(2, "Submit now"), f.edgars, "Submit now")
	f.click(f.card(2, "Approve"), f.anna, "Approve")
	f.submit(f.modal(f.anna, "Second answer."))
	f.reads(2, "the hour is paused")
	f.answered("warmer-homes", 2, "")
	f.click(f.board("Publishing is paused"), f.anna, "Resume")
	f.answered("warmer-homes", 2, "Second answer.")
}

// race: two moderators press the same button of the same card.
func (f *chatOffice) race() {
	f.Helper()
	seen := f.card(4, "Accept").Look()
	f.must(seen.Click(f.anna, "Accept"))
	f.must(seen.Click(f.janis, "Accept"))
	f.ws.WaitPrivate(f.patient(), f.janis, "Already accepted by Anna Bērziņa")
}

func (f *chatOffice) closeIt() {
	f.Helper()
	f.click(f.board("Open"), f.anna, "Stop")
	f.click(f.board("Closing"), f.anna, "Close the hour")
	v := f.modal(f.anna, "no outcome")
	v.Fill("Reason for closing all the same (printed in the transcript)", "It is a test")
	f.submit(v)
	linked := slices.ContainsFunc(f.board("Archived").Mentions(), func(m slackfake.Mention) bool {
		return strings.HasSuffix(m.Target, "/s/warmer-homes/transcript")
	})
	if m := f.desk.WaitMessage(f.patient(), "is closed. Transcript:"); m == nil || !linked {
		f.Errorf("linked on the board: %t\n%s", linked, f.desk.Dump())
	}
}

// TestHomeInSlack: two moderators work from their own pages in Slack, without a card: at once, by a form, and one of
// them too late.
func TestHomeInSlack(t *testing.T) {
	t.Parallel()
	f := openOffice(t, "socket", "embedded", "5m", slackfake.Options{})
	f.at.schedule("homes")
	for i := range 10 {
		f.ask("homes", fmt.Sprintf("Question %d?", i+1))
	}
	f.card(10, "Accept")
	f.ws.Home(f.anna)
	f.ws.Home(f.janis)
	v, late := f.ws.WaitHome(f.patient(), f.anna, "What waits for you (10)"), f.ws.WaitHome(f.patient(), f.janis, "and 2 more")
	f.must(v.Press("Accept #1"))
	f.ws.WaitHome(f.patient(), f.anna, "#1: accepted.")
	f.must(v.Press("Decline #2"))
	m := f.modal(f.anna, "Decline #2")
	m.Fill("Reason", "The question contains offensive language.")
	f.submit(m)
	f.ws.WaitHome(f.patient(), f.anna, "#2: declined.")
	f.ws.WaitHome(f.patient(), f.anna, "What waits for you (8)")
	f.must(late.Press("Accept #1"))
	f.ws.WaitHome(f.patient(), f.janis, "Already accepted by Anna Bērziņa")
	f.ws.WaitHome(f.patient(), f.janis, "What waits for you (8)")
	f.reads(2, "Declined")
}

// TestSlackKills ends the program without warning again and again while people write
// and press, and once between posting and recording: nothing is lost, nothing twice.
func TestSlackKills(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) { t.Parallel(); slackKills(t, mode) })
	}
}

func slackKills(t *testing.T, mode string) {
	url := realRedis(t)
	f := openOffice(t, mode, url, "30s", slackfake.Options{NoLimits: true, Redeliver: []time.Duration{0, time.Second, 3 * time.Second}})
	f.open("homes")
	f.ask("homes", "What is lost?")
	f.click(f.card(1, "Accept"), f.anna, "Accept")
	card := f.card(1, "Claim")
	var want []string
	for round := range 4 {
		for i := range 5 {
			text := fmt.Sprintf("part %d-%d.", round, i)
			want = append(want, text)
			f.edgars.Reply(card, text)
		}
		f.run.cmd.Process.Kill() // some are stored and not acknowledged, some are neither
		f.run.cmd.Wait()
		f.begin()
	}
	for _, w := range want { // what the dead had in hand is given out again after eight seconds
		f.reads(1, w)
	}
	f.click(f.card(1, "Submit now"), f.edgars, "Submit now")
	f.reads(1, "revision 1")
	text := f.reads(1, want[0]).Text()
	for _, w := range want {
		if strings.Count(text, w) != 1 {
			t.Errorf("%q is in the answer %d times", w, strings.Count(text, w))
		}
	}
	f.killAfterPosting()
	f.healthy()
}

// killAfterPosting kills the program when a card stands in Slack and nobody has noted it.
func (f *chatOffice) killAfterPosting() {
	f.Helper()
	f.ws.Fail("chat.postMessage", 1, slackfake.HangAfter)
	f.ask("homes", "Am I there twice?")
	f.desk.WaitMessage(f.patient(), "Am I there twice?")
	f.run.cmd.Process.Kill()
	f.run.cmd.Wait()
	f.begin()
	f.click(f.card(2, "Accept"), f.anna, "Accept")
	f.card(2, "Claim")
	f.once("card 2", func(e slackfake.Entry) bool { return e.ThreadTS == "" && strings.Contains(e.Text, "Am I there twice?") })
}

// TestSecondReplica takes over when the first is killed.
func TestSecondReplica(t *testing.T) {
	t.Parallel()
	url := realRedis(t)
	f := openOffice(t, "socket", url, "1s", slackfake.Options{})
	f.open("homes")
	other := *f.at
	other.dir, other.listen = t.TempDir(), free(t)
	other.base = "http://" + other.listen
	writeConfig(t, other.dir, strings.Replace(f.settings, f.at.listen, other.listen, 1))
	start(t, other.dir, "run")
	other.await()
	f.ask("homes", "Who is there?")
	f.click(f.card(1, "Accept"), f.anna, "Accept")
	f.run.cmd.Process.Kill()
	f.run.cmd.Wait()
	f.at = &other
	f.ask("homes", "Is anybody still there?")
	f.card(2, "Accept")
	f.edgars.Reply(f.card(1, "Claim"), "Yes, another one.")
	f.reads(1, "revision 1")
	f.healthy()
}

// TestBurstInSlack: many questions at once are shown in the order of arrival, and Slack
// never has to say that it is too much.
func TestBurstInSlack(t *testing.T) {
	t.Parallel()
	f := openOffice(t, "socket", "embedded", "1s", slackfake.Options{})
	f.open("homes")
	const many = 15
	for i := range many {
		f.ask("homes", fmt.Sprintf("Question %d?", i+1))
	}
	f.card(many, "Accept")
	n := 0
	number := regexp.MustCompile(`^#(\d+) `)
	for _, e := range f.ws.Ledger(slackfake.Posted) {
		if m := number.FindStringSubmatch(e.Text); m != nil && e.ThreadTS == "" {
			if n++; m[1] != fmt.Sprint(n) {
				t.Errorf("card %s was posted as number %d", m[1], n)
			}
		}
	}
	if n != many {
		t.Errorf("%d cards for %d questions", n, many)
	}
	f.healthy()
}

// TestSlackMended: what goes wrong at Slack is said on the desk page and recovers by
// itself when it is mended.
func TestSlackMended(t *testing.T) {
	t.Parallel()
	f := openOffice(t, "socket", "embedded", "1s", slackfake.Options{})
	f.open("homes")
	f.desk.Archive()
	f.ask("homes", "Does anybody see this?")
	f.until("the desk page says so", func() bool { return f.says("is archived") })
	f.desk.Unarchive()
	f.click(f.card(1, "Accept"), f.anna, "Accept")
	f.until("the desk page says nothing more", func() bool { return !f.says("is archived") })
	f.must(f.card(1, "Claim").Remove())
	f.must(f.desk.Await(f.patient(), func(*slackfake.Channel) bool { return f.desk.Card(1) == nil }))
	f.ask("homes", "And now?")
	f.until("the card is posted again", func() bool {
		f.at.api(f.at.token("Anna Bērziņa"), "POST", "/api/v1/desk/sessions/homes/questions/1/note", map[string]any{"text": time.Now().String()})
		return f.desk.Card(1) != nil
	})
}
