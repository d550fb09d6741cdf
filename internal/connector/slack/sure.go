package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// asksSure is the callback_id of a form whose submission is the press of a choice.
const asksSure = "sure"

// choice is what such a form carries.
type choice struct {
	Action  string            `json:"action"`
	Place   session.PlaceID   `json:"place,omitempty"`
	Message session.MessageID `json:"message,omitempty"`
	Thread  session.MessageID `json:"thread,omitempty"`
}

// keepQuestions remembers what the choices of a card's menu ask: a choice carries its
// action only.
func (s *Slack) keepQuestions(ctx context.Context, c connector.Card) {
	_, rest := split(c.Buttons, c.More)
	for _, b := range rest {
		if b.Confirm == "" {
			continue
		}
		if err := s.opts.Memory.Keep(ctx, memoryAsk+b.Action, []byte(b.Confirm), connector.MemoFor); err != nil {
			s.log.Info("slack: a choice will ask in general words", "error", err)
		}
	}
}

// rerequestTimeout leaves enough of the three seconds in which a form can be opened.
const rerequestTimeout = 500 * time.Millisecond

// question is what is asked before an action of a menu counts.
func (s *Slack) question(ctx context.Context, action string) string {
	ctx, cancel := context.WithTimeout(ctx, rerequestTimeout)
	defer cancel()
	text, err := within(ctx, func() ([]byte, error) {
		text, _, err := s.opts.Memory.Recall(ctx, memoryAsk+action)
		return text, err
	})
	if err != nil {
		s.log.Info("slack: a choice asks in general words", "error", err)
	}
	return cmp.Or(string(text), s.words.Text("adapter.sure"))
}

// askSure opens the form that asks before a choice counts.
func (s *Slack) askSure(ctx context.Context, at surface, chosen slack.OptionBlockObject, c choice) {
	key, err := json.Marshal(c)
	if err != nil {
		s.notShown(ctx, at, err)
		return
	}
	name := s.words.Text("slack.notice")
	if chosen.Text != nil {
		name = cmp.Or(unescape.Replace(chosen.Text.Text), name)
	}
	v := s.blindPainter().modal(connector.Form{Key: string(key), Title: name, Submit: name,
		Lines: []connector.Line{{Text: s.question(ctx, c.Action)}}})
	v.CallbackID = asksSure
	if at.view.modal() {
		err = s.pushView(ctx, at, v)
	} else {
		err = s.openView(ctx, at, v)
	}
	if err != nil {
		s.notShown(ctx, at, err)
	}
}

// confirmed takes the submission of such a form for the press.
func (s *Slack) confirmed(ctx context.Context, cb slack.InteractionCallback) outcome {
	var c choice
	if err := json.Unmarshal([]byte(cb.View.PrivateMetadata), &c); err != nil || c.Action == "" {
		return outcome{}
	}
	at := surfaceOf(cb)
	at.channel, at.thread = c.Place, c.Thread
	p := connector.Press{By: s.userOf(cb.User), Place: c.Place, Message: c.Message, Action: c.Action}
	d := s.decide(ctx, formErrand(cb), always, func(ctx context.Context, in connector.DeskInbox) (connector.Answer, error) {
		return in.Pressed(ctx, p)
	})
	if say := d.trouble(s.words); say != "" {
		return outcome{ack: s.wrong(at, map[string]string{"": say})}
	}
	a := d.answer
	a.Wrong, a.Push, a.Close = nil, false, a.Form == nil // the question is answered, whatever came of it
	return s.answerForm(at, a)
}
