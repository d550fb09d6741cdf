package slack

import (
	"cmp"
	"context"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// outcome is how a press, a form or a command is answered: what the acknowledgement
// carries, and what follows it.
type outcome struct {
	ack   any
	after func(context.Context)
}

// interact handles what Slack sends once and wants answered within three seconds.
func (s *Slack) interact(ctx context.Context, cb slack.InteractionCallback) outcome {
	switch cb.Type {
	case slack.InteractionTypeBlockActions:
		return s.pressed(ctx, cb)
	case slack.InteractionTypeViewSubmission:
		return s.submitted(ctx, cb)
	case slack.InteractionTypeBlockSuggestion:
		return s.searched(ctx, cb)
	}
	return outcome{}
}

// userOf is who acted. Their name is for words to them only.
func (s *Slack) userOf(u slack.User) connector.User {
	return connector.User{Desk: s.opts.ID, ID: session.UserRef(u.ID), Name: cmp.Or(s.nameOf(session.UserRef(u.ID)), u.RealName, u.Name)}
}

// menuID is the action_id of the menu with the rest of the buttons.
const menuID = "more"

// pressedAction is what the pressed button carries; "" for a link and for a field.
func pressedAction(a *slack.BlockAction) string {
	value := a.Value
	if a.ActionID == menuID {
		value = a.SelectedOption.Value
	} else if a.Type != slack.ActionType(slack.METButton) {
		return ""
	}
	return value
}

func (s *Slack) pressed(ctx context.Context, cb slack.InteractionCallback) outcome {
	if len(cb.ActionCallback.BlockActions) == 0 {
		return outcome{}
	}
	a := cb.ActionCallback.BlockActions[0]
	p := connector.Press{By: s.userOf(cb.User), Action: pressedAction(a), Key: cb.View.PrivateMetadata, Values: valuesOf(cb)}
	if p.Action == "" {
		return outcome{}
	}
	at := surfaceOf(cb)
	p.Place = at.channel
	if !at.private {
		p.Message = session.MessageID(cb.Container.MessageTs)
	}
	if action, ask := strings.CutPrefix(p.Action, askFirst); ask {
		return outcome{after: func(ctx context.Context) {
			s.askSure(ctx, at, a.SelectedOption, choice{action, p.Place, p.Message, at.thread})
		}}
	}
	key := strings.Join([]string{"press", cb.Container.MessageTs, cb.View.ID, a.BlockID, a.ActionID, cb.User.ID, a.ActionTs}, " ")
	d := s.decide(ctx, errand{event: key}, always, func(ctx context.Context, in connector.DeskInbox) (connector.Answer, error) {
		return in.Pressed(ctx, p)
	})
	return outcome{after: func(ctx context.Context) { s.answerPress(ctx, at, d) }}
}

// answerPress shows the person what came of a press.
func (s *Slack) answerPress(ctx context.Context, at surface, d decision) {
	a := d.answer
	switch {
	case d.known:
		return
	case d.trouble(s.words) != "":
		s.tell(ctx, at, d.trouble(s.words), nil)
		return
	case a.Form != nil:
		s.show(ctx, at, *a.Form, a.Push)
		if a.Say != "" {
			s.whisper(ctx, at, a.Say, a.Buttons)
		}
		return
	case a.Close && at.view.modal():
		s.end(ctx, at, a.Say)
		if a.Home {
			s.redrawHome(ctx, at, a)
		}
		return
	case a.Home:
		s.redrawHome(ctx, at, a)
		return
	}
	if a.Say != "" {
		s.tell(ctx, at, a.Say, a.Buttons)
	} else if at.private {
		s.dismiss(ctx, at)
	}
}

// valuesOf reads the fields of the form as they are.
func valuesOf(cb slack.InteractionCallback) connector.Values {
	if cb.BlockActionState != nil && len(cb.BlockActionState.Values) > 0 {
		return values(cb.BlockActionState.Values)
	}
	if cb.View.State != nil {
		return values(cb.View.State.Values)
	}
	return nil
}
