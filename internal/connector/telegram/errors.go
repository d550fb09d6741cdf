package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-telegram/bot"

	"experthour/internal/connector"
)

// The waits after a refusal that does not say how long.
const (
	waitMended = 30 * time.Second // somebody has to mend something
	waitNet    = 5 * time.Second
)

// classify says what is known after an error of the library: by Telegram's own words, or
// else by what was seen of the connection.
func (t *Telegram) classify(method string, at place, err error) error {
	safe := t.http.Quiet(err)
	if e, ok := errors.AsType[*bot.TooManyRequestsError](err); ok {
		t.troubles.Note(method, "telegram.rate_limited", "method", method)
		wait := max(time.Duration(e.RetryAfter)*time.Second, time.Second)
		return &connector.SendError{Outcome: connector.Deferred, Wait: wait, Detail: "too many calls", Cause: safe}
	}
	if _, ok := errors.AsType[*bot.MigrateError](err); ok {
		return &connector.SendError{Outcome: connector.Deferred, Detail: "the group became a supergroup", Cause: safe}
	}
	for _, r := range refusals {
		if errors.Is(err, r.kind) {
			return t.refused(r.means(at, err), method, at, safe)
		}
	}
	e := t.http.Explain(err)
	if e.Outcome == connector.Deferred && !errors.Is(err, context.Canceled) {
		t.troubles.Note(aboutNet, "telegram.unreachable")
	}
	return e
}

// refusals sorts the kinds of the library's errors.
var refusals = []struct {
	kind  error
	means func(place, error) refusal
}{
	{bot.ErrorUnauthorized, func(place, error) refusal { return badToken }},
	{bot.ErrorNotFound, func(place, error) refusal { return badToken }},
	{bot.ErrorConflict, func(place, error) refusal { return later }},
	{bot.ErrorForbidden, func(at place, _ error) refusal { return badChat.unlessPrivate(at) }},
	{bot.ErrorBadRequest, badRequest},
}

// refusal says what may be done after an error of Telegram's.
type refusal uint8

const (
	final     refusal = iota // it was not done and never will be
	noReader                 // the same, because a person wants no messages of the bot or has gone
	later                    // it was not done, for a reason that passes
	gone                     // the message is not there
	badToken                 // somebody has to mend the token
	badChat                  // somebody has to let the bot into the chat again
	badRights                // somebody has to give the bot a right
	noTopic                  // the topic was deleted
	shutTopic                // the topic was closed
)

// unlessPrivate is noReader where no administrator can mend anything.
func (r refusal) unlessPrivate(at place) refusal {
	if at.chat >= 0 {
		return noReader
	}
	return r
}

// descriptions sorts Telegram's words for a bad request; what is not listed is final.
// Sources: the Bot API server, telegram-bot-api/Client.cpp, and the errors of MTProto
// that it passes on in capitals.
var descriptions = []struct {
	words string
	means refusal
}{
	{"message to edit not found", gone}, {"message can't be edited", gone}, {"MESSAGE_ID_INVALID", gone}, {"MESSAGE_AUTHOR_REQUIRED", gone},
	{"message to be replied not found", gone}, {"message to reply not found", gone}, {"replied message not found", gone},
	{"message thread not found", noTopic}, {"TOPIC_DELETED", noTopic}, {"TOPIC_ID_INVALID", noTopic},
	{"TOPIC_CLOSED", shutTopic},
	{"chat not found", badChat}, {"bot is not a member", badChat}, {"group chat was deactivated", badChat}, {"CHANNEL_PRIVATE", badChat},
	{"not enough rights", badRights}, {"have no rights", badRights}, {"need administrator rights", badRights},
	{"CHAT_WRITE_FORBIDDEN", badRights},
	{"CHAT_ADMIN_REQUIRED", badRights}, {"CHAT_RESTRICTED", badRights}, {"CHAT_SEND_PLAIN_FORBIDDEN", badRights},
	{"CHAT_SEND_PHOTOS_FORBIDDEN", badRights},
}

func badRequest(at place, err error) refusal {
	for _, d := range descriptions {
		if says(err, d.words) {
			if d.means == badChat || d.means == badRights {
				return d.means.unlessPrivate(at)
			}
			return d.means
		}
	}
	return final
}

// says reports whether Telegram's words are in an error.
func says(err error, words string) bool {
	return err != nil && strings.Contains(strings.ToLower(err.Error()), strings.ToLower(words))
}

// refused notes what somebody has to mend, and says what may be done.
func (t *Telegram) refused(r refusal, method string, at place, cause error) error {
	wait := waitMended
	switch r {
	case final, noReader:
		return &connector.SendError{Outcome: connector.Refused, Unreachable: r == noReader, Detail: detail(cause), Cause: cause}
	case gone:
		return fmt.Errorf("%w: %w", connector.ErrGone, cause)
	case later:
		wait = waitNet
	case badToken:
		t.troubles.Note(aboutToken, "telegram.token_refused")
	case badChat:
		t.troubles.Note(aboutChat(at.chat), "telegram.chat_refused", "chat", at.chat)
	case badRights:
		t.noteRights(method, at)
	case noTopic:
		t.troubles.Note(aboutTopic(at), "telegram.topic_gone", "place", string(at.id()))
	case shutTopic:
		t.troubles.Note(aboutTopic(at), "telegram.topic_closed", "place", string(at.id()))
	}
	return &connector.SendError{Outcome: connector.Deferred, Wait: wait, Detail: detail(cause), Cause: cause}
}

// noteRights tells a group in which the bot may not write from a single thing that it
// may not do.
func (t *Telegram) noteRights(method string, at place) {
	if method == "sendMessage" {
		t.troubles.Note(aboutChat(at.chat), "telegram.chat_restricted", "chat", at.chat)
		return
	}
	t.troubles.Note(method, "telegram.right_missing", "method", method, "chat", at.chat)
}

// detail is Telegram's own words, which quote nobody.
func detail(err error) string {
	text := err.Error()
	for _, prefix := range []string{"bad request, ", "forbidden, ", "Bad Request: ", "Forbidden: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return cut(text, 200)
}
