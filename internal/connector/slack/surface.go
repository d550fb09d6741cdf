package slack

import (
	"cmp"
	"context"
	"net/http"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

// surface is where somebody did something, and so where they are answered: a message, a form
// or a page.
type surface struct {
	user     session.UserRef
	channel  session.PlaceID
	thread   session.MessageID // "" outside a thread
	response string            // response_url: five answers in half an hour
	trigger  string            // opens one form within three seconds
	private  bool              // on a message that only they see
	view     view              // the form or page, if it was one
}

// view is what of a form or page is needed to answer.
type view struct {
	id, hash, key string
	home          bool
	fields        []string // the blocks with something to fill in
}

func (v view) modal() bool { return v.id != "" && !v.home }

// name is that of the form which answers what was done there: no other one has it.
func (at surface) name() string {
	return string(connector.TagOf(at.view.id + " " + at.view.hash + " " + at.trigger))
}

// surfaceOf reads where an interaction happened.
func surfaceOf(cb slack.InteractionCallback) surface {
	at := surface{
		user: session.UserRef(cb.User.ID), channel: session.PlaceID(cb.Container.ChannelID),
		response: cb.ResponseURL, trigger: cb.TriggerID, private: cb.Container.IsEphemeral,
		thread: session.MessageID(cmp.Or(cb.Container.ThreadTs, cb.Message.ThreadTimestamp)),
		view:   viewOf(cb.View),
	}
	if at.channel == "" {
		at.channel = session.PlaceID(cb.Channel.ID)
	}
	if at.thread == session.MessageID(cb.Container.MessageTs) {
		at.thread = "" // the root of a thread stands in the channel
	}
	return at
}

func viewOf(v slack.View) view {
	out := view{id: v.ID, hash: v.Hash, key: v.PrivateMetadata, home: v.Type == slack.VTHomeTab}
	for _, b := range v.Blocks.BlockSet {
		if _, ok := parseFieldID(b.ID()); ok && b.BlockType() == slack.MBTInput {
			out.fields = append(out.fields, b.ID())
		}
	}
	return out
}

// tell says something to one person, where they see it: in the form that they have
// open, in place of the message that only they see, or beside the message.
func (s *Slack) tell(ctx context.Context, at surface, say string, buttons []connector.Button) {
	switch {
	case at.view.id != "" && len(buttons) == 0 && s.tellInForm(ctx, at, say) == nil:
	case at.private && s.respond(ctx, at, s.blindPainter().told(say, buttons), true) == nil:
	default:
		s.whisper(ctx, at, say, buttons)
	}
}

// tellInForm puts a form that only says something on top, or opens one.
func (s *Slack) tellInForm(ctx context.Context, at surface, say string) error {
	v := s.blindPainter().tell(say, false)
	if at.view.modal() {
		return s.pushView(ctx, at, v)
	}
	return s.openView(ctx, at, v)
}

// whisper posts what only one person sees: into the thread or channel where they are,
// or else to the address that came with what they did, or as a direct message.
func (s *Slack) whisper(ctx context.Context, at surface, say string, buttons []connector.Button) {
	m := s.blindPainter().told(say, buttons)
	if at.channel == "" {
		at.channel = s.opts.Channel
	}
	err := s.request(ctx, "chat.postEphemeral", func(ctx context.Context) error {
		opts := m.options()
		if at.thread != "" {
			opts = append(opts, slack.MsgOptionTS(string(at.thread)))
		}
		_, err := s.api.PostEphemeralContext(ctx, string(at.channel), string(at.user), opts...)
		return err
	})
	switch {
	case err != nil && at.response != "":
		err = s.respond(ctx, at, m, false)
	case code(err) == "user_not_in_channel":
		_, _, err = s.post(ctx, session.PlaceID(at.user), m)
	}
	if err != nil {
		s.log.Warn("slack: a private answer did not arrive", "error", err)
	}
}

// respond answers by the response_url. The library would send along empty metadata,
// which Slack refuses.
func (s *Slack) respond(ctx context.Context, at surface, m message, replace bool) error {
	body := map[string]any{"response_type": slack.ResponseTypeEphemeral, "replace_original": replace, "text": m.text, "blocks": m.blocks}
	if at.thread != "" {
		body["thread_ts"] = string(at.thread)
	}
	return s.request(ctx, "response_url", func(ctx context.Context) error { return s.send(ctx, at.response, body) })
}

// dismiss takes a private message away whose button was pressed.
func (s *Slack) dismiss(ctx context.Context, at surface) {
	err := s.request(ctx, "response_url", func(ctx context.Context) error {
		return s.send(ctx, at.response, map[string]any{"delete_original": true})
	})
	if err != nil {
		s.log.Info("slack: a private message stays", "error", err)
	}
}

// send posts to an address that Slack gave for an answer: whoever knows it can write
// with it.
func (s *Slack) send(ctx context.Context, address string, body map[string]any) error {
	_, err := s.http.Do(ctx, httpapi.Request{Method: http.MethodPost, To: address, Body: httpapi.JSON(body)})
	return err
}
