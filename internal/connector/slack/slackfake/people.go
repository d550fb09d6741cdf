package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// able says why a person cannot act at all, or in that channel. The caller holds w.mu.
func (u *User) able(ch *Channel) error {
	switch {
	case u.deactivated:
		return fmt.Errorf("%s is deactivated", u.name)
	case ch != nil && ch.archived:
		return fmt.Errorf("channel %s is archived", ch.id)
	}
	return nil
}

// Say posts what a person types into a channel. What they type is text: "<!channel>" stays letters, an address becomes
// a link, "@Anna Ozola" becomes a mention when a person of that name exists, and "@channel" calls the channel.
func (u *User) Say(ch *Channel, text string) *Message {
	return u.post(ch, text, content{})
}

// Reply is Say in the thread of a message.
func (u *User) Reply(to *Message, text string) *Message {
	if to == nil {
		_ = u.w.misuse("%s replies to no message", u.name)
		return nil
	}
	return u.post(to.channel, text, content{thread: to.rootTS()})
}

// ReplyAlso is Reply with "also send to channel" ticked.
func (u *User) ReplyAlso(to *Message, text string) *Message {
	return u.post(to.channel, text, content{thread: to.rootTS(), broadcast: true})
}

// Upload shares a file with some words, in a thread when to is not nil: a message of the subtype file_share.
func (u *User) Upload(ch *Channel, to *Message, name, text string) *Message {
	return u.Share(ch, to, text, File{Name: name})
}

// Share is Upload of several files with what is in them.
func (u *User) Share(ch *Channel, to *Message, text string, files ...File) *Message {
	said := content{}
	if to != nil {
		said.thread = to.rootTS()
	}
	return u.post(ch, text, said, files...)
}

func (m *Message) rootTS() string {
	if m.threadTS != "" {
		return m.threadTS
	}
	return m.ts
}

func (u *User) post(ch *Channel, text string, said content, files ...File) *Message {
	u.w.mu.Lock()
	err := u.able(ch)
	if root := ch.find(said.thread); err == nil && said.thread != "" && root == nil {
		err = fmt.Errorf("the thread %s is gone", said.thread)
	}
	if err != nil {
		u.w.mu.Unlock()
		_ = u.w.misuse("%s cannot write in %s: %v", u.name, ch.id, err)
		return nil
	}
	ch.join(u)
	m, d := u.addTyped(ch, text, said, files)
	u.w.mu.Unlock()
	u.w.settle(d)
	return m
}

func (u *User) addTyped(ch *Channel, text string, said content, files []File) (*Message, *delivery) {
	t := u.w.typed(text)
	said.text, said.blocks = t.markup, t.blocks
	m := u.w.add(ch, u, said)
	m.clientID = u.w.envelopeID()
	for _, f := range files {
		m.subtype = "file_share"
		m.files = append(m.files, u.w.keepFile(u, f))
	}
	u.w.noteMessage(PersonPosted, m, u.id)
	return m, u.w.emitMessage(m)
}

// Edit changes a message that the person wrote.
func (u *User) Edit(m *Message, text string) error {
	return u.alter(m, func() *delivery {
		before := m.json(false)
		t := u.w.typed(text)
		m.text, m.blocks = t.markup, t.blocks
		m.edited = obj{"user": u.id, "ts": u.w.stamp()}
		u.w.noteMessage(PersonEdited, m, u.id)
		return u.w.emitChanged(m, before)
	})
}

// Delete takes a message away that the person wrote; see Message.Remove for any message.
func (u *User) Delete(m *Message) error {
	return u.alter(m, func() *delivery {
		u.w.noteMessage(PersonDeleted, m, u.id)
		u.w.erase(m)
		return u.w.latest()
	})
}

// latest is the delivery that was started last. The caller holds w.mu.
func (w *Workspace) latest() *delivery {
	if len(w.deliveries) == 0 {
		return nil
	}
	return w.deliveries[len(w.deliveries)-1]
}

func (u *User) alter(m *Message, change func() *delivery) error {
	if m == nil {
		return u.w.misuse("%s cannot change a message that is not there", u.name)
	}
	u.w.mu.Lock()
	err := u.able(m.channel)
	switch {
	case err != nil:
	case m.author != u:
		err = errors.New("it is somebody else's")
	case m.deleted || m.tombstone:
		err = errors.New("it is deleted")
	}
	var d *delivery
	if err == nil {
		d = change()
	}
	u.w.mu.Unlock()
	if err != nil {
		return u.w.misuse("%s cannot change the message: %v", u.name, err)
	}
	u.w.settle(d)
	return nil
}

