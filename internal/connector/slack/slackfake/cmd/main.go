// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the configuration, and shows
// the workspace as its people see it on a page of its own, where they press, write and fill in forms.
package main

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/connector/trying"
)

const config = `[desk]
kind = "slack"

[slack]
bot_token = "xoxb-fake-bot"
app_token = "xapp-fake-app"
channel = "C0DESK"
api_url = %q

# The people are there as: slack = "U0ANNA" and slack = "U0JANIS" (moderators), slack = "U0EDGARS" (an expert)
`

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	at, err := trying.Listen()
	if err != nil {
		return err
	}
	w, err := slackfake.Start(slackfake.Options{Listen: trying.Next(at)})
	if err != nil {
		return err
	}
	defer w.Close()
	c := &chat{w: w, desk: w.Channel("C0DESK"), homes: map[string]*slackfake.View{}}
	for id, name := range map[string]string{"U0ANNA": "Anna", "U0JANIS": "Jānis", "U0EDGARS": "Edgars"} {
		c.desk.Join(w.User(id, name, ""))
	}
	return trying.Platform{Config: fmt.Sprintf(config, strings.TrimSuffix(w.URL(), "/")), Page: true, Serve: trying.Show(c)}.Run(at)
}

// chat is the workspace for the page.
type chat struct {
	w    *slackfake.Workspace
	desk *slackfake.Channel

	mu    sync.Mutex
	homes map[string]*slackfake.View // opened once by everybody
}

func (c *chat) home(who string) *slackfake.View {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.homes[who] == nil {
		c.homes[who] = c.w.Home(c.user(who))
	}
	return c.homes[who]
}

func (c *chat) People() []string { return []string{"Anna", "Jānis", "Edgars"} }

func (c *chat) user(name string) *slackfake.User {
	return c.w.User(map[string]string{"Anna": "U0ANNA", "Jānis": "U0JANIS", "Edgars": "U0EDGARS"}[name], "", "")
}

const (
	private = "private" // what one person alone sees
	home    = "home"    // the app's Home, as a room with one message
)

// Rooms are the channel, what the app told the person alone, and the app's Home.
func (c *chat) Rooms(who string) []trying.Room {
	u, desk := c.user(who), trying.Room{ID: c.desk.ID(), Name: "#desk"}
	for _, m := range c.desk.Messages() {
		desk.Messages = append(desk.Messages, shown(m, false))
		for _, reply := range m.Thread() {
			desk.Messages = append(desk.Messages, shown(reply, true))
		}
	}
	alone := trying.Room{ID: private, Name: "Only visible to " + who, Closed: true}
	for _, m := range c.w.Private(u) {
		alone.Messages = append(alone.Messages, shown(m, false))
	}
	v := c.home(who)
	return []trying.Room{desk, alone, {ID: home, Name: "Home", Closed: true,
		Messages: []trying.Message{{ID: home, From: "Expert hour", Text: v.Text(), Buttons: v.Buttons()}}}}
}

func shown(m *slackfake.Message, inner bool) trying.Message {
	from := "Expert hour"
	if u := m.Author(); u != nil {
		from = u.Name()
	}
	return trying.Message{ID: m.TS(), From: from, Text: m.Text(), Buttons: m.Buttons(), Inner: inner}
}

// find is a message that the person sees, by its id.
func (c *chat) find(who, ts string) *slackfake.Message {
	for _, m := range c.desk.Messages() {
		for _, one := range append(m.Thread(), m) {
			if one.TS() == ts {
				return one
			}
		}
	}
	for _, m := range c.w.Private(c.user(who)) {
		if m.TS() == ts {
			return m
		}
	}
	return nil
}

// Say writes into the channel or a thread; what begins with a slash is a command.
func (c *chat) Say(who, _, message, text string) string {
	u := c.user(who)
	if to := c.find(who, message); to != nil {
		u.Reply(to, text)
		return ""
	}
	if command, rest, _ := strings.Cut(text, " "); strings.HasPrefix(command, "/") {
		return said(u.Command(c.desk, command, rest))
	}
	u.Say(c.desk, text)
	return ""
}

func said(text string, err error) string {
	if err != nil {
		return err.Error()
	}
	return text
}

// Press presses a button of a message, of the form on top, or of the app's Home.
func (c *chat) Press(who, room, message, button string) string {
	u := c.user(who)
	switch m := c.find(who, message); {
	case m != nil:
		return said("", m.Click(u, button))
	case room == home:
		return said("", c.home(who).Press(button))
	}
	return said("", c.w.Modal(u).Press(button))
}

// Form is the modal on top.
func (c *chat) Form(who string) *trying.Form {
	v := c.w.Modal(c.user(who))
	if v == nil {
		return nil
	}
	f := &trying.Form{Title: v.Title(), Text: v.Text(), Submit: v.SubmitLabel(), Buttons: v.Buttons()}
	for _, label := range v.Labels() {
		kind := v.Kind(label)
		f.Fields = append(f.Fields, trying.Field{Label: label, Kind: inputs[kind], Values: v.Value(label), Options: v.Options(label),
			Many: strings.HasPrefix(kind, "multi_") || kind == "checkboxes"})
	}
	return f
}

// inputs are what a browser has for a kind of field; a text for all others.
var inputs = map[string]string{"plain_text_input": "area", "datepicker": "date", "timepicker": "time", "number_input": "number"}

// Submit fills the modal in and sends it.
func (c *chat) Submit(who string, fields map[string][]string) string {
	v := c.w.Modal(c.user(who))
	for label, values := range fields {
		if err := v.Enter(label, values...); err != nil {
			return err.Error()
		}
	}
	got, err := v.Submit()
	if err != nil {
		return err.Error()
	}
	var wrong []string
	for label, text := range got.Errors {
		wrong = append(wrong, label+": "+text)
	}
	return strings.Join(wrong, "\n")
}

// Dismiss closes the modal.
func (c *chat) Dismiss(who string) {
	if v := c.w.Modal(c.user(who)); v != nil {
		_ = v.Close()
	}
}
