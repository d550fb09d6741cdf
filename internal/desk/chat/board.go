package chat

import (
	"context"
	"slices"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// mostUrgent is how many cards the board links to.
const mostUrgent = 5

// counted is the order in which the board counts questions.
var counted = []session.State{session.Received, session.Queued, session.Claimed, session.Review, session.Approved,
	session.Published, session.Declined, session.Merged, session.Redirected, session.Expired, session.Retracted, session.Withdrawn}

// board is the state of the hour at a glance, in one message that is kept up to date.
func (c *Chat) board(ctx context.Context, s session.Session) (connector.Card, error) {
	counts, err := c.Store.Counts(ctx, s.ID)
	if err != nil {
		return connector.Card{}, err
	}
	b := connector.Card{Title: s.Title + " · " + c.words.Text("session."+string(s.State)), Call: c.milestone(s)}
	b.Folded = s.State == session.Archived || s.State == session.Cancelled
	b.Lines = append(b.Lines, say(c.when(s)))
	b.Lines = append(b.Lines, say(c.counted(counts)))
	if w := c.waiting(counts); w != "" {
		b.Lines = append(b.Lines, say(w))
	}
	if slices.Contains([]session.SessionState{session.Scheduled, session.Open, session.Closing}, s.State) {
		more, err := c.working(ctx, s)
		if err != nil {
			return connector.Card{}, err
		}
		b.Lines = append(b.Lines, more...)
	}
	b.Lines = append(b.Lines, small("", connector.Link{Label: c.text("public_page"), URL: c.page(session.QuestionRef{Session: s.ID})}))
	if s.State == session.Closed || s.State == session.Archived {
		b.Lines = append(b.Lines, small("", connector.Link{Label: c.text("transcript"), URL: c.transcript(s)}))
	}
	b.Buttons, b.More = c.boardButtons(s, counts)
	if err := c.unposted(ctx, s, &b); err != nil {
		return connector.Card{}, err
	}
	if err := c.announced(ctx, s, &b); err != nil {
		return connector.Card{}, err
	}
	return b, c.lost(ctx, s, &b)
}

// unposted says how many questions have no card yet, when the platform lets only so many
// through.
func (c *Chat) unposted(ctx context.Context, s session.Session, b *connector.Card) error {
	n, err := c.Cards.Waiting(ctx, s.ID, c.laneOf(s))
	if err == nil && n > fewUnposted {
		b.Lines = append(b.Lines, say(c.words.Count("chat.unposted", n)))
	}
	return err
}

// fewUnposted are so few that their cards are there before anybody has read it.
const fewUnposted = 3

// lost asks about cards of which nobody knows whether they were posted.
func (c *Chat) lost(ctx context.Context, s session.Session, b *connector.Card) error {
	numbers, err := c.Cards.Lost(ctx, s.ID, c.laneOf(s))
	for _, n := range numbers[:min(len(numbers), mostUrgent)] {
		b.Lines = append(b.Lines, say(c.text("lost", "number", n)))
		b.More = append(b.More, c.act(c.text("post_again", "number", n), connector.Action{Verb: repost, Session: connector.TagOf(string(s.ID)), Number: n}))
	}
	return err
}

func (c *Chat) laneOf(s session.Session) session.Lane {
	if l := s.CardLane(); l != nil {
		return *l
	}
	return c.Lane
}

// when says what the clock says.
func (c *Chat) when(s session.Session) string {
	now, zone := c.Now(), s.Location()
	text := c.words.Span(s.Start.In(zone), s.End.In(zone))
	switch {
	case s.State == session.Scheduled:
		text += " · " + c.text("starts_in", "time", c.words.Lasting(s.Start.Sub(now)))
	case s.State == session.Open && s.End.After(now):
		text += " · " + c.text("left", "time", c.words.Lasting(s.End.Sub(now)))
	}
	if s.Paused {
		text += " · ⏸ " + c.words.Text("desk.paused")
	}
	return text
}

func (c *Chat) counted(counts session.Counts) string {
	var parts []string
	for _, st := range counted {
		if n := counts.ByState[st]; n > 0 {
			name := c.words.Text("state." + string(st))
			if st == session.Received {
				name = c.words.Text("desk.badge_new")
			}
			parts = append(parts, name+": "+itoa(n))
		}
	}
	if len(parts) == 0 {
		return c.text("no_questions")
	}
	return c.text("questions") + ": " + itoa(counts.Last) + " · " + list(parts)
}

// waiting says who has waited longest, and how much waits for a decision.
func (c *Chat) waiting(counts session.Counts) string {
	var longest session.State
	for _, st := range []session.State{session.Received, session.Queued, session.Claimed, session.Review} {
		if at, ok := counts.Oldest[st]; ok && (longest == "" || at.Before(counts.Oldest[longest])) {
			longest = st
		}
	}
	var text string
	if longest != "" {
		text = c.text("oldest", "time", c.waited(counts.Oldest[longest]), "state", longest)
	}
	if counts.Parked > 0 {
		text += " ⚠ " + c.words.Count("chat.parked", counts.Parked)
	}
	return text
}

// working lists who holds what and the cards that need somebody most.
func (c *Chat) working(ctx context.Context, s session.Session) ([]connector.Line, error) {
	by := session.Actor{Role: session.Moderator}
	l := routing.Attention(by)
	l.Limit = 50
	qs, err := c.Store.List(ctx, s.ID, l)
	if err != nil {
		return nil, err
	}
	routing.Sort(by, qs)
	var lines []connector.Line
	if held := c.held(qs); held != "" {
		lines = append(lines, say(held))
	}
	urgent, err := c.urgent(ctx, s, qs)
	return append(lines, urgent...), err
}

func (c *Chat) held(qs []session.Question) string {
	var names []string
	numbers := map[session.PersonName][]string{}
	for _, q := range qs {
		if q.Holder == "" || q.State != session.Claimed && q.State != session.Review {
			continue
		}
		if numbers[q.Holder] == nil {
			names = append(names, string(q.Holder))
		}
		numbers[q.Holder] = append(numbers[q.Holder], hash(q.Ref.Number))
	}
	var parts []string
	for _, n := range names {
		parts = append(parts, n+": "+list(numbers[session.PersonName(n)]))
	}
	if len(parts) == 0 {
		return ""
	}
	return c.words.Text("desk.holders") + " · " + list(parts)
}

// urgent links to the cards that need somebody most.
func (c *Chat) urgent(ctx context.Context, s session.Session, qs []session.Question) ([]connector.Line, error) {
	var numbers []int
	for _, q := range qs {
		if waitsForSomebody(q) && len(numbers) < mostUrgent {
			numbers = append(numbers, q.Ref.Number)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	at, err := c.Cards.At(ctx, s.ID, c.laneOf(s), numbers...)
	if err != nil {
		return nil, err
	}
	lines := []connector.Line{head(c.words.Text("desk.urgent"))}
	for _, q := range qs {
		if slices.Contains(numbers, q.Ref.Number) {
			text := c.badge(q) + ", " + c.waited(q.Since) + ": " + session.Shorten(q.Text, 80)
			lines = append(lines, small(text, connector.Link{Label: hash(q.Ref.Number), Message: at[q.Ref.Number]}))
		}
	}
	return lines, nil
}

func waitsForSomebody(q session.Question) bool {
	switch q.State {
	case session.Received, session.Queued, session.Claimed, session.Review:
		return true
	}
	return q.Waits()
}

// boardFront are the buttons of the board that have room.
var boardFront = []session.Verb{session.Start, session.Pause, session.Resume, session.Extend, session.Stop, session.Close}

func (c *Chat) boardButtons(s session.Session, counts session.Counts) (shown, more []connector.Button) {
	tag := connector.TagOf(string(s.ID))
	if counts.ByState[session.Received] > 0 && s.State != session.Closed && s.State != session.Archived {
		b := c.act(c.words.Count("chat.next", counts.ByState[session.Received]), connector.Action{Verb: next, Session: tag})
		b.Style = connector.Primary
		shown = append(shown, b)
	}
	for _, v := range session.AllowedOnSession(s, session.Actor{Role: session.Moderator}) {
		b := c.act(c.words.Text("hour."+string(v)), connector.Action{Verb: v, Session: tag})
		b.Style = styles[v]
		if slices.Contains(asked, v) {
			b.Confirm = c.text("confirm." + string(v))
		}
		if slices.Contains(boardFront, v) {
			shown = append(shown, b)
		} else {
			more = append(more, b)
		}
	}
	return shown, more
}