// Remove deletes any message by hand, as an administrator can, the app's own too.
func (m *Message) Remove() error {
	w := m.w
	w.mu.Lock()
	gone := m.deleted || m.tombstone || m.onlyFor != nil
	if !gone {
		w.noteMessage(PersonDeleted, m, "U0ADMIN")
		w.erase(m)
	}
	d := w.latest()
	w.mu.Unlock()
	if gone {
		return w.misuse("the message is gone already, or nobody else sees it")
	}
	w.settle(d)
	return nil
}

// Unfurl adds a link preview to a message, as Slack does some time after it was posted: a message_changed without
// anybody having edited.
func (m *Message) Unfurl(url string) {
	m.w.mu.Lock()
	before := m.json(false)
	m.attachments = append(m.attachments, obj{"id": len(m.attachments) + 1, "from_url": url, "title": "A preview", "fallback": "A preview"})
	d := m.w.emitChanged(m, before)
	m.w.touch()
	m.w.mu.Unlock()
	m.w.settle(d)
}

// React puts an emoji on a message, Unreact takes it off.
func (u *User) React(m *Message, emoji string) error {
	return u.mark(m, emoji, Reacted, (*Message).react)
}

// Unreact takes the person's emoji off a message.
func (u *User) Unreact(m *Message, emoji string) error {
	return u.mark(m, emoji, Unreacted, (*Message).unreact)
}

func (u *User) mark(m *Message, emoji string, kind Kind, how func(*Message, string, string) bool) error {
	u.w.mu.Lock()
	ok := m != nil && !m.deleted && !m.tombstone && how(m, emoji, u.id)
	if ok {
		u.w.noteReaction(kind, m, emoji, u.id)
	}
	u.w.mu.Unlock()
	if !ok {
		return u.w.misuse("%s cannot do that with :%s: here", u.name, emoji)
	}
	return nil
}

// Command types a slash command into a channel and gives back what the app answered at once, as the person reads it.
// The error is a *Shown when Slack shows one instead, because the app was silent too long or not there.
func (u *User) Command(ch *Channel, command, text string) (string, error) {
	u.w.mu.Lock()
	err := u.able(ch)
	if known := u.w.opts.Commands; err == nil && len(known) > 0 && !slices.Contains(known, command) {
		err = fmt.Errorf("%s is not a valid command", command)
	}
	if err != nil {
		u.w.mu.Unlock()
		return "", u.w.misuse("%s cannot use %s: %v", u.name, command, err)
	}
	ch.join(u)
	payload := u.commandJSON(ch, command, text)
	u.w.note(Entry{Kind: PersonActed, Method: slashCommands, Channel: ch.id, User: u.id, Text: text, Detail: command})
	u.w.mu.Unlock()
	answer, err := u.w.dispatch(slashCommands, payload)
	if err != nil {
		return "", err
	}
	return u.w.showAnswer(u, ch, answer)
}

// CommandInThread types a slash command into a thread: Slack refuses, and the app hears nothing.
func (u *User) CommandInThread(_ *Message, command, _ string) error {
	return &Shown{Code: command + " is not supported in threads. Sorry!"}
}

func (u *User) commandJSON(ch *Channel, command, text string) obj {
	w := u.w
	return obj{"token": w.opts.VerificationToken, "team_id": w.opts.TeamID, "team_domain": "fake", "channel_id": ch.id,
		"channel_name": ch.name, "user_id": u.id, "user_name": u.handle(), "command": command, "text": text,
		"api_app_id": w.opts.AppID, "is_enterprise_install": "false", "response_url": w.responseURL(u, ch, nil),
		"trigger_id": w.trigger(u, nil)}
}

// showAnswer shows what the app answered to a command in its acknowledgement.
func (w *Workspace) showAnswer(u *User, ch *Channel, answer json.RawMessage) (string, error) {
	var args obj
	if len(answer) == 0 || json.Unmarshal(answer, &args) != nil || len(args) == 0 {
		return "", nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	said, err := (&call{method: slashCommands, args: args, json: true}).readContent(w)
	if err != nil {
		w.complain("the answer to a command cannot be shown: %v", err)
		return "", &Shown{Code: "dispatch_unknown_error"}
	}
	if said.empty() {
		return "", nil
	}
	if str(args, "response_type") == "in_channel" {
		w.publish(ch, said)
		return ch.messages[len(ch.messages)-1].visible(), nil
	}
	return w.whisper(ch, u, said).visible(), nil
}
