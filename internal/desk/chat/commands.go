package chat

import (
	"context"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// command is one word that people type after Command. Help, permission and what it
// does are read from the same row.
type command struct {
	name  string
	roles []session.Role
	run   func(c *Chat, ctx context.Context, by session.Actor, rest string) (connector.Answer, error)
}

var (
	anybody    = []session.Role{session.Moderator, session.ExpertRole, session.Observer}
	moderators = []session.Role{session.Moderator}
)

var commands []command

func init() { // the table refers to help, which reads the table
	commands = []command{
		{"help", anybody, (*Chat).help},
		{"schedule", moderators, func(c *Chat, _ context.Context, _ session.Actor, _ string) (connector.Answer, error) {
			return connector.Answer{Form: c.newHour(nil)}, nil
		}},
		{"edit", moderators, onHour(session.Edit)},
		{"reschedule", moderators, onHour(session.Reschedule)},
		{"call_off", moderators, onHour(session.Cancel)},
		{"list", anybody, (*Chat).listHours},
		{"start", moderators, onHour(session.Start)},
		{"stop", moderators, onHour(session.Stop)},
		{"extend", moderators, onHour(session.Extend)},
		{"pause", moderators, onHour(session.Pause)},
		{"resume", moderators, onHour(session.Resume)},
		{"pause_intake", moderators, onHour(session.PauseIntake)},
		{"resume_intake", moderators, onHour(session.ResumeIntake)},
		{"close", moderators, onHour(session.Close)},
		{"board", anybody, (*Chat).showBoard},
		{"next", moderators, (*Chat).nextOf},
		{"approve", moderators, (*Chat).approvalOf},
		{"find", anybody, (*Chat).find},
		{"stats", anybody, (*Chat).stats},
		{"transcript", anybody, (*Chat).transcriptOf},
	}
}

// Menu lists the commands with what they do, for a platform's own list.
func Menu(l session.Language) []connector.PublicCommand {
	w := wording.In(l)
	var menu []connector.PublicCommand
	for _, d := range commands {
		menu = append(menu, connector.PublicCommand{Name: d.name, Does: w.Text("chat.command." + d.name)})
	}
	return menu
}

// Commanded does what somebody typed.
func (c *Chat) Commanded(ctx context.Context, s connector.Spoken) (connector.Answer, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(s.Text), " ")
	name = strings.ToLower(name)
	by, stranger := c.who(s.By)
	switch {
	case stranger != nil:
		return *stranger, nil
	case name == "":
		return c.help(ctx, by, "")
	}
	i := slices.IndexFunc(commands, func(d command) bool { return d.name == name })
	if i < 0 {
		word := session.Shorten(name, 40)
		return connector.Answer{Say: c.text("command_unknown", "word", word, "command", c.Command, "nearest", c.nearest(by, name))}, nil
	}
	if !slices.Contains(commands[i].roles, by.Role) {
		return connector.Answer{Say: c.text("command_forbidden", "command", c.Command+" "+name, "people", c.moderators())}, nil
	}
	a, err := commands[i].run(c, ctx, by, strings.TrimSpace(rest))
	return c.dated(a), err
}

// help lists what this person may type.
func (c *Chat) help(_ context.Context, by session.Actor, _ string) (connector.Answer, error) {
	lines := []string{c.text("help", "name", by.Name, "role", by.Role)}
	for _, d := range commands {
		if slices.Contains(d.roles, by.Role) {
			lines = append(lines, c.Command+" "+d.name+": "+c.text("command."+d.name))
		}
	}
	lines = append(lines, c.text("help_"+string(by.Role)))
	return connector.Answer{Say: strings.Join(lines, "\n")}, nil
}

// hour finds the hour that somebody means: the one they name, or the one to think of first.
func (c *Chat) hour(ctx context.Context, name string, ok func(session.Session) bool) (session.Session, error) {
	all, err := c.hours(ctx)
	if err != nil {
		return session.Session{}, err
	}
	for _, s := range all {
		if name == string(s.ID) || name == "" && ok(s) {
			return s, nil
		}
	}
	if name != "" {
		return session.Session{}, session.Fail(session.NotFound, "session_unknown", "session", session.Shorten(name, 60))
	}
	return session.Session{}, session.Fail(session.NotFound, "no_hour")
}

