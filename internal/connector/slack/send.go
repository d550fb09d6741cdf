package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
)

// The waits after a refusal that does not say how long.
const (
	waitMended = 10 * time.Second // somebody has to mend something
	waitNet    = 5 * time.Second
	waitLimit  = 10 * time.Second
)

// request makes one call of a method, classifies how it ended and keeps the list of
// troubles. It never repeats anything.
func (s *Slack) request(ctx context.Context, method string, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: err}
	}
	err := do(ctx)
	if err == nil {
		s.troubles.Over(aboutToken, aboutNet, method)
		if inChannel[method] {
			s.troubles.Over(aboutChannel)
		}
		return nil
	}
	return fmt.Errorf("%s: %w", method, s.classify(method, err))
}

// inChannel are the methods that show, when they succeed, that the channel is as it
// should be.
var inChannel = map[string]bool{"chat.postMessage": true, "chat.update": true}

// errEmpty is a success that says nothing: the library takes {} for one.
var errEmpty = errors.New("an answer without a ts")

// classify says what is known after an error of the library: by Slack's own words, or
// else by what was seen of the connection.
func (s *Slack) classify(method string, err error) error {
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return s.limited(method, limited.RetryAfter, err)
	}
	if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return s.refused(method, refusal)
	}
	e := s.http.Explain(err)
	if !errors.Is(err, errEmpty) && !errors.Is(err, context.Canceled) && httpapi.ErrorOf(err).Status == 0 {
		s.troubles.Note(aboutNet, "slack.unreachable")
	}
	return e
}

func (s *Slack) limited(method string, wait time.Duration, err error) error {
	s.troubles.Note(method, "slack.rate_limited", "method", method)
	return &connector.SendError{Outcome: connector.Deferred, Wait: max(wait, time.Second), Detail: "too many calls", Cause: err}
}

// refused sorts the words with which Slack says no.
func (s *Slack) refused(method string, refusal slack.SlackErrorResponse) error {
	switch code := refusal.Err; refusals[code] {
	case noMore:
		return s.limited(method, waitLimit, refusal)
	case gone:
		return fmt.Errorf("%w: %w", connector.ErrGone, refusal)
	case perhaps:
		return &connector.SendError{Outcome: connector.Unsure, Detail: code, Cause: refusal}
	case later:
		return &connector.SendError{Outcome: connector.Deferred, Wait: waitNet, Detail: code, Cause: refusal}
	case badToken:
		s.troubles.Note(aboutToken, "slack.token_refused", "code", code)
	case badChannel:
		s.troubles.Note(aboutChannel, channelTrouble(code), "channel", string(s.opts.Channel), "code", code)
	case badScope:
		s.troubles.Note(method, "slack.scope_missing", "scope", refusal.Needed, "method", method)
	case final:
		return &connector.SendError{Outcome: connector.Refused, Detail: code, Cause: refusal}
	}
	return &connector.SendError{Outcome: connector.Deferred, Wait: waitMended, Detail: refusal.Err, Cause: refusal}
}

// refusal says what may be done after an error of Slack's.
type refusal uint8

const (
	final      refusal = iota // it was not done and never will be
	noMore                    // too many calls
	gone                      // the message is not there
	perhaps                   // it may have been done all the same
	later                     // it was not done, for a reason that passes
	badToken                  // somebody has to mend the token
	badChannel                // somebody has to mend the channel
	badScope                  // somebody has to give the app a scope
)

// refusals sorts Slack's errors; what is not listed is final. Sources: the error lists
// of chat.postMessage, chat.update, views.* and conversations.*.
var refusals = map[string]refusal{
	"ratelimited": noMore, "rate_limited": noMore, "message_limit_exceeded": noMore,
	"message_not_found": gone, "cant_update_message": gone, "edit_window_closed": gone, "thread_not_found": gone,
	"fatal_error": perhaps, "internal_error": perhaps,
	"request_timeout": later, "service_unavailable": later, "team_added_to_org": later, "org_login_required": later,
	"invalid_auth": badToken, "not_authed": badToken, "token_revoked": badToken, "token_expired": badToken,
	"account_inactive": badToken, "no_permission": badToken, "not_allowed_token_type": badToken, "access_denied": badToken,
	"ekm_access_denied": badToken, "accesslimited": badToken, "two_factor_setup_required": badToken,
	"channel_not_found": badChannel, "not_in_channel": badChannel, "is_archived": badChannel, "is_inactive": badChannel,
	"restricted_action": badChannel, "restricted_action_read_only_channel": badChannel,
	"restricted_action_thread_only_channel": badChannel, "restricted_action_non_threadable_channel": badChannel,
	"restricted_action_thread_locked": badChannel,
	"missing_scope":                   badScope,
}

// channelTrouble names what is wrong with the channel.
func channelTrouble(code string) string {
	switch code {
	case "is_archived", "is_inactive":
		return "slack.channel_archived"
	case "channel_not_found":
		return "slack.channel_unknown"
	case "not_in_channel":
		return "slack.channel_not_member"
	}
	return "slack.channel_restricted"
}

// needsMending is true for an error that stays until somebody does something.
func needsMending(err error) bool {
	switch refusals[code(err)] {
	case badToken, badChannel, badScope:
		return true
	}
	return false
}

// code is Slack's word for an error, or "".
func code(err error) string {
	if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return refusal.Err
	}
	return ""
}
