package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/session"
)

// mostAck is the longest acknowledgement. Slack drops one of 20 KiB without a word.
const mostAck = 18 << 10

func (s *Slack) submitted(ctx context.Context, cb slack.InteractionCallback) outcome {
	at := surfaceOf(cb)
	switch cb.View.CallbackID {
	case lookOnly:
		return outcome{}
	case asksSure:
		return s.confirmed(ctx, cb)
	}
	sub := connector.Submission{By: s.userOf(cb.User), Key: cb.View.PrivateMetadata, Values: valuesOf(cb)}
	d := s.decide(ctx, formErrand(cb), over, func(ctx context.Context, in connector.DeskInbox) (connector.Answer, error) {
		return in.Submitted(ctx, sub)
	})
	if say := d.trouble(s.words); say != "" {
		return outcome{ack: s.wrong(at, map[string]string{"": say})}
	}
	return s.answerForm(at, d.answer)
}

// formErrand names a submission. Its trigger is another one when the person submits the
// same form again.
func formErrand(cb slack.InteractionCallback) errand {
	form := strings.Join([]string{"view", cb.View.ID, cmp.Or(cb.View.Hash, cb.Hash)}, " ")
	return errand{event: form + " " + cb.TriggerID, form: form}
}

// over reports whether an answer ends the form: one that stays open can be submitted
// again, under the same hash.
func over(a connector.Answer) bool {
	return a.Close || a.Form != nil && !a.Push || a.Form == nil && len(a.Wrong) == 0 && a.Say == ""
}

// answerForm answers a submission: what is wrong, the next form, or that all is done.
func (s *Slack) answerForm(at surface, a connector.Answer) outcome {
	var o outcome
	switch {
	case len(a.Wrong) > 0:
		o.ack = s.wrong(at, a.Wrong)
	case a.Form != nil:
		o = s.nextForm(at, *a.Form, a.Push)
	case a.Close:
		o.ack = slack.NewClearViewSubmissionResponse()
	case a.Say != "": // a form that is not over stays, with what was typed into it
		return outcome{ack: s.wrong(at, map[string]string{"": a.Say})}
	}
	first := o.after
	o.after = func(ctx context.Context) {
		if first != nil {
			first(ctx)
		}
		switch {
		case a.Home:
			s.redrawHome(ctx, at, a)
		case a.Say != "":
			s.whisper(ctx, at, a.Say, a.Buttons)
		}
	}
	return o
}

// nextForm carries the form in the acknowledgement. One that is too long comes right
// behind it, in place of an empty one.
func (s *Slack) nextForm(at surface, f connector.Form, push bool) outcome {
	v := s.blindPainter().modal(f)
	v.ExternalID = at.name()
	if small(v) {
		return outcome{ack: response(v, push), after: func(ctx context.Context) { s.watchModal(ctx, at.user, f, v.ExternalID) }}
	}
	empty := s.blindPainter().tell(s.words.Text("slack.loading"), false)
	empty.ExternalID = v.ExternalID
	return outcome{ack: response(empty, push), after: func(ctx context.Context) {
		if err := s.fillIn(ctx, v); err != nil {
			s.notShown(ctx, at, err)
			return
		}
		s.watchModal(ctx, at.user, f, v.ExternalID)
	}}
}

// fillIn puts a form in place of the empty one with its external id, which Slack may
// be showing only now.
func (s *Slack) fillIn(ctx context.Context, v slack.ModalViewRequest) error {
	for tries := 0; ; tries++ {
		err := s.request(ctx, "views.update", func(ctx context.Context) error {
			_, err := s.api.UpdateViewContext(ctx, v, v.ExternalID, "", "")
			return err
		})
		if code(err) != "not_found" || tries == 10 || !backoff.Pause(ctx, s.runner.Again/5) {
			return err
		}
	}
}

func response(v slack.ModalViewRequest, push bool) *slack.ViewSubmissionResponse {
	if push {
		return slack.NewPushViewSubmissionResponse(&v)
	}
	return slack.NewUpdateViewSubmissionResponse(&v)
}

