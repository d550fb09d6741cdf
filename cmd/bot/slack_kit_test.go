package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/testenv"
)

// slackSettings make the desk a channel in Slack, in one of its modes.
const slackSettings = `
[desk]
kind = "slack"
settle = %q
undo = "0s"
[slack]
bot_token = "xoxb-test"
app_token = "xapp-test"
signing_secret = "0123456789abcdef0123456789abcdef"
channel = "C1"
api_url = %q
mode = %q
`

// chatOffice is a workspace in Slack with its people, and an institution whose desk is there.
type chatOffice struct {
	*testing.T
	at            *institution
	ws            *slackfake.Workspace
	desk          *slackfake.Channel
	anna, janis   *slackfake.User // moderators
	edgars, stray *slackfake.User // an expert, and somebody who is not on the staff
	settings      string
	run           *running
	asked         int
	jar           cookies
}

// openOffice starts a workspace and the program on it. more is added to the configuration.
func openOffice(t *testing.T, mode, redisURL, settle string, o slackfake.Options, more ...string) *chatOffice {
	t.Helper()
	o.TriggerLife = testenv.Patience // a form that opens late on a busy machine still opens
	o.BotToken, o.AppToken, o.SigningSecret = "xoxb-test", "xapp-test", "0123456789abcdef0123456789abcdef"
	f := &chatOffice{T: t, ws: slackfake.New(t, o), jar: cookies{}}
	f.desk = f.ws.Channel("C1")
	f.anna, f.janis = f.ws.User("U0ANNA", "Anna", "anna@example.org"), f.ws.User("U0JANIS", "Jānis", "janis@example.org")
	f.edgars, f.stray = f.ws.User("U0EDGARS", "Edgars", "edgars@example.org"), f.ws.User("U0STRAY", "Stray", "stray@example.org")
	f.desk.Join(f.anna, f.janis, f.edgars, f.stray)
	f.at = &institution{t: t, dir: t.TempDir(), listen: free(t)}
	f.at.base = "http://" + f.at.listen
	text := elsewhere(fmt.Sprintf(settings, redisURL, f.at.listen)) + fmt.Sprintf(slackSettings, settle, strings.TrimSuffix(f.ws.URL(), "/"),
		mode) + strings.Join(more, "")
	for name, id := range map[string]string{"Anna Bērziņa": `slack = "U0ANNA"`, "Jānis Kalniņš": `email = "janis@example.org"`,
		"Edgars Ozols": `slack = "U0EDGARS"`} {
		text = strings.Replace(text, `name = "`+name+"\"\n", `name = "`+name+"\"\n"+id+"\n", 1)
	}
	f.settings = text
	writeConfig(t, f.at.dir, text)
	if mode == "http" {
		hooks := f.at.base + "/webhooks/slack/"
		f.ws.UseHTTP(slackfake.URLs{Events: hooks + "events", Commands: hooks + "commands", Interactions: hooks + "interactions"})
	}
	f.begin()
	return f
}

// begin starts the program, and waits until Slack is connected and the staff known.
func (f *chatOffice) begin() {
	f.Helper()
	f.run = start(f.T, f.at.dir, "run")
	f.at.await()
	before := len(f.ws.Private(f.anna))
	f.until("the staff are known", func() bool {
		_, err := f.anna.Command(f.desk, "/hour", "list")
		return err == nil && f.told(f.anna, "expert hour", before)
	})
}

// told reports whether somebody was told something privately, after the first so many.
func (f *chatOffice) told(u *slackfake.User, text string, before int) bool {
	for _, m := range f.ws.Private(u)[min(before, len(f.ws.Private(u))):] {
		if strings.Contains(strings.ToLower(m.Text()), strings.ToLower(text)) {
			return true
		}
	}
	return false
}

// patient bounds one wait.
func (f *chatOffice) patient() context.Context {
	return testenv.Soon(f)
}

// until waits until something is so, asking again and again: for what the fake does
// not see happen.
func (f *chatOffice) until(what string, ok func() bool) {
	f.Helper()
	testenv.Until(f, what, ok)
}

func (f *chatOffice) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("%v\n%s", err, f.desk.Dump())
	}
}

// card waits for a card with that button.
func (f *chatOffice) card(n int, button string) *slackfake.Message {
	f.Helper()
	m := f.desk.WaitCard(f.patient(), n, button)
	if m == nil {
		f.Fatal(f.desk.Dump())
	}
	return m
}

