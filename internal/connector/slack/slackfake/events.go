package slackfake

import (
	"slices"
	"strings"
)

// emit sends one event to the app, if it has subscribed to it and may see it. The caller holds w.mu.
func (w *Workspace) emit(subscription string, ch *Channel, event obj) *delivery {
	if !slices.Contains(w.opts.Events, subscription) || w.auth.refusal != "" {
		return nil
	}
	if ch != nil && (!ch.bot || !w.mayHear(subscription, ch)) {
		return nil
	}
	if str(event, "event_ts") == "" {
		event["event_ts"] = w.stamp()
	}
	return w.send(event)
}

// mayHear tells whether the bot token has the scope for an event of messages.
func (w *Workspace) mayHear(subscription string, ch *Channel) bool {
	if !strings.HasPrefix(subscription, "message.") {
		return true
	}
	_, scope := ch.kind()
	return slices.Contains(w.auth.scopes, scope+":history")
}

// send wraps an inner event and starts its delivery. The caller holds w.mu.
func (w *Workspace) send(event obj) *delivery {
	id := w.id("Ev")
	payload := obj{
		"token": w.opts.VerificationToken, "team_id": w.opts.TeamID, "context_team_id": w.opts.TeamID,
		"api_app_id": w.opts.AppID, "event": event, "type": "event_callback", "event_id": id,
		"event_time": w.opts.Now().Unix(), "is_ext_shared_channel": false, "event_context": "4-" + id,
		"authorizations": []any{obj{"enterprise_id": nil, "team_id": w.opts.TeamID, "user_id": w.opts.BotUserID,
			"is_bot": true, "is_enterprise_install": false}},
	}
	d := w.deliver(id, clone(payload))
	if w.twice > 0 {
		w.twice--
		w.deliver(id, clone(payload))
	}
	return d
}

// emitMessage tells the app of a new message, its own too.
func (w *Workspace) emitMessage(m *Message) *delivery {
	event := m.json(false)
	event["channel"], event["event_ts"] = m.channel.id, m.ts
	event["channel_type"] = first(m.channel.kind())
	if m.broadcast {
		if root := m.channel.find(m.threadTS); root != nil {
			event["root"] = root.json(false)
		}
	}
	return w.emit(m.channel.subscription(), m.channel, event)
}

// emitChanged tells the app that a message reads differently now.
func (w *Workspace) emitChanged(m *Message, before obj) *delivery {
	ts := w.stamp()
	return w.emit(m.channel.subscription(), m.channel, obj{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": m.channel.id,
		"channel_type": first(m.channel.kind()), "ts": ts, "event_ts": ts,
		"message": m.json(false), "previous_message": before,
	})
}

// emitDeleted tells the app that a message is gone.
func (w *Workspace) emitDeleted(m *Message, before obj) *delivery {
	ts := w.stamp()
	return w.emit(m.channel.subscription(), m.channel, obj{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": m.channel.id,
		"channel_type": first(m.channel.kind()), "ts": ts, "event_ts": ts, "deleted_ts": m.ts,
		"previous_message": before,
	})
}

// Twice makes the next n events come twice in the same attempt, as happens in Slack.
func (w *Workspace) Twice(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.twice = n
}

// Emit sends an inner event of the test's own making, however odd, as Slack would: with an id, retries and all.
// It is how an event that cannot be decoded gets to the app.
func (w *Workspace) Emit(event map[string]any) (eventID string) {
	w.mu.Lock()
	d := w.send(event)
	w.mu.Unlock()
	w.settle(d)
	return d.id
}

// RateLimitApp tells the app that its events are limited: an outer event without an inner one.
func (w *Workspace) RateLimitApp() {
	w.mu.Lock()
	d := w.deliver(w.id("Ev"), obj{"token": w.opts.VerificationToken, "type": "app_rate_limited", "team_id": w.opts.TeamID,
		"minute_rate_limited": w.opts.Now().Unix() / 60 * 60, "api_app_id": w.opts.AppID})
	w.mu.Unlock()
	w.settle(d)
}