// small reports whether an acknowledgement may carry v.
func small(v any) bool {
	raw, err := json.Marshal(v)
	return err == nil && len(raw) <= mostAck
}

// wrong puts what is wrong at the fields. Where the form has no such field, it goes to
// the first one; where there is nothing to fill in at all, on top.
func (s *Slack) wrong(at surface, wrong map[string]string) any {
	if len(at.view.fields) == 0 {
		say := strings.Join(slices.Sorted(maps.Values(wrong)), "\n")
		v := s.blindPainter().tell(say, false)
		return slack.NewPushViewSubmissionResponse(&v)
	}
	errs := map[string]string{}
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		block := blockOf(at.view.fields, field)
		errs[block] = strings.TrimSpace(errs[block] + " " + cut(oneLine(clean(wrong[field])), mostLabel/2))
	}
	return slack.NewErrorsViewSubmissionResponse(errs)
}

func blockOf(blocks []string, field string) string {
	for _, b := range blocks {
		if id, _ := parseFieldID(b); id.field == field {
			return b
		}
	}
	return blocks[0]
}

// offered is the library's OptionsResponse, but for an empty list, which Slack wants to
// see as one.
type offered struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

// searched offers what the inbox finds; when it finds nothing in time, the person
// types on.
func (s *Slack) searched(ctx context.Context, cb slack.InteractionCallback) outcome {
	found := offered{Options: []*slack.OptionBlockObject{}}
	id, ok := parseFieldID(cb.BlockID)
	if !ok {
		return outcome{ack: found}
	}
	q := connector.Searching{By: s.userOf(cb.User), Key: cb.View.PrivateMetadata, Field: id.field, Query: cb.Value}
	opts, err := within(ctx, func() ([]connector.Option, error) { return s.opts.Inbox.Searched(ctx, q) })
	if err != nil {
		s.log.Warn("slack: a search found nothing in time", "error", err)
		return outcome{ack: found}
	}
	found.Options = append(found.Options, options(opts, mostOptions)...)
	for len(found.Options) > 0 && !small(found) {
		found.Options = found.Options[:len(found.Options)/2]
	}
	return outcome{ack: found}
}

// commanded handles a slash command.
func (s *Slack) commanded(ctx context.Context, c slack.SlashCommand) outcome {
	by := s.userOf(slack.User{ID: c.UserID, Name: c.UserName})
	spoken := connector.Spoken{By: by, Place: session.PlaceID(c.ChannelID), Text: unescape.Replace(c.Text)}
	at := surface{user: by.ID, channel: spoken.Place, response: c.ResponseURL, trigger: c.TriggerID}
	d := s.decide(ctx, errand{event: "command " + c.TriggerID}, always,
		func(ctx context.Context, in connector.DeskInbox) (connector.Answer, error) {
			return in.Commanded(ctx, spoken)
		})
	if say := d.trouble(s.words); say != "" && !d.known {
		return s.reply(at, say, nil)
	}
	o := s.reply(at, d.answer.Say, d.answer.Buttons)
	if d.answer.Form != nil {
		told := o.after
		o.after = func(ctx context.Context) {
			s.show(ctx, at, *d.answer.Form, false)
			if told != nil {
				told(ctx)
			}
		}
	}
	return o
}

// reply answers a command in its acknowledgement, where it has room.
func (s *Slack) reply(at surface, say string, buttons []connector.Button) outcome {
	if say == "" {
		return outcome{}
	}
	m := s.blindPainter().told(say, buttons)
	ack := map[string]any{"response_type": slack.ResponseTypeEphemeral, "text": m.text, "blocks": m.blocks}
	if small(ack) {
		return outcome{ack: ack}
	}
	return outcome{after: func(ctx context.Context) {
		if err := s.respond(ctx, at, m, false); err != nil {
			s.log.Warn("slack: a private answer did not arrive", "error", err)
		}
	}}
}
