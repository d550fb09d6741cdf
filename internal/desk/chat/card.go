package chat

import (
	"context"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/screening"
	"experthour/internal/session"
)

// Draw makes the card of a question, or with a zero Question the board; it fits
// delivery.Draw.
func (c *Chat) Draw(ctx context.Context, s session.Session, q session.Question) (connector.Card, error) {
	if q.Ref.Number == 0 {
		return c.board(ctx, s)
	}
	votes, err := c.Store.Tally(ctx, s.ID, q.Ref.Number)
	if err != nil {
		return connector.Card{}, err
	}
	return c.card(s, q, votes[q.Ref.Number]), nil
}

// card is a question as everybody at the desk sees it.
func (c *Chat) card(s session.Session, q session.Question, votes int) connector.Card {
	d := connector.Card{Title: hash(q.Ref.Number) + " · " + c.badge(q), Folded: folded(q)}
	d.Buttons, d.More = c.buttons(s, q, d.Folded)
	if d.Folded {
		d.Lines = c.foldedLines(s, q)
		return d
	}
	d.Lines = append(d.Lines, quote(cut(q.Text)))
	d.Lines = append(d.Lines, small(c.from(s, q, votes), webLink(c.text("original"), q.Origin.URL)))
	d.Lines = append(d.Lines, c.questionLines(q)...)
	d.Lines = append(d.Lines, c.answerLines(s, q)...)
	d.Lines = append(d.Lines, c.copyLines(s, q)...)
	d.Lines = append(d.Lines, c.notes(q, shownNotes)...)
	shown, more := c.copyButtons(s.ID, q)
	d.Buttons, d.More = append(d.Buttons, shown...), append(d.More, more...)
	if isLong(q) {
		d.More = append(d.More, c.act(c.label(read), connector.Action{Verb: read, Session: connector.TagOf(string(s.ID)), Number: q.Ref.Number}))
	}
	d.Call = c.call(s, q)
	return d
}

// folded reports whether nothing about q waits for anybody.
func folded(q session.Question) bool {
	switch q.State {
	case session.Received, session.Queued, session.Claimed, session.Review, session.Approved:
		return false
	}
	return !q.Waits() && !q.Moving() && !asksSomebody(q)
}

func asksSomebody(q session.Question) bool {
	for _, s := range q.Said {
		if s.Open() {
			return true
		}
	}
	return false
}

// foldedLines is the whole story in one line, with links to what the public reads.
func (c *Chat) foldedLines(s session.Session, q session.Question) []connector.Line {
	lines := []connector.Line{small(session.Shorten(q.Text, 120), connector.Link{})}
	if q.State == session.Published {
		lines = append(lines, small(c.approvedBy(s, q), connector.Link{Label: c.text("public_page"), URL: c.page(q.Ref)}))
		for _, p := range q.Copies {
			if p.Kind == session.KindAnswer && p.Connector != session.Page && p.URL != "" && p.Out != 0 {
				lines = append(lines, small("", connector.Link{Label: c.place(p.Connector), URL: p.URL}))
			}
		}
		return lines
	}
	return append(lines, small(c.outcome(s, q), connector.Link{}))
}

// badge names the state in a word or two.
func (c *Chat) badge(q session.Question) string {
	switch {
	case q.Waits():
		return c.words.Text("desk.badge_parked", "state", q.State)
	case q.State == session.Received:
		return c.words.Text("desk.badge_new")
	case q.State == session.Claimed:
		return c.text("badge_claimed", "name", q.Holder)
	case q.State == session.Review && q.Wanted != 0:
		return c.words.Text("desk.badge_correction")
	case q.State == session.Review:
		return c.words.Text("desk.badge_review")
	case q.State == session.Approved:
		return c.words.Text("desk.badge_approved")
	case q.State == session.Merged:
		return c.text("badge_merged", "number", q.Into)
	}
	return c.words.Text("state." + string(q.State))
}

// from says who asked, where and when, and how many others would like to know.
func (c *Chat) from(s session.Session, q session.Question, votes int) string {
	name := q.Name
	if name == "" {
		name = c.words.Text("desk.citizen")
	}
	text := list([]string{name, c.place(q.Origin.Connector), c.clock(s, q.Asked)})
	if votes > 0 {
		text += " · " + c.words.Count("desk.votes", votes)
	}
	if len(q.Followers) > 0 {
		var also []string
		for _, f := range q.Followers {
			also = append(also, hash(f.Number))
		}
		text += " · " + c.words.Text("desk.also_asked", "list", list(also))
	}
	return text
}

// place is what people call a connector.
func (c *Chat) place(id session.ConnectorID) string {
	for _, p := range c.Places {
		if p.Target.Connector == id {
			return p.Name
		}
	}
	if id == session.Page || id == "" {
		return c.words.Text("desk.place_page")
	}
	return string(id)
}

// questionLines is what a moderator should know about the question.
func (c *Chat) questionLines(q session.Question) []connector.Line {
	var lines []connector.Line
	if q.Pending != "" {
		lines = append(lines, say(c.words.Text("desk.pending")), quote(cut(q.Pending)))
	}
	if found := c.findings(q.Text + "\n" + q.Pending); found != "" {
		lines = append(lines, say("⚠ "+found))
	}
	return lines
}

