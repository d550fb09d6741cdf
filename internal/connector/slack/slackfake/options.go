package slackfake

import (
	"slices"
	"time"
)

// Options says how this Slack behaves; the zero value is a workspace in Socket Mode with Slack's own numbers.
type Options struct {
	// The credentials that the app must present; each has a default that reads like the real thing.
	BotToken, AppToken, SigningSecret, VerificationToken string
	// Ids of the team, the app and its bot user.
	TeamID, AppID, BotUserID, BotID string

	// Scopes of the bot token and of the app token. Empty means DefaultScopes and connections:write.
	Scopes, AppScopes []string
	// Events that the app has subscribed to, such as "message.channels". Empty means DefaultEvents.
	Events []string
	// Commands that exist; empty means that every slash command does.
	Commands []string
	// URLs switches to HTTP mode when any of them is set; see also Workspace.UseHTTP.
	URLs URLs

	// AckWithin is how long the app has to answer (3 s).
	AckWithin time.Duration
	// TriggerLife is how long a trigger_id can be exchanged (3 s).
	TriggerLife time.Duration
	// ResponseLife is how long a response_url works (30 min).
	ResponseLife time.Duration
	// Redeliver holds the waits before each further attempt of an event (0, 1 min, 5 min); after the last the event
	// is gone. An empty but non-nil slice means no redelivery.
	Redeliver []time.Duration
	// IgnoreStrayAcks drops acknowledgements that come over another socket than the envelope went out on.
	IgnoreStrayAcks bool
	// PingEvery is the time between WebSocket pings (5 s); negative sends none.
	PingEvery time.Duration
	// DisconnectGap is the time between a disconnect message and the end of the socket (0).
	DisconnectGap time.Duration

	// Listen is the address of the workspace, a free port of 127.0.0.1 when empty.
	Listen string

	// NoLimits switches the rate limits off, for benchmarks.
	NoLimits bool
	// PostBurst is how many messages one channel takes at once (3); PostEvery is the time that frees one place (1 s).
	PostBurst int
	PostEvery time.Duration
	// TierBurst is how many calls of one tiered method may come at once on top of its pace (20).
	TierBurst int
	// SlowReads limits conversations.history and .replies to one call a minute and 15 items.
	SlowReads bool
	// Shape is how a rate limit is answered; see Workspace.SetShape.
	Shape Shape

	// Now is the clock for timestamps, limits and expiry. Default time.Now.
	Now func() time.Time
}

// URLs are the request URLs of an app in HTTP mode.
type URLs struct{ Events, Commands, Interactions string }

func (u URLs) set() bool { return u != URLs{} }

// DefaultScopes are the bot scopes of an app that reads and writes in channels.
func DefaultScopes() []string {
	return []string{
		"chat:write", "commands", "channels:history", "groups:history", "im:history", "channels:read", "groups:read",
		"im:read", "im:write", "channels:join", "users:read", "users:read.email", "reactions:read", "reactions:write",
		"pins:read", "pins:write", "usergroups:read", "files:read", "metadata.message:read",
	}
}

// DefaultEvents are the subscriptions that a Workspace has unless told otherwise.
func DefaultEvents() []string {
	return []string{"message.channels", "message.groups", "message.im", "app_home_opened"}
}

func (o Options) filled() Options {
	fill(&o.Listen, "127.0.0.1:0")
	fill(&o.BotToken, "xoxb-fake-bot")
	fill(&o.AppToken, "xapp-fake-app")
	fill(&o.SigningSecret, "fake-signing-secret")
	fill(&o.VerificationToken, "fake-verification")
	fill(&o.TeamID, "T0FAKE")
	fill(&o.AppID, "A0FAKE")
	fill(&o.BotUserID, "U0BOT")
	fill(&o.BotID, "B0BOT")
	fill(&o.AckWithin, 3*time.Second)
	fill(&o.TriggerLife, 3*time.Second)
	fill(&o.ResponseLife, 30*time.Minute)
	fill(&o.PingEvery, 5*time.Second)
	fill(&o.PostBurst, 3)
	fill(&o.PostEvery, time.Second)
	fill(&o.TierBurst, 20)
	fillList(&o.Scopes, DefaultScopes())
	fillList(&o.AppScopes, []string{"connections:write"})
	fillList(&o.Events, DefaultEvents())
	fillList(&o.Redeliver, []time.Duration{0, time.Minute, 5 * time.Minute})
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func fillList[T any](field *[]T, value []T) {
	if *field == nil {
		*field = value
	}
	*field = slices.Clone(*field)
}
