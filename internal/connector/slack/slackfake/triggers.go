package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// The types of envelopes that are no events.
const (
	slashCommands = "slash_commands"
	interactive   = "interactive"
)

// responseUses is how often one response_url works.
const responseUses = 5

// trigger lets the app open one view for the person who acted.
type trigger struct {
	user  *User
	view  *View // the view in which they acted, if it was one
	until time.Time
	used  bool
}

// trigger makes a trigger_id. The caller holds w.mu.
func (w *Workspace) trigger(u *User, v *View) string {
	id := "1234567890.0987654321." + strings.ToLower(w.id(""))
	w.triggers[id] = &trigger{user: u, view: v, until: w.opts.Now().Add(w.opts.TriggerLife)}
	return id
}

// exchange uses up a trigger_id. The caller holds w.mu.
func (w *Workspace) exchange(c *call) (*trigger, error) {
	id, err := c.need("trigger_id")
	if err != nil {
		return nil, err
	}
	t := w.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case w.opts.Now().After(t.until):
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}

// responseURL is a way to answer one action, five times in half an hour.
type responseURL struct {
	user    *User
	channel *Channel
	message *Message // that the action was on; nil for a command
	until   time.Time
	uses    int
}

// responseURL makes a response_url. The caller holds w.mu.
func (w *Workspace) responseURL(u *User, ch *Channel, m *Message) string {
	id := w.id("R")
	w.hooks[id] = &responseURL{user: u, channel: ch, message: m, until: w.opts.Now().Add(w.opts.ResponseLife)}
	return w.base + "/respond/" + id
}

func (w *Workspace) serveResponse(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	status, text := w.respond(strings.TrimPrefix(r.URL.Path, "/respond/"), r.Method, body)
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, text)
}

func (w *Workspace) respond(id, verb string, body []byte) (int, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	hook := w.hooks[id]
	switch {
	case hook == nil || verb != http.MethodPost:
		return http.StatusNotFound, w.badResponse("invalid_url")
	case hook.uses >= responseUses:
		return http.StatusNotFound, w.badResponse("used_url")
	case w.opts.Now().After(hook.until):
		return http.StatusNotFound, w.badResponse("expired_url")
	}
	var args obj
	if err := json.Unmarshal(body, &args); err != nil {
		return http.StatusBadRequest, w.badResponse("invalid_payload")
	}
	if err := w.answerHook(hook, args); err != nil {
		return http.StatusBadRequest, w.badResponse(err.Error())
	}
	hook.uses++
	w.touch()
	return http.StatusOK, "ok"
}

func (w *Workspace) badResponse(code string) string {
	w.note(Entry{Kind: Refused, Method: "response_url", Detail: code})
	return string(encode(obj{"ok": false, "error": code}))
}

// answerHook does what a body for a response_url asks for. The caller holds w.mu.
func (w *Workspace) answerHook(hook *responseURL, args obj) error {
	c := &call{method: "response_url", args: args, json: true}
	if flag(args, "delete_original") {
		return w.dropOriginal(hook)
	}
	said, err := c.readContent(w)
	switch {
	case err != nil:
		return err
	case said.empty():
		return refuse("no_text")
	case flag(args, "replace_original") && hook.message != nil:
		return w.replaceOriginal(hook.message, said)
	case str(args, "response_type") == "in_channel":
		w.publish(hook.channel, said)
		return nil
	}
	w.whisper(hook.channel, hook.user, said)
	return nil
}

func (w *Workspace) publish(ch *Channel, said content) {
	m := w.add(ch, nil, said)
	w.noteMessage(Posted, m, w.opts.BotUserID)
	w.emitMessage(m)
}

func (w *Workspace) dropOriginal(hook *responseURL) error {
	if hook.message == nil || hook.message.deleted {
		return refuse("message_not_found")
	}
	w.noteMessage(Deleted, hook.message, w.opts.BotUserID)
	if hook.message.onlyFor != nil {
		hook.message.deleted = true
		return nil
	}
	w.erase(hook.message)
	return nil
}

func (w *Workspace) replaceOriginal(m *Message, said content) error {
	if m.deleted || m.tombstone {
		return refuse("message_not_found")
	}
	said.hasText, said.hasBlocks = true, true
	if m.onlyFor == nil {
		w.change(m, said)
		return nil
	}
	m.text, m.blocks, m.values = said.text, said.blocks, states{}
	w.noteMessage(Edited, m, m.onlyFor.id)
	return nil
}
