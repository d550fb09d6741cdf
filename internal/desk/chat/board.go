package chat

import (
	"context"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// mostLost is how many cards of unknown fate the board asks about.
const mostLost = 5

// board is the state of the hour at a glance, in one message that is kept up to date.
func (c *Chat) board(ctx context.Context, now delivery.Subject) (connector.Card, error) {
	s := now.Session
	v, err := c.everybody(s).Board(ctx, now.Counts, c.Staff.People())
	if err != nil {
		return connector.Card{}, err
	}
	b := connector.Card{Title: s.Title + " · " + v.State.Text, Call: c.news(s)}
	b.Folded = s.State == session.Archived || s.State == session.Cancelled
	b.Lines = append(b.Lines, says(c.times(v), c.numbers(v), c.longest(v), c.holders(v))...)
	for _, w := range v.Warnings {
		b.Lines = append(b.Lines, say("⚠ "+w))
	}
	urgent, err := c.urgent(ctx, s, v)
	if err != nil {
		return connector.Card{}, err
	}
	b.Lines = append(b.Lines, urgent...)
	b.Lines = append(b.Lines, small("", connector.Link{Label: c.text("public_page"), URL: c.Views.Page(session.QuestionRef{Session: s.ID})}))
	if s.State.Held() {
		b.Lines = append(b.Lines, small("", connector.Link{Label: c.text("transcript"), URL: c.transcript(s)}))
	}
	b.Buttons, b.More = c.boardButtons(s, v)
	if now.Unposted > fewUnposted { // the platform lets only so many through
		b.Lines = append(b.Lines, say(c.words.Count("chat.unposted", now.Unposted)))
	}
	told, _ := c.copyButtons(s.ID, session.Question{}, view.Card{Copies: v.Told})
	b.Lines, b.Buttons = append(b.Lines, c.copyLines(v.Told)...), append(b.Buttons, told...)
	c.lost(s, now.Lost, &b)
	return b, nil
}

// says are the lines of which there is anything to say.
func says(texts ...string) []connector.Line {
	var lines []connector.Line
	for _, t := range texts {
		if t != "" {
			lines = append(lines, say(t))
		}
	}
	return lines
}

// fewUnposted are so few that their cards are there before anybody has read it.
const fewUnposted = 3

// lost asks about cards of which nobody knows whether they were posted.
func (c *Chat) lost(s session.Session, numbers []int, b *connector.Card) {
	for _, n := range numbers[:min(len(numbers), mostLost)] {
		b.Lines = append(b.Lines, say(c.text("lost", "number", n)))
		b.More = append(b.More, c.act(c.text("post_again", "number", n), about(s.ID, n, view.Repost)))
	}
}

func (c *Chat) laneOf(s session.Session) session.Lane {
	if l := s.CardLane(); l != nil {
		return *l
	}
	return c.Lane
}

// times says what the clock says.
func (c *Chat) times(v view.Board) string {
	text := v.Span
	switch {
	case v.Left > 0 && v.Starts:
		text += " · " + c.text("starts_in", "time", c.words.Lasting(v.Left))
	case v.Left > 0:
		text += " · " + c.text("left", "time", c.words.Lasting(v.Left))
	}
	if v.Paused {
		text += " · ⏸ " + c.words.Text("desk.paused") + named(v.PausedBy)
	}
	if v.IntakePaused {
		text += " · ⏸ " + c.words.Text("desk.intake_paused") + named(v.IntakePausedBy)
	}
	return text
}

// named says who did what stands before.
func named(by session.PersonName) string {
	if by == "" {
		return ""
	}
	return " (" + string(by) + ")"
}

// numbers says how many questions are where.
func (c *Chat) numbers(v view.Board) string {
	var parts []string
	for _, n := range v.Counts {
		parts = append(parts, n.Name+": "+itoa(n.N))
	}
	if len(parts) == 0 {
		return c.text("no_questions")
	}
	return c.text("questions") + ": " + itoa(v.Received) + " · " + commas(parts)
}

// longest says who has waited longest, and how much waits for a decision.
func (c *Chat) longest(v view.Board) string {
	var text string
	if o := v.Oldest; o != nil {
		text = c.text("oldest", "time", o.Wait, "state", o.State)
	}
	if v.Parked > 0 {
		text += " ⚠ " + c.words.Count("chat.parked", v.Parked)
	}
	return strings.TrimSpace(text)
}

// holders says who is answering what.
func (c *Chat) holders(v view.Board) string {
	var parts []string
	for _, h := range v.Holders {
		var numbers []string
		for _, n := range h.Numbers {
			numbers = append(numbers, c.Views.Ref(n))
		}
		parts = append(parts, string(h.Name)+": "+commas(numbers))
	}
	if len(parts) == 0 {
		return ""
	}
	return c.words.Text("desk.holders") + " · " + commas(parts)
}

// urgent links to the cards that need somebody most.
func (c *Chat) urgent(ctx context.Context, s session.Session, v view.Board) ([]connector.Line, error) {
	if len(v.Urgent) == 0 {
		return nil, nil
	}
	var numbers []int
	for _, u := range v.Urgent {
		numbers = append(numbers, u.Number)
	}
	at, err := c.Cards.At(ctx, s.ID, c.laneOf(s), numbers...)
	if err != nil {
		return nil, err
	}
	lines := []connector.Line{head(c.words.Text("desk.urgent"))}
	for _, u := range v.Urgent {
		what := u.What
		if u.Wait != "" {
			what += ", " + u.Wait
		}
		lines = append(lines, small(what+": "+session.Shorten(u.Text, 80), connector.Link{Label: u.Ref, Message: at[u.Number]}))
	}
	return lines, nil
}

func (c *Chat) boardButtons(s session.Session, v view.Board) (shown, more []connector.Button) {
	if v.New > 0 && !s.State.Held() {
		b := c.act(c.words.Count("chat.next", v.New), about(s.ID, 0, view.Next))
		b.Style = connector.Primary
		shown = append(shown, b)
	}
	if v.ToApprove > 0 {
		shown = append(shown, c.act(c.words.Count("chat.to_approve", v.ToApprove), about(s.ID, 0, view.ToApprove)))
	}
	for _, o := range c.everybody(s).HourOffers() {
		b := c.hourButton(s, o)
		if o.Front {
			shown = append(shown, b)
		} else {
			more = append(more, b)
		}
	}
	return shown, more
}