// reads waits until the card says something.
func (f *chatOffice) reads(n int, text string) *slackfake.Message {
	f.Helper()
	m := f.desk.WaitCardText(f.patient(), n, text)
	if m == nil {
		f.Fatal(f.desk.Dump())
	}
	return m
}

// board waits for the board to say something.
func (f *chatOffice) board(text string) *slackfake.Message {
	f.Helper()
	var b *slackfake.Message
	err := f.desk.Await(f.patient(), func(c *slackfake.Channel) bool {
		pins := c.Pins()
		if len(pins) == 0 {
			return false
		}
		b = pins[len(pins)-1]
		return strings.Contains(b.Text(), text)
	})
	f.must(err)
	return b
}

// click presses a button as people do: who reads that it took too long looks, and presses
// again. On a busy machine a press may be slower than the program's own deadline, and a
// second one does no harm. It returns when the press shows.
func (f *chatOffice) click(m *slackfake.Message, u *slackfake.User, label string) {
	f.Helper()
	seen, form, soon := m.Look(), f.ws.Modal(u), f.patient()
	for again := true; again; {
		before := len(f.ws.Private(u))
		err := seen.Click(u, label)
		if _, slow := errors.AsType[*slackfake.Shown](err); !slow {
			f.must(err)
		}
		f.must(f.ws.Await(soon, func() bool {
			shows := !m.Has(label) || f.ws.Modal(u) != form
			again = !shows && (err != nil || f.told(u, "try again", before))
			return shows || again
		}))
	}
}

// modal waits for a person's modal that says something.
func (f *chatOffice) modal(u *slackfake.User, text string) *slackfake.View {
	f.Helper()
	v := f.ws.WaitModal(f.patient(), u, text)
	if v == nil {
		f.FailNow()
	}
	return v
}

func (f *chatOffice) submit(v *slackfake.View) slackfake.Submitted {
	f.Helper()
	s, err := v.Submit()
	f.must(err)
	return s
}

// ask sends a question from the public page.
func (f *chatOffice) ask(slug, text string) {
	f.Helper()
	f.asked++
	status, out := f.at.api("", http.MethodPost, "/api/v1/sessions/"+slug+"/questions",
		map[string]any{"text": text, "key": fmt.Sprint("k", f.asked)})
	if status != http.StatusCreated {
		f.Fatalf("asking: %d %v", status, out)
	}
}

// public is a question as everybody can read it; nil when it is not shown.
func (f *chatOffice) public(slug string, n int) map[string]any {
	f.Helper()
	_, out := f.at.api("", http.MethodGet, "/api/v1/sessions/"+slug, nil)
	for _, q := range out["questions"].([]any) {
		if q := q.(map[string]any); q["number"] == float64(n) {
			return q
		}
	}
	return nil
}

// answered waits until the public answer of a question is that text; "" is none.
func (f *chatOffice) answered(slug string, n int, text string) {
	f.Helper()
	f.until(fmt.Sprintf("the public answer of %d is %q", n, text), func() bool {
		q := f.public(slug, n)
		a, ok := q["answer"].(map[string]any)
		return !ok && text == "" || ok && a["text"] == text
	})
}

// open schedules an hour that runs now.
func (f *chatOffice) open(slug string) {
	f.Helper()
	f.at.schedule(slug)
	f.board("Warmer homes")
}

// healthy fails when Slack ever had to say "too many", or was asked for nonsense.
func (f *chatOffice) healthy() {
	f.Helper()
	if n := f.ws.Limited(); n > 0 {
		f.Errorf("Slack said %d times that it is too much", n)
	}
	for _, c := range f.ws.Complaints() {
		f.Errorf("Slack complains: %s", c)
	}
}

// once fails when a text was posted more than once, in a channel or a thread.
func (f *chatOffice) once(what string, is func(slackfake.Entry) bool) {
	f.Helper()
	seen := 0
	for _, e := range f.ws.Ledger(slackfake.Posted) {
		if is(e) {
			seen++
		}
	}
	if seen != 1 {
		f.Errorf("%s was posted %d times\n%s", what, seen, f.desk.Dump())
	}
}

// says reports whether a moderator reads something at the desk page.
func (f *chatOffice) says(text string) bool {
	f.Helper()
	return strings.Contains(enter(f.T, &http.Client{Jar: f.jar}, f.at.link("Anna Bērziņa")), text)
}

func writeConfig(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
