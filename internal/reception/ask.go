package reception

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// oneQuestion is how long after a message another one still belongs to the same
// question: people write in several messages.
const oneQuestion = time.Minute

// keptFor is how long the parts of a question are remembered, for edits of one of them.
const keptFor = 24 * time.Hour

// asked is the question that a visitor asked last, message by message.
type asked struct {
	Origin session.MessageID `json:"origin"`
	Last   time.Time         `json:"last"` // when its last part was written
	Parts  []part            `json:"parts"`
}

type part struct {
	Message session.MessageID `json:"message"`
	Text    string            `json:"text"`
}

func (a asked) text() string {
	var texts []string
	for _, p := range a.Parts {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, "\n")
}

func (a asked) index(m session.MessageID) int {
	for i, p := range a.Parts {
		if p.Message == m {
			return i
		}
	}
	return -1
}

// question takes what is a question of anybody but staff, who are asked what it is.
func (r *Reception) question(ctx context.Context, v visit, m connector.Said, text string) (connector.Reply, error) {
	if v.staff && strings.TrimSpace(text) != "" {
		m.Text = text
		return r.askBack(ctx, v, m)
	}
	return r.take(ctx, v, m, text)
}

// take asks, or goes on with the question that was asked a moment ago. The receipt
// follows by itself, so that a question that is stored needs no reply here.
func (r *Reception) take(ctx context.Context, v visit, m connector.Said, text string) (connector.Reply, error) {
	if strings.TrimSpace(text) == "" {
		return connector.Reply{Text: v.text("write")}, nil
	}
	last, err := r.last(ctx, v)
	if err != nil {
		return connector.Reply{}, err
	}
	if last.index(m.Message) >= 0 {
		return connector.Reply{}, nil // handed over once more
	}
	if last.Origin != "" && m.At.Sub(last.Last) <= oneQuestion {
		last.Parts, last.Last = append(last.Parts, part{m.Message, text}), m.At
		err := r.Inbox.Reworded(ctx, v.origin(last.Origin), last.text())
		switch session.KindOf(err) {
		case session.NotFound, session.Refused, session.Already: // it is beyond that: a new question
		default:
			return r.kept(ctx, v, last, err)
		}
	}
	return r.ask(ctx, v, m, text)
}

// kept remembers the parts of a question that was stored.
func (r *Reception) kept(ctx context.Context, v visit, a asked, err error) (connector.Reply, error) {
	if err != nil {
		return v.said(err)
	}
	return connector.Reply{}, r.keep(ctx, "asked:"+string(v.User), a, keptFor)
}

func (r *Reception) ask(ctx context.Context, v visit, m connector.Said, text string) (connector.Reply, error) {
	a := connector.Asked{Origin: v.origin(m.Message), Key: string(v.Place) + ":" + string(m.Message), Text: text, Language: v.Language, At: m.At}
	if v.choice.Name {
		a.Name = v.Name
	}
	_, err := r.Inbox.Asked(ctx, a)
	if session.KindOf(err) == session.Refused {
		return r.notNow(ctx, v, err)
	}
	return r.kept(ctx, v, asked{Origin: m.Message, Last: m.At, Parts: []part{{m.Message, text}}}, err)
}

// notNow says when the next hour begins, or where the last one can be read.
func (r *Reception) notNow(ctx context.Context, v visit, why error) (connector.Reply, error) {
	now, last, err := r.hour(ctx, v)
	if err != nil {
		return connector.Reply{}, err
	}
	switch {
	case now.ID != "":
		return connector.Reply{Text: v.words.Error(why), Link: connector.Link{Label: now.Title, URL: r.page(now)}}, nil
	case last.ID != "":
		return connector.Reply{Text: v.text("over", "title", last.Title), Link: connector.Link{Label: v.text("transcript"), URL: r.page(last) + "/transcript"}}, nil
	}
	return connector.Reply{Text: v.text("none")}, nil
}

// edited takes the new version of a part of a question.
func (r *Reception) edited(ctx context.Context, v visit, m connector.Said) (connector.Reply, error) {
	last, err := r.last(ctx, v)
	if err != nil {
		return connector.Reply{}, err
	}
	text := asks(m.Text)
	i := last.index(m.Message)
	if i < 0 {
		last = asked{Origin: m.Message, Parts: []part{{Message: m.Message}}}
		i = 0
	}
	last.Parts[i].Text = text
	err = r.Inbox.Reworded(ctx, v.origin(last.Origin), last.text())
	switch session.KindOf(err) {
	case session.NotFound: // no question of theirs
		return connector.Reply{}, nil
	case session.Refused, session.Already:
		return connector.Reply{Text: v.text("too_late")}, nil
	}
	return r.kept(ctx, v, last, err)
}

// asks is what a message asks: without the command that says that it does.
func asks(text string) string {
	if name, rest, ok := parse(text); ok && name == "ask" {
		return rest
	}
	return text
}

func (r *Reception) last(ctx context.Context, v visit) (asked, error) {
	var a asked
	_, err := r.read(ctx, "asked:"+string(v.User), &a)
	return a, err
}

func (r *Reception) keep(ctx context.Context, key string, value any, ttl time.Duration) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return r.Memory.Keep(ctx, key, b, ttl)
}

// read is lenient: what cannot be read any more was never kept.
func (r *Reception) read(ctx context.Context, key string, into any) (bool, error) {
	b, ok, err := r.Memory.Recall(ctx, key)
	if err != nil || !ok {
		return false, err
	}
	return json.Unmarshal(b, into) == nil, nil
}