// shownNotes is how many internal remarks a card shows; all are one press away.
const shownNotes = 3

// notes are the last internal remarks.
func (c *Chat) notes(q session.Question, most int) []connector.Line {
	var lines []connector.Line
	for _, n := range q.Notes[max(0, len(q.Notes)-most):] {
		lines = append(lines, small(c.text("note", "name", n.By, "text", n.Text), connector.Link{}))
	}
	return lines
}

// findings words what may be personal data, once each and never the value.
func (c *Chat) findings(text string) string {
	var found []string
	seen := map[screening.Kind]bool{}
	for _, f := range c.rules.Personal(text) {
		if !seen[f.Kind] {
			seen[f.Kind] = true
			found = append(found, c.words.Text("screening."+string(f.Kind)))
		}
	}
	return strings.Join(found, " ")
}

// answerLines show how far the answer is.
func (c *Chat) answerLines(s session.Session, q session.Question) []connector.Line {
	var lines []connector.Line
	if back := c.sentBack(q); back != "" {
		lines = append(lines, say(back))
	}
	if draft := q.Draft(); draft != "" {
		title := c.words.Text("desk.draft_rests", "name", q.Holder)
		if at := q.SettleAt(); !at.IsZero() {
			title = c.words.Text("desk.draft_until", "name", q.Holder, "time", c.words.Clock(at.In(s.Location()))+at.In(s.Location()).Format(":05"))
		}
		return append(lines, head(title), quote(cut(draft)))
	}
	switch q.State {
	case session.Review, session.Approved, session.Published:
		rev := q.Latest()
		lines = append(lines, head(c.text("answer_by", "name", rev.Author, "revision", rev.Number)), quote(cut(rev.Text)))
	}
	if q.State == session.Approved || q.State == session.Published {
		lines = append(lines, small(c.approvedBy(s, q), connector.Link{}))
	}
	return append(lines, c.saidLines(q)...)
}

// saidLines list later messages of which nobody knows yet what they are.
func (c *Chat) saidLines(q session.Question) []connector.Line {
	var lines []connector.Line
	for _, m := range q.Said {
		if m.Open() {
			text := m.Text
			if m.Edit != "" {
				text = m.Edit
			}
			lines = append(lines, say(c.text("said_later", "name", m.By)), quote(cut(text)))
		}
	}
	return lines
}

func (c *Chat) approvedBy(s session.Session, q session.Question) string {
	a, ok := q.ApprovalOf(q.Wanted)
	if !ok {
		return ""
	}
	return c.words.Text("desk.approved_by", "author", q.Revision(q.Wanted).Author, "name", a.By.Name, "time", c.clock(s, a.At))
}

// sentBack is the comment that an answer came back with, until there is a new one.
func (c *Chat) sentBack(q session.Question) string {
	a, ok := q.SentBack()
	if !ok {
		return ""
	}
	return c.words.Text("desk.sent_back", "name", a.By.Name) + " " + a.Note
}

// outcomes names the verb that ended a question.
var outcomes = map[session.State]session.Verb{session.Declined: session.Decline, session.Merged: session.Merge,
	session.Redirected: session.Redirect, session.Expired: session.Expire, session.Retracted: session.Retract, session.Withdrawn: session.Withdraw}

func (c *Chat) outcome(s session.Session, q session.Question) string {
	act := q.By(outcomes[q.State])
	by := c.words.Text("role." + string(act.Role))
	if act.Name != "" {
		by = string(act.Name)
	}
	text := c.words.Text("desk.outcome", "what", q.State, "by", by, "time", c.clock(s, q.Since))
	if q.State == session.Merged {
		return c.text("merged_by", "number", q.Into, "by", by, "time", c.clock(s, q.Since))
	}
	if q.Reason != "" {
		text += " " + c.words.Text("desk.outcome_reason", "reason", c.reason(q.Reason))
	}
	return text
}

func (c *Chat) reason(id string) string {
	for _, r := range c.Reasons {
		if r.ID == id {
			return r.Texts[c.words.Language()]
		}
	}
	return id
}

// longestShown is how much of a text a card shows; the rest is one press away.
const longestShown = 1200

func cut(text string) string { return session.Shorten(text, longestShown) }

func isLong(q session.Question) bool {
	if len(q.Notes) > shownNotes {
		return true
	}
	for _, text := range []string{q.Text, q.Pending, q.Latest().Text, q.Draft()} {
		if cut(text) != text {
			return true
		}
	}
	return false
}

// webLink lets only addresses of web pages become links.
func webLink(label, address string) connector.Link {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return connector.Link{}
	}
	return connector.Link{Label: label, URL: address}
}

func say(text string) connector.Line   { return connector.Line{Text: text} }
func quote(text string) connector.Line { return connector.Line{Kind: connector.Quote, Text: text} }
func head(text string) connector.Line  { return connector.Line{Kind: connector.Head, Text: text} }
func small(text string, l connector.Link) connector.Line {
	return connector.Line{Kind: connector.Small, Text: text, Link: l}
}

func (c *Chat) waited(since time.Time) string { return c.words.Lasting(c.Now().Sub(since)) }
