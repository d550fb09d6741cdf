package slackfake

import (
	"errors"
	"fmt"
)

// Click presses the button with that label, or the entry of an overflow menu, and says yes to a confirm dialog. It
// returns when the app has acknowledged; the error is a *Shown when the app was silent too long or not there, and a
// *Misuse when there is nothing to press.
func (m *Message) Click(u *User, label string) error { return m.press(u, label, "") }

// ClickNear is Click for one of several buttons with the same label: the one whose block, or the text before it,
// contains near.
func (m *Message) ClickNear(u *User, near, label string) error { return m.press(u, label, near) }

// Overflow picks an entry of an overflow menu; Click finds it as well.
func (m *Message) Overflow(u *User, label string) error { return m.press(u, label, "") }

func (m *Message) press(u *User, label, near string) error {
	if m == nil {
		return u.w.misuse("%s cannot press %q on a message that is not there", u.name, label)
	}
	m.w.mu.Lock()
	p, err := m.aim(u, label, near)
	var payload obj
	if err == nil {
		payload = m.actionsJSON(u, p.actionJSON())
		m.w.note(Entry{Kind: PersonActed, Method: "block_actions", Channel: m.channel.id, TS: m.ts, User: u.id, Detail: label})
	}
	m.w.mu.Unlock()
	if err != nil {
		return m.w.misuse("%s cannot press %q: %v", u.name, label, err)
	}
	_, err = m.w.dispatch(interactive, payload)
	return err
}

// aim finds what the person wants to press. The caller holds w.mu.
func (m *Message) aim(u *User, label, near string) (press, error) {
	if err := m.usable(u); err != nil {
		return press{}, err
	}
	return onlyPress(&rendering{w: m.w}, objects(m.blocks), label, near)
}

func (m *Message) usable(u *User) error {
	switch {
	case m.deleted || m.tombstone:
		return errors.New("the message is deleted")
	case m.onlyFor != nil && m.onlyFor != u:
		return fmt.Errorf("only %s sees the message", m.onlyFor.name)
	}
	return u.able(m.channel)
}

// actionsJSON is the payload for an action on a message. The caller holds w.mu.
func (m *Message) actionsJSON(u *User, action obj) obj {
	w := m.w
	action["action_ts"] = w.stamp()
	container := obj{"type": "message", "message_ts": m.ts, "channel_id": m.channel.id, "is_ephemeral": m.onlyFor != nil}
	if m.threadTS != "" {
		container["thread_ts"] = m.threadTS
	}
	out := w.interaction("block_actions", u)
	out["container"], out["actions"] = container, []any{action}
	out["channel"] = obj{"id": m.channel.id, "name": m.channel.name}
	out["trigger_id"] = w.trigger(u, nil)
	out["response_url"] = w.responseURL(u, m.channel, m)
	out["state"] = obj{"values": stateJSON(objects(m.blocks), m.values)}
	if m.onlyFor == nil {
		out["message"] = m.json(false)
	}
	return clone(out)
}

// interaction is what every interactive payload begins with.
func (w *Workspace) interaction(kind string, u *User) obj {
	return obj{"type": kind, "user": u.brief(), "api_app_id": w.opts.AppID, "token": w.opts.VerificationToken,
		"team": obj{"id": w.opts.TeamID, "domain": "fake"}, "enterprise": nil, "is_enterprise_install": false}
}

// Shortcut uses a message shortcut of the app.
func (m *Message) Shortcut(u *User, callbackID string) error {
	m.w.mu.Lock()
	err := m.usable(u)
	payload := m.w.interaction("message_action", u)
	payload["callback_id"], payload["message_ts"] = callbackID, m.ts
	payload["channel"] = obj{"id": m.channel.id, "name": m.channel.name}
	payload["message"], payload["action_ts"] = m.json(false), m.w.stamp()
	payload["trigger_id"], payload["response_url"] = m.w.trigger(u, nil), m.w.responseURL(u, m.channel, m)
	m.w.mu.Unlock()
	if err != nil {
		return m.w.misuse("%s cannot use the shortcut: %v", u.name, err)
	}
	_, err = m.w.dispatch(interactive, payload)
	return err
}

// Sight is a message as somebody has it on the screen: it does not change when the message does.
type Sight struct {
	m      *Message
	blocks []obj
}

// Look freezes what is on the screen now, for two people who press at the same moment.
func (m *Message) Look() *Sight {
	m.w.mu.Lock()
	defer m.w.mu.Unlock()
	return &Sight{m: m, blocks: clone(objects(m.blocks))}
}

// Click presses what was on the screen, although the message may read differently by now. Slack tells the app of it as
// long as the message is there.
func (s *Sight) Click(u *User, label string) error {
	w := s.m.w
	w.mu.Lock()
	err := s.m.usable(u)
	var p press
	if err == nil {
		p, err = onlyPress(&rendering{w: w}, s.blocks, label, "")
	}
	var payload obj
	if err == nil {
		payload = s.m.actionsJSON(u, p.actionJSON())
		w.note(Entry{Kind: PersonActed, Method: "block_actions", Channel: s.m.channel.id, TS: s.m.ts, User: u.id, Detail: label})
	}
	w.mu.Unlock()
	if err != nil {
		return w.misuse("%s cannot press %q: %v", u.name, label, err)
	}
	_, err = w.dispatch(interactive, payload)
	return err
}
