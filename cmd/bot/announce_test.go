package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"
)

// plan schedules an hour by the API.
func (i *institution) plan(token, slug string, start time.Time) {
	i.t.Helper()
	status, out := i.api(token, http.MethodPost, "/api/v1/desk/sessions", map[string]any{"slug": slug, "title": "Hour " + slug,
		"experts": []string{"Edgars Ozols"}, "start": start, "end": start.Add(time.Hour), "ask_from": time.Now()})
	if status != http.StatusCreated {
		i.t.Fatalf("schedule: %d %v", status, out)
	}
}

// parked waits for the one announcement of an hour that waits for a person.
func (i *institution) parked(token, slug string) map[string]any {
	i.t.Helper()
	var found map[string]any
	testenv.Until(i.t, "an announcement of "+slug+" that waits", func() bool {
		_, out := i.api(token, http.MethodGet, "/api/v1/desk/sessions/"+slug, nil)
		if all, ok := out["parked"].([]any); ok && len(all) == 1 {
			found, _ = all[0].(map[string]any)
		}
		return found != nil
	})
	return found
}

// TestAnnouncements has the desk in the browser and the public in Telegram: a refused
// announcement shows at the desk and is tried again from there; a moved hour is told; and
// what is asked under the announcement of another hour is a question for that one.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", chatPublic, telegramfake.Options{})
	token, next := s.at.token("Anna Bērziņa"), time.Now().AddDate(0, 0, 7).Truncate(time.Hour)
	s.at.schedule("now")
	s.await(s.channel, "Warmer homes", "We have started")

	s.tg.Fault("sendMessage", 1, telegramfake.Refuse(400, "Bad Request: not enough rights to send text messages to the chat"))
	s.at.plan(token, "next", next)
	parked := s.at.parked(token, "next")
	page := deskPage(t, s.at.link("Anna Bērziņa"), "/next")
	for _, part := range []string{"(announcement): refused", "not enough rights", `/next/retry"`, `/next/drop"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the desk page lacks %q:\n%s", part, page)
		}
	}
	status, out := s.at.api(token, http.MethodPost, "/api/v1/desk/sessions/next/retry",
		map[string]any{"copy": parked["copy"], "attempt": parked["attempt"]})
	if status != http.StatusOK {
		t.Fatalf("retry: %d %v", status, out)
	}
	announced := s.await(s.channel, "Hour next", "Answered by: Edgars Ozols")

	said, errs, code := bot(t, s.at.dir, "session", "schedule", "--preview", "--slug", "later", "--title", "Later", "--expert", "Edgars Ozols",
		"--start", next.AddDate(0, 0, 1).Format(time.RFC3339), "--end", next.AddDate(0, 0, 1).Add(time.Hour).Format(time.RFC3339),
		"--from", s.at.base, "--token", token)
	if code != exitOK || !strings.Contains(said, "announcement:\n") || !strings.Contains(said, "Answered by: Edgars Ozols") {
		t.Errorf("bot session schedule --preview: %d\n%s%s", code, said, errs)
	}
	if status, _ := s.at.api(token, http.MethodGet, "/api/v1/desk/sessions/later", nil); status != http.StatusNotFound {
		t.Errorf("a preview scheduled it: %d", status)
	}

	later := next.Add(24 * time.Hour)
	if status, out := s.at.api(token, http.MethodPost, "/api/v1/desk/sessions/next/reschedule",
		map[string]any{"start": later, "end": later.Add(time.Hour)}); status != http.StatusOK {
		t.Fatalf("reschedule: %d %v", status, out)
	}
	s.await(s.channel, "Hour next", "Moved to")
	s.once(s.channel, "Moved to")
	if n := len(announced.Versions()); n != 2 {
		t.Errorf("the announcement has %d versions", n)
	}

	s.talk.Say(s.ilze, "Is it in the town hall?", telegramfake.ReplyTo(s.talk.Find(saying("Hour next", "Answered by"))))
	testenv.Until(t, "the question in next week's hour", func() bool {
		_, out := s.at.api(token, http.MethodGet, "/api/v1/desk/sessions/next/questions", nil)
		all, _ := out["questions"].([]any)
		return len(all) == 1
	})
	if _, out := s.at.api(token, http.MethodGet, "/api/v1/desk/sessions/now/questions", nil); len(out["questions"].([]any)) != 0 {
		t.Errorf("today's hour has it: %v", out)
	}
	s.healthy()
}

// TestScheduledInTelegram: the form's second step shows what the channel will be told, and
// that is what it is told.
func TestScheduledInTelegram(t *testing.T) {
	t.Parallel()
	s := openSquare(t, "polling", "embedded", chatPublic+fmt.Sprintf(chatDesk, "1s"), telegramfake.Options{})
	s.anna.Write("/schedule")
	s.await(s.anna.Chat(), "Title")
	s.anna.Write("Winter taxes")
	s.submit(s.anna, "Winter taxes", "Schedule")
	s.anna.Await(s.patient(), telegramfake.All(telegramfake.Offers("Schedule"),
		saying("What the public is told", "This is exactly what will be public", "Answered by: Edgars Ozols", "We have started",
			"The expert hour is over"))).
		Press(s.anna, "Schedule")
	s.await(s.channel, "Winter taxes", "Answered by: Edgars Ozols")
}

// deskPage reads a page of the desk that a link opens.
func deskPage(t *testing.T, link, path string) string {
	t.Helper()
	client, at := &http.Client{Jar: cookies{}}, strings.Split(link, "?")[0]
	enter(t, client, link)
	resp, err := client.Get(at + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