func alive(s session.Session) bool { return order(s.State) <= order(session.Scheduled) }

// onHour is a verb of the session as a command: at once, or by its form.
func onHour(v session.Verb) func(*Chat, context.Context, session.Actor, string) (connector.Answer, error) {
	return func(c *Chat, ctx context.Context, by session.Actor, rest string) (connector.Answer, error) {
		may := func(s session.Session) bool { return slices.Contains(session.AllowedOnSession(s, by), v) }
		s, err := c.hour(ctx, rest, may)
		if err != nil && rest == "" { // none allows it: let the first one say why
			s, err = c.hour(ctx, "", alive)
		}
		if err != nil {
			return c.said(err)
		}
		return c.pressedBoard(ctx, press{Action: connector.Action{Do: string(v)}, by: by, ses: s})
	}
}

func (c *Chat) nextOf(ctx context.Context, by session.Actor, rest string) (connector.Answer, error) {
	s, err := c.hour(ctx, rest, alive)
	if err != nil {
		return c.said(err)
	}
	return c.next(ctx, by, s, 0)
}

// listHours lists the hours of this desk.
func (c *Chat) listHours(ctx context.Context, _ session.Actor, _ string) (connector.Answer, error) {
	all, err := c.hours(ctx)
	if err != nil {
		return c.said(err)
	}
	lines := []string{c.text("hours")}
	for _, s := range all[:min(len(all), mostListed)] {
		lines = append(lines, c.hourLine(s))
	}
	if len(all) == 0 {
		lines = []string{c.words.Text("desk.no_hours")}
	}
	return connector.Answer{Say: strings.Join(lines, "\n")}, nil
}

func (c *Chat) hourLine(s session.Session) string {
	v := c.everybody(s).Head(session.Counts{}, nil)
	return strings.Join([]string{"• " + s.Title, v.State.Text, v.Span, string(s.ID)}, " · ")
}

// showBoard leads to the board.
func (c *Chat) showBoard(ctx context.Context, _ session.Actor, rest string) (connector.Answer, error) {
	s, err := c.hour(ctx, rest, func(session.Session) bool { return true })
	if err != nil {
		return c.said(err)
	}
	lane := c.laneOf(s)
	work, err := c.Cards.Look(ctx, s.ID, delivery.Take{Lane: &lane, Board: true})
	if err != nil {
		return c.said(err)
	}
	b, err := c.board(ctx, work.Board)
	if err != nil {
		return c.said(err)
	}
	return connector.Answer{Form: &connector.Form{Title: c.text("board"), Lines: append([]connector.Line{head(b.Title)}, b.Lines...),
		Buttons: append(b.Buttons, b.More...)}}, nil
}

// stats says the hour in numbers.
func (c *Chat) stats(ctx context.Context, _ session.Actor, rest string) (connector.Answer, error) {
	s, err := c.hour(ctx, rest, func(session.Session) bool { return true })
	if err != nil {
		return c.said(err)
	}
	counts, err := c.Store.Counts(ctx, s.ID)
	if err != nil {
		return c.said(err)
	}
	v := c.everybody(s).Head(counts, nil)
	return connector.Answer{Say: strings.TrimSpace(strings.Join([]string{c.hourLine(s), c.numbers(v), c.longest(v)}, "\n"))}, nil
}

func (c *Chat) transcriptOf(ctx context.Context, _ session.Actor, rest string) (connector.Answer, error) {
	s, err := c.hour(ctx, rest, func(s session.Session) bool { return s.State != session.Scheduled })
	if err != nil {
		return c.said(err)
	}
	return connector.Answer{Say: c.transcript(s)}, nil
}

// nearest asks about the command that is spelt most alike, of those that the person may
// give.
func (c *Chat) nearest(by session.Actor, word string) string {
	var names []string
	for _, d := range commands {
		if slices.Contains(d.roles, by.Role) {
			names = append(names, d.name)
		}
	}
	if best := wording.Nearest(word, names); best != "" {
		return c.text("nearest", "command", c.Command+" "+best) + " "
	}
	return ""
}
