// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the configuration, and shows
// the chats as their people see them on a page of its own, where they press and write.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/connector/trying"
)

const config = `[desk]
kind = "telegram"

[telegram]
token = %q
desk_chat = -1001000
api_url = %q

[[public]]
kind = "telegram"
chat = -1002000
hashtag = "jautajums"

# The people are there as: telegram = 11 (Anna) and telegram = 12 (Jānis), moderators, telegram = 13 (Edgars), an expert.
# Ilze and Māris are citizens.
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
	s, err := telegramfake.Start(telegramfake.Options{Listen: trying.Next(at)})
	if err != nil {
		return err
	}
	defer s.Close()
	c := open(s)
	return trying.Platform{Config: fmt.Sprintf(config, s.Token(), s.URL()), Page: true, Serve: trying.Show(c)}.Run(at)
}

// chat is what the page shows: the desk's group with a topic for each hour, a channel with its discussion group, and
// what everybody has with the bot in private.
type chat struct {
	s                   *telegramfake.Server
	desk, channel, talk *telegramfake.Chat
	people              []*telegramfake.User
	staff               int // so many of the people, the first ones
}

// open makes the chats and who is in them; the staff have pressed Start.
func open(s *telegramfake.Server) *chat {
	c := &chat{s: s, staff: 3}
	for i, name := range []string{"Anna", "Jānis", "Edgars", "Ilze", "Māris"} {
		c.people = append(c.people, s.User(int64(11+i), name))
	}
	staff, public := telegramfake.Members(c.people[:c.staff]...), telegramfake.Members(c.people[c.staff:]...)
	c.talk = s.Supergroup(-1002001, "Talk", telegramfake.BotAdmin(), public)
	c.channel = s.Channel(-1002000, "News", telegramfake.Linked(c.talk))
	c.desk = s.Supergroup(-1001000, "Desk", telegramfake.Forum, telegramfake.BotAdmin(), staff)
	for _, u := range c.people[:c.staff] {
		u.Start("")
	}
	return c
}

// People are all who can be played.
func (c *chat) People() []string {
	var names []string
	for _, u := range c.people {
		names = append(names, u.Name())
	}
	return names
}

func (c *chat) user(name string) (u *telegramfake.User, staff bool) {
	for i, u := range c.people {
		if u.Name() == name {
			return u, i < c.staff
		}
	}
	return c.people[0], true
}

// Rooms are the private chat, and the desk or what the public has. A topic is a room.
func (c *chat) Rooms(who string) []trying.Room {
	u, staff := c.user(who)
	rooms := []trying.Room{room("private", "Bot, in private", c.s.Private(u))}
	if !staff {
		news := room("news", "Channel", c.channel.Messages())
		news.Closed = true
		return append(rooms, news, room("talk", "Discussion", c.talk.Messages()))
	}
	for _, t := range c.desk.Topics() {
		rooms = append(rooms, room(strconv.Itoa(t.ID), "Desk: "+t.Name, c.desk.In(t.ID)))
	}
	return append(rooms, room("0", "Desk: General", c.desk.In(0)))
}

func room(id, name string, messages []*telegramfake.Message) trying.Room {
	r := trying.Room{ID: id, Name: name}
	for _, m := range messages {
		one := trying.Message{ID: strconv.Itoa(m.ID()), From: m.From().Name(), Text: m.Text() + m.Service(), Inner: m.ReplyTo() != nil}
		for _, row := range m.Buttons() {
			for _, b := range row {
				if b.URL == "" {
					one.Buttons = append(one.Buttons, b.Label)
				}
			}
		}
		r.Messages = append(r.Messages, one)
	}
	return r
}

// find is a message of a room.
func (c *chat) find(u *telegramfake.User, room, message string) *telegramfake.Message {
	all := c.desk.Messages()
	switch room {
	case "private":
		all = c.s.Private(u)
	case "news":
		all = c.channel.Messages()
	case "talk":
		all = c.talk.Messages()
	}
	for _, m := range all {
		if strconv.Itoa(m.ID()) == message {
			return m
		}
	}
	return nil
}

// Say writes; the bot answers by messages.
func (c *chat) Say(who, room, message, text string) string {
	u, _ := c.user(who)
	var how []telegramfake.How
	if to := c.find(u, room, message); to != nil {
		how = append(how, telegramfake.ReplyTo(to))
	}
	switch room {
	case "private":
		if len(c.s.Private(u)) == 0 { // the app offers nothing else before
			u.Start("")
		}
		u.Write(text, how...)
	case "talk":
		c.talk.Say(u, text, how...)
	default:
		if topic, err := strconv.Atoi(room); err == nil && topic > 0 {
			how = append(how, telegramfake.InTopic(topic))
		}
		c.desk.Say(u, text, how...)
	}
	return ""
}

// patience is how long somebody looks at a button that says nothing.
const patience = 5 * time.Second

// Press presses a button and shows what the bot says to that.
func (c *chat) Press(who, room, message, button string) string {
	u, _ := c.user(who)
	m := c.find(u, room, message)
	if m == nil {
		return "That message is gone."
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return m.Click(u, button).Await(ctx).Text
}

// Form is never there: the bot asks in private.
func (c *chat) Form(string) *trying.Form { return nil }

// Submit has nothing to do.
func (c *chat) Submit(string, map[string][]string) string { return "" }

// Dismiss has nothing to do.
func (c *chat) Dismiss(string) {}
